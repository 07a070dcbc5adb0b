"""The article of a web page as Markdown, without what stands around it.

trafilatura finds the article and writes the Markdown. What it would lose is put into a form that it keeps: text in
containers without a paragraph, dates and quotations inside sentences, questions in buttons, the heads of tables.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from copy import deepcopy
from itertools import takewhile
from typing import Any, NamedTuple

_AROUND = ("nav", "footer", "aside")
_INSIDE = f"[not({' or '.join(f'ancestor::{name}' for name in _AROUND)})]"
_HEADINGS = f".//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]{_INSIDE}"
_LAST_CELLS = f".//table{_INSIDE}[not(.//table)]//tr[last()]/*[(self::td or self::th) and position() = last()]"
_MARKED = "//*[self::article or self::main or @role='main'][not(ancestor::article or ancestor::main)]"
_BLOCKS = frozenset(
    """address article aside blockquote center details div dl dd dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header
    hr li main menu nav ol p pre section summary table td th tr ul""".split()
)
_CONTAINERS = ("div", "section", "address", "center")
_MOST_COLUMNS = 100
"""Of a table wider than this the rest is left as it is: its file can name any number."""
_BLANK = re.compile(r"\s+")
_INLINE = re.compile(r"</?(?:time|bdi|label|output)\b[^<>]*>", re.IGNORECASE)
_QUOTATION = re.compile(r"<(/?)q\b[^<>]*>", re.IGNORECASE)
_INDENTED_ITEM = re.compile(r"^(?:  )+(?=(?:-|\d+\.) )", re.MULTILINE)


def article(page: str) -> str:
    """The article in Markdown; "" where there is none.

    Of a page that names no container for it, trafilatura may keep paragraphs alone, and without the heading "When are
    you open?" the paragraph under it says nothing. So where headings or tables are lost, or where nothing is found, all
    that is marked as an article is taken, or else all of the body but for what HTML has names for.
    """
    tree = _parsed(page)
    if tree is None or tree.body is None:
        return _extracted(page)
    _prepare(tree)
    parts = tree.xpath(_MARKED)
    wanted = _Landmarks.of(parts or [tree.body])
    extracted = _extracted(_written(tree))
    held = wanted.held_by(extracted)
    if extracted and 2 * held.headings >= len(wanted.headings) and held.tables == len(wanted.tables):
        return extracted
    _make_one_article(tree, parts)
    whole = _extracted(_written(tree))
    return whole if not extracted or sum(wanted.held_by(whole)) > sum(held) else extracted


class _Held(NamedTuple):
    headings: int
    tables: int


class _Landmarks(NamedTuple):
    """What shows whether the whole article was found: the words of its headings, and of the last cell of each table."""

    headings: list[str]
    tables: list[str]

    @classmethod
    def of(cls, parts: Sequence[Any]) -> _Landmarks:
        headings = [_in_one_line("".join(each.itertext())) for part in parts for each in part.xpath(_HEADINGS)]
        tables = [_in_one_line("".join(each.itertext())) for part in parts for each in part.xpath(_LAST_CELLS)]
        return cls([words for words in headings if words], [words for words in tables if words])

    def held_by(self, markdown: str) -> _Held:
        """How many of the headings are headings of the Markdown, and how many of the cells are in one of its rows."""
        lines = markdown.splitlines()
        headings = {_in_one_line(line.lstrip("#")) for line in lines if line.startswith("#")}
        cells = {_in_one_line(cell) for line in lines if line.startswith("|") for cell in line.split("|")}
        return _Held(sum(each in headings for each in self.headings), sum(each in cells for each in self.tables))


def _extracted(page: str) -> str:
    import trafilatura

    # What is wrong with a page is said in a sentence by whoever reads the file.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    markdown = trafilatura.extract(
        page, output_format="markdown", include_formatting=True, include_links=False, include_comments=False
    )
    # Markdown takes an item for one below a numbered one only from three blanks on.
    return _INDENTED_ITEM.sub(lambda blanks: blanks.group() * 2, markdown or "")


def _parsed(page: str) -> Any:
    """The tree of the page, whole even where the file is a fragment; None where there is nothing in it.

    Marks inside sentences that would be lost with their words, or break the sentence, are left out, but not the words.
    """
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    plain = _QUOTATION.sub(lambda mark: "”" if mark[1] else "“", _INLINE.sub("", page))
    try:
        return document_fromstring(plain.encode(), HTMLParser(encoding="utf-8"))
    except ParserError:
        return None


def _written(tree: Any) -> str:
    from lxml.html import tostring

    return str(tostring(tree, encoding="unicode"))


def _prepare(tree: Any) -> None:
    """Gives what would be lost of a page another form with the same words."""
    for link in tree.body.xpath(".//a[contains(@class, 'headerlink')] | .//*[contains(@class, 'mw-editsection')]"):
        link.drop_tree()
    headed = " or ".join(f"ancestor::{name}" for name in ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li"))
    for button in tree.body.xpath(f".//button[{headed}]"):
        button.drop_tag()
    for button in tree.body.xpath(".//button[@aria-expanded or @aria-controls or contains(@class, 'accordion')]"):
        button.tag = "h3"
    for heading in tree.body.xpath(".//*[@role='heading']"):
        level = heading.get("aria-level", "3")
        heading.tag = f"h{level}" if re.fullmatch("[1-6]", level) else "h3"
    for caption in tree.body.xpath(".//figure/figcaption | .//table/caption"):
        held = caption.getparent()
        caption.drop_tree()
        caption.tag = "p"
        held.addprevious(caption)
    for table in tree.body.iter("table"):
        if not any(True for _ in table.iterdescendants("table")):
            _spread(table)
            _join_heads(table)
        _prepare_table(table)
    for container in list(tree.body.iter(*_CONTAINERS)):
        inside = any(each.tag in (*_AROUND, "p") for each in container.iterancestors())
        if not inside and not any(each.tag in _BLOCKS for each in container.iterdescendants()):
            container.tag = "p"


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
        texts = dict.fromkeys(_in_one_line("".join(cell.itertext())) for cell in column)
        column[0].clear()
        column[0].text = " ".join(filter(None, texts))
    for row in heads[1:]:
        row[0].getparent().drop_tree()


def _prepare_table(table: Any) -> None:
    """Makes heads of the first row's cells alone, and one text of a list in a cell; without heads a table is none."""
    rows = _cells(table)
    for cell in (cell for row in rows for cell in row):
        items = [_in_one_line("".join(item.itertext())) for item in cell.iter("li")]
        if items and not any(True for _ in cell.iter("table")):
            cell.clear()
            cell.text = "; ".join(items)
    if len(rows) > 1 and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1:
        for number, row in enumerate(rows):
            for cell in row:
                cell.tag = "td" if number else "th"


def _in_one_line(text: str) -> str:
    return _BLANK.sub(" ", text).strip()


def _make_one_article(tree: Any, parts: list[Any]) -> None:
    """Puts the parts, or all of the body where there are none, inside one article, and leaves out all else."""
    from lxml.etree import SubElement, strip_elements

    body = tree.body
    if not parts:
        strip_elements(body, *_AROUND, with_tail=False)
    text, held = body.text, parts or list(body)
    for part in parts:
        part.drop_tree()
        part.tag = "div"
    body.text = None
    for left in list(body):
        body.remove(left)
    inside = SubElement(body, "article")
    inside.text = None if parts else text
    inside.extend(held)
