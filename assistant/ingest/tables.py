"""Tables of HTML in a form that Markdown has: every row as many cells, under one row of heads, no blocks in cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

_MOST_SPANNED, _MOST_LETTERS = 1_000, 2_000_000
"""A file can name at will how much a cell spans: where that would make a table of more letters, nothing is repeated."""
_LONGEST_CELL = 2_000
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLANK = re.compile(r"\s+")
_ENDING = frozenset("br p div li tr td th h1 h2 h3 h4 h5 h6".split())


def lay_out_table(table: Any) -> None:
    """Changes a table, an element of lxml, to such a form; a table of one column or row to paragraphs.

    A cell that spans others is repeated in each, since what it says holds for each: of "Mon | 9 am" over two rows the
    second begins "Mon" as well. One as wide as the table has blanks beside it. Two rows of heads become one: "Fare"
    over "Summer" is "Fare Summer". No cell's text is lost.
    """
    rows = [row for row in _grid(table) if any(cell.text for cell in row)]
    width = max(map(len, rows), default=0)
    heads = _heads(rows)
    joined = [
        " ".join(filter(None, dict.fromkeys(cell.text for cell in column))) for column in zip(*heads, strict=True)
    ]
    body = [[cell.text for cell in row] for row in rows[len(heads) :]]
    written = [joined, *body] if joined else body
    kept, tail = dict(table.attrib), table.tail
    table.clear()
    table.attrib.update(kept)
    table.tail = tail
    if width < 2 or len(written) < 2:
        table.tag = "div"
        for text in (text for row in written for text in row if text):
            _below(table, "p", text)
        return
    for number, texts in enumerate(written):
        row = _below(table, "tr")
        for text in [*texts, *[""] * (width - len(texts))]:
            _below(row, "td" if number else "th", text)


def is_layout(table: Any) -> bool:
    """Whether a table of a web page arranges its parts, rather than tells something in rows."""
    longest = max((len("".join(cell.itertext())) for cell in table.iter("td", "th")), default=0)
    return longest > _LONGEST_CELL or any(True for _ in table.iterdescendants("table", *_HEADINGS))


class _Cell:
    """The text of a cell, whether it is marked as a head, and whether it spans columns, though not all."""

    __slots__ = ("is_head", "spans", "text")

    def __init__(self, text: str, is_head: bool, spans: bool) -> None:
        self.text, self.is_head, self.spans = text, is_head, spans


def _grid(table: Any) -> list[list[_Cell]]:
    """The cells of each row, in the places that HTML's table model gives them."""
    own = (row for row in table.iter("tr") if next(row.iterancestors("table")) is table)
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in own]
    spans = [sum(_span(cell, "colspan") for cell in row) for row in rows if len(row) > 1]
    width = max(spans, default=1)
    texts = {cell: text_of(cell) for row in rows for cell in row}
    longest = max(map(len, texts.values()), default=0)
    repeats = width * len(rows) * (longest + 1) <= _MOST_LETTERS
    grid: list[list[_Cell]] = []
    from_above: dict[int, tuple[_Cell, int]] = {}
    for cells in rows:
        line: list[_Cell] = []
        waiting = list(cells)
        while waiting or any(column >= len(line) for column in from_above):
            if len(line) in from_above:
                above, left = from_above.pop(len(line))
                if left > 1:
                    from_above[len(line)] = above, left - 1
                line.append(above)
                continue
            if not waiting:
                line.append(_Cell("", False, False))
                continue
            cell = waiting.pop(0)
            wide = _span(cell, "colspan") if repeats else 1
            is_whole = wide >= width and len(cells) == 1
            told = _Cell(texts[cell], cell.tag == "th", wide > 1 and not is_whole)
            below = _span(cell, "rowspan") - 1 if repeats else 0
            for each in range(min(wide, width) if is_whole else wide):
                if below:
                    from_above[len(line)] = told, below
                line.append(_Cell("", told.is_head, False) if each and is_whole else told)
        grid.append(line)
    return grid


def _heads(rows: list[list[_Cell]]) -> list[list[_Cell]]:
    """The rows of heads: those marked as such, two where a cell of the first stands over several of the second, else
    the first, if all rows have as many cells."""
    marked = list(takewhile(lambda row: all(cell.is_head for cell in row), rows))
    over = 2 if len(rows) > 2 and any(cell.spans for cell in rows[0]) else 1
    count = max(len(marked), over) if len(marked) < len(rows) else 1
    heads = rows[:count]
    return heads if len({len(row) for row in rows[: count + 1]}) == 1 and len(rows) > 1 else []


def _span(cell: Any, name: str) -> int:
    given = re.fullmatch(r"\s*(\d{1,6})\s*", cell.get(name, "1"))
    return min(max(int(given[1]), 1), _MOST_SPANNED) if given else 1


def text_of(cell: Any) -> str:
    """The text of a cell on one line: paragraphs and breaks parted by blanks, the items of a list and the rows of a
    table in it by semicolons, cells by commas."""
    return in_one_line("".join(_pieces(cell))).strip(" ;,")


def _pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            inside = in_one_line("".join(_pieces(child)))
            between = {"li": "; ", "tr": "; ", "td": ", ", "th": ", "}.get(child.tag, " ")
            yield f" {inside}{between}" if child.tag in _ENDING and inside else inside and f"{_edge(child)}{inside}"
            yield " " if child.tag in _ENDING else ""
        yield child.tail or ""


def _edge(element: Any) -> str:
    """The blank that an element in a line begins with."""
    return " " if (element.text or "")[:1].isspace() else ""


def in_one_line(text: str) -> str:
    """The text with one blank between its words."""
    return _BLANK.sub(" ", text).strip()


def _below(parent: Any, tag: str, text: str = "") -> Any:
    from lxml.etree import SubElement

    child = SubElement(parent, tag)
    child.text = text
    return child
