"""The judgements of a run as a table for the terminal, apart from what was measured."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from assistant.cli.terminal import plain
from eval.judge.findings import findings
from eval.judge.judged import GIVEN_UP, Judged
from eval.rows import Row
from eval.statistics import Estimate


def judge_table(judged: Judged, rows: Sequence[Row]) -> Table:
    """Each kind of score with its interval and its failures, and the judge's agreement with the offline measures."""
    table = Table(
        "judge",
        title=f"Judged by {plain(judged.model)}",
        title_justify="left",
        caption=GIVEN_UP if judged.given_up else None,
        caption_justify="left",
    )
    table.add_column("value", justify="right")
    table.add_column("over", justify="right", style="dim")
    table.add_column("failures")
    for each in findings(judged, rows):
        table.add_row(each.name, _shown(each.estimate), str(each.estimate.count), plain(each.failures))
    return table


def _shown(estimate: Estimate) -> str:
    if estimate.value is None:
        return ""
    interval = "" if estimate.low is None else f" [{estimate.low:.3f}, {estimate.high:.3f}]"
    return f"{estimate.value:.3f}{interval}"
