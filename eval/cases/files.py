"""Files of cases and of documents: a JSON object a line, blank lines aside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import Document
from assistant.wording import count
from eval.cases.case import Case, CaseError, case_from_json
from eval.cases.check import doubts, faults
from eval.cases.form import CASE, DOCUMENT, Form


@dataclass(frozen=True, slots=True)
class Checked:
    """How many cases a file has, and its faults and doubts, a sentence with file and line each.

    `cases` counts the lines that have the form of a case. Cases with a fault are not doubted too.
    """

    cases: int
    faults: tuple[str, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line's place in words, what is wrong with it, and what it holds if that has the right form."""

    place: str
    faults: tuple[str, ...]
    row: dict[str, Any] | None


def load_corpus(path: Path) -> tuple[Document, ...]:
    """The documents of a corpus: id, title, text, and date where known. Raises CaseError with the first fault."""
    lines = list(_lines(path, DOCUMENT))
    _accept([f"{line.place} {fault}" for line in lines for fault in line.faults])
    rows = [line.row for line in lines if line.row is not None]
    return tuple(Document(row["id"], row["title"], row["text"], row.get("date")) for row in rows)


def load_cases(path: Path, documents: Mapping[str, Document]) -> tuple[Case, ...]:
    """The cases of a file, checked against the documents.

    Raises CaseError with the first fault and the number of others; `check_cases` has them all.
    """
    read = list(_cases(path, documents))
    _accept([f"{place} {fault}" for place, _, found in read for fault in found])
    return tuple(case for _, case, _ in read if case is not None)


def check_cases(path: Path, documents: Mapping[str, Document]) -> Checked:
    """Every fault of a file of cases, and what may be wrong with the others. Raises CaseError if it cannot be read."""
    read = list(_cases(path, documents))
    sound = [(place, case) for place, case, found in read if case is not None and not found]
    return Checked(
        cases=sum(case is not None for _, case, _ in read),
        faults=tuple(f"{place} {fault}" for place, _, found in read for fault in found),
        doubts=tuple(f"{place} {doubt}" for place, case in sound for doubt in doubts(case, documents)),
    )


def _cases(path: Path, documents: Mapping[str, Document]) -> Iterator[tuple[str, Case | None, list[str]]]:
    """Each line's place, its case if it has the form of one, and its faults."""
    for line in _lines(path, CASE):
        case = None if line.row is None else case_from_json(line.row)
        yield line.place, case, [*line.faults, *(faults(case, documents) if case else ())]


def _accept(wrong: Sequence[str]) -> None:
    if wrong:
        more = f" ({count(len(wrong) - 1, 'more fault')} in this file.)" if len(wrong) > 1 else ""
        raise CaseError(wrong[0] + more)


def _lines(path: Path, form: Form) -> Iterator[_Line]:
    first: dict[str, int] = {}
    for number, text in enumerate(_read(path).split("\n"), 1):
        if not text.strip():
            continue
        place = f"Line {number} of {str(path)!r}"
        try:
            row = json.loads(text)
        except (ValueError, RecursionError) as error:
            yield _Line(place, (f"is not JSON ({error}). Correct or remove it.",), None)
            continue
        if not isinstance(row, dict):
            yield _Line(place, ("is not a JSON object. Correct or remove it.",), None)
            continue
        wrong = list(form.faults(row))
        formed = None if wrong else row
        identity = row.get("id")
        if isinstance(identity, str) and first.setdefault(identity, number) != number:
            wrong.append(f"has the id {identity!r}, which line {first[identity]} has. Give each its own.")
        yield _Line(place, tuple(wrong), formed)


def _read(path: Path) -> str:
    # JSON may hold U+2028 and other characters at which splitlines() and universal newlines would break a line.
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CaseError(f"{str(path)!r} cannot be read ({error.strerror}). Check the path.") from error
    except UnicodeDecodeError as error:
        raise CaseError(f"{str(path)!r} is not UTF-8 ({error.reason} at byte {error.start}). Convert it.") from error
