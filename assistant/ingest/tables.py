"""Tables of HTML in a form that Markdown has: every row as many cells, under one row of heads, no lists in cells."""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import takewhile
from typing import Any

_MOST_COLUMNS = 100
"""Of a table wider than this the rest is left as it is: its file can name any number."""
_BLANK = re.compile(r"\s+")


def lay_out_table(table: Any) -> None:
    """Changes the table, an element of lxml, to such a form; of one that holds another only the heads."""
    if not any(True for _ in table.iterdescendants("table")):
        _spread(table)
        _join_heads(table)
    _mark_heads(table)


def in_one_line(text: str) -> str:
    """The text with one blank between its words."""
    return _BLANK.sub(" ", text).strip()


def _cells(table: Any) -> list[list[Any]]:
    """The cells of each row."""
    return [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]


def _spread(table: Any) -> None:
    """Repeats a cell that spans several rows or columns in each of them; one as wide as the table has blanks beside it.

    What it says holds for each: of "Mon | 9 am" over two rows the second begins "Mon" as well.
    """
    rows = _cells(table)
    widths = (sum(_span(cell, "colspan") for cell in row) for row in rows if len(row) > 1)
    width = min(max(widths, default=1), _MOST_COLUMNS)
    from_above: dict[int, tuple[Any, int]] = {}
    for row, cells in zip(table.iter("tr"), rows, strict=True):
        whole = [deepcopy(cell) for cell in cells]
        for cell in cells:
            row.remove(cell)
        column = 0
        while column < width and (whole or from_above):
            above, left = from_above.pop(column, (None, 0))
            if above is None and not whole:
                break
            cell = whole.pop(0) if above is None else above
            below = _span(cell, "rowspan") - 1 if above is None else left - 1
            wide = 1 if above is not None else min(_span(cell, "colspan"), width - column)
            for each in range(wide):
                copy = deepcopy(cell)
                for spanning in ("colspan", "rowspan"):
                    copy.attrib.pop(spanning, None)
                if each and wide == width:
                    copy.clear()
                row.append(copy)
                if below > 0:
                    from_above[column + each] = copy, below
            column += wide


def _span(cell: Any, name: str) -> int:
    given = cell.get(name, "1").strip()
    return min(max(int(given), 1), _MOST_COLUMNS) if given.isdecimal() else 1


def _join_heads(table: Any) -> None:
    """Makes one row of heads of several: "Fare" over "Summer" is "Fare Summer"."""
    rows = _cells(table)
    heads = list(takewhile(lambda row: row and all(cell.tag == "th" for cell in row), rows))
    if not 1 < len(heads) < len(rows) or len({len(row) for row in heads}) > 1:
        return
    for column in zip(*heads, strict=True):
        texts = dict.fromkeys(in_one_line("".join(cell.itertext())) for cell in column)
        column[0].clear()
        column[0].text = " ".join(filter(None, texts))
    for row in heads[1:]:
        row[0].getparent().drop_tree()


def _mark_heads(table: Any) -> None:
    """Makes heads of the first row's cells alone, and one text of a list in a cell; without heads a table is none."""
    rows = _cells(table)
    for cell in (cell for row in rows for cell in row):
        items = [in_one_line("".join(item.itertext())) for item in cell.iter("li")]
        if items and not any(True for _ in cell.iter("table")):
            cell.clear()
            cell.text = "; ".join(items)
    if len(rows) > 1 and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1:
        for number, row in enumerate(rows):
            for cell in row:
                cell.tag = "td" if number else "th"
