"""Builds a store from documents, embedding only those that are new or changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from assistant.errors import SourceError, StoreDamaged, StoreError, StoreMismatch, StoreMissing
from assistant.ingest.split import SPLITTING, Split, Window, context_of, split_document, with_context
from assistant.search.embed import Embedder, embedder_name, open_embedder
from assistant.search.store import RECORD, Record, Store, StoredDocument, Vectors, document_hash
from assistant.search.write import GENERATION, write_store, writing
from assistant.settings import Settings, load_settings
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
    *,
    originals: Mapping[str, Path] | None = None,
    others: Sequence[Store] = (),
) -> IndexReport:
    """Makes `store` hold exactly `documents`, and says what changed.

    `originals` are files to keep in the store, by the id of the document that was read from each. `others` are
    open stores: a document that one of them holds unchanged is taken from there rather than embedded. A store
    made with another embedder or other parameters, by a version that makes other passages, or damaged, is made anew.
    Raises SourceError for no documents, for two with one id, and for one without text; StoreError while another build
    is under way, for a folder of other things, and when the store cannot be written.
    """
    path = Path(store)
    settings = settings or load_settings()
    wanted = _checked(documents)
    with _locked(path):
        return _build(wanted, path, settings, embedder, progress, originals or {}, others)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keeps other builds from the store."""
    lock = FileLock(path / ".lock", timeout=0)
    with writing(path):
        path.mkdir(parents=True, exist_ok=True)
        _check_is_ours(path)
        try:
            lock.acquire()
        except Timeout as error:
            raise StoreError(
                f"Another build of {str(path)!r} is under way. Wait for it to end, then try again."
            ) from error
    try:
        yield
    finally:
        lock.release()


def _check_is_ours(path: Path) -> None:
    """Raises StoreError for a folder that holds something and was never a store: an index would be lost among it."""
    held = sorted(each.name for each in path.iterdir() if not each.name.startswith("."))
    if held and RECORD not in held and not any(name.startswith(GENERATION) for name in held):
        raise StoreError(
            f"The folder {str(path)!r} holds other things ({held[0]!r}) and no index. Choose an empty or a new folder "
            "for the index."
        )


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
        raise SourceError("There are no documents to index. Add .txt, .md, .html, .pdf or .docx files.")
    return wanted


def _build(
    wanted: dict[str, Document],
    path: Path,
    settings: Settings,
    embedder: Embedder | None,
    progress: Progress | None,
    originals: Mapping[str, Path],
    others: Sequence[Store],
) -> IndexReport:
    name = embedder.name if embedder else embedder_name(settings.embedder)
    hashes = {key: document_hash(document) for key, document in wanted.items()}
    present = _present(path, name, settings.passage_characters, hashes, originals)
    known = present.hashes
    report = IndexReport(
        added=tuple(key for key in wanted if key not in known),
        replaced=tuple(key for key in wanted if key in known and known[key] != hashes[key]),
        removed=tuple(key for key in known if key not in wanted),
        skipped=tuple(key for key in wanted if known.get(key) == hashes[key]),
        passages=present.passages,
    )
    if present.complete:
        return report
    kept = _kept_elsewhere(others, name, settings.passage_characters, hashes) | present.kept
    embedder = embedder or open_embedder(settings.embedder)
    window = Window(embedder.window, settings.passage_characters, embedder.count_tokens)
    fresh = {key: split_document(document, window) for key, document in wanted.items() if key not in kept}
    counter = _Counter(sum(1 + len(split.sentences) for splits in fresh.values() for split in splits), progress)
    stored = [
        kept[key]
        if key in kept
        else StoredDocument(document, tuple(fresh[key]), _embed(fresh[key], embedder, window, counter))
        for key, document in wanted.items()
    ]
    record = write_store(path, stored, name, settings.passage_characters, {**present.originals, **originals})
    return replace(report, passages=record.passages)


@dataclass(frozen=True, slots=True)
class _Present:
    """What the present store holds that can be used again. `kept` is what is to be written again.

    When it is `complete`, nothing is: it holds what is wanted and no more.
    """

    hashes: dict[str, str] = field(default_factory=dict)
    passages: int = 0
    complete: bool = False
    kept: dict[str, StoredDocument] = field(default_factory=dict)
    originals: dict[str, Path] = field(default_factory=dict)


def _present(
    path: Path, embedder: str, passage_characters: int, wanted: dict[str, str], originals: Mapping[str, Path]
) -> _Present:
    """Nothing of a store that is damaged or was made in another way; `wanted` are the documents' hashes."""
    try:
        with closing(Store(path)) as store:
            record = store.record
            if not _made_so(record, embedder, passage_characters):
                return _Present()
            unchanged = {key for key, found in record.documents.items() if wanted.get(key) == found}
            held = {key: original for key in unchanged if (original := store.original(key))}
            if list(record.documents.items()) == list(wanted.items()) and originals.keys() <= held.keys():
                # The vectors, most of the store, need not be read.
                return _Present(record.documents, record.passages, complete=True)
            kept = {each.document.id: each for each in store.stored(unchanged)}
            return _Present(record.documents, record.passages, kept=kept, originals=held)
    except (StoreMissing, StoreDamaged, StoreMismatch):
        return _Present()


def _made_so(record: Record, embedder: str, passage_characters: int) -> bool:
    """Whether the store was made in this way, and by a version that makes the same passages of a document."""
    made = (record.embedder, record.passage_characters, record.splitting)
    return made == (embedder, passage_characters, SPLITTING)


def _kept_elsewhere(
    others: Sequence[Store], embedder: str, passage_characters: int, wanted: dict[str, str]
) -> dict[str, StoredDocument]:
    """What open stores that were made in the same way hold of the documents with these hashes."""
    kept: dict[str, StoredDocument] = {}
    for store in others:
        record = store.record
        if _made_so(record, embedder, passage_characters):
            held = {key for key, found in record.documents.items() if wanted.get(key) == found and key not in kept}
            kept |= {each.document.id: each for each in store.stored(held)}
    return kept


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
