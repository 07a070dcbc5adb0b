"""How sure a number is: intervals around the measures of a run, and of the difference of two."""

from __future__ import annotations

from eval.statistics.differences import Difference, Seen, difference, holm
from eval.statistics.intervals import FEWEST_DOCUMENTS, SEED, Clusters, Estimate, clusters, estimates, resamples

__all__ = [
    "FEWEST_DOCUMENTS",
    "SEED",
    "Clusters",
    "Difference",
    "Estimate",
    "Seen",
    "clusters",
    "difference",
    "estimates",
    "holm",
    "resamples",
]
