"""Two sentences side by side: what each claims, where they contradict each other, whether they answer alike."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from assistant.answer.conflicts.asked import Asked
from assistant.answer.conflicts.claims import Claim, claimed, held

if TYPE_CHECKING:
    from assistant.answer.evidence import Candidate


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells whether two sentences with different values both answer a question. Shares and flags are 0 to 1."""

    least_odds: float
    most_odds: float
    """The reader's log odds for either sentence."""
    least_cosine: float
    most_cosine: float
    """Their cosines to the question."""
    apart: float
    """Share of the question's words, by idf, that only one of their passages holds."""
    one_document: float
    """1 if they stand in one document: who tells two values of one thing there mostly means two things."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A candidate, all that it holds, and what of it may be the answer, the likeliest first."""

    candidate: Candidate
    holds: tuple[Claim, ...]
    claims: tuple[Claim, ...]

    @property
    def text(self) -> str:
        """The sentence."""
        return self.candidate.sentence.text

    @property
    def document_id(self) -> str:
        """The document that it stands in."""
        return self.candidate.sentence.passage.document_id


def tell(candidate: Candidate, asked: Asked) -> Telling:
    """What a candidate claims to be the answer."""
    text = candidate.sentence.text
    holds = held(text, asked) if asked.kinds else ()
    return Telling(candidate, holds, claimed(holds, text, asked))


def contradiction(one: Telling, other: Telling) -> tuple[Claim, Claim] | None:
    """The likeliest values of two sentences that disagree, neither of which is in the other sentence as well."""
    mine = [claim for claim in one.claims if not any(claim.repeats(each) for each in other.holds)]
    theirs = [claim for claim in other.claims if not any(claim.repeats(each) for each in one.holds)]
    return next(((first, second) for first in mine for second in theirs if first.contradicts(second)), None)


_WEIGHTS = Signals(
    least_odds=0.25,
    most_odds=0.2,
    least_cosine=3.19,
    most_cosine=4.6,
    apart=-0.69,
    one_document=-1.89,
)
_BIAS = -5.88
_NEAR_ODDS, _NEAR_QUESTION, _NEAR_EACH_OTHER, _NEAR_BIAS = 0.08, 2.5, 3.7, -3.5
"""Fitted, by an earlier form of the script, to pairs of the public sets with the same right value, against pairs of
different documents with different values."""


def log_odds_alike(signals: Signals) -> float:
    """The log odds that two sentences answer the question alike, rather than stand together by chance.

    A logistic model, fitted by `python -m eval.fit.conflicts` (eval/README.md).
    """
    odds: float = _BIAS + sum(w * x for w, x in zip(astuple(_WEIGHTS), astuple(signals), strict=True))
    return odds


def log_odds_near(one: Telling, other: Telling) -> float:
    """The same by nearness above all: what two sources tell in like words."""
    first, second = one.candidate, other.candidate
    return (
        _NEAR_ODDS * (first.logit + second.logit)
        + _NEAR_QUESTION * (first.sentence.cosine + second.sentence.cosine)
        + _NEAR_EACH_OTHER * float(first.sentence.vector @ second.sentence.vector)
        + _NEAR_BIAS
    )
