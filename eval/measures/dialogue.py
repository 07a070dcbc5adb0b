"""What the conversation so far is worth to a follow-up question."""

from __future__ import annotations

from eval.measures.citations import citation_recall
from eval.measures.measure import Observation, mean
from eval.rows import Row


def follow_up_gain(row: Row) -> Observation:
    """Citation recall with the history minus citation recall without it. -1 to 1.

    Over answerable cases that were also asked without their history. The same case on both sides, so that it tells the
    use that is made of the history from the ease of the question; below 0, the history misleads. A failure on either
    side says nothing of the history.
    """
    if row.alone is None or row.error is not None or row.alone.error is not None:
        return ()
    with_history, without = citation_recall(row), citation_recall(row.alone)
    # A system may return a plain text for one of the two.
    return tuple(one - other for one, other in zip(with_history, without, strict=False))


MEASURES = (mean("follow-up gain", follow_up_gain, limits=(-1, 1)),)
