"""Two readers in turn: a quick one reads every sentence, a larger one reads the best of them again.

A cascade (Wang, Lin & Metzler 2011, "A cascade ranking model for efficient ranked retrieval") has nearly the larger
reader's judgement for little more than the quick one's time, since few sentences are worth reading twice. Of those that
both read, the mean of their log odds tells more than either's: they err in different places.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from assistant.answer.reading.reader import Reader, Reading

AGAIN = 4
"""So many sentences are read again, the quick reader's best (eval/README.md)."""


class Cascade:
    """Gives the mean of both readers' log odds for what both read, and for the others the quick one's.

    Safe in several threads if both readers are.
    """

    def __init__(self, quick: Reader, large: Reader) -> None:
        self._quick, self._large = quick, large

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:
        """One number a reading, in order; above 0 it is rather an answer than not."""
        logits = self._quick.read(question, readings)
        again = sorted(range(len(readings)), key=lambda i: -logits[i])[:AGAIN]
        large = self._large.read(question, [readings[i] for i in again])
        both = {i: (logits[i] + logit) / 2 for i, logit in zip(again, large, strict=True)}
        # Where the large one lowers these, it would most likely lower the others, which must not overtake them by that.
        lowered = min(0.0, fmean(both[i] - logits[i] for i in again)) if again else 0.0
        return [both.get(i, logit + lowered) for i, logit in enumerate(logits)]
