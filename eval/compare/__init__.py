"""Holds two runs on the same cases against each other; the gate, a run against the accepted one."""

from __future__ import annotations

from eval.compare.baseline import Baseline, read_baseline, write_baseline
from eval.compare.comparison import compare, run_of
from eval.compare.gate import accept, check, check_comparable
from eval.compare.show import show

__all__ = [
    "Baseline",
    "accept",
    "check",
    "check_comparable",
    "compare",
    "read_baseline",
    "run_of",
    "show",
    "write_baseline",
]
