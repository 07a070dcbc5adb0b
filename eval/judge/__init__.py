"""An optional second opinion: a language model judges the answers. It is reported apart from what is measured."""

from __future__ import annotations

from eval.judge.findings import Finding, findings
from eval.judge.judged import GIVEN_UP, KINDS, Judged, Kind, Score
from eval.judge.model import Judge, JudgeError, open_judge
from eval.judge.show import judge_table

__all__ = [
    "GIVEN_UP",
    "KINDS",
    "Finding",
    "Judge",
    "JudgeError",
    "Judged",
    "Kind",
    "Score",
    "findings",
    "judge_table",
    "open_judge",
]
