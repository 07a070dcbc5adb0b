"""A comparison as it is read in a terminal: a table of the measures, and the cases that changed side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.cli.terminal import plain
from assistant.wording import clip, count
from eval.compare.comparison import Comparison, Pair
from eval.measures import MEASURES
from eval.rows import Row
from eval.statistics import Difference, holm

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.table import Table

_LEVEL = 0.05
_ANSWER_CHARACTERS = 500
_COLUMN = 58
"""Two columns of it fill 120 characters; a pipe, which has no width, gets them as well."""
_SHORT_TEST = {"permutation": "permut."}


def show(comparison: Comparison, most: int = 10) -> Group:
    """The comparison, with at most so many of the cases that got worse, and of those that got better.

    Whatever comes from documents, questions and answers is made harmless to the terminal.
    """
    from rich.console import Group
    from rich.text import Text

    worse, better = comparison.worse, comparison.better
    return Group(
        *(Text(plain(f"{name}: {in_a or '-'} -> {in_b or '-'}")) for name, in_a, in_b in comparison.changed),
        _table(comparison),
        *(Text(sentence) for sentence in _found(comparison)),
        *_cases(f"Got worse: {count(len(worse), 'case')}", worse, most),
        *_cases(f"Got better: {count(len(better), 'case')}", better, most),
    )


def _table(comparison: Comparison) -> Table:
    from rich.table import Table
    from rich.text import Text

    a, b = plain(comparison.a.system), plain(comparison.b.system)
    table = Table(
        title=Text(f"A ({a}) and B ({b}) on {count(len(comparison.a.rows), 'case')}", "table.title"),
        title_justify="left",
        box=None,
        padding=(0, 1, 0, 0),
    )
    table.add_column("measure")
    for name in ("A", "B", "over", "B - A", "95 % interval", "p"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("test", no_wrap=True)
    for each in comparison.differences:
        if each.value_a is not None or each.value_b is not None:
            table.add_row(*_cells(each))
    return table


def _cells(shown: Difference) -> tuple[str, ...]:
    over = {shown.count_a: f"{shown.count_a}"}.get(shown.count_b, f"{shown.count_a}/{shown.count_b}")
    return (
        shown.name,
        "" if shown.value_a is None else f"{shown.value_a:.3f}",
        "" if shown.value_b is None else f"{shown.value_b:.3f}",
        over,
        "" if shown.difference is None else f"{shown.difference:+.3f}",
        "" if shown.low is None else f"[{shown.low:+.3f}, {shown.high:+.3f}]",
        "" if shown.p is None else "<.001" if shown.p < 0.001 else f"{shown.p:.3f}",
        _SHORT_TEST.get(shown.test, shown.test),
    )


def _found(comparison: Comparison) -> Iterator[str]:
    """What the table comes to, in sentences.

    Intervals decide, since a test corrected for all the measures can show nothing where documents are few: eight of
    them allow no p below 2 / 2^8.
    """
    better = {measure.name: measure.better for measure in MEASURES}
    tested = [each for each in comparison.differences if each.p is not None]
    verdicts: dict[str, list[str]] = {"better": [], "worse": []}
    for each in tested:
        if each.low is not None and each.high is not None and (each.low > 0 or each.high < 0):
            verdicts["better" if (each.low > 0) == (better[each.name] == "higher") else "worse"].append(each.name)
    for verdict, names in verdicts.items():
        yield f"B is {verdict}, with an interval that leaves out 0, in: {', '.join(names) or 'nothing'}."
    adjusted = holm([each.p for each in tested if each.p is not None])
    sure = [each.name for each, p in zip(tested, adjusted, strict=True) if p < _LEVEL]
    yield (
        f"Of {len(tested)} intervals about {max(1, round(_LEVEL * len(tested)))} would by chance alone. "
        f"p < {_LEVEL} after Holm's correction for {count(len(tested), 'test')}: {', '.join(sure) or 'nothing'}."
    )
    yield f"What was resampled and swapped: {comparison.unit}. permut.: paired permutation test."


def _cases(title: str, pairs: Sequence[Pair], most: int) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text(f"\n{title}", style="bold")
    for pair in pairs[:most]:
        yield Text("")
        yield Text(plain(f"{pair.a.case.id}: {pair.measure} {pair.score_a:.2g} -> {pair.score_b:.2g}"))
        yield Text(plain(pair.a.case.question), style="italic")
        yield _side_by_side(pair)
    if len(pairs) > most:
        yield Text(f"... and {len(pairs) - most:,} more.")


def _side_by_side(pair: Pair) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, show_edge=False)
    for name in ("A", "B"):
        table.add_column(name, max_width=_COLUMN, overflow="fold")
    table.add_row(Text(_told(pair.a)), Text(_told(pair.b)))
    return table


def _told(row: Row) -> str:
    """What a reader was told, on one line."""
    if row.error is not None:
        return clip(plain(f"Failed: {row.error}"), _ANSWER_CHARACTERS)
    return clip(plain(f"Refused: {row.text}" if row.refused else row.whole_answer), _ANSWER_CHARACTERS)
