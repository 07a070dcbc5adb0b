"""Whether two runs asked the same cases: only then does their difference say anything about the systems."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.wording import count
from eval.cases import Case, CaseError, case_to_json
from eval.rows import Row


def fingerprint(case: Case, gold: Sequence[str]) -> str:
    """16 hexadecimal digits of the SHA-256 over what is asked and what is right.

    `gold`, the evidence's characters, is part of it, so that it changes with the document. Tags are not, nor the
    document that an unanswerable case is about: no measure depends on them.
    """
    asked = {**case_to_json(replace(case, tags=(), document_id=None)), "gold": list(gold)}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


def fingerprints(rows: Sequence[Row]) -> dict[str, str]:
    """Each case's fingerprint, by its id."""
    return {row.case.id: fingerprint(row.case, row.gold) for row in rows}


def check_same_cases(here: Mapping[str, str], there: Mapping[str, str], first: str, second: str) -> None:
    """Raises CaseError, saying how many differ and how the first does, unless both have the same fingerprints.

    `first` and `second` name the two runs in the sentence.
    """
    differing = [case for case in {**here, **there} if here.get(case) != there.get(case)]
    if not differing:
        return
    case = differing[0]
    if case not in there:
        how = f"is only in {first}"
    elif case not in here:
        how = f"is only in {second}"
    else:
        how = "has another question, history, evidence or facts, or another document"
    raise CaseError(
        f"{count(len(differing), 'case')} of {first} and {second} differ; the first, {case!r}, {how}. "
        "Only runs on the same cases can be compared: run both on the same cases and documents, "
        "or make an accepted run anew with --accept."
    )
