"""How sure the difference of two runs is: paired intervals, and tests of there being none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.measures.measure import Measure, Numbers
from eval.statistics.intervals import SEED, Clusters, interval, least_share, resampled

PERMUTATIONS = 1000

Seen = tuple[Numbers, NDArray[np.intp]]
"""What a measure observes of a run, and the positions of the rows that it observes, as `observations` gives them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a measure is in two runs on the same cases.

    `difference` is b's value less a's, with its interval from `low` to `high`. `p` is the probability of a difference
    as large or larger if it did not matter which run an answer came from; `test` says how it was found.
    What cannot be known is None.
    """

    name: str
    value_a: float | None
    count_a: int
    value_b: float | None
    count_b: int
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    test: str = ""
    p: float | None = None


def difference(
    measure: Measure,
    a: Seen,
    b: Seen,
    drawn_from: Clusters,
    times: NDArray[np.int64],
    confidence: float = 0.95,
    tested: bool = True,
) -> Difference:
    """The difference of two runs, of which row i is the same case.

    Both are resampled alike. A case to which the measure applies in one run only (a citation precision of an answer
    that the other run refused) counts in that run. With `tested` false there is no test.

    Where every resample has the same difference (all cases lost) resampling cannot tell an interval. Then it is that of
    the sign test: cases that change so are at least `least_share` of all, and the others may change as much the other
    way. It leaves out 0 where the two-sided sign test is below 1 - `confidence`, and has no width where nothing
    changed.
    """
    value_a, value_b = _value(measure, a[0]), _value(measure, b[0])
    counts = [0 if value is None else measure.count(seen) for value, (seen, _) in ((value_a, a), (value_b, b))]
    if value_a is None or value_b is None:
        return Difference(measure.name, value_a, counts[0], value_b, counts[1])
    test, p = _test(measure, a, b, drawn_from) if tested else ("", None)
    values = resampled(measure, b[0], times[:, b[1]]) - resampled(measure, a[0], times[:, a[1]])
    members, found = drawn_from.of_row[np.union1d(a[1], b[1])], value_b - value_a
    low, high = interval(values, members, confidence)
    if low is None:
        low, high = sorted((found, found - 2 * (1 - least_share(members, confidence)) * found))
    return Difference(measure.name, value_a, counts[0], value_b, counts[1], found, low, high, test, p)


def holm(probabilities: Sequence[float]) -> list[float]:
    """The p-values of several tests, such that all those below a level are wrong together at most that often.

    Sorted, the k-th of n is multiplied by n - k + 1 and is at least the one before it, at most 1 (Holm 1979).
    It holds however the tests depend on each other; the measures of a run depend on each other much.
    """
    adjusted = [1.0] * len(probabilities)
    least = 0.0
    for place, number in enumerate(np.argsort(probabilities, kind="stable")):
        least = max(least, min(1.0, probabilities[number] * (len(probabilities) - place)))
        adjusted[number] = least
    return adjusted


def _test(measure: Measure, a: Seen, b: Seen, drawn_from: Clusters) -> tuple[str, float]:
    """McNemar's exact test where it applies, and elsewhere what it is a case of, a paired permutation test.

    It applies to shares of cases that are each a cluster of their own: it takes the cases for independent.
    """
    alone = len(np.unique(drawn_from.of_row[a[1]])) == len(a[1])
    if alone and np.array_equal(a[1], b[1]) and _is_share(measure, a[0]) and _is_share(measure, b[0]):
        return "McNemar", _mcnemar(a[0][:, 0], b[0][:, 0])
    return "permutation", _permutation(measure, a, b, drawn_from)


def _is_share(measure: Measure, seen: Numbers) -> bool:
    """Whether the measure is the share of the rows that have 1, all others having 0."""
    if seen.shape[1] != 2:
        return False
    hit, units = seen.T
    return bool(np.all(units == 1) and np.isin(hit, (0, 1)).all() and measure.value(seen) == hit.mean())


def _mcnemar(a: Numbers, b: Numbers) -> float:
    """Two-sided exact p of McNemar's test (1947): of the cases that changed, how many changed for the better."""
    from scipy.stats import binomtest

    gained, lost = int((b > a).sum()), int((a > b).sum())
    return float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0


def _permutation(measure: Measure, a: Seen, b: Seen, drawn_from: Clusters) -> float:
    """Two-sided p of the paired permutation test (Fisher 1935; Noreen 1989): the runs' outcomes are swapped.

    They are swapped for all cases of a cluster together: a run that suits one document gains on all its questions,
    and to swap these one by one would take that for many gains. Every way to swap is tried where they are at most
    `PERMUTATIONS`, else as many at random, to which the one that was found is added (Phipson and Smyth 2010).
    Only clusters in which the runs differ are swapped; for the others it makes none.
    """
    seen, positions = np.vstack((a[0], b[0])), np.concatenate((a[1], b[1]))
    of_b = np.arange(len(seen)) >= len(a[0])
    changed = np.unique(drawn_from.of_row[_changed(a, b, len(drawn_from.of_row))])
    # Clusters that did not change get a last column, which is never swapped.
    column = np.full(sum(drawn_from.sizes), len(changed))
    column[changed] = np.arange(len(changed))
    of_observation = column[drawn_from.of_row[positions]]
    swaps, added = _swaps(len(changed))
    found = _gap(measure, seen, of_b)
    gaps = np.array([_gap(measure, seen, of_b ^ np.append(swap, False)[of_observation]) for swap in swaps])
    # Rounding must not make a difference smaller than itself. A swap after which there is no value counts against.
    as_large = int((~(np.abs(gaps) < abs(found) - 1e-12)).sum())
    return (as_large + added) / (len(swaps) + added)


def _swaps(number: int) -> tuple[NDArray[np.bool_], int]:
    """Which of `number` clusters to swap, a row a permutation; and 1 if these are a sample, 0 if they are all."""
    if 2**number <= PERMUTATIONS:
        return (np.arange(2**number)[:, None] >> np.arange(number) & 1).astype(bool), 0
    return np.random.default_rng(SEED).integers(0, 2, (PERMUTATIONS, number)).astype(bool), 1


def _changed(a: Seen, b: Seen, rows: int) -> NDArray[np.bool_]:
    """Which rows do not have the same observation in both runs."""
    whole = np.full((2, rows, a[0].shape[1]), np.nan)
    for run, (seen, positions) in zip(whole, (a, b), strict=True):
        run[positions] = seen
    same = (whole[0] == whole[1]) | (np.isnan(whole[0]) & np.isnan(whole[1]))
    changed: NDArray[np.bool_] = ~same.all(axis=1)
    return changed


def _gap(measure: Measure, seen: Numbers, of_b: NDArray[np.bool_]) -> float:
    a, b = _value(measure, seen[~of_b]), _value(measure, seen[of_b])
    return np.nan if a is None or b is None else b - a


def _value(measure: Measure, seen: Numbers) -> float | None:
    return measure.value(seen) if len(seen) else None
