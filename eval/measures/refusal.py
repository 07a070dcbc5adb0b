"""Whether a system knows what its sources answer: what it refuses, and how far its certainty can be trusted.

What is measured of certainty is over the cases for which the system gave one, whether it then answered or refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.measures.citations import citation_recall
from eval.measures.measure import Measure, Numbers, Observation, mean, observations
from eval.rows import Row

_BINS = 10


def answer_rate(row: Row) -> Observation:
    """1 if answered, over answerable cases. 0 or 1."""
    return (float(row.answered),) if row.case.answerable else ()


def refusal_recall(row: Row) -> Observation:
    """1 if refused, over unanswerable cases. 0 or 1."""
    return () if row.case.answerable else (float(_refused(row)),)


def refusal_precision(row: Row) -> Observation:
    """1 if unanswerable, over refused cases. 0 or 1."""
    return (float(not row.case.answerable),) if _refused(row) else ()


def balanced_accuracy(seen: Numbers) -> float | None:
    """Mean of answer rate and refusal recall, so that the commoner kind of case does not decide. 0 to 1.

    Over all cases, None unless both kinds are there; always refusing, always answering and chance give 0.5
    (Brodersen et al. 2010). `seen` says of each row whether it is answerable and whether it was treated so.
    """
    answerable, right = seen[:, 0] == 1, seen[:, 1]
    if answerable.all() or not answerable.any():
        return None
    return float(right[answerable].mean() + right[~answerable].mean()) / 2


def auroc(seen: Numbers) -> float | None:
    """The probability that an answerable case has a higher certainty than an unanswerable one, ties half.

    0 to 1, 0.5 is chance; None unless both kinds are there (Hanley & McNeil 1982). No threshold takes part: it
    is what certainty could do, where refusal is what the chosen threshold does. scikit-learn's `roc_auc_score` is
    the same to rounding and takes many times as long, which a bootstrap cannot afford.
    """
    certainty, answerable = seen[:, 0], seen[:, 1] == 1
    positive, negative = certainty[answerable], np.sort(certainty[~answerable])
    if not len(positive) or not len(negative):
        return None
    below, up_to = (np.searchsorted(negative, positive, side) for side in ("left", "right"))
    return float((below + up_to).mean() / (2 * len(negative)))


def calibration_error(seen: Numbers) -> float:
    """Expected calibration error: mean of |share answerable - mean certainty| over ten bins, by their cases.

    0 to 1, lower is better (Naeini et al. 2015; Guo et al. 2017). The bins are of equal width, so that two runs are
    cut alike and cases of one certainty stay together; `reliability` has the same bins, with what each holds.
    """
    certainty, answerable, cases = _binned(seen).T
    return float(np.abs(answerable - certainty).sum() / cases.sum())


def brier_score(seen: Numbers) -> float:
    """Mean of (certainty - answerable)^2. 0 to 1, lower is better, 0.25 is to say 0.5 always (Brier 1950).

    Unlike the calibration error it cannot be made small by giving every case the same certainty.
    """
    return float(np.square(seen[:, 0] - seen[:, 1]).mean())


def risk_coverage_area(seen: Numbers) -> float:
    """Area under the risk-coverage curve: the mean risk over all coverages. 0 to 1, lower is better.

    Geifman et al. (2019). Even a perfect order of the cases leaves the area of those that are wrong.
    """
    return float(_risk(seen).mean())


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases of a certainty from `low` to `high`: its mean, the share that is answerable, and how many they are."""

    low: float
    high: float
    certainty: float
    answerable: float
    count: int


def reliability(rows: Sequence[Row]) -> tuple[Bin, ...]:
    """The bins of the calibration error that hold cases, from the least certain to the most."""
    seen, _ = observations(CALIBRATION_ERROR, rows)
    if not len(seen):
        return ()
    return tuple(
        Bin(number / _BINS, (number + 1) / _BINS, float(certainty / count), float(answerable / count), int(count))
        for number, (certainty, answerable, count) in enumerate(_binned(seen))
        if count
    )


def risk_coverage(rows: Sequence[Row]) -> Numbers:
    """The risk-coverage curve (El-Yaniv & Wiener 2010), shape (n, 2): coverage, from 1/n to 1, and the risk there.

    With the n cases from the most certain to the least, the risk at coverage k/n is the share of the first k that is
    wrong. An answered case is wrong if not `answered_rightly`. A refused one counts as what it would have been
    answered from, its first hit, so that the threshold plays no part. A failed one is wrong.
    Cases of the same certainty have no order: each counts as the share of them that is wrong, which gives the mean
    of the curves of all orders.
    """
    seen, _ = observations(RISK_COVERAGE_AREA, rows)
    if not len(seen):
        return np.empty((0, 2))
    return np.column_stack((np.arange(1, len(seen) + 1) / len(seen), _risk(seen)))


def answered_rightly(row: Row) -> bool:
    """Whether the case is answerable, was answered, and a citation meets the evidence."""
    return any(citation_recall(row))


def _risk(seen: Numbers) -> Numbers:
    """The risk at each coverage, of rows of certainty and whether wrong."""
    _, level, cases = np.unique(-seen[:, 0], return_inverse=True, return_counts=True)
    wrong = np.repeat(np.bincount(level, seen[:, 1]) / cases, cases)
    return np.cumsum(wrong) / np.arange(1, len(wrong) + 1)


def _binned(seen: Numbers) -> Numbers:
    """Of each bin, from 0 to 1: the sum of certainty, the number answerable, and the number of cases."""
    # As in Guo et al. a bin holds its upper end: 0.3 is in the bin from 0.2 to 0.3.
    bin_of = np.searchsorted(np.arange(1, _BINS) / _BINS, seen[:, 0])
    of_bin = (bin_of == np.arange(_BINS)[:, None]).astype(np.float64)
    return np.column_stack((of_bin @ seen, of_bin.sum(axis=1)))


def _refused(row: Row) -> bool:
    return row.refused and row.error is None


def _treatment(row: Row) -> Observation:
    right = row.answered if row.case.answerable else _refused(row)
    return float(row.case.answerable), float(right)


def _certainty(row: Row) -> Observation:
    return () if row.certainty is None else (row.certainty, float(row.case.answerable))


def _certainty_and_error(row: Row) -> Observation:
    return () if row.certainty is None else (row.certainty, float(_wrong(row)))


def _wrong(row: Row) -> bool:
    if _refused(row):
        return not (row.case.answerable and any(row.meets(hit.span) for hit in row.hits[:1]))
    return not answered_rightly(row)


CALIBRATION_ERROR = Measure("calibration error", _certainty, calibration_error, better="lower")
RISK_COVERAGE_AREA = Measure("risk-coverage area", _certainty_and_error, risk_coverage_area, better="lower")
MEASURES = (
    mean("answer rate", answer_rate),
    mean("refusal recall", refusal_recall),
    mean("refusal precision", refusal_precision),
    Measure("balanced accuracy", _treatment, balanced_accuracy),
    Measure("answerable AUROC", _certainty, auroc),
    CALIBRATION_ERROR,
    Measure("Brier score", _certainty, brier_score, better="lower"),
    RISK_COVERAGE_AREA,
)
