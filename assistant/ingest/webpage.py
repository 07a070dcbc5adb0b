"""The article of a web page as Markdown, without what stands around it."""

from __future__ import annotations

import logging
import re
from typing import Any

_AROUND = ("nav", "footer", "aside")
_HEADINGS = (
    "//body//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"
    f"[not({' or '.join(f'ancestor::{name}' for name in _AROUND)})]"
)
_MARKED = "//article | //main | //*[@role='main']"
_BLANK = re.compile(r"\s+")


def article(page: str) -> str:
    """The article in Markdown; "" where there is none.

    trafilatura finds it by its container. Of a page without one it may keep paragraphs alone, and without the heading
    "When are you open?" the paragraph under it says nothing. So where headings are lost of such a page, or where
    nothing is found, all of the body is taken for the article but for what HTML has names for.
    """
    extracted = _extracted(page)
    tree = _parsed(page)
    if tree is None or (extracted and tree.xpath(_MARKED)):
        return extracted
    headings = [words for each in tree.xpath(_HEADINGS) if (words := _in_one_line("".join(each.itertext())))]
    held = _held(extracted, headings)
    if extracted and 2 * held >= len(headings):
        return extracted
    whole = _extracted(_as_article(tree))
    return whole if not extracted or _held(whole, headings) > held else extracted


def _extracted(page: Any) -> str:
    import trafilatura

    # What is wrong with a page is said in a sentence by whoever reads the file.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    markdown = trafilatura.extract(
        page, output_format="markdown", include_formatting=True, include_links=False, include_comments=False
    )
    return markdown or ""


def _parsed(page: str) -> Any:
    """The tree of the page, whole even where the file is a fragment; None where there is nothing in it."""
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    try:
        return document_fromstring(page.encode(), HTMLParser(encoding="utf-8"))
    except ParserError:
        return None


def _held(markdown: str, headings: list[str]) -> int:
    """How many of the headings are headings of the Markdown."""
    lines = {_in_one_line(line.lstrip("#")) for line in markdown.splitlines() if line.startswith("#")}
    return sum(heading in lines for heading in headings)


def _in_one_line(text: str) -> str:
    return _BLANK.sub(" ", text).strip()


def _as_article(tree: Any) -> Any:
    """The page with all of its body inside an article."""
    from lxml.etree import SubElement, strip_elements

    body = tree.body
    strip_elements(body, *_AROUND, with_tail=False)
    held = list(body)
    inside = SubElement(body, "article")
    inside.text, body.text = body.text, None
    inside.extend(held)
    return tree
