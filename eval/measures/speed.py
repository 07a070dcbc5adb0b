"""How long an answer takes, and what a reader waits for. What is timed once a run is kept with the run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from eval.measures.measure import Measure, Numbers, Observation
from eval.rows import Row
from eval.writing import broke_off


def seconds_at(percent: int, name: str, seconds: Callable[[Row], float | None]) -> Measure:
    """The seconds within which `percent` % of the cases were done, over those that were timed. 0 or more, lower better.

    Between two cases it is interpolated, the sample quantile of type 7 in Hyndman & Fan (1996).
    """

    def observe(row: Row) -> Observation:
        found = seconds(row)
        return () if found is None else (found,)

    def value(seen: Numbers) -> float:
        return float(np.percentile(seen, percent))

    return Measure(f"{name} p{percent}", observe, value, better="lower")


def _whole(row: Row) -> float | None:
    return row.seconds


def _first_words(row: Row) -> float | None:
    """From the question to the first words of a language model that can be read."""
    return row.writing.first_words if row.writing else None


def _grounding(row: Row) -> float | None:
    """From the end of a language model's reply to the checked answer: what checking adds to the model's own time."""
    return row.writing.grounding if row.writing and not broke_off(row) else None


MEASURES = (
    seconds_at(50, "seconds", _whole),
    seconds_at(95, "seconds", _whole),
    seconds_at(50, "first words", _first_words),
    seconds_at(95, "first words", _first_words),
    seconds_at(50, "grounding", _grounding),
    seconds_at(95, "grounding", _grounding),
)
