"""The curves of a report. Their numbers are the measures' own; each chart carries them in words and as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.measures.refusal import reliability, risk_coverage
from eval.measures.retrieval import recall_curve
from eval.report.drawing import Points, draw_lines, drawing
from eval.report.svg import INK, MUTED, WASH, inline_svg
from eval.results import Run

_RANKS = range(1, 11)
_FIFTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, what it shows in words, and the numbers behind it, a table whose first column names its rows."""

    name: str
    title: str
    note: str
    told: str
    svg: str
    columns: tuple[str, ...]
    numbers: tuple[tuple[str, ...], ...]


def draw_charts(runs: Sequence[Run]) -> list[Chart]:
    """Every chart that these runs have something for."""
    drawn = (draw(runs) for draw in (_recall, _reliability, _risk_coverage, _latency))
    return [chart for chart in drawn if chart is not None]


def _recall(runs: Sequence[Run]) -> Chart | None:
    curves = _curves(
        runs, lambda run: [(k, value) for k, value in enumerate(recall_curve(run.rows), 1) if value is not None]
    )
    if not curves:
        return None
    with drawing() as (figure, axes, _):
        lowest = min(value for curve in curves.values() for _, value in curve)
        # A tenth of room below the lowest point, and never less than the upper half.
        axes.set(xlim=(1, 10), ylim=(min(0.5, max(0.0, np.floor(lowest * 10) / 10 - 0.1)), 1), xticks=list(_RANKS))
        axes.set_xlabel("first k passages")
        draw_lines(axes, _systems(runs), curves, marker="o")
        svg = inline_svg(figure, "recall")
    return Chart(
        "recall",
        "Evidence recall@k",
        "Share of answerable cases whose evidence is among the first k passages.",
        _told(curves, lambda curve: f"{curve[0][1]:.3f} at k = 1, {curve[4][1]:.3f} at 5, {curve[9][1]:.3f} at 10"),
        svg,
        ("k", *curves),
        tuple((str(k), *(f"{curve[k - 1][1]:.3f}" for curve in curves.values())) for k in _RANKS),
    )


def _reliability(runs: Sequence[Run]) -> Chart | None:
    bins = {run.system: reliability(run.rows) for run in runs}
    curves = _curves(runs, lambda run: [(each.certainty, each.answerable) for each in bins[run.system]])
    if not curves:
        return None
    first = next(iter(curves))
    counted = bins[first]
    with drawing(foot=0.16) as (figure, axes, below):
        axes.set(xlim=(0, 1), ylim=(0, 1), xticks=_FIFTHS, yticks=_FIFTHS)
        axes.tick_params(labelbottom=False)
        axes.plot([0, 1], [0, 1], color=MUTED, linewidth=0.8)
        draw_lines(axes, _systems(runs), curves, marker="o")
        middles = [(each.low + each.high) / 2 for each in counted]
        counts = [each.count for each in counted]
        below.bar(middles, counts, width=0.092, color=WASH)
        for middle, number in zip(middles, counts, strict=True):
            below.annotate(str(number), (middle, 0), (0, 2), textcoords="offset points", ha="center", fontsize=9)
        below.set(yticks=[])
        below.grid(visible=False)
        below.set_xlabel("certainty that the sources answer; cases in each bin")
        svg = inline_svg(figure, "reliability")
    return Chart(
        "reliability",
        "Reliability",
        "Share of cases that are answerable, by the certainty given. On the diagonal, certainty is true."
        + (f" The bars count the cases of {first}." if len(curves) > 1 else ""),
        _told(curves, lambda curve: ", ".join(f"{share:.2f} where {sure:.2f} was given" for sure, share in curve)),
        svg,
        ("mean certainty", "share answerable", "cases", "system"),
        tuple(
            (f"{each.certainty:.3f}", f"{each.answerable:.3f}", f"{each.count}", system)
            for system in curves
            for each in bins[system]
        ),
    )


