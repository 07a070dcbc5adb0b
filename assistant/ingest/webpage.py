"""The article of a web page as Markdown, without what stands around it."""

from __future__ import annotations

import re
from typing import Any

_HEADINGS = "//body//*[self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"
_AROUND = ("nav", "footer", "aside")
_BLANK = re.compile(r"\s+")


def article(page: str) -> str:
    """The article in Markdown; "" where there is none.

    trafilatura finds it by its container. In a page that names none, of which it keeps the paragraphs alone, all of the
    body is taken for the article but for what HTML has names for; without the headings of "When are you open?", the
    paragraphs under them say nothing.
    """
    extracted = _extracted(page)
    headings = _headings(page)
    if headings and 2 * _held(extracted, headings) < len(headings):
        whole = _extracted(_as_article(page))
        if _held(whole, headings) > _held(extracted, headings):
            return whole
    return extracted


def _extracted(page: Any) -> str:
    import trafilatura

    markdown = trafilatura.extract(
        page, output_format="markdown", include_formatting=True, include_links=False, include_comments=False
    )
    return markdown or ""


def _parsed(page: str) -> Any:
    from trafilatura import load_html

    return load_html(page)


def _headings(page: str) -> list[str]:
    """The words of the headings below the first level, those of menus and the like left out."""
    tree = _parsed(page)
    if tree is None:
        return []
    found = tree.xpath(f"{_HEADINGS}[not({' or '.join(f'ancestor::{name}' for name in _AROUND)})]")
    return [words for each in found if (words := _BLANK.sub(" ", "".join(each.itertext())).strip())]


def _held(markdown: str, headings: list[str]) -> int:
    """How many of the headings are headings of the Markdown."""
    lines = {_BLANK.sub(" ", line.lstrip("# ")).strip() for line in markdown.splitlines() if line.startswith("#")}
    return sum(heading in lines for heading in headings)


def _as_article(page: str) -> Any:
    """The page with all of its body inside an article."""
    from lxml.etree import SubElement, strip_elements

    tree = _parsed(page)
    body = tree.find("body")
    strip_elements(body, *_AROUND, with_tail=False)
    held = list(body)
    inside = SubElement(body, "article")
    inside.text, body.text = body.text, None
    inside.extend(held)
    return tree
