"""Everything that the reader is trained on, and what is held out: the questions of all sets with their candidates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from operator import not_
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant import Document, load_sources
from assistant.ingest.split import place_of
from assistant.search.embed import Embedder, open_embedder
from eval.cases import load_corpus
from eval.fit.reader.candidates import (
    Asked,
    Example,
    from_benchmark,
    from_questions,
    from_questions_on,
    from_selection,
    read_questions,
)

QUESTIONS = Path(__file__).with_name("questions.jsonl")
"""Questions written for training: reworded ones, and ones that the text comes near to answering (READER.md)."""
COLLECTIONS = {name: Path(__file__).with_name(f"{name}.jsonl") for name in ("snippets", "fragments")}
"""Invented search results and short passages, about which some of the questions are."""
_SHIPPED = "shipped"


def libraries() -> list[Path]:
    """Folders of invented documents as people have them together: of a tenancy, of a club."""
    return sorted(folder for folder in Path(__file__).with_name("libraries").iterdir() if folder.is_dir())


def sets_together() -> set[str]:
    """The names that the questions give to documents they are put to all at once: those in `sources/`, each
    collection, and each library."""
    return {_SHIPPED, *COLLECTIONS, *(folder.name for folder in libraries())}


def examples_of(
    benchmarks: Sequence[Path], selection: Path, sources: Path, held_out: set[str]
) -> tuple[list[Example], list[Example]]:
    """What is trained on; and the written questions that are held out, or are about a document that is."""
    embedder = open_embedder("minilm")
    with selection.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = {
        (selection.stem, row["id"]): Document(row["id"], place_of(row["title"], row.get("heading") or ""), row["text"])
        for row in rows
    } | {(folder.name, each.id): each for folder in benchmarks for each in load_corpus(folder / "corpus.jsonl")}
    together = {_SHIPPED: _all_of(sources)} | {name: load_corpus(file) for name, file in COLLECTIONS.items()}
    together |= {folder.name: _all_of(folder) for folder in libraries()}
    written = read_questions(QUESTIONS)
    kept_back = [each.is_held_out or each.document_id in held_out for each in written]
    with TemporaryDirectory() as folder_of_stores:
        stores = Path(folder_of_stores)
        examples = [example for folder in benchmarks for example in from_benchmark(folder, stores)]
        examples += from_selection(rows, selection.stem, embedder)
        examples = [example for example in examples if example.document_id not in held_out]
        examples += _written(list(compress(written, map(not_, kept_back))), texts, together, embedder, stores)
        return examples, list(_written(list(compress(written, kept_back)), texts, together, embedder, stores))


def _all_of(folder: Path) -> Sequence[Document]:
    """The documents of a folder. Raises ValueError if one cannot be read: its questions would be trained on nothing."""
    loaded = load_sources(folder)
    if loaded.problems:
        raise ValueError(" ".join(loaded.problems))
    return loaded.documents


def _written(
    questions: Sequence[Asked],
    texts: dict[tuple[str, str], Document],
    together: Mapping[str, Sequence[Document]],
    embedder: Embedder,
    stores: Path,
) -> Iterator[Example]:
    """The examples of written questions: each about one of `texts`, or put to all the documents of a set `together`."""
    for name, documents in together.items():
        yield from from_questions_on(documents, [each for each in questions if each.origin == name], name, stores)
    yield from from_questions((each for each in questions if each.origin not in together), texts, embedder)
