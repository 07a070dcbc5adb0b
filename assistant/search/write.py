"""Writes a store: a new generation beside the old one, made the current one in a single step."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import StoreDamaged, StoreError, StoreMismatch, StoreMissing
from assistant.files import write_whole
from assistant.ingest.split import SPLITTING
from assistant.search.checksums import CHECKSUMS, checksums
from assistant.search.lexical import LexicalIndex
from assistant.search.store import (
    BATCH,
    FORMAT,
    ORIGINALS,
    RECORD,
    Record,
    StoredDocument,
    document_hash,
    lexical_text,
    open_chroma,
    original_name,
    read_record,
)
from assistant.types import Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 1000}
"""The graph comes out a little different in each build. At this breadth a search of thousands of passages
misses none of the nearest hundred, so that results are the same whichever graph it was."""
GENERATION = "generation-"
"""How the names of the folders begin that a store has its generations in."""


def write_store(
    path: Path,
    stored: Sequence[StoredDocument],
    embedder: str,
    passage_characters: int,
    originals: Mapping[str, Path] | None = None,
) -> Record:
    """Writes a new generation of the store and makes it the current one in a single step.

    `originals` are files to keep with it, by the ids of documents. Raises StoreError when the disk does not
    take it; the old generation is then still the current one.
    """
    for each in stored:
        _check_spans(each)
    with writing(path):
        return _write(path, stored, embedder, passage_characters, originals or {})


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


def _write(
    path: Path,
    stored: Sequence[StoredDocument],
    embedder: str,
    passage_characters: int,
    originals: Mapping[str, Path],
) -> Record:
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
    if originals:
        (folder / ORIGINALS).mkdir()
        for document_id, original in originals.items():
            shutil.copyfile(original, folder / ORIGINALS / original_name(document_id))
    (folder / CHECKSUMS).write_text(json.dumps(checksums(folder), indent=2), "utf-8")
    documents = {each.document.id: document_hash(each.document) for each in stored}
    record = Record(FORMAT, embedder, passage_characters, documents, len(splits), generation, SPLITTING)
    write_whole(path / RECORD, json.dumps(asdict(record), indent=2))
    for old in path.glob(f"{GENERATION}*"):
        if old.name not in (generation, before):
            shutil.rmtree(old, ignore_errors=True)
    return record


def _current_generation(path: Path) -> str | None:
    try:
        return read_record(path).generation
    except (StoreMissing, StoreDamaged, StoreMismatch):
        return None


def _new_generation(path: Path) -> str:
    """A name that no generation has or had: Chroma remembers a folder that was open after it is deleted."""
    numbers = [name.split("-")[1] for name in (old.name for old in path.glob(f"{GENERATION}*"))]
    latest = max((int(number) for number in numbers if number.isdecimal()), default=0)
    return f"{GENERATION}{latest + 1}-{secrets.token_hex(4)}"


def _write_chroma(folder: Path, stored: Sequence[StoredDocument]) -> None:
    client = open_chroma(folder)
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
    for first in range(0, len(ids), BATCH):
        part = slice(first, first + BATCH)
        collection.add(ids=ids[part], embeddings=vectors[part], metadatas=metadatas[part])


def _write_lines(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
