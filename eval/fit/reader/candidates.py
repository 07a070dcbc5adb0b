"""Training questions with the sentences that search brings back for them, and which of those answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant import Settings, build_index
from assistant.answer.dialogue import standalone
from assistant.answer.evidence import plain_candidates, texts_before
from assistant.ingest.split import place_of
from assistant.search.embed import Embedder, open_embedder
from assistant.search.hybrid import search
from assistant.search.store import Store
from assistant.search.terms import terms
from eval.cases import Span, load_cases, load_corpus

_KEPT = 14
"""Candidates a question: the best by the plain score, and every sentence that answers."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence as the reader is shown it, with where it stands and the sentence before it."""

    sentence: str
    place: str
    before: str
    answers: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A question of a data set with its candidates, best first; none answers where nothing does."""

    origin: str
    document_id: str
    question: str
    candidates: tuple[Shown, ...]


def from_benchmark(folder: Path, stores: Path) -> Iterator[Example]:
    """The examples of a folder with corpus.jsonl and cases.jsonl, searched in an index built below `stores`."""
    documents = load_corpus(folder / "corpus.jsonl")
    cases = load_cases(folder / "cases.jsonl", {each.id: each for each in documents})
    settings = Settings()
    embedder = open_embedder(settings.embedder)
    build_index(documents, stores / folder.name, settings, embedder)
    store = Store(stores / folder.name)
    for case in cases:
        found = search(store, embedder, standalone(case.question, case.history), settings.passages)
        before = texts_before(found)
        shown = [
            Shown(
                sentence.text,
                place_of(sentence.passage.title, sentence.passage.heading),
                before[sentence],
                any(
                    Span(sentence.passage.document_id, sentence.start, sentence.end).meets(span)
                    for span in case.evidence
                ),
            )
            for sentence in (candidate.sentence for candidate in plain_candidates(found))
        ]
        about = case.evidence[0].document_id if case.evidence else found.hits[0].passage.document_id
        yield Example(folder.name, about, found.query, _kept(shown))
    store.close()


def from_selection(path: Path, embedder: Embedder) -> Iterator[Example]:
    """The examples of an answer-sentence selection file: each question with the sentences of its own text."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        spans = [(start, end) for start, end in row["sentences"]]
        sentences = [row["text"][start:end] for start, end in spans]
        vectors = embedder.embed([*sentences, row["question"]])
        asked = set(terms(row["question"]))
        scores = [
            float(vector @ vectors[-1]) + 0.5 * len(asked & set(terms(sentence))) / max(1, len(asked))
            for vector, sentence in zip(vectors[:-1], sentences, strict=True)
        ]
        place = place_of(row["title"], row.get("heading") or "")
        shown = [
            Shown(
                sentences[i],
                place,
                sentences[i - 1] if i else "",
                any(start < spans[i][1] and spans[i][0] < end for start, end in row["answers"]),
            )
            for i in sorted(range(len(spans)), key=lambda i: -scores[i])
        ]
        yield Example(path.stem, row["title"], row["question"], _kept(shown))


def _kept(shown: list[Shown]) -> tuple[Shown, ...]:
    return tuple(each for number, each in enumerate(shown) if number < _KEPT or each.answers)
