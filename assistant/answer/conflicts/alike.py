"""Two sentences side by side: what each claims, where they contradict each other, whether they answer alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer.conflicts.asked import Asked
from assistant.answer.conflicts.claims import Claim, claimed, held

if TYPE_CHECKING:
    from assistant.answer.evidence import Candidate

_WEIGHTS, _BIAS = (0.08, 2.5, 3.7), -3.5
"""Of the signals; fitted by `python -m eval.fit.conflicts` (eval/README.md)."""


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


def signals(one: Telling, other: Telling) -> tuple[float, float, float]:
    """What tells that two sentences answer alike.

    The sum of the reader's log odds for both, the sum of their cosines to the question, and the cosine between them.
    """
    first, second = one.candidate, other.candidate
    return (
        first.logit + second.logit,
        first.sentence.cosine + second.sentence.cosine,
        float(first.sentence.vector @ second.sentence.vector),
    )


def log_odds_alike(one: Telling, other: Telling) -> float:
    """The log odds that two sentences answer the question alike, rather than stand together by chance."""
    return sum(weight * signal for weight, signal in zip(_WEIGHTS, signals(one, other), strict=True)) + _BIAS
