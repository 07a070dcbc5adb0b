"""The library's front door: opens a store and answers questions about its documents."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.answer.compose import compose, refusal
from assistant.answer.dialogue import standalone
from assistant.answer.evidence import find_evidence
from assistant.answer.reader import Reader
from assistant.errors import QuestionError
from assistant.search.embed import Embedder, open_embedder
from assistant.search.hybrid import search
from assistant.search.store import Store, check_record, read_record
from assistant.settings import Settings
from assistant.types import Answer, Document, Turn


class Assistant:
    """Answers questions from the documents of one store. Safe to ask from several threads."""

    def __init__(self, store: Store, embedder: Embedder, reader: Reader, settings: Settings) -> None:
        """For an embedder of your own; `Assistant.open` is the usual way."""
        check_record(store.path, store.record, embedder.name, settings.passage_characters)
        self._store = store
        self._embedder = embedder
        self._reader = reader
        self.settings = settings

    @classmethod
    def open(cls, store: Path | str | None = None, settings: Settings | None = None) -> Assistant:
        """Opens the store at `store`, or at `settings.store`.

        Raises StoreMissing, StoreDamaged or StoreMismatch, and ModelError when the embedder's weights cannot be had.
        """
        settings = settings or Settings()
        path = Path(store) if store is not None else settings.store
        read_record(path)  # before the weights are read, so that a missing store is reported at once
        return cls(Store(path), open_embedder(settings.embedder), Reader(), settings)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that can be asked about, in the order they were indexed."""
        return tuple(self._store.documents.values())

    def document(self, document_id: str) -> Document:
        """One document. Raises KeyError when there is none with that id."""
        return self._store.documents[document_id]

    def passages_of(self, document_id: str) -> int:
        """How many passages a document was split into."""
        return sum(split.passage.document_id == document_id for split in self._store.splits)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The grounded answer. Raises QuestionError for a question that cannot be searched."""
        *_, answer = self.stream(question, history)
        return answer

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Answer]:
        """The answer as it grows: what is searched for, then statement by statement. The last one is what `ask` gives.

        Until the last, an answer without statements is unfinished rather than refused.
        """
        started = time.perf_counter()
        asked = self._checked(question)
        searched_for = standalone(asked, history)
        found = search(self._store, self._embedder, searched_for, self.settings.passages)
        yield Answer(asked, searched_for, "", hits=found.hits)
        evidence = find_evidence(found, self._reader, self.settings.statements, self.settings.certainty)
        if not evidence.sentences:
            answer = refusal(asked, found)
        else:
            for count in range(1, len(evidence.sentences)):
                yield compose(asked, found, evidence.sentences[:count], "", self._store.documents)
            answer = compose(asked, found, evidence.sentences, evidence.short, self._store.documents)
        yield replace(answer, seconds=time.perf_counter() - started)

    def close(self) -> None:
        """Lets go of the store's files."""
        self._store.close()

    def _checked(self, question: str) -> str:
        asked = "".join(character if character.isprintable() else " " for character in question).strip()
        if not any(character.isalnum() for character in asked):
            raise QuestionError("The question is empty. Type a question about the documents.")
        if len(asked) > self.settings.question_characters:
            raise QuestionError(
                f"The question has {len(asked):,} characters; at most {self.settings.question_characters:,} are "
                "searched. Ask for one thing at a time."
            )
        return asked
