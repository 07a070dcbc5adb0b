"""Finds the passages for a question: word search, passage vectors and sentence vectors, fused by score.

Each signal is standardised over the passages that any of them found and the three are added. Scores
rather than ranks are fused because a signal that is sure should count for more than one that is not;
on scientific text, rank fusion loses to BM25 alone. The best sentence of a passage is the strongest
of the vector signals: an average over a whole passage drowns the one sentence that answers. BM25 counts
for less where even its best passage lacks most of the question's words: those that they share are then
chance, and standardised they would weigh as much as a match of the whole question. The weights add up to
the same for every question, so that scores of different questions compare.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile, zip_longest
from typing import TYPE_CHECKING

import numpy as np

from assistant.ingest.blocks import BETWEEN_CELLS, opens_table
from assistant.ingest.sentences import Span, in_item, is_item
from assistant.search.abbreviations import spell_out
from assistant.search.embed import Embedder
from assistant.search.store import Store, lexical_text
from assistant.search.terms import terms
from assistant.types import Hit, Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

_POOL = 100
"""How many passages of word search and of vector search are considered."""
_PASSAGE_COSINE = 0.5
"""Weight of the passage's vector, of BM25 and the best sentence 1.0; chosen on the benchmarks (eval/README.md)."""
_COVERED = 0.5
"""Share of the question's words, by idf, that its best passage must hold for BM25 to count in full."""

_HOW_MANY = re.compile(r"\bhow (?:many|much|often)\b", re.IGNORECASE)
"""Asks for a number, and is not said where one is told."""
_BETWEEN = 20
"""Characters that blank space and a bullet take at most."""
_FURTHER = 3
"""A list or a table that a passage cuts off is followed into so many further ones."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage that was found.

    `rank` is the passage's and `place` the sentence's in it, both from 0; `cosine` is to the question, and of
    `vector`, which has unit length, to other sentences. `is_item` is true when a bullet or number stands before it,
    `in_item` of it and all others on that line, `opens_table` of a table's first row. It is the same sentence whatever
    was asked, so what a search makes of it is not compared.
    """

    passage: Passage
    rank: int = field(compare=False)
    place: int
    start: int
    end: int
    cosine: float = field(compare=False)
    is_item: bool
    in_item: bool
    opens_table: bool
    vector: NDArray[np.floating] = field(default_factory=lambda: np.zeros(0), compare=False, repr=False)

    @property
    def text(self) -> str:
        """The exact characters of the sentence."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]

    def follows(self, other: Sentence) -> bool:
        """Whether it is the next sentence under the same heading: nothing but blank space and a bullet lies between."""
        here, there = self.passage, other.passage
        same = (here.document_id, here.heading) == (there.document_id, there.heading)
        return same and 0 <= self.start - other.end <= _BETWEEN


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought back: passages best first, and their sentences in the same order.

    `weights` gives each term of the query its inverse document frequency. `searched` is how many documents
    the search was restricted to, None if to none. `continued` are the items of lists in which a passage was cut off,
    from the passages after it that were not found, and the rows above one that begins amid a table, from the passages
    before it; their rank is that passage's.
    """

    query: str
    weights: dict[str, float]
    hits: tuple[Hit, ...]
    sentences: tuple[Sentence, ...]
    searched: int | None = None
    continued: tuple[Sentence, ...] = ()


def search(store: Store, embedder: Embedder, query: str, limit: int, documents: Collection[str] | None = None) -> Found:
    """The best `limit` passages for `query`, fewer if there are fewer; of `documents` alone where these are given.

    In the query misspelt words are mended, and abbreviations that the documents do not have are spelt out.
    A restricted search considers as many passages as any other, and scores them among each other. How rare
    a term is stays what it is in the whole store: a few documents about one thing would make its name common.
    """
    texts = [each.text for each in store.documents.values() if documents is None or each.id in documents]
    query = spell_out(store.spelling.mend(query), store.lexical, texts)
    vector = embedder.embed([query])[0]
    query_terms = list(dict.fromkeys(terms(_HOW_MANY.sub(" ", query))))
    lexical = store.lexical.scores(query_terms)
    if documents is not None:
        lexical = np.where(store.passages_within(documents), lexical, 0)
    by_vector = store.nearest_passages(vector, _POOL, documents)
    by_words = (int(number) for number in np.argsort(-lexical, kind="stable")[:_POOL] if lexical[number] > 0)
    pool = sorted({*by_vector, *by_words})
    vectors = store.sentence_vectors(pool)
    best_sentence = dict.fromkeys(pool, -1.0)
    for (number, _), own in vectors.items():
        best_sentence[number] = max(best_sentence[number], float(own @ vector))
    cosines = by_vector | store.passage_cosines(vector, [number for number in pool if number not in by_vector])
    weights = {term: store.lexical.idf(term) for term in query_terms}
    best_by_words = store.splits[max(pool, key=lambda number: lexical[number])].passage
    counts = min(1.0, _covered(weights, best_by_words) / _COVERED)
    scores = (
        counts * _standardised(lexical[pool])
        + _standardised(np.array([best_sentence[number] for number in pool]))
        + _PASSAGE_COSINE * _standardised(np.array([cosines[number] for number in pool]))
    ) * ((2 + _PASSAGE_COSINE) / (counts + 1 + _PASSAGE_COSINE))
    ranked = [(pool[i], float(scores[i])) for i in np.argsort(-scores, kind="stable")[:limit]]
    numbers = [number for number, _ in ranked]
    further = [*_listed_after(store, numbers), *_rows_before(store, numbers)]
    vectors |= store.sentence_vectors(sorted({number for number, _, _ in further if (number, 0) not in vectors}))

    def sentence(number: int, place: int, rank: int) -> Sentence:
        split, own = store.splits[number], vectors[number, place]
        text = store.documents[split.passage.document_id].text
        start, end = split.sentences[place]
        cosine = float(own @ vector)
        return Sentence(
            split.passage,
            rank,
            place,
            start,
            end,
            cosine,
            is_item=is_item(text, start),
            in_item=in_item(text, start),
            opens_table=opens_table(text, start, end),
            vector=own,
        )

    return Found(
        query=query,
        weights=weights,
        hits=tuple(Hit(store.splits[number].passage, score) for number, score in ranked),
        sentences=tuple(
            sentence(number, place, rank)
            for rank, (number, _) in enumerate(ranked)
            for place in range(len(store.splits[number].sentences))
        ),
        searched=None if documents is None else len(documents),
        continued=tuple(
            dict.fromkeys(sentence(number, place, rank) for number, rank, places in further for place in places)
        ),
    )


