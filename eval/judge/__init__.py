"""An optional second opinion: a language model judges the answers. It is reported apart from what is measured."""

from __future__ import annotations

from eval.judge.agreement import Agreement, agreements
from eval.judge.judged import KINDS, Judged, Kind, Score
from eval.judge.model import Judge, JudgeError, open_judge
from eval.judge.show import judge_table

__all__ = [
    "KINDS",
    "Agreement",
    "Judge",
    "JudgeError",
    "Judged",
    "Kind",
    "Score",
    "agreements",
    "judge_table",
    "open_judge",
]
