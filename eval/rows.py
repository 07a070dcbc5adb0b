"""A row: one case with what a system made of it. Every measure, report and comparison reads rows and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from assistant import Answer, Document
from eval.cases import Case, Span, case_from_json, case_to_json


@dataclass(frozen=True, slots=True)
class Quote:
    """A citation: the characters quoted, the statement they belong to (from 0), and that statement's verdict."""

    span: Span
    quote: str
    statement: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage that was found. Higher scores are better and compare within one row only."""

    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Writing:
    """When a language model's words were there: seconds to the first, and from the last to the checked answer.

    None where it wrote nothing, or was not asked.
    """

    first_words: float | None = None
    grounding: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A case and its answer, or the error that it ended in.

    `statements` are the answer's sentences with their verdicts, in order; `hits` the first ten passages, best
    first. `certainty` is the probability, 0 to 1, that the sources answer, None where the system gives none.
    `gold` are the evidence's characters, in the order of `case.evidence`. `alone` is what came of the same
    question without its history, for cases that have one. `grounded` is false for a plain text, which says nothing of
    its sources: what it found and cites is not known, rather than nothing. `note` is what the answer says of how it
    came about; `writing` is there where a language model may have written it.
    """

    case: Case
    gold: tuple[str, ...]
    searched_for: str = ""
    refused: bool = False
    text: str = ""
    short: str = ""
    certainty: float | None = None
    seconds: float | None = None
    statements: tuple[tuple[str, str], ...] = ()
    citations: tuple[Quote, ...] = ()
    hits: tuple[Ranked, ...] = ()
    conflicts: int = 0
    error: str | None = None
    alone: Row | None = None
    grounded: bool = True
    note: str = ""
    writing: Writing | None = None

    @property
    def answered(self) -> bool:
        """Whether there is an answer; an error is neither an answer nor a refusal."""
        return self.error is None and not self.refused

    @property
    def said(self) -> str:
        """The statements without their citation markers; of a plain text the text, without what looks like one.

        `text` has the markers, so that another program which takes all its words for the answer's finds a "1" in any
        answer that cites its first source. Here that is no answer to "How many?".
        """
        return " ".join(text for text, _ in self.statements) or _MARKER.sub("", self.text).strip()

    @property
    def whole_answer(self) -> str:
        """Everything that the reader is told: the few words, then what is said."""
        return f"{self.short} {self.said}".strip()

    def meets(self, span: Span) -> bool:
        """Whether a span meets one of the evidence's."""
        return any(span.meets(evidence) for evidence in self.case.evidence)


_HITS = 10
_MARKER = re.compile(r"\s*\[\d+\]")


def row_of(
    case: Case,
    documents: Mapping[str, Document],
    answer: Answer | str | None,
    seconds: float | None,
    error: str | None,
    writing: Writing | None = None,
) -> Row:
    """The row of what a system returned. Of a plain text nothing is known but its words; an empty one is a refusal."""
    gold = gold_of(case, documents)
    if answer is None:
        return Row(case, gold, seconds=seconds, error=error)
    if isinstance(answer, str):
        refused = not answer.strip()
        return Row(case, gold, case.question, refused, answer, seconds=seconds, error=error, grounded=False)
    return Row(
        case=case,
        gold=gold,
        searched_for=answer.searched_for,
        refused=answer.refused,
        text=answer.text,
        short=answer.short,
        certainty=answer.certainty,
        seconds=seconds,
        statements=tuple((statement.text, statement.verdict) for statement in answer.statements),
        citations=tuple(
            Quote(Span(cited.document_id, cited.start, cited.end), cited.quote, number, statement.verdict)
            for number, statement in enumerate(answer.statements)
            for cited in statement.citations
        ),
        hits=tuple(
            Ranked(Span(hit.passage.document_id, hit.passage.start, hit.passage.end), hit.score)
            for hit in answer.hits[:_HITS]
        ),
        conflicts=len(answer.conflicts),
        error=error,
        note=answer.note,
        writing=writing,
    )


def gold_of(case: Case, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """The characters of the case's evidence, in its order."""
    return tuple(documents[span.document_id].text[span.start : span.end] for span in case.evidence)


def settle_grounds(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows of a system, those that failed not grounded either if it gave nothing but plain texts.

    A row that failed does not tell whether its system names sources: the others do.
    """
    returned = [row.grounded for row in rows if row.error is None]
    if not returned or any(returned):
        return tuple(rows)
    return tuple(replace(row, grounded=False) for row in rows)


def to_json(row: Row) -> dict[str, Any]:
    """A case of results.json: the fields that other programs score, and what is needed to make the row again."""
    return {
        "id": row.case.id,
        "question": row.case.question,
        "searched_for": row.searched_for,
        "refused": row.refused,
        "text": row.text,
        "short": row.short,
        "certainty": row.certainty,
        "seconds": row.seconds,
        "error": row.error,
        "statements": [{"text": text, "verdict": verdict} for text, verdict in row.statements],
        "citations": [
            {**asdict(each.span), "quote": each.quote, "verdict": each.verdict, "statement": each.statement}
            for each in row.citations
        ],
        "hits": [{**asdict(each.span), "score": each.score} for each in row.hits],
        "conflicts": row.conflicts,
        "case": case_to_json(row.case),
        "gold": list(row.gold),
        "alone": None if row.alone is None else to_json(row.alone),
        "grounded": row.grounded,
        "note": row.note,
        "writing": None if row.writing is None else asdict(row.writing),
    }


def from_json(fields: Mapping[str, Any]) -> Row:
    """The inverse of `to_json`. Raises KeyError, TypeError or ValueError when `fields` is not such a case."""
    return Row(
        case=case_from_json(fields["case"]),
        gold=tuple(fields["gold"]),
        searched_for=fields["searched_for"],
        refused=fields["refused"],
        text=fields["text"],
        short=fields["short"],
        certainty=fields["certainty"],
        seconds=fields["seconds"],
        statements=tuple((each["text"], each["verdict"]) for each in fields["statements"]),
        citations=tuple(
            Quote(_span(each), each["quote"], each["statement"], each["verdict"]) for each in fields["citations"]
        ),
        hits=tuple(Ranked(_span(each), each["score"]) for each in fields["hits"]),
        conflicts=fields["conflicts"],
        error=fields["error"],
        alone=None if fields["alone"] is None else from_json(fields["alone"]),
        grounded=fields["grounded"],
        note=fields["note"],
        writing=None if fields["writing"] is None else Writing(**fields["writing"]),
    )


def _span(fields: Mapping[str, Any]) -> Span:
    return Span(fields["document_id"], fields["start"], fields["end"])
