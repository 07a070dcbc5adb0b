"""A case: a question, where its answer stands, and what a right answer is. As a value, and as a line of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from assistant import AssistantError, Turn
from eval.cases.form import CASE


class CaseError(AssistantError):
    """A case or a corpus is not as it should be; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a document, 0-based, end exclusive."""

    document_id: str
    start: int
    end: int

    def meets(self, other: Span) -> bool:
        """Whether both are in one document and overlap by at least half of the shorter one."""
        overlap = min(self.end, other.end) - max(self.start, other.start)
        shorter = min(self.end - self.start, other.end - other.start)
        return self.document_id == other.document_id and overlap > 0 and overlap >= 0.5 * shorter


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what a right answer is.

    Any one of `evidence` suffices. `answers` are references in any form. `facts` are what the answer
    must hold: for each fact, patterns of which one is found. `conflict` is the values in dispute. `document_id` is the
    document that the question is about, where no evidence says so: intervals then resample it with that document.
    """

    id: str
    question: str
    history: tuple[Turn, ...]
    answerable: bool
    evidence: tuple[Span, ...]
    answers: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    conflict: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    document_id: str | None = None

    @property
    def belongs_to(self) -> str | None:
        """The document of the first evidence, else the one that the question is about; None if neither is known."""
        return self.evidence[0].document_id if self.evidence else self.document_id


def case_to_json(case: Case) -> dict[str, Any]:
    """A line of a cases file. Of an earlier turn it has the words alone."""
    return {
        "id": case.id,
        "question": case.question,
        "history": [
            {"question": turn.question, "answer": turn.answer if isinstance(turn.answer, str) else turn.answer.text}
            for turn in case.history
        ],
        "answerable": case.answerable,
        "evidence": [asdict(span) for span in case.evidence],
        "answers": list(case.answers),
        "facts": [list(patterns) for patterns in case.facts],
        "conflict": list(case.conflict),
        "tags": list(case.tags),
        **({} if case.document_id is None else {"document_id": case.document_id}),
    }


def case_from_json(row: Mapping[str, Any]) -> Case:
    """The inverse of `case_to_json`; where there are no tags, a `label` is one.

    Fields that it does not know are left out. Raises ValueError for a row of another form.
    """
    for fault in CASE.faults(row):
        raise ValueError(f"The case {fault}")
    label = [row["label"]] if "label" in row else []
    return Case(
        id=row["id"],
        question=row["question"],
        history=tuple(Turn(turn["question"], turn["answer"]) for turn in row["history"]),
        answerable=row["answerable"],
        evidence=tuple(Span(span["document_id"], span["start"], span["end"]) for span in row["evidence"]),
        answers=tuple(row["answers"]),
        facts=tuple(tuple(patterns) for patterns in row.get("facts", [])),
        conflict=tuple(row.get("conflict", [])),
        tags=tuple(row.get("tags") or label),
        document_id=row.get("document_id"),
    )
