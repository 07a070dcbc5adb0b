"""The built index on disk: written as a whole, opened as a whole, refused when it is not what was asked for.

    STORE/
      record.json              what the store holds and how it was made; names the current generation
      generation-<n>-<random>/ everything that a question needs
        documents.jsonl        the documents, text included
        passages.jsonl         passages and the spans of their sentences, in order
        chroma/                vectors of passages and of sentences
        bm25/                  the word index
        checksums.json         SHA-256 of the files above, compared when the store is opened

A build writes a new generation and then replaces record.json in one step, so that a store is the
old one or the new one and never half of either. The generation before stays for programs that have it open.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shlex
import shutil
import sqlite3
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import StoreDamaged, StoreError, StoreMismatch, StoreMissing
from assistant.ingest.split import Split
from assistant.search.embed import embedder_setting
from assistant.search.lexical import LexicalIndex
from assistant.settings import DEFAULT_STORE, variable_of
from assistant.types import Document, Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 1
RECORD = "record.json"
_CHECKSUMS = "checksums.json"
_BATCH = 2000
_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 1000}
"""The graph comes out a little different in each build. At this breadth a search of thousands of passages
misses none of the nearest hundred, so that results are the same whichever graph it was."""


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
        raise StoreMissing(f"There is no index at {str(store)!r}. {_rebuild(store)}") from error
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
            _check_files(folder)
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
            self._client = _open_chroma(folder / "chroma")
            try:
                self._passages = self._client.get_collection("passages", embedding_function=None)
                self._sentences = self._client.get_collection("sentences", embedding_function=None)
                counts = self._passages.count(), self._sentences.count()
                if counts != (len(self.splits), sum(len(split.sentences) for split in self.splits)):
                    raise ValueError("vectors are missing")
            except BaseException:
                self._client.close()
                raise

    def nearest_passages(self, query: NDArray[np.float32], limit: int) -> dict[int, float]:
        """Cosine to the query of the nearest passages, by passage number, best first."""
        with self._guard():
            result = self._passages.query(query_embeddings=[query], n_results=limit, include=["distances"])
        return {int(key): 1 - distance for key, distance in zip(result["ids"][0], result["distances"][0], strict=True)}

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


def write_store(path: Path, stored: Sequence[StoredDocument], embedder: str, passage_characters: int) -> Record:
    """Writes a new generation of the store and makes it the current one in a single step.

    Raises StoreError when the disk does not take it; the old generation is then still the current one.
    """
    for each in stored:
        _check_spans(each)
    with writing(path):
        return _write(path, stored, embedder, passage_characters)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Reports what keeps the store from being written: no permission, no room, something else in its place."""
    from chromadb.errors import ChromaError

    try:
        yield
    except (OSError, ChromaError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise StoreError(
            f"The index at {str(path)!r} cannot be written ({reason}). Make room or give permission, "
            "or choose another folder for it."
        ) from error


def _check_spans(stored: StoredDocument) -> None:
    """Raises ValueError where a quote would not be what the document says: a mistake of the program."""
    for split in stored.splits:
        passage = split.passage
        place = f"{passage.start}..{passage.end} of {stored.document.id!r}"
        if (
            passage.document_id != stored.document.id
            or stored.document.text[passage.start : passage.end] != passage.text
        ):
            raise ValueError(f"the passage is not what stands at {place}")
        if not all(passage.start <= start < end <= passage.end for start, end in split.sentences):
            raise ValueError(f"a sentence lies outside its passage {place}")


def _write(path: Path, stored: Sequence[StoredDocument], embedder: str, passage_characters: int) -> Record:
    before = _current_generation(path)
    generation = _new_generation(path)
    folder = path / generation
    folder.mkdir(parents=True)
    _write_lines(folder / "documents.jsonl", (asdict(each.document) for each in stored))
    _write_lines(
        folder / "passages.jsonl",
        ({"passage": asdict(split.passage), "sentences": split.sentences} for each in stored for split in each.splits),
    )
    splits = [split for each in stored for split in each.splits]
    LexicalIndex.build([lexical_text(split.passage) for split in splits]).save(folder / "bm25")
    _write_chroma(folder / "chroma", stored)
    (folder / _CHECKSUMS).write_text(json.dumps(_checksums(folder), indent=2), "utf-8")
    documents = {each.document.id: document_hash(each.document) for each in stored}
    record = Record(FORMAT, embedder, passage_characters, documents, len(splits), generation)
    fresh = path / f"{RECORD}.new"
    fresh.write_text(json.dumps(asdict(record), indent=2), "utf-8")
    fresh.replace(path / RECORD)
    for old in path.glob("generation-*"):
        if old.name not in (generation, before):
            shutil.rmtree(old, ignore_errors=True)
    return record


def lexical_text(passage: Passage) -> str:
    """What word search sees of a passage: its title and heading count as words of it."""
    return f"{passage.title}\n{passage.heading}\n{passage.text}"


def _current_generation(path: Path) -> str | None:
    try:
        return read_record(path).generation
    except (StoreMissing, StoreDamaged, StoreMismatch):
        return None


def _new_generation(path: Path) -> str:
    """A name that no generation has or had: Chroma remembers a folder that was open after it is deleted."""
    numbers = [name.split("-")[1] for name in (old.name for old in path.glob("generation-*"))]
    latest = max((int(number) for number in numbers if number.isdecimal()), default=0)
    return f"generation-{latest + 1}-{secrets.token_hex(4)}"


def _checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of what a generation holds, by file name.

    They are compared before Chroma opens anything: damage makes its native code answer wrongly or
    stop the program. A vector index that Chroma has not saved as a whole it makes again from its
    database, writing to the files, so those do not count.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != _CHECKSUMS]
    saved = {path.parent for path in files if path.name == "index_metadata.pickle"}
    unsaved = {path.parent for path in files if path.name == "header.bin"} - saved
    return {path.relative_to(folder).as_posix(): _checksum(path) for path in files if path.parent not in unsaved}


