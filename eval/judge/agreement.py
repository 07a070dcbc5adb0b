"""Whether the judge and the offline measures find the same answers right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.judge.judged import Judged
from eval.measures.answers import accuracy
from eval.measures.citations import citation_recall
from eval.rows import Row

RIGHT = 4.0
"""The least correctness of an answer that is right: the scale that the judge is given says so."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the judge's correctness with an offline measure that is 0 or 1, over the cases that have both.

    `kappa` is Cohen's: agreement beyond chance, (p - e) / (1 - e), where p is the share on which both agree and e
    the share expected of two that say right as often and independently; -1 to 1. None without cases, and where both
    say the same of all of them.
    """

    measure: str
    kappa: float | None
    count: int


def agreements(judged: Judged, rows: Sequence[Row]) -> tuple[Agreement, ...]:
    """With answer accuracy and with citation recall."""
    found = []
    for name, offline in (("accuracy", accuracy), ("citation recall", citation_recall)):
        pairs = []
        for row in rows:
            score, seen = judged.score("correctness", row), offline(row)
            if score is not None and score.value is not None and seen:
                pairs.append((score.value >= RIGHT, seen[0] == 1))
        found.append(Agreement(name, _kappa(pairs), len(pairs)))
    return tuple(found)


def _kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    from sklearn.metrics import cohen_kappa_score

    if len({right for pair in pairs for right in pair}) < 2:
        return None
    ours, theirs = zip(*pairs, strict=True)
    return float(cohen_kappa_score(ours, theirs))
