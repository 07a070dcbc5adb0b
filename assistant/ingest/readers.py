"""Reads one file into text: plain text, Markdown, HTML, PDF, Word. Knows formats, not manifests or folders."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from textwrap import indent
from typing import TYPE_CHECKING

from assistant.errors import SourceError
from assistant.ingest.blocks import BETWEEN_CELLS, NO_CELL, looks_like_heading
from assistant.ingest.clean import clean
from assistant.ingest.lines import lay_out_pages
from assistant.ingest.pdf import opened_pdf, read_lines
from assistant.ingest.webpage import article
from assistant.ingest.word import as_markdown

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"---\n(?P<fields>(?:[\w-]+:.*\n|[ \t-].*\n|\n)*)---\n")
_FIELD = re.compile(r"^(?P<name>[\w-]+):[ \t]*(?P<value>\S.*)$", re.MULTILINE)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_HEAD_BYTES = 4096
_LINE_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_OLDEST_PAGE = "1450-01-01"  # a page may be the copy of an old print


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a file and what the file says of itself. `removed` is the furniture left out."""

    text: str
    title: str | None = None
    date: str | None = None
    publisher: str | None = None
    url: str | None = None
    pages: tuple[int, ...] | None = None
    removed: tuple[str, ...] = ()


def read_file(path: PurePath, content: bytes) -> Reading:
    """The text of `content`, read by the ending of `path`. Raises SourceError, naming the file."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise SourceError(f"{str(path)!r} is of a kind that cannot be read. Use one of: {', '.join(sorted(_READERS))}.")
    reading = reader(path, content)
    if not reading.text.strip():
        raise SourceError(f"{str(path)!r} has no text in it. Remove it, or replace it with a file that has some.")
    return reading


def readable(path: PurePath) -> bool:
    """Whether the ending of `path` is one that `read_file` knows."""
    return path.suffix.lower() in _READERS


def _read_text(path: PurePath, content: bytes) -> Reading:
    text, removed = clean(_decode(path, content))
    return Reading(text, removed=tuple(removed))


def _read_markdown(path: PurePath, content: bytes) -> Reading:
    text = _decode(path, content)
    front = _FRONT_MATTER.match(text)
    if not front:
        return _markdown(text)
    fields = {match["name"].lower(): match["value"].strip(" \"'") for match in _FIELD.finditer(front["fields"])}
    reading = _markdown(text[front.end() :])
    date = _ISO_DATE.match(fields.get("date", ""))
    return replace(reading, title=fields.get("title") or reading.title, date=date.group() if date else None)


def _read_html(path: PurePath, content: bytes) -> Reading:
    import trafilatura

    page = _decode(path, content, _declared(content))
    reading = _markdown(article(page))
    # Only a date that the page declares: one that its text happens to mention is not the date of the page.
    about = trafilatura.extract_metadata(
        page, date_config={"original_date": True, "extensive_search": False, "min_date": _OLDEST_PAGE}
    )
    if about is None:
        return reading
    return replace(
        reading,
        title=(about.title or "").rstrip("¶ ") or reading.title,
        date=about.date,
        publisher=about.sitename,
        url=about.url,
    )


def _read_pdf(path: PurePath, content: bytes) -> Reading:
    pages = []
    with opened_pdf(content, str(path)) as pdf:
        for index in range(pdf.pages):
            with pdf.page(index) as (_, text):
                pages.append(read_lines(text))
    if not any(pages):
        raise SourceError(f"{str(path)!r} has no text, only pictures of it. Run text recognition on it first.")
    laid_out, starts, removed = lay_out_pages(pages)
    return Reading(laid_out, title=pdf.title, pages=starts, removed=removed)


def _read_word(path: PurePath, content: bytes) -> Reading:
    return _markdown(as_markdown(content, str(path)))


_READERS: dict[str, Callable[[PurePath, bytes], Reading]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": _read_pdf,
    ".docx": _read_word,
}
ENDINGS = tuple(_READERS)
"""The kinds of files that can be read."""


def _declared(content: bytes) -> str:
    """The encoding that an HTML page says it has, if Python knows it; else ""."""
    found = _CHARSET.search(content, 0, _HEAD_BYTES)
    try:
        return codecs.lookup(found[1].decode()).name if found else ""
    except LookupError:
        return ""


def _decode(path: PurePath, content: bytes, declared: str = "") -> str:
    """The text of the content, in Unicode or else in the `declared` encoding."""
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if declared and declared != "utf-8":
            return _decode(path, content.decode(declared, "replace").encode())
        raise SourceError(
            f"{str(path)!r} is not UTF-8 text (byte {error.start}). "
            "If it is text, save it as UTF-8; if not, take it out."
        ) from error
    if "\0" in text:
        raise SourceError(f"{str(path)!r} is not text: it holds NUL characters. Save it as UTF-8 text.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _markdown(source: str) -> Reading:
    """Text without inline markup; headings keep their `#`, list items their marker, a table row is one line.

    A line that is bold as a whole becomes a heading below the one that it stands under.
    """
    from markdown_it import MarkdownIt

    blocks: list[str] = []
    cells: list[str] | None = None
    title = None
    prefix, level = "", 0
    # A soft hyphen, where a word may be divided, would divide it for the search as well.
    for token in MarkdownIt("commonmark").enable("table").parse(source.replace("\N{SOFT HYPHEN}", "")):
        if token.type == "heading_open":
            level = int(token.tag[1:])
            prefix = f"{'#' * level} "
        elif token.type == "list_item_open":
            prefix = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells:
            blocks.append(BETWEEN_CELLS.join(cells))
            cells = None
        elif token.type in ("fence", "code_block"):
            # Indented, so that a comment in it, "# Start", is no heading.
            blocks.append(indent(token.content.rstrip("\n"), "    "))
        elif token.type == "html_block":
            blocks.append(_without_tags(token.content))
        elif token.type == "inline":
            text = "".join(map(_in_text, token.children or ()))
            if cells is not None:
                cells.append(" ".join(text.split()) or NO_CELL)
                continue
            if prefix:
                text = " ".join(text.split())
            if prefix.startswith("# ") and title is None:
                title = text
            if not prefix and _is_bold(token.children or ()):
                prefix = f"{'#' * min(level + 1, 6)} "
            if text.strip():
                blocks.append(prefix + text)
            prefix = ""
    blocks = [block for block in blocks if block.strip()]
    return Reading("\n\n".join(blocks) + "\n" if blocks else "", title=title)


def _in_text(child: Token) -> str:
    """What a part of a paragraph is in the text: a line break that was meant stays one, other markup is nothing."""
    if child.type == "html_inline":
        return " " if _LINE_BREAK.match(child.content) else ""
    return {"softbreak": " ", "hardbreak": "\n"}.get(child.type, child.content)


def _is_bold(children: Sequence[Token]) -> bool:
    """Whether all of a paragraph is bold, and it is a title or a question: such a line heads what is under it."""
    told = [child for child in children if child.content.strip() or child.nesting]
    bold = len(told) > 2 and told[0].type == "strong_open" and told[-1].type == "strong_close"
    text = "".join(child.content for child in told)
    heads = looks_like_heading(text.removesuffix("?")) and ": " not in text
    return bold and sum(child.type == "strong_open" for child in told) == 1 and heads


def _without_tags(markup: str) -> str:
    """The words of HTML that stands in Markdown."""
    markup = re.sub(
        r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", " ", markup, flags=re.DOTALL | re.IGNORECASE
    )
    return html.unescape(re.sub(r"</?[A-Za-z][^>]*>|<![^>]*>", " ", markup)).strip()