def _check_files(folder: Path) -> None:
    for name, expected in json.loads((folder / _CHECKSUMS).read_text("utf-8")).items():
        if _checksum(folder / name) != expected:
            raise ValueError(f"{name} was altered")


def _checksum(path: Path) -> str:
    if path.suffix == ".sqlite3":
        return _database_checksum(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _database_checksum(path: Path) -> str:
    """SHA-256 of every row but those of `acquire_write`, to which Chroma adds one each time that it opens the file."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        digest.update(repr(database.execute("PRAGMA quick_check").fetchall()).encode())
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        for (table,) in tables:
            if table == "acquire_write":
                continue
            for row in database.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    digest.update(value if isinstance(value, bytes) else repr(value).encode())
    return digest.hexdigest()


def _write_chroma(folder: Path, stored: Sequence[StoredDocument]) -> None:
    client = _open_chroma(folder)
    passages = client.create_collection("passages", configuration={"hnsw": _HNSW}, embedding_function=None)
    sentences = client.create_collection("sentences", configuration={"hnsw": _HNSW}, embedding_function=None)
    number = 0
    passage_ids: list[str] = []
    sentence_ids: list[str] = []
    for each in stored:
        for split in each.splits:
            passage_ids.append(str(number))
            sentence_ids += [f"{number}:{place}" for place in range(len(split.sentences))]
            number += 1
    splits = [split for each in stored for split in each.splits]
    _add(
        passages,
        passage_ids,
        np.concatenate([each.vectors.passages for each in stored]),
        [_metadata(split.passage, split.passage.start, split.passage.end) for split in splits],
    )
    _add(
        sentences,
        sentence_ids,
        np.concatenate([each.vectors.sentences for each in stored]),
        [_metadata(split.passage, start, end) for split in splits for start, end in split.sentences],
    )
    client.close()


def _metadata(passage: Passage, start: int, end: int) -> dict[str, str | int]:
    return {"document_id": passage.document_id, "heading": passage.heading, "start": start, "end": end}


def _add(
    collection: Any, ids: Sequence[str], vectors: NDArray[np.float32], metadatas: Sequence[Mapping[str, str | int]]
) -> None:
    for first in range(0, len(ids), _BATCH):
        part = slice(first, first + _BATCH)
        collection.add(ids=ids[part], embeddings=vectors[part], metadatas=metadatas[part])


def _open_chroma(folder: Path) -> Any:
    import chromadb

    return chromadb.PersistentClient(folder, settings=chromadb.config.Settings(anonymized_telemetry=False))


def _vectors(collection: Any, ids: list[str]) -> dict[str, NDArray[np.float32]]:
    found: dict[str, NDArray[np.float32]] = {}
    for first in range(0, len(ids), _BATCH):
        result = collection.get(ids=ids[first : first + _BATCH], include=["embeddings"])
        found.update(zip(result["ids"], np.asarray(result["embeddings"], np.float32), strict=True))
    return found


def _stack(rows: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.stack(rows) if rows else np.zeros((0, 0), np.float32)


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _write_lines(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _rebuild(store: Path) -> str:
    if store == DEFAULT_STORE:
        return "Build it with: python -m index, in the project's folder"
    return f"Build it with: assistant index FOLDER --store {shlex.quote(str(store))}"
