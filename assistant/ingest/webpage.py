"""The article of a web page as Markdown, without what stands around it.

trafilatura finds the article and writes the Markdown. What it would lose is put into a form that it keeps: text in
containers without a paragraph, dates and quotations inside sentences, questions in buttons, the heads of tables.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from assistant.ingest.tables import in_one_line, is_layout, lay_out_table

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
        headings = [in_one_line("".join(each.itertext())) for part in parts for each in part.xpath(_HEADINGS)]
        tables = [in_one_line("".join(each.itertext())) for part in parts for each in part.xpath(_LAST_CELLS)]
        return cls([words for words in headings if words], [words for words in tables if words])

    def held_by(self, markdown: str) -> _Held:
        """How many of the headings are headings of the Markdown, and how many of the cells are in one of its rows."""
        lines = markdown.splitlines()
        headings = {in_one_line(line.lstrip("#")) for line in lines if line.startswith("#")}
        cells = {in_one_line(cell) for line in lines if line.startswith("|") for cell in line.split("|")}
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
    for table in list(tree.body.iter("table")):
        if not is_layout(table):
            lay_out_table(table)
    for container in list(tree.body.iter(*_CONTAINERS)):
        inside = any(each.tag in (*_AROUND, "p") for each in container.iterancestors())
        if not inside and not any(each.tag in _BLOCKS for each in container.iterdescendants()):
            container.tag = "p"


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