def _risk_coverage(runs: Sequence[Run]) -> Chart | None:
    curves = _curves(runs, lambda run: [(share, risk) for share, risk in risk_coverage(run.rows).tolist()])
    if not curves:
        return None
    with drawing() as (figure, axes, _):
        # The risk of the first few cases is of little meaning and may be anything.
        highest = max(risk for curve in curves.values() for share, risk in curve if share > 0.05)
        axes.set(xlim=(0, 1), ylim=(0, min(1.0, np.ceil(highest * 10 + 0.5) / 10)), xticks=_FIFTHS)
        axes.set_xlabel("share of cases answered, the most certain first")
        draw_lines(axes, _systems(runs), curves, clipped=True)
        svg = inline_svg(figure, "risk-coverage")
    return Chart(
        "risk-coverage",
        "Risk and coverage",
        "Share of answers that are wrong, if only so many of the cases, the most certain ones, are answered.",
        _told(curves, lambda curve: ", ".join(f"{_at(curve, share):.2f} at {share:.0%}" for share in _FIFTHS[1:])),
        svg,
        ("coverage", *curves),
        tuple(
            (f"{tenth / 10:.1f}", *(f"{_at(curve, tenth / 10):.3f}" for curve in curves.values()))
            for tenth in range(1, 11)
        ),
    )


def _latency(runs: Sequence[Run]) -> Chart | None:
    def points(run: Run) -> Points:
        seconds = sorted(row.seconds for row in run.rows if row.seconds is not None)
        return [(each, number / len(seconds)) for number, each in enumerate(seconds, 1)]

    curves = _curves(runs, points)
    if not curves:
        return None
    marks = {
        run.system: [(run.metrics[f"seconds p{percent}"].value or 0.0, percent / 100) for percent in (50, 95)]
        for run in runs
        if run.system in curves
    }
    slowest = max(late for _, (late, _) in marks.values())
    with drawing() as (figure, axes, _):
        # The slowest few would leave the rest no room; the table has them.
        axes.set(xlim=(0, 1.3 * slowest or 1), ylim=(0, 1), yticks=(0.5, 0.95))
        axes.set_yticklabels(["p50", "p95"])
        axes.set_xlabel("seconds")
        draw_lines(axes, _systems(runs), curves, clipped=True)
        draw_lines(axes, _systems(runs), marks, marker="o", joined=False)
        for at, share in next(iter(marks.values())):
            axes.annotate(f"{at:.2f} s", (at, share), (7, -13), textcoords="offset points", color=INK)
        svg = inline_svg(figure, "latency")
    return Chart(
        "latency",
        "Latency",
        "Share of cases that took at most so many seconds.",
        _told(marks, lambda pair: f"half within {pair[0][0]:.2f} s, 95 % within {pair[1][0]:.2f} s"),
        svg,
        ("seconds", *curves),
        (
            ("fastest", *(f"{curve[0][0]:.3f}" for curve in curves.values())),
            ("p50", *(f"{pair[0][0]:.3f}" for pair in marks.values())),
            ("p95", *(f"{pair[1][0]:.3f}" for pair in marks.values())),
            ("slowest", *(f"{curve[-1][0]:.3f}" for curve in curves.values())),
        ),
    )


def _curves(runs: Sequence[Run], points: Callable[[Run], Points]) -> dict[str, Points]:
    """The points of each system that has any."""
    return {run.system: found for run in runs if (found := points(run))}


def _systems(runs: Sequence[Run]) -> list[str]:
    return [run.system for run in runs]


def _told(curves: Mapping[str, Points], say: Callable[[Points], str]) -> str:
    return ". ".join(f"{system}: {say(curve)}" for system, curve in curves.items()) + "."


def _at(curve: Points, coverage: float) -> float:
    """The risk at the least coverage of the curve that reaches `coverage`."""
    return next((risk for share, risk in curve if share >= coverage - 1e-9), curve[-1][1])
