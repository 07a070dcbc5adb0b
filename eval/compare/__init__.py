"""Holds two runs on the same cases against each other; the gate, a run against the accepted one."""

from __future__ import annotations

from eval.compare.baseline import Accepted, Baseline, read_baseline, write_baseline
from eval.compare.comparison import Comparison, Pair, compare
from eval.compare.gate import Regression, accept, check
from eval.compare.show import show

__all__ = [
    "Accepted",
    "Baseline",
    "Comparison",
    "Pair",
    "Regression",
    "accept",
    "check",
    "compare",
    "read_baseline",
    "show",
    "write_baseline",
]
