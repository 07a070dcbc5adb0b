"""The judgements of a run as a table for the terminal, apart from what was measured."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from assistant.cli.terminal import plain
from eval.judge.agreement import agreements
from eval.judge.judged import KINDS, Judged
from eval.measures import value_of
from eval.rows import Row


def judge_table(judged: Judged, rows: Sequence[Row]) -> Table:
    """Each kind of score with its failures, and the judge's agreement with the offline measures."""
    table = Table("judge", title=f"Judged by {plain(judged.model)}", title_justify="left")
    table.add_column("value", justify="right")
    table.add_column("over", justify="right", style="dim")
    table.add_column("failures")
    for kind in KINDS:
        mean = value_of(judged.measure(kind), rows)
        failures = judged.failures(kind)
        told = ", ".join(f"{number} {plain(failure)}" for failure, number in failures.most_common())
        table.add_row(kind, _shown(mean.value), str(mean.count), told)
    for each in agreements(judged, rows):
        table.add_row(f"kappa with {each.measure}", _shown(each.kappa), str(each.count), "")
    return table


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
