"""Ties what was written to the sentences that say it, whatever passages the writer named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer.choice import LEANS_BACK
from assistant.answer.evidence import readings_of, texts_before
from assistant.answer.reading.reader import Reader
from assistant.answer.writing.draft import Written
from assistant.answer.writing.prompt import safe_place
from assistant.answer.writing.support import Source, verdict_on
from assistant.search.embed import Embedder
from assistant.search.hybrid import Found, Sentence, join
from assistant.search.terms import terms
from assistant.types import Passage, Verdict

_NAMED = 0.1
"""Added to the score of a sentence whose passage the writer named."""
_TRIED = 6
"""How many of the likeliest sentences are looked at."""
_ANSWERS = 2.0
"""The reader's least log odds for a sentence that answers: of those with more, most do (eval/README.md)."""
_ORDER: tuple[Verdict, ...] = ("quoted", "supported", "partly", "unsupported")


@dataclass(frozen=True, slots=True)
class Grounded:
    """A sentence that was written, the sentence of the sources that it is tied to, and what that makes of it.

    An unsupported one is tied to none. `answers` says whether the evidence model takes that sentence for an answer to
    the question rather than for something beside it.
    """

    text: str
    sentence: Sentence | None
    verdict: Verdict
    answers: bool = False

    @property
    def is_supported(self) -> bool:
        """Whether the sentence of the sources says all of it."""
        return self.verdict in ("quoted", "supported")


def ground(
    written: Sequence[Written], passages: Sequence[Passage], parts: Sequence[Found], embedder: Embedder, reader: Reader
) -> tuple[Grounded, ...]:
    """Each sentence that was written with its verdict, tied to a sentence of `passages` that was found.

    `parts` is what was found for each part of the question; what answers one of them answers. `passages` are in the
    order of the numbers, from 1, by which the writer names them.
    """
    numbers = {passage: number for number, passage in enumerate(passages, 1)}
    found = join(parts)
    sentences = (*found.sentences, *found.continued)
    candidates = [each for each in sentences if each.passage in numbers and not each.text.rstrip().endswith("?")]
    if not written or not candidates:
        return tuple(Grounded(each.text, None, "unsupported") for each in written)
    before = texts_before(found)
    held = [set(terms(each.text)) for each in candidates]
    grounded = []
    for each, vector in zip(written, embedder.embed([each.text for each in written]), strict=True):
        own = set(terms(each.text))
        scores = [
            float(candidate.vector @ vector)
            + len(own & stems) / max(1, len(own))
            + _NAMED * (numbers[candidate.passage] in each.passages)
            for candidate, stems in zip(candidates, held, strict=True)
        ]
        likeliest = sorted(range(len(candidates)), key=lambda i: -scores[i])[:_TRIED]
        verdicts = [(verdict_on(each.text, _source(candidates[i], before)), candidates[i]) for i in likeliest]
        verdict, sentence = min(verdicts, key=lambda tried: _ORDER.index(tried[0]))
        grounded.append(Grounded(each.text, None if verdict == "unsupported" else sentence, verdict))
    return _read(grounded, [part.query for part in parts], reader, found)


def _source(sentence: Sentence, before: dict[Sentence, str]) -> Source:
    """The sentence with what tells what it is about: where it stands, and the one before it if it leans on that."""
    leant_on = before[sentence] if LEANS_BACK.match(sentence.text) else ""
    return Source(sentence.text, f"{safe_place(sentence.passage)}. {leant_on}")


def _read(grounded: Sequence[Grounded], questions: Sequence[str], reader: Reader, found: Found) -> tuple[Grounded, ...]:
    sentences = list(dict.fromkeys(each.sentence for each in grounded if each.sentence))
    readings = readings_of(sentences, found)
    answering = {
        sentence
        for question in questions
        for sentence, logit in zip(sentences, reader.read(question, readings), strict=True)
        if logit >= _ANSWERS
    }
    return tuple(replace(each, answers=each.sentence in answering) for each in grounded)
