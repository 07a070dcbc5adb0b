"""How long an answer takes. What is timed once a run, such as indexing, is kept with the run."""

from __future__ import annotations

import numpy as np

from eval.measures.measure import Measure, Numbers, Observation
from eval.rows import Row


def seconds_at(percent: int) -> Measure:
    """The seconds within which `percent` % of the cases were done, over those that were timed. 0 or more, lower better.

    Between two cases it is interpolated, the sample quantile of type 7 in Hyndman & Fan (1996).
    """

    def value(seen: Numbers) -> float:
        return float(np.percentile(seen, percent))

    return Measure(f"seconds p{percent}", _seconds, value, better="lower")


def _seconds(row: Row) -> Observation:
    return () if row.seconds is None else (row.seconds,)


MEASURES = (seconds_at(50), seconds_at(95))
