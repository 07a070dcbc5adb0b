"""Compares two runs on the same cases, of one system or two: what each measure gained or lost, and on which cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from eval.cases import CaseError
from eval.compare.pairs import check_same_cases, fingerprints
from eval.measures import MEASURES, observations, speed
from eval.results import Results, Run
from eval.rows import Row
from eval.statistics import Clusters, Difference, clusters, difference, resamples

_DECIDING = ("accuracy", "citation recall", "short-answer match", "refusal recall")
"""What makes a case better or worse is the first of these that applies to both of its answers.

That is the facts where the case names them, else the evidence; where one of the two is a plain text, which cites
nothing, the reference; and for an unanswerable case whether it was refused.
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """One case in both runs, with its score by the measure that decides for it."""

    a: Row
    b: Row
    measure: str
    score_a: float
    score_b: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs on the same cases. `changed` is what they were made with where it differs: name, in a, in b."""

    a: Run
    b: Run
    unit: Literal["documents", "cases"]
    differences: tuple[Difference, ...]
    better: tuple[Pair, ...]
    worse: tuple[Pair, ...]
    changed: tuple[tuple[str, str, str], ...]


def run_of(results: Results, system: str | None = None) -> Run:
    """The run of the system, the main one if none is named. Raises CaseError if the results have no such system."""
    for run in results.runs:
        if system in (None, run.system):
            return run
    there = ", ".join(run.system for run in results.runs)
    raise CaseError(f"The results have no system {system!r}. They have {there}: name one of these with --system.")


def compare(a: Run, b: Run, made_with: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})) -> Comparison:
    """What run `b` gained and lost over run `a`, whichever system each is of; `made_with` is of both, in that order.

    Raises CaseError unless both asked the same cases.
    """
    check_same_cases(fingerprints(a.rows), fingerprints(b.rows), "the first run", "the second")
    of_b = {row.case.id: row for row in b.rows}
    rows = [(row, of_b[row.case.id]) for row in a.rows]
    pairs = [pair for row_a, row_b in rows if (pair := _pair(row_a, row_b))]
    drawn_from = clusters(a.rows)
    return Comparison(
        a=a,
        b=b,
        unit=drawn_from.unit,
        differences=_differences([row for row, _ in rows], [row for _, row in rows], drawn_from),
        better=tuple(pair for pair in pairs if pair.score_b > pair.score_a),
        worse=tuple(pair for pair in pairs if pair.score_b < pair.score_a),
        changed=tuple(_changed(*map(_flat, made_with))),
    )


def _differences(a: Sequence[Row], b: Sequence[Row], drawn_from: Clusters) -> tuple[Difference, ...]:
    times = resamples(drawn_from)
    # How long answers take depends on what else the machine did: a test would find that, and say nothing of the system.
    return tuple(
        difference(
            measure,
            observations(measure, a),
            observations(measure, b),
            drawn_from,
            times,
            tested=measure not in speed.MEASURES,
        )
        for measure in MEASURES
    )


def _pair(a: Row, b: Row) -> Pair | None:
    """The pair with its scores; None if no deciding measure applies to the case."""
    deciding = {measure.name: measure for measure in MEASURES if measure.name in _DECIDING}
    for name in _DECIDING:
        scores = [
            deciding[name].value(np.array([seen]))
            for seen in (deciding[name].observe(a), deciding[name].observe(b))
            if seen
        ]
        if len(scores) == 2 and scores[0] is not None and scores[1] is not None:
            return Pair(a, b, name, scores[0], scores[1])
    return None


def _changed(a: Mapping[str, str], b: Mapping[str, str]) -> list[tuple[str, str, str]]:
    values = [(name, a.get(name, ""), b.get(name, "")) for name in dict.fromkeys((*a, *b))]
    return [(name, in_a, in_b) for name, in_a, in_b in values if in_a != in_b]


def _flat(fields: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """Every value as text, under the names that lead to it."""
    flat: dict[str, str] = {}
    for name, value in fields.items():
        flat |= _flat(value, f"{before}{name} ") if isinstance(value, Mapping) else {f"{before}{name}": str(value)}
    return flat
