"""Ties what was written to the sentences that say it, whatever passages the writer named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from assistant.answer.evidence import texts_before
from assistant.answer.writing.draft import Written
from assistant.answer.writing.prompt import safe_place
from assistant.answer.writing.support import Source, verdict_on
from assistant.search.embed import Embedder
from assistant.search.hybrid import Found, Sentence
from assistant.search.terms import terms
from assistant.types import Passage, Verdict

_NAMED = 0.1
"""Added to the score of a sentence whose passage the writer named."""
_SINGLE, _PAIRED = 6, 4
"""How many of the likeliest sentences are tried alone, and how many beside the likeliest."""
_SUPPORTING: tuple[Verdict, ...] = ("quoted", "supported")
_ORDER: tuple[Verdict, ...] = (*_SUPPORTING, "partly", "unsupported")


@dataclass(frozen=True, slots=True)
class Grounded:
    """A sentence that was written, the sentences of the sources that it is tied to, and what they make of it.

    An unsupported one is tied to none.
    """

    text: str
    sentences: tuple[Sentence, ...]
    verdict: Verdict

    @property
    def is_supported(self) -> bool:
        """Whether the sentences say all of it."""
        return self.verdict in _SUPPORTING


def ground(
    written: Sequence[Written], passages: Sequence[Passage], found: Found, embedder: Embedder
) -> tuple[Grounded, ...]:
    """Each sentence that was written with its verdict, tied to sentences of `passages`, which are among `found`.

    `passages` are in the order of the numbers, from 1, by which the writer names them.
    """
    numbers = {passage: number for number, passage in enumerate(passages, 1)}
    candidates = [each for each in found.sentences if each.passage in numbers and not each.text.rstrip().endswith("?")]
    if not written or not candidates:
        return tuple(Grounded(each.text, (), "unsupported") for each in written)
    before = texts_before(found)
    held = [set(terms(each.text)) for each in candidates]
    sources = {each: Source(each.text, f"{safe_place(each.passage)}. {before[each]}") for each in candidates}
    grounded = []
    for each, vector in zip(written, embedder.embed([each.text for each in written]), strict=True):
        own = set(terms(each.text))
        scores = [
            float(candidate.vector @ vector)
            + len(own & stems) / max(1, len(own))
            + _NAMED * (numbers[candidate.passage] in each.passages)
            for candidate, stems in zip(candidates, held, strict=True)
        ]
        likeliest = [candidates[i] for i in sorted(range(len(candidates)), key=lambda i: -scores[i])]
        grounded.append(_tied(each.text, likeliest, sources))
    return tuple(grounded)


def _tied(text: str, likeliest: Sequence[Sentence], sources: dict[Sentence, Source]) -> Grounded:
    best = Grounded(text, (), "unsupported")
    alone = ((sentence,) for sentence in likeliest[:_SINGLE])
    paired = ((likeliest[0], other) for other in likeliest[1 : 1 + _PAIRED])
    for sentences in chain(alone, paired):
        verdict = verdict_on(text, [sources[each] for each in sentences])
        if _ORDER.index(verdict) < _ORDER.index(best.verdict):
            best = Grounded(text, sentences, verdict)
        if best.is_supported:
            break
    return best