def _listed_after(store: Store, numbers: Sequence[int]) -> Iterator[tuple[int, int, range]]:
    """The passages that go on with a list in which one of `numbers`, best first, is cut off.

    For each the rank of that passage, and the places of its sentences that belong to the list. None is among `numbers`.
    """
    for rank, number in enumerate(numbers):
        cut = _in_items(store, number)[-1] or store.splits[number].passage.text.endswith(":")
        last = min(number + _FURTHER, len(store.splits) - 1)
        while cut and number < last and _same_section(store, number, number + 1):
            number += 1
            items = list(takewhile(bool, _in_items(store, number)))
            if items and number not in numbers:
                yield number, rank, range(len(items))
            cut = len(items) == len(store.splits[number].sentences)


def _rows_before(store: Store, numbers: Sequence[int]) -> Iterator[tuple[int, int, range]]:
    """The passages with the rows above one of `numbers` that begins amid a table, back to the table's first.

    For each the rank of that passage, and the places of its rows. None is among `numbers`.
    """
    for rank, number in enumerate(numbers):
        text = store.documents[store.splits[number].passage.document_id].text
        start, end = store.splits[number].sentences[0]
        cells = text.count(BETWEEN_CELLS, start, end)
        cut = cells > 0 and not opens_table(text, start, end)
        last = max(number - _FURTHER, 0)
        while cut and number > last and _same_section(store, number, number - 1):
            number -= 1
            sentences = store.splits[number].sentences
            first = _first_row(text, sentences, cells)
            if first == len(sentences) or number in numbers:
                break  # what is found goes on from there by itself
            yield number, rank, range(first, len(sentences))
            cut = first == 0 and not opens_table(text, *sentences[0])


def _first_row(text: str, sentences: Sequence[Span], cells: int) -> int:
    """The place of the first of the rows with so many cells that a passage ends with; if none, how many it has."""
    first = len(sentences)
    while first and text.count(BETWEEN_CELLS, *sentences[first - 1]) == cells:
        first -= 1
    return first


def _in_items(store: Store, number: int) -> list[bool]:
    """For each sentence of a passage whether it belongs to an item."""
    split = store.splits[number]
    text = store.documents[split.passage.document_id].text
    return [in_item(text, start) for start, _ in split.sentences]


def _same_section(store: Store, one: int, other: int) -> bool:
    here, there = store.splits[one].passage, store.splits[other].passage
    return (here.document_id, here.heading) == (there.document_id, there.heading)


def join(parts: Sequence[Found]) -> Found:
    """What the searches for the parts of one question brought back, as if it were one search."""
    if len(parts) == 1:
        return parts[0]
    hits = join_hits([part.hits for part in parts])
    ranks = {hit.passage: rank for rank, hit in enumerate(hits)}
    sentences = dict.fromkeys(
        replace(sentence, rank=ranks[sentence.passage]) for part in parts for sentence in part.sentences
    )
    return Found(
        query=" ".join(part.query for part in parts),
        weights={term: weight for part in parts for term, weight in part.weights.items()},
        hits=hits,
        sentences=tuple(sorted(sentences, key=lambda sentence: (sentence.rank, sentence.place))),
        searched=parts[0].searched,
        continued=tuple(
            dict.fromkeys(
                replace(sentence, rank=ranks[part.hits[sentence.rank].passage])
                for part in parts
                for sentence in part.continued
                if sentence.passage not in ranks
            )
        ),
    )


def join_hits(parts: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """The passages of several searches, each once: first the best of each, then the next of each, and so on.

    Scores compare within one search only.
    """
    first: dict[Passage, Hit] = {}
    for row in zip_longest(*parts):
        for hit in filter(None, row):
            first.setdefault(hit.passage, hit)
    return tuple(first.values())


def _covered(weights: Mapping[str, float], passage: Passage) -> float:
    """The share of a query's terms, by their weights, that word search sees in the passage."""
    held = set(terms(lexical_text(passage)))
    return sum(weight for term, weight in weights.items() if term in held) / (sum(weights.values()) or 1.0)


def _standardised(values: NDArray[np.floating]) -> NDArray[np.float64]:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 1e-9 else np.zeros(len(values))
