"""The built index on disk: written as a whole, opened as a whole, refused when it is not what was asked for.

    STORE/
      record.json              what the store holds and how it was made; names the current generation
      generation-<n>-<random>/ everything that a question needs
        documents.jsonl        the documents, text included
        passages.jsonl         passages and the spans of their sentences, in order
        chroma/                vectors of passages and of sentences
        bm25/                  the word index
        originals/             files that documents were read from, where they were given; named by original_name
        checksums.json         SHA-256 of the files above, compared when the store is opened

A build writes a new generation and then replaces record.json in one step, so that a store is the
old one or the new one and never half of either. The generation before stays for programs that have it open.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Collection, Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import StoreDamaged, StoreMismatch, StoreMissing
from assistant.ingest.split import Split
from assistant.search.checksums import check_files
from assistant.search.embed import embedder_setting
from assistant.search.lexical import LexicalIndex
from assistant.search.spelling import Spelling
from assistant.settings import DEFAULT_STORE, variable_of
from assistant.types import Document, Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 1
RECORD = "record.json"
ORIGINALS = "originals"
BATCH = 2000
"""How many vectors are written or read at once."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a store was made from and with. Two stores with equal fields but `generation` answer alike."""

    format: int
    embedder: str
    passage_characters: int
    documents: dict[str, str]
    """SHA-256 of each document, by id, in order."""
    passages: int
    generation: str
    splitting: int = 1
    """`assistant.ingest.split.SPLITTING` of the version that made it."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Unit vectors of one document: shape (passages, d) and (sentences, d), both in reading order."""

    passages: NDArray[np.float32]
    sentences: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with everything that was computed from it."""

    document: Document
    splits: tuple[Split, ...]
    vectors: Vectors


def document_hash(document: Document) -> str:
    """SHA-256 over every field of the document."""
    return hashlib.sha256(json.dumps(asdict(document), sort_keys=True).encode()).hexdigest()


def read_record(store: Path) -> Record:
    """The record of the store. Raises StoreMissing, or StoreDamaged when it cannot be read."""
    path = store / RECORD
    try:
        fields = json.loads(path.read_text("utf-8"))
        if fields["format"] != FORMAT:
            raise StoreMismatch(
                f"The index at {str(store)!r} has format {fields['format']}; this version reads {FORMAT}. "
                f"{_rebuild(store)}"
            )
        return Record(**fields)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreMissing(f"There is no index at {str(store.absolute())!r}. {_rebuild(store)}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreDamaged(f"The record {str(path)!r} of the index cannot be read. {_rebuild(store)}") from error


def check_record(store: Path, record: Record, embedder: str, passage_characters: int) -> None:
    """Raises StoreMismatch, saying what differs, when the store was made in another way than asked for."""
    wanted = {"embedder": embedder, "passage_characters": passage_characters}
    found = {"embedder": record.embedder, "passage_characters": record.passage_characters}
    differing = [f"{name} {found[name]!r}, not {wanted[name]!r}" for name in wanted if found[name] != wanted[name]]
    if differing:
        values = {"embedder": embedder_setting(record.embedder), "passage_characters": str(record.passage_characters)}
        as_built = " ".join(
            f"{variable_of(name)}={shlex.quote(values[name])}" for name in wanted if found[name] != wanted[name]
        )
        raise StoreMismatch(
            f"The index at {str(store)!r} was built with {' and '.join(differing)}. {_rebuild(store)}. "
            f"Or use it as it is, by setting {as_built}"
        )


class Store:
    """An opened store. Passages are numbered in order; `sentences` of a passage in reading order."""

    def __init__(self, path: Path) -> None:
        """Opens the current generation. Raises StoreMissing or StoreDamaged."""
        self.path = path
        self.record = read_record(path)
        self._closed = False
        with self._guard():
            folder = path / str(self.record.generation)
            check_files(folder)
            self.documents = {
                fields["id"]: Document(**{**fields, "pages": fields["pages"] and tuple(fields["pages"])})
                for fields in _read_lines(folder / "documents.jsonl")
            }
            self.splits = [
                Split(Passage(**fields["passage"]), tuple((a, b) for a, b in fields["sentences"]))
                for fields in _read_lines(folder / "passages.jsonl")
            ]
            if len(self.splits) != self.record.passages or list(self.documents) != list(self.record.documents):
                raise ValueError("a file was cut short")
            self.lexical = LexicalIndex.load(folder / "bm25", len(self.splits))
            self.spelling = Spelling(self.documents.values(), self.lexical)
            self._client = open_chroma(folder / "chroma")
            try:
                self._passages = self._client.get_collection("passages", embedding_function=None)
                self._sentences = self._client.get_collection("sentences", embedding_function=None)
                counts = self._passages.count(), self._sentences.count()
                if counts != (len(self.splits), sum(len(split.sentences) for split in self.splits)):
                    raise ValueError("vectors are missing")
            except BaseException:
                self._client.close()
                raise

    def nearest_passages(
        self, query: NDArray[np.float32], limit: int, documents: Collection[str] | None = None
    ) -> dict[int, float]:
        """Cosine to the query of the nearest passages, by passage number, best first; only those of `documents`."""
        only = None if documents is None else {"document_id": {"$in": sorted(documents)}}
        with self._guard():
            result = self._passages.query(query_embeddings=[query], n_results=limit, where=only, include=["distances"])
        return {int(key): 1 - distance for key, distance in zip(result["ids"][0], result["distances"][0], strict=True)}

    def passages_within(self, documents: Container[str]) -> NDArray[np.bool_]:
        """For each passage whether it is of one of `documents`, shape (passages,)."""
        return np.array([split.passage.document_id in documents for split in self.splits])

    def passage_cosines(self, query: NDArray[np.float32], numbers: Sequence[int]) -> dict[int, float]:
        """Cosine to the query of the passages asked for."""
        ids = [str(number) for number in numbers]
        with self._guard():
            return {int(key): float(vector @ query) for key, vector in _vectors(self._passages, ids).items()}

    def sentence_vectors(self, numbers: Sequence[int]) -> dict[tuple[int, int], NDArray[np.float32]]:
        """The vectors of every sentence of these passages, by passage number and place in the passage."""
        keys = [(number, place) for number in numbers for place in range(len(self.splits[number].sentences))]
        with self._guard():
            found = _vectors(self._sentences, [f"{number}:{place}" for number, place in keys])
            return {key: found[f"{key[0]}:{key[1]}"] for key in keys}

    def stored(self, wanted: Container[str]) -> Iterator[StoredDocument]:
        """Each document whose id is wanted, with its passages and vectors, to be written again unchanged."""
        first = 0
        for document in self.documents.values():
            last = first
            while last < len(self.splits) and self.splits[last].passage.document_id == document.id:
                last += 1
            numbers = range(first, last)
            splits = tuple(self.splits[first:last])
            first = last
            if document.id not in wanted:
                continue
            with self._guard():
                passages = _vectors(self._passages, [str(number) for number in numbers])
            sentences = self.sentence_vectors(numbers)
            yield StoredDocument(
                document,
                splits,
                Vectors(_stack([passages[str(n)] for n in numbers]), _stack(list(sentences.values()))),
            )

    def original(self, document_id: str) -> Path | None:
        """The file that the document was read from, where the store keeps it."""
        path = self.path / self.record.generation / ORIGINALS / original_name(document_id)
        return path if path.exists() else None

    def close(self) -> None:
        """Lets go of the files. Asked afterwards, the store raises ValueError."""
        self._closed = True
        self._client.close()

    @contextmanager
    def _guard(self) -> Iterator[None]:
        """Reports whatever a damaged file leads to: Chroma, bm25s and json raise errors of many kinds."""
        if self._closed:
            raise ValueError("the store is closed")
        try:
            yield
        except Exception as error:
            raise StoreDamaged(
                f"The index at {str(self.path)!r} is incomplete or altered ({error}). {_rebuild(self.path)}"
            ) from error


def original_name(document_id: str) -> str:
    """What the original of a document is called: an id may hold what no file name can."""
    return hashlib.sha256(document_id.encode()).hexdigest()


def lexical_text(passage: Passage) -> str:
    """What word search sees of a passage: its title and heading count as words of it."""
    return f"{passage.title}\n{passage.heading}\n{passage.text}"


def open_chroma(folder: Path) -> Any:
    """Chroma on the files in `folder`, which sends nothing anywhere."""
    import chromadb

    return chromadb.PersistentClient(folder, settings=chromadb.config.Settings(anonymized_telemetry=False))


def _vectors(collection: Any, ids: list[str]) -> dict[str, NDArray[np.float32]]:
    found: dict[str, NDArray[np.float32]] = {}
    for first in range(0, len(ids), BATCH):
        result = collection.get(ids=ids[first : first + BATCH], include=["embeddings"])
        found.update(zip(result["ids"], np.asarray(result["embeddings"], np.float32), strict=True))
    return found


def _stack(rows: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.stack(rows) if rows else np.zeros((0, 0), np.float32)


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _rebuild(store: Path) -> str:
    if store == DEFAULT_STORE:
        return "Build it with: python -m index, in the project's folder"
    return f"Build it with: assistant index FOLDER --store {shlex.quote(str(store))}"
