"""What every form of export tells of a turn, and the numbers of its footnotes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from unicodedata import category

from assistant.conversations.changes import Change, changed
from assistant.conversations.records import Conversation, SavedTurn
from assistant.ingest.split import place_of
from assistant.types import Answer, Citation, Document, Statement
from assistant.wording import CLOSEST, clip

_EXCERPT = 300

SINCE: dict[Change, str] = {
    "moved": "The document has changed since, and has these words in another place.",
    "changed": "The document has changed since; these are its words as they were.",
    "gone": "The document is no longer among the sources.",
}


@dataclass(frozen=True, slots=True)
class Footnote:
    """A quote and its source, numbered from 1 through the whole conversation."""

    number: int
    citation: Citation
    document: Document | None
    change: Change

    @property
    def title(self) -> str:
        """The title of the document as it was cited, or its id if it had none."""
        return self.citation.title.strip() or self.citation.document_id

    @property
    def origin(self) -> tuple[str, ...]:
        """Publisher, date and page, of those what is known."""
        of_document = (self.document.publisher, self.document.date) if self.document else ()
        page = (f"page {self.citation.page}",) if self.citation.page is not None else ()
        return (*(part for part in of_document if part), *page)

    @property
    def url(self) -> str | None:
        """Where the document is on the web, if anywhere: other addresses could run something when they are opened."""
        url = self.document.url if self.document else None
        return url if url and url.lower().startswith(("http://", "https://")) else None


class Footnotes:
    """The footnotes of a conversation, in the order of their first mention. What is quoted again keeps its number."""

    def __init__(self, conversation: Conversation, documents: Iterable[Document] | None) -> None:
        by_id = {document.id: document for document in documents or ()}
        self._notes: dict[Citation, Footnote] = {}
        for turn in conversation.turns:
            for statement in turn.answer.statements:
                for citation in statement.citations:
                    document = by_id.get(citation.document_id)
                    change: Change = "same" if documents is None else changed(citation, document)
                    note = Footnote(len(self._notes) + 1, citation, document, change)
                    self._notes.setdefault(_unnumbered(citation), note)

    def all(self) -> tuple[Footnote, ...]:
        """Every footnote, by its number."""
        return tuple(self._notes.values())

    def of(self, statement: Statement) -> tuple[Footnote, ...]:
        """Those that a statement rests on, each once."""
        return tuple(dict.fromkeys(self._notes[_unnumbered(citation)] for citation in statement.citations))


def stopped(turn: SavedTurn) -> str:
    """What is said of a turn that was stopped."""
    if turn.says_nothing:
        return "Stopped before there was an answer."
    unchecked = ", and before it was checked against the sources" if turn.answer.provisional else ""
    return f"The answer was stopped before it was whole{unchecked}."


def closest(answer: Answer) -> tuple[tuple[str, str], ...]:
    """Of a refusal: the nearest passages, each as where it stands and how it begins."""
    return tuple(
        (place_of(hit.passage.title, hit.passage.heading), clip(" ".join(readable(hit.passage.text).split()), _EXCERPT))
        for hit in answer.hits[:CLOSEST]
    )


def moment(when: datetime) -> str:
    """A date and time that means the same wherever it is read."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def readable(text: str) -> str:
    """`text` in which what no file of text should hold is a replacement character: controls, halves of characters."""
    return "".join("\ufffd" if category(each) in ("Cc", "Cs") and each not in "\t\n\r" else each for each in text)


def _unnumbered(citation: Citation) -> Citation:
    # The number counts the citations of one answer.
    return replace(citation, number=0)
