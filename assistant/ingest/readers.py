"""Reads one file into text: plain text, Markdown, HTML, PDF. Knows formats, not manifests or folders."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import SourceError
from assistant.ingest.clean import clean


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


def read_file(path: Path, content: bytes) -> Reading:
    """The text of `content`, read by the ending of `path`. Raises SourceError, naming the file."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise SourceError(f"{path.name!r} is of a kind that cannot be read. Use one of: {', '.join(sorted(_READERS))}.")
    reading = reader(path, content)
    if not reading.text.strip():
        raise SourceError(f"{path.name!r} has no text in it. Remove it, or replace it with a file that has some.")
    return reading


def readable(path: Path) -> bool:
    """Whether the ending of `path` is one that `read_file` knows."""
    return path.suffix.lower() in _READERS


def _read_text(path: Path, content: bytes) -> Reading:
    text, removed = clean(_decode(path, content))
    return Reading(text, removed=tuple(removed))


def _read_markdown(path: Path, content: bytes) -> Reading:
    return _markdown(_decode(path, content))


def _read_html(path: Path, content: bytes) -> Reading:
    import trafilatura

    html = _decode(path, content)
    markdown = trafilatura.extract(
        html, output_format="markdown", include_formatting=True, include_links=False, include_comments=False
    )
    reading = _markdown(markdown or "")
    about = trafilatura.extract_metadata(html)
    if about is None:
        return reading
    return replace(
        reading, title=about.title or reading.title, date=about.date, publisher=about.sitename, url=about.url
    )


def _read_pdf(path: Path, content: bytes) -> Reading:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise SourceError(f"{path.name!r} is not a PDF that can be opened ({error}). Export it again.") from error
    try:
        texts = []
        for page in pdf:
            raw = page.get_textpage().get_text_range()
            # PDFium marks a hyphen that only broke a line with U+FFFE: the word is one word.
            texts.append(raw.replace("\r\n", "\n").replace("\ufffe\n", "").replace("\ufffe", "").strip("\n") + "\n")
        title = pdf.get_metadata_value("Title") or None
    finally:
        pdf.close()
    if not any(text.strip() for text in texts):
        raise SourceError(f"{path.name!r} has no text, only pictures of it. Run text recognition on it first.")
    starts, offset = [], 0
    for text in texts:
        starts.append(offset)
        offset += len(text)
    return Reading("".join(texts), title=title, pages=tuple(starts))


_READERS: dict[str, Callable[[Path, bytes], Reading]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": _read_pdf,
}


def _decode(path: Path, content: bytes) -> str:
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path.name!r} is not {encoding} text: byte {error.start} does not fit. Save it as UTF-8."
        ) from error
    if "\0" in text:
        raise SourceError(f"{path.name!r} is not text: it holds NUL characters. Save it as UTF-8 text.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _markdown(source: str) -> Reading:
    """Text without inline markup; headings keep their `#`, list items their `-`, for the splitter."""
    from markdown_it import MarkdownIt

    blocks: list[str] = []
    title = None
    prefix = ""
    for token in MarkdownIt("commonmark").enable("table").parse(source):
        if token.type == "heading_open":
            prefix = (token.markup[0] == "#" and token.markup + " ") or ("# " if token.tag == "h1" else "## ")
        elif token.type == "list_item_open":
            prefix = "- "
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.rstrip("\n"))
        elif token.type == "inline":
            text = "".join(
                " " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or ()
            )
            if prefix.startswith("# ") and title is None:
                title = text
            if text.strip():
                blocks.append(prefix + text)
            prefix = ""
    return Reading("\n\n".join(blocks) + "\n" if blocks else "", title=title)
