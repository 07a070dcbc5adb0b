"""Training questions with the sentences that search brings back for them, and which of those answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import Document, Settings, build_index
from assistant.answer.asking.dialogue import standalone
from assistant.answer.evidence import plain_candidates, readings_of
from assistant.ingest.split import Window, place_of, split_document
from assistant.search.embed import Embedder, open_embedder
from assistant.search.hybrid import search
from assistant.search.store import Store
from assistant.search.terms import terms
from eval.cases import Case, Span, load_cases, load_corpus

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Embed = Callable[[tuple[str, ...]], NDArray[np.float32]]

_KEPT = 14
"""Candidates a question: the best by the plain score, and every sentence that answers."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence as the reader is shown it, with where it stands and the sentence before it.

    `said` is what of it answers: character offsets in the sentence, 0-based, end exclusive; nothing of a table's row,
    which is shown in words.
    """

    sentence: str
    place: str
    before: str
    answers: bool
    said: tuple[tuple[int, int], ...] = ()


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
    return _searched(folder.name, documents, cases, stores)


def from_selection(rows: Sequence[dict[str, Any]], name: str, embedder: Embedder) -> Iterator[Example]:
    """The examples of an answer-sentence selection file: each question with the sentences of its own text."""
    embed = _remembering(embedder)
    for row in rows:
        places = dict.fromkeys(map(tuple, row["sentences"]), place_of(row["title"], row.get("heading") or ""))
        yield Example(name, row["title"], row["question"], _within(row, row["text"], places, embed))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question written for training, about a text that is named, of which `part` holds all that counts.

    `row` has the question, and as `answers` the spans that answer, none where the text does not say. For a question
    that is put to several texts `also` has the spans of the others, by their ids, and where these texts give values
    that cannot both be right, `conflict` has the values.
    """

    origin: str
    document_id: str
    row: dict[str, Any]

    @property
    def is_held_out(self) -> bool:
        """Whether no reader was trained on it."""
        return bool(self.row.get("held_out"))


def read_questions(path: Path) -> list[Asked]:
    """The lines of a file of questions written for training."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Asked(row["set"], row["document"], row) for row in rows]


def as_case(case_id: str, asked: Asked) -> Case:
    """A written question as the evaluation asks them."""
    spans = [(asked.document_id, asked.row["answers"]), *asked.row.get("also", {}).items()]
    evidence = tuple(Span(document_id, start, end) for document_id, places in spans for start, end in places)
    return Case(
        id=case_id,
        question=asked.row["question"],
        history=(),
        answerable=bool(evidence),
        evidence=evidence,
        document_id=asked.document_id,
        conflict=tuple(asked.row.get("conflict", ())),
    )


def from_questions(
    asked: Iterable[Asked], texts: dict[tuple[str, str], Document], embedder: Embedder
) -> Iterator[Example]:
    """The examples of written questions, each with the sentences of the part of the text that it was written for.

    A question without an answer has none there; elsewhere in its set nobody looked.
    """
    embed = _remembering(embedder)
    places_in = lru_cache(maxsize=16)(_places)
    for each in asked:
        document = texts[each.origin, each.document_id]
        first, last = each.row.get("part", (0, len(document.text)))
        places = {span: place for span, place in places_in(document).items() if first <= span[0] and span[1] <= last}
        yield Example(
            each.origin, each.document_id, each.row["question"], _within(each.row, document.text, places, embed)
        )


def _places(document: Document) -> dict[tuple[int, int], str]:
    """The span of each sentence, and where it stands."""
    whole = Window(sys.maxsize, sys.maxsize, len)
    return {
        span: place_of(split.passage.title, split.passage.heading)
        for split in split_document(document, whole)
        for span in split.sentences
    }


def from_questions_on(
    documents: Sequence[Document], asked: Iterable[Asked], name: str, stores: Path
) -> Iterator[Example]:
    """The examples of written questions that were written for all of `documents`, searched in an index of them."""
    cases = (as_case(str(number), each) for number, each in enumerate(asked))
    return _searched(name, documents, cases, stores)


def _searched(name: str, documents: Sequence[Document], cases: Iterable[Case], stores: Path) -> Iterator[Example]:
    settings = Settings()
    embedder = open_embedder(settings.embedder)
    build_index(documents, stores / name, settings, embedder)
    store = Store(stores / name)
    for case in cases:
        found = search(store, embedder, standalone(case.question, case.history), settings.passages)
        shown = []
        for reading in readings_of([candidate.sentence for candidate in plain_candidates(found)], found):
            sentence = reading.sentence
            own = Span(sentence.passage.document_id, sentence.start, sentence.end)
            met = [(span.start, span.end) for span in case.evidence if own.meets(span)]
            said = () if reading.told else _inside(met, sentence.start, sentence.end)
            shown.append(Shown(reading.text, reading.place, reading.before, bool(met), said))
        about = case.belongs_to or found.hits[0].passage.document_id
        yield Example(name, about, found.query, _kept(shown))
    store.close()


def _within(row: dict[str, Any], text: str, places: Mapping[tuple[int, int], str], embed: _Embed) -> tuple[Shown, ...]:
    """The sentences of a text, most like the question of `row` first. `places` has the span of each and its place."""
    spans = list(places)
    sentences = tuple(text[start:end] for start, end in spans)
    (vector,) = embed((row["question"],))
    asked = set(terms(row["question"]))
    scores = [
        float(own @ vector) + 0.5 * len(asked & set(terms(sentence))) / max(1, len(asked))
        for own, sentence in zip(embed(sentences), sentences, strict=True)
    ]
    return _kept(
        [
            Shown(
                sentences[i],
                places[spans[i]],
                sentences[i - 1] if i else "",
                bool(said := _inside(row["answers"], *spans[i])),
                said,
            )
            for i in sorted(range(len(spans)), key=lambda i: -scores[i])
        ]
    )


def _inside(spans: Iterable[Sequence[int]], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """What of the spans lies between `start` and `end`, counted from `start`."""
    return tuple((max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and start < b)


def _remembering(embedder: Embedder) -> _Embed:
    """Embeds the sentences of a text only once where the questions about it follow one another."""
    return lru_cache(maxsize=16)(embedder.embed)


def _kept(shown: list[Shown]) -> tuple[Shown, ...]:
    return tuple(each for number, each in enumerate(shown) if number < _KEPT or each.answers)
