"""The measures of a run as tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table

from assistant.cli.terminal import plain
from assistant.wording import count
from eval.measures import MEASURES
from eval.results import BY_TAG, Results, Run
from eval.statistics import Estimate
from eval.writing import account


def summary(results: Results) -> Table:
    """Every measure that applies, with its interval and the count it was taken over, for each system."""
    cases = count(len(results.run.rows), "case")
    table = Table("measure", title=f"{cases}; 95 % intervals in brackets", title_justify="left")
    for run in results.runs:
        table.add_column(plain(run.system), justify="right")
        table.add_column("over", justify="right", style="dim")
    for measure in MEASURES:
        cells = [run.metrics[measure.name] for run in results.runs]
        if any(cell.value is not None for cell in cells):
            table.add_row(measure.name, *(text for cell in cells for text in _shown(cell)))
    for name in dict.fromkeys(name for run in results.runs for name in run.speed):
        table.add_row(name, *(text for run in results.runs for text in _speed(run.speed, name)))
    table.add_row("errors", *(text for run in results.runs for text in _errors(run)))
    return table


def by_tag(run: Run) -> Table:
    """The main measures for the cases of each tag, each with the count it was taken over."""
    title = f"{plain(run.system)} by tag, with the count that each is taken over"
    table = Table("tag", title=title, title_justify="left")
    for name in BY_TAG:
        table.add_column(name.replace(" ", "\n"), justify="right", vertical="bottom")
    for tag, found in run.tags.items():
        cells = (found[name] for name in BY_TAG)
        table.add_row(plain(tag), *("" if each.value is None else f"{each.value:.2f} ({each.count})" for each in cells))
    return table


def writing_table(run: Run) -> Table | None:
    """How many answers are in a language model's words, and why the others are not; None where none was to write."""
    told = account(run.rows)
    if told is None:
        return None
    table = Table(f"{plain(run.system)}: what the language model wrote", "cases")
    for name, number in told.lines:
        table.add_row(plain(name), number)
    return table


def _shown(estimate: Estimate) -> tuple[str, str]:
    if estimate.value is None:
        return "", ""
    interval = "" if estimate.low is None else f" [{estimate.low:.3f}, {estimate.high:.3f}]"
    return f"{estimate.value:.3f}{interval}", str(estimate.count)


def _speed(speed: Mapping[str, float], name: str) -> tuple[str, str]:
    return (f"{speed[name]:,.0f}", "") if name in speed else ("", "")


def _errors(run: Run) -> tuple[str, str]:
    return str(sum(row.error is not None for row in run.rows)), str(len(run.rows))
