"""How likely it is that the sources answer a question: a logistic model over what the evidence shows.

The mean of what `python -m eval.fit.certainty` gave on two kinds of cases with earlier readers, and a lower bias since
the present ones are readier to take a sentence for an answer (eval/README.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from assistant.answer.asking.question import Question
from assistant.answer.reading.reader import log_odds_of_any
from assistant.answer.short import few_words
from assistant.answer.values import numbers_in
from assistant.search.hybrid import Found
from assistant.search.store import lexical_text
from assistant.search.terms import terms

if TYPE_CHECKING:
    from assistant.answer.evidence import Candidate


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against an answer. Shares and flags are between 0 and 1."""

    reader: float
    """The reader's log odds that any of the sentences answers."""
    cosine: float
    """The best sentence's cosine to the question."""
    far: float
    """By how much this cosine is below 0.3, under which a question is about something else."""
    covered: float
    """Share of the question's words, by idf, in the passage of the best sentence. Counts against an answer:
    at the same cosine and the same reading, shared words are what a near miss has."""
    strangest: float
    """The idf of the rarest word of the question that this passage lacks."""
    no_value: float
    """1 if a date, number or amount is asked for and the best sentence has none that is sure to be it."""
    other_number: float
    """1 if the question holds a number that this passage does not."""
    found: float
    """The search's score of the best passage: how far it stands out from the others."""


_FAR = 0.3
_WEIGHTS = Signals(
    reader=0.78,
    cosine=1.6,
    far=-4.1,
    covered=-2.45,
    strangest=-0.18,
    no_value=-0.74,
    other_number=-0.62,
    found=0.08,
)
_BIAS = 0.3


def certainty(signals: Signals) -> float:
    """Probability that the sources answer, 0 to 1, where answerable questions are as common as others."""
    logit = _BIAS + sum(w * x for w, x in zip(astuple(_WEIGHTS), astuple(signals), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def signals_of(question: Question, found: Found, candidates: Sequence[Candidate]) -> Signals:
    """The signals of a question with its candidates, best first; at least one."""
    best = candidates[0]
    text = lexical_text(best.sentence.passage)
    stems = set(terms(text))
    missing = {term: weight for term, weight in found.weights.items() if term not in stems}
    return Signals(
        reader=log_odds_of_any([candidate.logit for candidate in candidates]),
        cosine=best.sentence.cosine,
        far=max(0.0, _FAR - best.sentence.cosine),
        covered=1 - sum(missing.values()) / (sum(found.weights.values()) or 1.0),
        strangest=max(missing.values(), default=0.0),
        no_value=float(question.asks_for_quantity and not few_words(question, best.sentence, found)),
        other_number=float(bool(question.numbers - numbers_in(text))),
        found=found.hits[0].score,
    )
