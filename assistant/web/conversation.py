"""What one browser tab has asked so far, and which characters of a document each of its buttons opens.

The browser names a place by its turn and number; the place itself is looked up here, in what the
server remembers of the tab, so that a page can open nothing that it was not shown.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.types import Answer, Citation, Turn

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what became of it: an answer that may still grow, or a problem said in a sentence."""

    question: str
    answer: Answer | None = None
    problem: str = ""
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The characters of a document to open, or all of it when `end` is 0."""

    document_id: str
    start: int = 0
    end: int = 0


def history(conversation: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The exchanges that a follow-up can refer to."""
    return tuple(Turn(each.question, each.answer) for each in conversation if each.finished and each.answer)


def ask(assistant: Assistant, question: str, conversation: Sequence[Exchange]) -> Iterator[Exchange]:
    """The exchange that `question` becomes, as it grows; the last one is finished. Raises nothing."""
    exchange = Exchange(question)
    yield exchange
    try:
        for answer in assistant.stream(question, history(conversation)):
            exchange = Exchange(question, answer)
            yield exchange
    except AssistantError as error:
        yield Exchange(question, problem=str(error), finished=True)
    except Exception:
        # A defect must not leave the reader waiting for an answer that never comes.
        _log.exception("A question could not be answered")
        yield Exchange(
            question, problem="The question could not be answered; the server's log says why.", finished=True
        )
    else:
        yield Exchange(question, exchange.answer, finished=True)


def citations_of(answer: Answer) -> dict[int, Citation]:
    """Every citation that a marker of `answer` can stand for, by its number."""
    in_conflicts = (
        citation
        for conflict in answer.conflicts
        for statement in conflict.statements
        for citation in statement.citations
    )
    return {citation.number: citation for citation in (*in_conflicts, *answer.citations)}


def citation_reference(turn: int, number: int) -> str:
    """How a button names citation `number` of the answer in `turn`."""
    return f"citation:{turn}:{number}"


def passage_reference(turn: int, rank: int) -> str:
    """How a button names the passage at `rank`, from 0, of the answer in `turn`."""
    return f"passage:{turn}:{rank}"


def document_reference(document_id: str) -> str:
    """How a button names a whole document."""
    return f"document:{document_id}"


def find_place(conversation: Sequence[Exchange], reference: str) -> Place | None:
    """The place that `reference` names; None when this conversation has no such place."""
    kind, _, rest = reference.partition(":")
    if kind == "document":
        return Place(rest)
    match = _TURN_AND_NUMBER.fullmatch(rest)
    if kind not in _FINDERS or not match or int(match[1]) >= len(conversation):
        return None
    answer = conversation[int(match[1])].answer
    return _FINDERS[kind](answer, int(match[2])) if answer else None


def _cited(answer: Answer, number: int) -> Place | None:
    citation = citations_of(answer).get(number)
    return Place(citation.document_id, citation.start, citation.end) if citation else None


def _found(answer: Answer, rank: int) -> Place | None:
    if rank >= len(answer.hits):
        return None
    passage = answer.hits[rank].passage
    return Place(passage.document_id, passage.start, passage.end)


_TURN_AND_NUMBER = re.compile(r"([0-9]{1,6}):([0-9]{1,6})")
_FINDERS: dict[str, Callable[[Answer, int], Place | None]] = {"citation": _cited, "passage": _found}
