"""What one browser tab has asked so far, and which characters of a document each of its buttons opens.

The browser names a place by its turn and number; the place itself is looked up here, in what the
server remembers of the tab, so that a page can open nothing that it was not shown.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.types import Answer, Turn

SOURCES = "sources"
"""How a button names the list of all documents."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what became of it: an answer that may still grow, or a problem said in a sentence."""

    question: str
    answer: Answer | None = None
    problem: str = ""
    finished: bool = False
    stopped: bool = False
    rating: Literal["up", "down"] | None = None
    note: str = ""
    saved_as: int | None = None  # the number of the saved turn

    @property
    def said(self) -> Answer | None:
        """The answer, unless it was stopped before its first words: then nothing was answered, nor refused."""
        return None if self.stopped and self.answer and not self.answer.statements else self.answer


@dataclass(frozen=True, slots=True)
class Chat:
    """What a tab shows. `id` names the saved conversation, and is "" before anything was saved.

    `origin` names the one that it branches off from, and is "" once it is saved itself.
    `notice` is said beside the conversation. There is a `growth` while an answer grows.
    """

    id: str = ""
    exchanges: tuple[Exchange, ...] = ()
    follow_ups: tuple[str, ...] = ()
    notice: str = ""
    origin: str = ""
    growth: Growth | None = None

    @property
    def now(self) -> Chat:
        """What it has become if its answer has ended without the tab being told; else the same."""
        return (self.growth and self.growth.ended) or self


class Growth:
    """What the reader and a growing answer have to agree on, each from a thread of its own.

    `before` are the exchanges before the answer, which may be rated meanwhile. `replacing` is the saved one in whose
    place it comes, if any. `ended` is the chat as it is once nothing grows any more.
    """

    def __init__(self, before: tuple[Exchange, ...], replacing: Exchange | None = None) -> None:
        self.before = before
        self.replacing = replacing
        self.ended: Chat | None = None
        self._ending = Lock()

    def end(self, finish: Callable[[], Chat]) -> Chat:
        """What `finish` gives to whoever is first: the last words, or the reader who wants no more of them."""
        with self._ending:
            if self.ended is None:
                self.ended = finish()
            return self.ended


@dataclass(frozen=True, slots=True)
class Place:
    """The characters of a document to open, and what stood there when it was answered; all of it when `end` is 0."""

    document_id: str
    start: int = 0
    end: int = 0
    quote: str = ""
    title: str = ""


def history(conversation: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The exchanges that a follow-up can refer to."""
    return tuple(Turn(each.question, each.said) for each in conversation if each.finished and each.said)


def ask(
    assistant: Assistant,
    question: str,
    conversation: Sequence[Exchange],
    documents: Collection[str] | None = None,
    admit: Callable[[], None] = lambda: None,
) -> Iterator[Exchange]:
    """The exchange that `question` becomes, as it grows; the last one is finished. Raises nothing.

    `documents` holds the ids of those that are searched, None for all. `admit` raises an AssistantError if
    nothing may be asked now.
    """
    exchange = Exchange(question)
    yield exchange
    try:
        admit()
        for answer in assistant.stream(question, history(conversation), documents=documents):
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
    citation = next((each for each in answer.citations if each.number == number), None)
    if citation is None:
        return None
    return Place(citation.document_id, citation.start, citation.end, citation.quote, citation.title)


def _found(answer: Answer, rank: int) -> Place | None:
    if rank >= len(answer.hits):
        return None
    passage = answer.hits[rank].passage
    return Place(passage.document_id, passage.start, passage.end, passage.text, passage.title)


_TURN_AND_NUMBER = re.compile(r"([0-9]{1,6}):([0-9]{1,6})")
_FINDERS: dict[str, Callable[[Answer, int], Place | None]] = {"citation": _cited, "passage": _found}
