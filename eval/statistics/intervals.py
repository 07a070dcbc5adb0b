"""How sure a measure is: an interval around it, by resampling documents.

Questions about one document are not independent: what makes the document hard makes all of them hard. To
resample questions one by one would take them for more evidence than they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eval.measures import MEASURES, observations
from eval.measures.measure import Measure, Numbers
from eval.rows import Row

SEED = 1979
RESAMPLES = 1000
FEWEST_DOCUMENTS = 6
"""With fewer, cases are resampled.

Of five documents even the extreme outcome, that one run is better on each, has a chance of 2 in 2^5, which is more
than .05; and the intervals hold the truth less often than they say. What is found then holds for other questions about
these documents, not for other documents.
"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure with its 95 % interval from `low` to `high`.

    All None where the measure does not apply; the interval alone is None where it was taken of a single document
    or case. Where every case has the same score the interval has no width, however few they are: read the count.
    """

    value: float | None
    count: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Clusters:
    """What is resampled as one: all cases of a document, or each case by itself.

    `of_row` is the cluster of each row, from 0. The first `sizes[0]` clusters have evidence, the other `sizes[1]` have
    none; each kind is resampled by itself, since how many questions are unanswerable is chosen and not chance.
    """

    unit: Literal["documents", "cases"]
    of_row: NDArray[np.intp]
    sizes: tuple[int, int]


def clusters(rows: Sequence[Row]) -> Clusters:
    """The clusters of the rows: by documents if there are at least `FEWEST_DOCUMENTS` of them, else by cases.

    A case belongs to the document of its first evidence. One without evidence is a cluster of its own, so that the
    clusters depend on the cases alone and are the same for every run on them.
    """
    documents = [row.case.evidence[0].document_id if row.case.evidence else None for row in rows]
    by_documents = len({*documents} - {None}) >= FEWEST_DOCUMENTS
    numbers: dict[str | int, int] = {}
    of_row = np.zeros(len(rows), np.intp)
    for position, document in enumerate(documents):
        if document is not None:
            of_row[position] = numbers.setdefault(document if by_documents else position, len(numbers))
    without = np.array([document is None for document in documents], bool)
    of_row[without] = len(numbers) + np.arange(without.sum())
    return Clusters("documents" if by_documents else "cases", of_row, (len(numbers), int(without.sum())))


def resamples(drawn_from: Clusters) -> NDArray[np.int64]:
    """How often each row is in each resample, shape (resamples, rows).

    Whole clusters are drawn with replacement, as many as there are, and nothing within them (Davison and Hinkley
    1997; Field and Welsh 2007). The same clusters give the same resamples.
    """
    generator = np.random.default_rng(SEED)
    times = [generator.multinomial(size, np.full(size, 1 / size), RESAMPLES) for size in drawn_from.sizes if size]
    nothing = np.zeros((RESAMPLES, 0), np.int64)
    return np.hstack((nothing, *times))[:, drawn_from.of_row]


def resampled(measure: Measure, seen: Numbers, times: NDArray[np.int64]) -> Numbers:
    """The measure of each resample, NaN where it has none. `times` has a column for each row of `seen`."""
    values = (measure.value(np.repeat(seen, each, axis=0)) if each.any() else None for each in times)
    return np.array([np.nan if value is None else value for value in values])


def interval(
    values: Numbers, members: NDArray[np.intp], confidence: float = 0.95
) -> tuple[float, float] | tuple[None, None]:
    """The expanded percentile interval of resampled `values` (Hesterberg 2015).

    Plain percentiles are too narrow where few clusters were resampled: by sqrt((n - 1) / n), and by what the normal
    distribution is narrower than Student's t. `members` is the cluster of each observation. n is their effective
    number (Kish 1965), (sum m)^2 / sum m^2 for clusters of m observations: of ten clusters of which
    one has nearly all the observations there is little more than one.
    """
    from scipy.stats import norm, t

    sizes = np.bincount(members)
    effective = float(sizes.sum() ** 2 / (sizes**2).sum())
    known = values[~np.isnan(values)]
    if np.count_nonzero(sizes) < 2 or not len(known):
        return None, None
    tail = norm.cdf(np.sqrt(effective / (effective - 1)) * t.ppf((1 - confidence) / 2, effective - 1))
    low, high = np.quantile(known, (tail, 1 - tail))
    return float(low), float(high)


def estimates(rows: Sequence[Row]) -> dict[str, Estimate]:
    """Every measure of the rows, by its name. The same rows give the same numbers, to the last digit."""
    drawn_from = clusters(rows)
    times = resamples(drawn_from)
    return {measure.name: _estimate(measure, rows, drawn_from, times) for measure in MEASURES}


def _estimate(measure: Measure, rows: Sequence[Row], drawn_from: Clusters, times: NDArray[np.int64]) -> Estimate:
    seen, positions = observations(measure, rows)
    value = measure.value(seen) if len(seen) else None
    if value is None:
        return Estimate(None, 0, None, None)
    low, high = interval(resampled(measure, seen, times[:, positions]), drawn_from.of_row[positions])
    return Estimate(value, measure.count(seen), low, high)
