"""What a report shows of each case: the answers, whether they were right, and their quotes laid over the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from operator import itemgetter
from urllib.parse import quote as percent_encoded

from assistant import Turn
from eval.cases import Case, Span
from eval.measures.answers import accuracy, short_answer_match
from eval.measures.citations import citation_recall
from eval.results import Run
from eval.rows import Quote, Row


class Outcome(Enum):
    """How a case ended. The value is what readers are told; the name marks it in the page."""

    ANSWERED = "Answered rightly"
    REFUSED = "Refused rightly"
    ANSWERED_WRONGLY = "Answered wrongly"
    REFUSED_WRONGLY = "Refused wrongly"
    ERROR = "Error"

    @property
    def key(self) -> str:
        """The name as an attribute of the page has it."""
        return self.name.lower().replace("_", "-")

    @property
    def right(self) -> bool:
        """Whether nothing was wrong."""
        return self in (Outcome.ANSWERED, Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters, marked when gold and quote share them."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Extract:
    """Characters of a document, in pieces."""

    span: Span
    pieces: tuple[Piece, ...]

    @property
    def shared(self) -> bool:
        """Whether any of it is marked."""
        return any(piece.marked for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class StatementView:
    """A sentence of an answer. `text` is "" where its only quote says the same."""

    text: str
    verdict: str
    quotes: tuple[Extract, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that the answer must hold: patterns of which one is to be found, and whether one was."""

    patterns: tuple[str, ...]
    held: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What one system made of a case. `rank` is that of the first passage that meets the evidence."""

    system: str
    row: Row
    outcome: Outcome
    statements: tuple[StatementView, ...]
    facts: tuple[Fact, ...]
    rank: int | None

    @property
    def alone_outcome(self) -> Outcome | None:
        """How the same question ended without its history, if it was asked so."""
        return None if self.row.alone is None else outcome_of(self.row.alone)

    @property
    def gist(self) -> str:
        """The answer in a line: the few words, else all of it, else the error."""
        return self.row.error or self.row.short or " ".join(self.row.text.split())


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with every system's answer, the main one's first. `tags` are positions in the first run's `tags`."""

    case: Case
    gold: tuple[Extract, ...]
    tags: tuple[int, ...]
    answers: tuple[AnswerView, ...]

    @property
    def anchor(self) -> str:
        """The id of its element, and what a link to it ends in; an id may hold no white space."""
        return "case-" + percent_encoded(self.case.id, safe="")

    @property
    def history(self) -> tuple[tuple[str, str], ...]:
        """The questions and answers before."""
        return tuple((turn.question, _text(turn)) for turn in self.case.history)


def case_views(runs: Sequence[Run]) -> list[CaseView]:
    """The cases of the first run, each with the answers of every run that has it."""
    positions = {tag: position for position, tag in enumerate(runs[0].tags)}
    by_id = [(run.system, {row.case.id: row for row in run.rows}) for run in runs]
    return [
        CaseView(
            case=row.case,
            gold=tuple(
                Extract(span, pieces(text, span, (each.span for each in _true_quotes(row))))
                for span, text in zip(row.case.evidence, row.gold, strict=True)
            ),
            tags=tuple(positions[tag] for tag in dict.fromkeys(row.case.tags)),
            answers=tuple(_answer(system, rows[row.case.id]) for system, rows in by_id if row.case.id in rows),
        )
        for row in runs[0].rows
    ]


def outcome_of(row: Row) -> Outcome:
    """How a row ended. An answer is right if it holds the case's facts; where it has none, if it cites the evidence.

    A plain text can cite nothing and is held to the short reference answers instead. To an unanswerable case no
    answer is right.
    """
    if row.error is not None:
        return Outcome.ERROR
    if row.refused:
        return Outcome.REFUSED_WRONGLY if row.case.answerable else Outcome.REFUSED
    right = accuracy(row) or (citation_recall(row) if row.grounded else short_answer_match(row))
    return Outcome.ANSWERED if right == (1.0,) else Outcome.ANSWERED_WRONGLY


def pieces(text: str, span: Span, others: Iterable[Span]) -> tuple[Piece, ...]:
    """`text`, the characters of `span`, cut into those that lie in one of `others` too and those that do not."""
    shared = {
        position
        for other in others
        if other.document_id == span.document_id
        for position in range(max(span.start, other.start), min(span.end, other.end))
    }
    characters = ((character, position in shared) for position, character in enumerate(text, span.start))
    return tuple(
        Piece("".join(character for character, _ in run), marked)
        for marked, run in groupby(characters, key=itemgetter(1))
    )


def _answer(system: str, row: Row) -> AnswerView:
    held = row.whole_answer if row.answered else ""
    return AnswerView(
        system=system,
        row=row,
        outcome=outcome_of(row),
        statements=tuple(_statement(row, number) for number in range(len(row.statements))),
        facts=tuple(
            Fact(patterns, any(re.search(pattern, held, re.IGNORECASE) for pattern in patterns))
            for patterns in row.case.facts
        ),
        rank=next((rank for rank, hit in enumerate(row.hits, 1) if row.meets(hit.span)), None),
    )


def _statement(row: Row, number: int) -> StatementView:
    text, verdict = row.statements[number]
    cited = [each for each in row.citations if each.statement == number]
    said_twice = len(cited) == 1 and cited[0].quote == text
    return StatementView("" if said_twice else text, verdict, tuple(_extract(each, row.case) for each in cited))


def _extract(quote: Quote, case: Case) -> Extract:
    # What does not stand at its span has no characters that could be compared with the evidence's.
    others = case.evidence if _stands(quote) else ()
    return Extract(quote.span, pieces(quote.quote, quote.span, others))


def _true_quotes(row: Row) -> list[Quote]:
    return [each for each in row.citations if _stands(each)]


def _stands(quote: Quote) -> bool:
    return len(quote.quote) == quote.span.end - quote.span.start


def _text(turn: Turn) -> str:
    return turn.answer if isinstance(turn.answer, str) else turn.answer.text
