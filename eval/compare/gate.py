"""The gate: is a run worse than the accepted one of the same system by more than chance?

The two are compared case by case: most cases come out as before, and what differs stands out from it. A threshold
below the accepted value would have to be as wide as the whole run is uncertain. A case that failed counts as what
the measures take it for; that it failed is an error of the run, whatever was accepted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant import Document
from assistant.wording import clip, count
from eval.cases import Case, CaseError
from eval.compare.baseline import Accepted, Baseline
from eval.compare.pairs import check_same_cases, fingerprint, fingerprints
from eval.measures import MEASURES, Measure, observations, value_of
from eval.results import Run
from eval.rows import Row, gold_of
from eval.statistics import Difference, Seen, clusters, difference, resamples

GATED = (
    "nDCG@10",
    "accuracy",
    "citation recall",
    "citation precision",
    "answer rate",
    "refusal recall",
    "refusal precision",
    "balanced accuracy",
)
"""A few measures, of which every way to break the assistant moves one: each more makes all of them less sensitive.

Of those of the ranking nDCG@10 varies least from case to case, since every hit counts.
"""
_FALSE_ALARMS = 0.05
"""About how often a change that does no harm fails the gate, by whichever measure: one time in twenty.

Shared out among the measures (Bonferroni): with an interval of 95 % each, eight of them could fail nearly one such
change in five. A change that leaves every answer as it was never fails.
"""
_WORST = 5


@dataclass(frozen=True, slots=True)
class Regression:
    """A measure that is worse than accepted by more than chance: `difference.value_a` was accepted, `value_b` is.

    `worst` are the cases that cost it most, the costliest first.
    """

    difference: Difference
    worst: tuple[Row, ...]

    @property
    def measure(self) -> str:
        """The measure's name."""
        return self.difference.name

    @property
    def sentence(self) -> str:
        """What is worse, by how much, and where to look."""
        lost = self.difference
        cases = "; ".join(f"{row.case.id} ({clip(row.case.question, 60)})" for row in self.worst)
        return (
            f"{lost.name} is {lost.value_b:.3f}, and {lost.value_a:.3f} was accepted: {lost.difference:+.3f}, "
            f"interval {lost.low:+.3f} to {lost.high:+.3f}. It lost most on: {cases}."
        )


def accept(run: Run) -> Baseline:
    """The run as the one that others are held against. Raises CaseError unless it is complete and without errors."""
    failed = [row.case.id for row in run.rows if row.error is not None]
    if failed or not run.complete:
        fault = f"{count(len(failed), 'case')} failed, the first {failed[0]!r}" if failed else "it was interrupted"
        raise CaseError(f"The run cannot be accepted: {fault}. Accept one that answers every case.")
    gated = [_measure(name) for name in GATED]
    values = {measure.name: value_of(measure, run.rows) for measure in gated}
    prints = fingerprints(run.rows)
    cases = {
        row.case.id: Accepted(
            prints[row.case.id], {measure.name: seen for measure in gated if (seen := measure.observe(row))}
        )
        for row in run.rows
    }
    return Baseline(run.system, {name: value for name, value in values.items() if value.value is not None}, cases)


def check_comparable(baseline: Baseline, system: str, cases: Sequence[Case], documents: Mapping[str, Document]) -> None:
    """Raises CaseError unless a run of the system on these cases can be checked: says so before they are asked."""
    _check_comparable(baseline, system, {case.id: fingerprint(case, gold_of(case, documents)) for case in cases})


def check(run: Run, baseline: Baseline) -> list[Regression]:
    """Each measure of the baseline that is worse by more than chance.

    Raises CaseError if the run is of another system or asked other cases.

    Worse by more than chance means that the paired interval of the difference lies on the bad side of 0. A measure that
    no longer applies is not judged (where nothing is refused there is no refusal precision): what led to
    that shows in another.
    """
    _check_comparable(baseline, run.system, fingerprints(run.rows))
    drawn_from = clusters(run.rows)
    times = resamples(drawn_from)
    regressions = []
    for name in baseline.measures:
        measure = _measure(name)
        before, after = baseline.seen(name, run.rows), observations(measure, run.rows)
        if len(after[0]) and before[0].shape[1] != after[0].shape[1]:
            raise CaseError(f"The baseline's {name!r} is of another version. Make one anew with --accept.")
        confidence = 1 - 2 * _FALSE_ALARMS / len(baseline.measures)
        found = difference(measure, before, after, drawn_from, times, confidence, tested=False)
        if _worse(found, measure):
            regressions.append(Regression(found, tuple(run.rows[each] for each in _worst(measure, before, after))))
    return regressions


def _check_comparable(baseline: Baseline, system: str, prints: Mapping[str, str]) -> None:
    if system != baseline.system:
        raise CaseError(
            f"The baseline is of {baseline.system!r}, and this run of {system!r}: they cannot be compared. "
            "Give that system's baseline with --baseline, or make one with --accept."
        )
    accepted = {name: case.fingerprint for name, case in baseline.cases.items()}
    check_same_cases(accepted, prints, "the accepted run", "this run")


def _measure(name: str) -> Measure:
    for measure in MEASURES:
        if measure.name == name:
            return measure
    raise CaseError(f"The baseline holds {name!r}, which is no measure of this version. Make one anew with --accept.")


def _worse(found: Difference, measure: Measure) -> bool:
    if found.low is None or found.high is None:
        return False
    return found.high < 0 if measure.better == "higher" else found.low > 0


def _worst(measure: Measure, before: Seen, after: Seen) -> list[int]:
    """The rows that cost the measure most: the better it would be with that row alone as before, the more."""
    accepted, found = (dict(zip(positions.tolist(), seen, strict=True)) for seen, positions in (before, after))
    sign = 1 if measure.better == "higher" else -1
    value = sign * (measure.value(after[0]) or 0.0)
    gains = {}
    for row in sorted({*accepted, *found}):
        mended = [seen for number, seen in found.items() if number != row]
        mended += [accepted[row]] if row in accepted else []
        then = measure.value(np.array(mended)) if mended else None
        gains[row] = 0.0 if then is None else sign * then - value
    costly = sorted(gains, key=lambda row: -gains[row])[:_WORST]
    return [row for row in costly if gains[row] > 1e-12]
