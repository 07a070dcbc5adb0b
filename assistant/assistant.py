"""The library's front door: opens a store and answers questions about its documents."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answer.asking.courtesy import asks_about_itself, is_courtesy
from assistant.answer.asking.parts import documents_about, standalone_parts
from assistant.answer.asking.reference import open_reference
from assistant.answer.compose import compose, introduction, open_question, refusal
from assistant.answer.evidence import Evidence, find_evidence, join_evidence
from assistant.answer.reading.reader import Reader, open_reader
from assistant.answer.reading.remembering import Remembering
from assistant.answer.writing.write import Writing
from assistant.errors import AssistantError, QuestionError
from assistant.llm import LanguageModel, open_llm
from assistant.search.embed import Embedder, embedder_name, open_embedder
from assistant.search.hybrid import Found, join, search
from assistant.search.store import Store, check_record, read_record
from assistant.settings import Settings, load_settings
from assistant.types import Answer, Document, Hit, Turn
from assistant.wording import NOTHING_ASKED, printable, some_of

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

_TAG = re.compile(r"</?[a-z]\w*/?>", re.IGNORECASE)
_GROWING = 20
"""An answer that is quoted grows by a sentence until it has so many, as of a long list; then the rest comes at once."""
_ADJUSTABLE = ("passages", "statements", "certainty", "question_characters", "written", "llm_passages", "llm_policy")


def checked_question(question: str, settings: Settings) -> str:
    """The question as it is searched. Raises QuestionError where it has no words or too many."""
    asked = printable(question).strip()
    if not any(character.isalnum() for character in _TAG.sub("", asked)):
        raise QuestionError("The question has no words. Type a question about the documents.")
    if len(asked) > settings.question_characters:
        raise QuestionError(
            f"The question has {len(asked):,} characters; at most {settings.question_characters:,} are "
            "searched. Ask for one thing at a time."
        )
    return asked


class Assistant:
    """Answers questions from the documents of one store. Safe to ask from several threads."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        reader: Reader,
        settings: Settings,
        model: LanguageModel | None = None,
    ) -> None:
        """For an embedder of your own; `Assistant.open` is the usual way. Where there is a `model`, it writes."""
        check_record(store.path, store.record, embedder.name, settings.passage_characters)
        self._store = store
        self._embedder = embedder
        self._reader = reader
        self._model = model
        self._owns_store = self._owns_model = True
        self.settings = settings

    @classmethod
    def open(
        cls, store: Path | str | None = None, settings: Settings | None = None, llm: str | LLM | None = None
    ) -> Assistant:
        """Opens the store at `store`, or at `settings.store`.

        `llm` is the language model that writes the answers: as in `settings.llm`, which it takes the place of, or
        any `LLM` of LlamaIndex.

        Raises StoreMissing, StoreDamaged or StoreMismatch; ModelError when the embedder's or the reader's
        weights cannot be had; LanguageModelError for a language model that cannot be; SettingsError when the
        environment holds a setting that is not valid.
        """
        settings = settings or load_settings()
        path = Path(store) if store is not None else settings.store
        # Before weights are read, so that a store of no use is reported at once.
        check_record(path, read_record(path), embedder_name(settings.embedder), settings.passage_characters)
        embedder, reader = open_embedder(settings.embedder), Remembering(open_reader(settings.reader))
        wanted = llm or settings.llm
        model = open_llm(wanted, seconds=settings.llm_seconds, window=settings.llm_window) if wanted else None
        try:
            # Last, because it holds files open.
            return cls(Store(path), embedder, reader, settings, model)
        except AssistantError:
            if model:
                model.close()
            raise

    def adjusted(self, **settings: Any) -> Assistant:
        """Another assistant over the same open store and models, with other values of some settings.

        `passages`, `statements`, `certainty`, `question_characters`, `written`, `llm_passages` and `llm_policy` can be
        given; what is not keeps its value. It costs nothing, can be asked for as long as this one is open, and its
        `close` leaves the store to this one.
        Raises ValueError for a setting of the store or the models, and for a value that is not valid.
        """
        if fixed := [name for name in settings if name not in _ADJUSTABLE]:
            raise ValueError(f"cannot adjust {', '.join(fixed)} of an open assistant, only {', '.join(_ADJUSTABLE)}")
        values = load_settings(**{**self.settings.model_dump(), **settings})
        other = Assistant(self._store, self._embedder, self._reader, values, self._model)
        other._owns_store = other._owns_model = False
        return other

    @property
    def store(self) -> Store:
        """The opened store that it answers from."""
        return self._store

    @property
    def embedder(self) -> Embedder:
        """The embedding model of the store and of the questions."""
        return self._embedder

    def beside(self, store: Path) -> Assistant:
        """An assistant over another store, which shares the models and settings of this one.

        Raises StoreMissing, StoreDamaged or StoreMismatch.
        """
        check_record(store, read_record(store), self._embedder.name, self.settings.passage_characters)
        other = Assistant(Store(store), self._embedder, self._reader, self.settings, self._model)
        other._owns_model = False
        return other

    @property
    def model(self) -> LanguageModel | None:
        """The language model that writes the answers where the setting `written` has it so, if there is one."""
        return self._model

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that can be asked about, in the order they were indexed."""
        return tuple(self._store.documents.values())

    def document(self, document_id: str) -> Document:
        """One document. Raises KeyError when there is none with that id."""
        return self._store.documents[document_id]

    def ask(self, question: str, history: Sequence[Turn] = (), *, documents: Collection[str] | None = None) -> Answer:
        """The grounded answer, from the documents with the ids `documents` alone if these are given.

        Raises QuestionError for a question that cannot be searched, and for ids of no document.
        """
        *_, answer = self.stream(question, history, documents=documents)
        return answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, documents: Collection[str] | None = None
    ) -> Iterator[Answer]:
        """The answer as it grows: what is searched for, then statement by statement. The last one is what `ask` gives.

        Until the last, an answer without statements is unfinished rather than refused, and what a language model
        writes is `provisional`: any of it may go. Where nothing is, each text begins with the one before it.
        `seconds` is the time spent on it so far; how long the caller looks at each is not in it.
        """
        seconds, started = 0.0, time.perf_counter()
        # Whoever stops reading ends what is still going on, as a request to a language model.
        with closing(self._growing(question, history, documents)) as growing:
            for answer in growing:
                seconds += time.perf_counter() - started
                yield replace(answer, seconds=seconds)
                started = time.perf_counter()

    def search(
        self, question: str, history: Sequence[Turn] = (), *, documents: Collection[str] | None = None
    ) -> tuple[str, tuple[Hit, ...]]:
        """What is searched for, and the passages that this finds, best first: an answer's `searched_for` and `hits`.

        Raises QuestionError as `ask` does.
        """
        asked = checked_question(question, self.settings)
        within = self._restriction(documents)
        if is_courtesy(asked) or asks_about_itself(asked):
            return "", ()
        parts, evidence = self._evidence(asked, history, within)
        return join(parts).query, evidence.hits

    def close(self) -> None:
        """Lets go of the store's files. The assistant cannot be asked afterwards, nor those adjusted from it."""
        if self._owns_store:
            self._store.close()
        if self._owns_model and self._model:
            self._model.close()

    def _growing(self, question: str, history: Sequence[Turn], documents: Collection[str] | None) -> Generator[Answer]:
        asked = checked_question(question, self.settings)
        within = self._restriction(documents)
        if is_courtesy(asked):
            # It is no part of what later questions lean on.
            yield Answer(asked, "", NOTHING_ASKED)
            return
        if asks_about_itself(asked):
            yield introduction(asked, [each for each in self.documents if within is None or each.id in within])
            return
        parts, evidence = self._evidence(asked, history, within)
        found = join(parts)
        yield Answer(asked, found.query, "", hits=evidence.hits)
        # Where there are several, the later ones say what they are about, or lean on the first.
        first = asked if len(parts) == 1 else parts[0].query
        if reference := open_reference(first, history, parts[0], len(within or self._store.documents)):
            yield open_question(asked, found, evidence, reference)
            return
        if not evidence.sentences:
            yield refusal(asked, found, evidence, self._store.documents)
            return
        # Where sources disagree each is quoted: in other words one side could get lost.
        if self._model and self.settings.written and not evidence.conflicts:
            writing = Writing(self._model, self._embedder, self._reader, self._store.documents, self.settings)
            yield from writing.answers(asked, history, parts, evidence)
            return
        for count in range(1, min(len(evidence.sentences), _GROWING)):
            growing = replace(evidence, sentences=evidence.sentences[:count], short="", unanswered=(), withheld=())
            yield compose(asked, found, growing, self._store.documents)
        yield compose(asked, found, evidence, self._store.documents)

    def _evidence(
        self, asked: str, history: Sequence[Turn], within: Collection[str] | None
    ) -> tuple[list[Found], Evidence]:
        """What is found for each part of the question, which mostly is one, and the evidence in it."""
        likeness = cache(self._likeness)  # both ways to part the question compare the same phrases
        asking = standalone_parts(asked, history, likeness)
        parts = [self._search(part, within) for part in asking]
        leaning = standalone_parts(asked, history, likeness, leaning=True)
        if leaning != asking and (apart := self._apart(leaning, parts[0], within)):
            return apart
        return parts, join_evidence(parts, [self._evidence_in(part, len(parts)) for part in parts])

    def _apart(
        self, asking: Sequence[str], whole: Found, within: Collection[str] | None
    ) -> tuple[list[Found], Evidence] | None:
        """As `_evidence`, for parts of which the later lean on the first; None unless all of them are answered."""
        parts: list[Found] = []
        told: list[Evidence] = []
        for question in asking:
            part = self._search(question, within)
            evidence = self._evidence_in(part, len(asking))
            if not evidence.sentences:
                return None
            if not parts:
                # A part that leans on this one, and does not name it, is not to be answered of something else.
                within = documents_about(question, whole.hits) | {e.passage.document_id for e in evidence.sentences}
            parts.append(replace(part, searched=whole.searched))
            told.append(evidence)
        return parts, join_evidence(parts, told)

    def _search(self, question: str, within: Collection[str] | None) -> Found:
        return search(self._store, self._embedder, question, self.settings.passages, within)

    def _likeness(self, phrase: str, others: Sequence[str]) -> Sequence[float]:
        """The cosine of each of the others to the phrase."""
        first, *rest = self._embedder.embed([phrase, *others])
        return [float(first @ each) for each in rest]

    def _evidence_in(self, part: Found, parts: int) -> Evidence:
        """The evidence for one of so many parts, which share the number of statements; but each may have one."""
        limit = max(1, self.settings.statements // parts)
        return find_evidence(part, self._reader, limit, self.settings.certainty)

    def _restriction(self, documents: Collection[str] | None) -> frozenset[str] | None:
        """The documents to search alone; None where they are all of them, which is no restriction."""
        if documents is None:
            return None
        within = frozenset(documents)
        if unknown := sorted(within - self._store.documents.keys()):
            held = some_of([repr(each) for each in self._store.documents])
            raise QuestionError(f"There is no document {unknown[0]!r}. Choose among: {held}.")
        if not within:
            raise QuestionError("No document is chosen. Choose at least one, or do not restrict the question.")
        return None if len(within) == len(self._store.documents) else within
