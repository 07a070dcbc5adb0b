"""What there is to tell of a judged run, for the terminal and for the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.judge.agreement import agreements
from eval.judge.judged import KINDS, Judged, Kind
from eval.rows import Row
from eval.statistics import Estimate, estimates


@dataclass(frozen=True, slots=True)
class Finding:
    """The mean of a kind of score with the judge's failures, or the judge's agreement with an offline measure."""

    name: str
    estimate: Estimate
    failures: str = ""


def findings(judged: Judged, rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Each kind of score, then each agreement."""
    scores = {kind: judged.measure(kind) for kind in KINDS}
    agreed = agreements(judged)
    found = estimates(rows, (*scores.values(), *agreed))
    return (
        *(Finding(kind, found[measure.name], _failures(judged, kind)) for kind, measure in scores.items()),
        *(Finding(measure.name, found[measure.name]) for measure in agreed),
    )


def _failures(judged: Judged, kind: Kind) -> str:
    return ", ".join(f"{number} {failure}" for failure, number in judged.failures(kind).most_common())
