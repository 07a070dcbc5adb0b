"""What a measure is: what it observes of a row, and how it makes one number of the observations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eval.rows import Row

Numbers = NDArray[np.float64]
Limits = tuple[float, float]
Observation = tuple[float, ...]
"""What a measure takes from one row: always the same number of numbers, or none where it does not apply."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure, by the name that it has in results.json.

    `observe` gives a row's observation; `value` makes a number of all of them, shape (rows, width), and is
    None where they do not allow it (no refusal: no refusal precision). That it is a function of observations
    alone is what lets it be resampled. `count` says over how many things it was taken. `better` is the
    direction in which it improves. `limits` are the least and the most that one thing can add to a mean, so that a mean
    at its limit has all things there; None for what is no mean or has no limits.
    """

    name: str
    observe: Callable[[Row], Observation]
    value: Callable[[Numbers], float | None]
    count: Callable[[Numbers], int] = len
    better: Literal["higher", "lower"] = "higher"
    limits: Limits | None = None


def mean(
    name: str,
    scores: Callable[[Row], Sequence[float]],
    better: Literal["higher", "lower"] = "higher",
    limits: Limits | None = (0, 1),
) -> Measure:
    """The mean of what `scores` gives over all rows: nothing where it does not apply, one number, or one a citation.

    Each of the numbers is within `limits`.
    """

    def observe(row: Row) -> Observation:
        given = scores(row)
        return (float(sum(given)), float(len(given))) if given else ()

    return Measure(name, observe, _ratio, lambda seen: int(seen[:, 1].sum()), better, limits)


def _ratio(seen: Numbers) -> float | None:
    total, number = seen.sum(axis=0)
    return float(total / number) if number else None


@dataclass(frozen=True, slots=True)
class Value:
    """A measure of a run: None if it applies to none of its rows; `count` is over how many things it was taken."""

    value: float | None
    count: int


def observations(measure: Measure, rows: Sequence[Row]) -> tuple[Numbers, NDArray[np.intp]]:
    """What a measure observes, shape (observed rows, width), and the positions of those rows in `rows`."""
    seen = [(measure.observe(row), position) for position, row in enumerate(rows)]
    applies = [(observation, position) for observation, position in seen if observation]
    numbers = np.array([observation for observation, _ in applies], dtype=np.float64)
    return numbers, np.array([position for _, position in applies], dtype=np.intp)


def value_of(measure: Measure, rows: Sequence[Row]) -> Value:
    """The measure of all `rows`."""
    seen, _ = observations(measure, rows)
    if not len(seen):
        return Value(None, 0)
    value = measure.value(seen)
    return Value(value, 0 if value is None else measure.count(seen))
