"""Two readers in turn: a quick one reads every sentence, and where it is in doubt a larger one reads the best again.

A cascade (Wang, Lin & Metzler 2011, "A cascade ranking model for efficient ranked retrieval") has nearly the larger
reader's judgement for little more than the quick one's time, since few sentences are worth reading twice, and none
where the quick reader is sure that something answers, or that nothing does. Of those that both read, a weighted mean
of their log odds tells more than either's: they err in different places.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from assistant.answer.reading.reader import Reader, Reading, log_odds_of_any

_IN_DOUBT = 3.0
"""The quick reader is in doubt while its log odds that any of the sentences answers are within plus and minus this."""
_AGAIN, _NEAR = 4, 2.0
"""Then so many sentences at most are read again, whose log odds are at most so much below the best one's."""
_LARGE = 0.65
"""How much the large reader's log odds count of the mean of both; chosen on held-out questions (READER.md)."""


class Cascade:
    """Gives a mean of both readers' log odds for what both read, and for the others the quick one's, lowered as well.

    Safe in several threads if both readers are.
    """

    def __init__(self, quick: Reader, large: Reader) -> None:
        self._quick, self._large = quick, large

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:
        """One number a reading, in order; above 0 it is rather an answer than not."""
        logits = self._quick.read(question, readings)
        if not logits or abs(log_odds_of_any(logits)) > _IN_DOUBT:
            return logits
        best = sorted(range(len(readings)), key=lambda i: -logits[i])[:_AGAIN]
        again = [i for i in best if logits[i] >= logits[best[0]] - _NEAR]
        large = self._large.read(question, [readings[i] for i in again])
        both = {i: (1 - _LARGE) * logits[i] + _LARGE * logit for i, logit in zip(again, large, strict=True)}
        # Where the large one lowers these, it would most likely lower the others, which must not overtake them by that.
        lowered = min(0.0, fmean(both[i] - logits[i] for i in again))
        return [both.get(i, logit + lowered) for i, logit in enumerate(logits)]
