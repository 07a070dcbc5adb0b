"""Whether the judge and the offline measures find the same answers right."""

from __future__ import annotations

from collections.abc import Callable

from eval.judge.judged import Judged
from eval.measures import Measure
from eval.measures.answers import accuracy
from eval.measures.citations import citation_recall
from eval.measures.measure import Numbers, Observation
from eval.rows import Row

RIGHT = 4.0
"""The least correctness of an answer that is right: the scale that the judge is given says so."""


def agreements(judged: Judged) -> tuple[Measure, ...]:
    """Cohen's kappa of the judge's correctness with answer accuracy, and with citation recall."""
    return tuple(
        Measure(f"kappa with {name}", _both(judged, offline), kappa)
        for name, offline in (("accuracy", accuracy), ("citation recall", citation_recall))
    )


def kappa(seen: Numbers) -> float | None:
    """Agreement beyond chance (Cohen 1960): (p - e) / (1 - e), -1 to 1, of two that say of each row 1 or 0.

    p is the share on which both agree, e the share expected of two that say 1 as often and independently. None
    where both say the same of all: they could not but agree. scikit-learn's `cohen_kappa_score` is the same to
    rounding and takes a hundred times as long, which a bootstrap cannot afford.
    """
    one, other = seen.mean(axis=0)
    expected = one * other + (1 - one) * (1 - other)
    if expected == 1:
        return None
    return float(((seen[:, 0] == seen[:, 1]).mean() - expected) / (1 - expected))


def _both(judged: Judged, offline: Callable[[Row], Observation]) -> Callable[[Row], Observation]:
    """Whether the judge and whether the measure finds an answer right, of the rows that both say something of."""

    def observe(row: Row) -> Observation:
        score, seen = judged.score("correctness", row), offline(row)
        if score is None or score.value is None or not seen:
            return ()
        return float(score.value >= RIGHT), float(seen[0] == 1)

    return observe
