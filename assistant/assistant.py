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
from assistant.search.abbreviations import spell_out
from assistant.search.embed import Embedder, embedder_name, open_embedder
from assistant.search.hybrid import search
from assistant.search.store import Store, check_record, read_record
from assistant.settings import Settings, load_settings
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

        Raises StoreMissing, StoreDamaged or StoreMismatch; ModelError when the embedder's or the reader's
        weights cannot be had; SettingsError when the environment holds a setting that is not valid.
        """
        settings = settings or load_settings()
        path = Path(store) if store is not None else settings.store
        # Before weights are read, so that a store of no use is reported at once.
        check_record(path, read_record(path), embedder_name(settings.embedder), settings.passage_characters)
        embedder, reader = open_embedder(settings.embedder), Reader()
        # Last, because it holds files open.
        return cls(Store(path), embedder, reader, settings)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that can be asked about, in the order they were indexed."""
        return tuple(self._store.documents.values())

    def document(self, document_id: str) -> Document:
        """One document. Raises KeyError when there is none with that id."""
        return self._store.documents[document_id]

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The grounded answer. Raises QuestionError for a question that cannot be searched."""
        *_, answer = self.stream(question, history)
        return answer

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Answer]:
        """The answer as it grows: what is searched for, then statement by statement. The last one is what `ask` gives.

        Until the last, an answer without statements is unfinished rather than refused. `seconds` is the
        time spent on it so far; how long the caller looks at each is not in it.
        """
        growing = self._growing(question, history)
        seconds, started = 0.0, time.perf_counter()
        for answer in growing:
            seconds += time.perf_counter() - started
            yield replace(answer, seconds=seconds)
            started = time.perf_counter()

    def close(self) -> None:
        """Lets go of the store's files. The assistant cannot be asked afterwards."""
        self._store.close()

    def _growing(self, question: str, history: Sequence[Turn]) -> Iterator[Answer]:
        asked = self._checked(question)
        texts = (document.text for document in self._store.documents.values())
        searched_for = spell_out(standalone(asked, history), self._store.lexical, texts)
        found = search(self._store, self._embedder, searched_for, self.settings.passages)
        yield Answer(asked, searched_for, "", hits=found.hits)
        evidence = find_evidence(found, self._reader, self.settings.statements, self.settings.certainty)
        if not evidence.sentences:
            yield refusal(asked, found, evidence.certainty)
            return
        for count in range(1, len(evidence.sentences)):
            yield compose(
                asked, found, replace(evidence, sentences=evidence.sentences[:count], short=""), self._store.documents
            )
        yield compose(asked, found, evidence, self._store.documents)

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
