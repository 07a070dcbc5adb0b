"""Builds a store from documents, embedding only those that are new or changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from assistant.errors import SourceError, StoreDamaged, StoreError, StoreMismatch, StoreMissing
from assistant.ingest.split import Split, Window, context_of, split_document, with_context
from assistant.search.embed import Embedder, open_embedder
from assistant.search.store import Store, StoredDocument, Vectors, document_hash, write_store
from assistant.settings import Settings
from assistant.types import Document

Progress = Callable[[int, int, str], None]
"""Told how many texts are embedded, of how many, and the title of the document at hand."""

_BATCH = 64


@dataclass(frozen=True, slots=True)
class IndexReport:
    """Ids of documents by what a build did with them. Skipped ones were there already, unchanged."""

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[str, ...]
    passages: int


def build_index(
    documents: Iterable[Document],
    store: Path | str,
    settings: Settings | None = None,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> IndexReport:
    """Makes `store` hold exactly `documents`, and says what changed.

    A store made with another embedder or other parameters, or damaged, is made anew. Raises
    SourceError for no documents, for two with one id, and for one without text; StoreError while
    another build is under way.
    """
    path = Path(store)
    settings = settings or Settings()
    wanted = _checked(documents)
    path.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path / ".lock", timeout=0):
            return _build(wanted, path, settings, embedder, progress)
    except Timeout as error:
        raise StoreError(f"Another build of {str(path)!r} is under way. Wait for it to end, then try again.") from error


def _checked(documents: Iterable[Document]) -> dict[str, Document]:
    wanted: dict[str, Document] = {}
    for document in documents:
        if document.id in wanted:
            raise SourceError(f"Two documents have the id {document.id!r}. Give each its own.")
        try:
            f"{document.id}{document.title}{document.text}".encode()
        except UnicodeEncodeError as error:
            raise SourceError(
                f"The document {document.id!r} holds half of a character that takes two. Decode its text anew."
            ) from error
        if not document.text.strip():
            raise SourceError(f"The document {document.id!r} has no text. Leave it out, or give it some.")
        wanted[document.id] = document
    if not wanted:
        raise SourceError("There are no documents to index. Add .txt, .md, .html or .pdf files.")
    return wanted


def _build(
    wanted: dict[str, Document], path: Path, settings: Settings, embedder: Embedder | None, progress: Progress | None
) -> IndexReport:
    embedder = embedder or open_embedder(settings.embedder)
    known = _known(path, embedder, settings)
    hashes = {key: document_hash(each.document) for key, each in known.items()}
    same = {key for key, document in wanted.items() if hashes.get(key) == document_hash(document)}
    report = IndexReport(
        added=tuple(key for key in wanted if key not in known),
        replaced=tuple(key for key in wanted if key in known and key not in same),
        removed=tuple(key for key in known if key not in wanted),
        skipped=tuple(key for key in wanted if key in same),
        passages=sum(len(each.splits) for each in known.values()),
    )
    if same == set(wanted) and list(known) == list(wanted):
        return report
    window = Window(embedder.window, settings.passage_characters, embedder.count_tokens)
    fresh = {key: split_document(document, window) for key, document in wanted.items() if key not in same}
    counter = _Counter(sum(1 + len(split.sentences) for splits in fresh.values() for split in splits), progress)
    stored = [
        known[key]
        if key in same
        else StoredDocument(document, tuple(fresh[key]), _embed(fresh[key], embedder, window, counter))
        for key, document in wanted.items()
    ]
    record = write_store(path, stored, embedder.name, settings.passage_characters)
    return IndexReport(report.added, report.replaced, report.removed, report.skipped, record.passages)


def _known(path: Path, embedder: Embedder, settings: Settings) -> dict[str, StoredDocument]:
    """What the present store holds, if it can be used again."""
    try:
        store = Store(path)
        try:
            made = store.record.embedder, store.record.passage_characters
            if made != (embedder.name, settings.passage_characters):
                return {}
            return {each.document.id: each for each in store.stored()}
        finally:
            store.close()
    except (StoreMissing, StoreDamaged, StoreMismatch):
        return {}


class _Counter:
    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total, self.done, self.progress = total, 0, progress

    def add(self, count: int, title: str) -> None:
        self.done += count
        if self.progress:
            self.progress(self.done, self.total, title)


def _embed(splits: Sequence[Split], embedder: Embedder, window: Window, counter: _Counter) -> Vectors:
    texts = [passage_text(split, window) for split in splits]
    texts += [sentence_text(split, place) for split in splits for place in range(len(split.sentences))]
    vectors = np.zeros((len(texts), embedder.dimensions), np.float32)
    for first in range(0, len(texts), _BATCH):
        part = texts[first : first + _BATCH]
        vectors[first : first + len(part)] = embedder.embed(part)
        counter.add(len(part), splits[0].passage.title)
    return Vectors(vectors[: len(splits)], vectors[len(splits) :])


def passage_text(split: Split, window: Window) -> str:
    """What the embedder is given of a passage: its title and heading in front."""
    passage = split.passage
    return with_context(context_of(passage.title, passage.heading, window), passage.text)


def sentence_text(split: Split, place: int) -> str:
    """What the embedder is given of a sentence: the sentence alone."""
    start, end = split.sentences[place]
    return split.passage.text[start - split.passage.start : end - split.passage.start]
