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
FEWEST_DOCUMENTS = 8
"""With fewer, cases are resampled.

That one run is worse on each of n documents has a chance of 1 in 2^n. The gate allows each of its eight measures
.05 / 8 = .00625, which seven documents could never come below (1 / 2^7 = .0078), and eight can (.0039). One number for
all, so that a run and its comparison resample the same. With fewer documents intervals also hold the truth less
often than they say. What is found then holds for other questions about these documents, not for other documents.
"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure with its 95 % interval from `low` to `high`.

    All None where the measure does not apply. The interval alone is None where resampling cannot tell it: nothing
    varies, or there is a single document or case. A mean at its limit has one all the same (`least_share`): 5 of 5
    right is 1 with an interval from .478.
    """

    value: float | None
    count: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Clusters:
    """What is resampled as one: all cases of a document, or each case by itself.

    `of_row` is the cluster of each row, from 0. The first `sizes[0]` clusters are documents, or cases with evidence;
    the other `sizes[1]` are cases of no known document, or without evidence. Each kind is resampled by itself, since
    how many questions are unanswerable is chosen and not chance.
    """

    unit: Literal["documents", "cases"]
    of_row: NDArray[np.intp]
    sizes: tuple[int, int]


def clusters(rows: Sequence[Row]) -> Clusters:
    """The clusters of the rows: by documents if there are at least `FEWEST_DOCUMENTS` of them, else by cases.

    A case belongs to the document of its first evidence. One without evidence belongs to the document that it names as
    `document_id`, and is a cluster of its own if it names none. So the clusters depend on the cases alone and
    are the same for every run on them.
    """
    documents = [row.case.belongs_to for row in rows]
    by_documents = len({*documents} - {None}) >= FEWEST_DOCUMENTS
    without = np.array([not (row.case.belongs_to if by_documents else row.case.evidence) for row in rows], bool)
    numbers: dict[str | int | None, int] = {}
    of_row = np.zeros(len(rows), np.intp)
    for position in np.flatnonzero(~without).tolist():
        of_row[position] = numbers.setdefault(documents[position] if by_documents else position, len(numbers))
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
    distribution is narrower than Student's t. `members` is the cluster of each observation, and n their effective
    number. None where the values do not vary, which does not make them certain, or vary within one cluster only.
    """
    from scipy.stats import norm, t

    effective = effective_number(members)
    known = values[~np.isnan(values)]
    # Equal observations have means that differ by rounding.
    if len(np.unique(members)) < 2 or not len(known) or np.ptp(known) < 1e-12:
        return None, None
    tail = norm.cdf(np.sqrt(effective / (effective - 1)) * t.ppf((1 - confidence) / 2, effective - 1))
    low, high = np.quantile(known, (tail, 1 - tail))
    return float(low), float(high)


def effective_number(members: NDArray[np.intp]) -> float:
    """How many clusters of one size are worth as much as these (Kish 1965); `members` is each observation's cluster.

    (sum m)^2 / sum m^2 for clusters of m observations: ten clusters of which one has nearly all the observations are
    worth little more than one.
    """
    sizes = np.bincount(members)
    return float(sizes.sum() ** 2 / (sizes**2).sum())


def least_share(members: NDArray[np.intp], confidence: float = 0.95) -> float:
    """How small a share may be of which every observation was one: the lower end of its exact interval.

    ((1 - confidence) / 2)^(1/n) (Clopper and Pearson 1934), with n the effective number of clusters. For a mean at one
    of its limits it bounds as well how far it may be from there: the things that are at the limit are such a share, and
    the others are at worst at the other limit.
    """
    return float(((1 - confidence) / 2) ** (1 / effective_number(members)))


def estimates(rows: Sequence[Row], measures: Sequence[Measure] = MEASURES) -> dict[str, Estimate]:
    """The measures of the rows, by their names. The same rows give the same numbers, to the last digit."""
    drawn_from = clusters(rows)
    times = resamples(drawn_from)
    return {measure.name: _estimate(measure, rows, drawn_from, times) for measure in measures}


def _estimate(measure: Measure, rows: Sequence[Row], drawn_from: Clusters, times: NDArray[np.int64]) -> Estimate:
    seen, positions = observations(measure, rows)
    value = measure.value(seen) if len(seen) else None
    if value is None:
        return Estimate(None, 0, None, None)
    members = drawn_from.of_row[positions]
    low, high = interval(resampled(measure, seen, times[:, positions]), members)
    if measure.limits is not None and value in measure.limits:
        least, most = measure.limits
        inwards = (most - least) * (1 - least_share(members))
        low, high = (value, value + inwards) if value == least else (value - inwards, value)
    return Estimate(value, measure.count(seen), low, high)
