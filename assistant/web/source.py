"""Turns the source pane into HTML: the list of documents, or one document with a quote marked in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.ingest.blocks import Block
from assistant.ingest.sentences import trim
from assistant.types import Document
from assistant.web.conversation import document_reference
from assistant.web.render import plain

_WEB = ("https://", "http://")
_BAR = (
    '<div class="bar"><button type="button" class="quiet" data-back>← Back to the answer</button>'
    '<button type="button" class="quiet" data-open="sources">All sources</button></div>'
)


def render_sources(documents: Sequence[Document]) -> str:
    """The documents that can be asked about, each a button that opens it."""
    rows = "".join(
        f'<li><button type="button" data-open="{plain(document_reference(each.id))}" dir="auto">{plain(each.title)}'
        f"</button>{_about(each, None)}</li>"
        for each in documents
    )
    return (
        '<section class="source" aria-label="Sources" data-shown="sources">'
        f'<header><h2>Sources</h2></header><ul class="documents">{rows}</ul></section>'
    )


def render_source(document: Document, blocks: Sequence[Block], start: int, end: int, reference: str) -> str:
    """The whole text of `document`, laid out as `blocks`, with `text[start:end]` marked.

    `reference` is the name of the button that opened it, to which the reader can go back.
    """
    page = document.page_at(start) if end else None
    paragraphs = "".join(_paragraph(document.text, each, start, end) for each in lay_out(document.text, blocks))
    return (
        f'<section class="source" aria-label="Source" data-shown="{plain(reference)}">'
        f'<header>{_BAR}<h2 dir="auto" tabindex="-1">{plain(document.title)}</h2>{_about(document, page)}</header>'
        f'<div class="full-text" dir="auto">{paragraphs}</div></section>'
    )


def render_missing() -> str:
    """What the pane says when the place that was asked for is not known."""
    return (
        '<section class="source" aria-label="Source" data-shown="missing">'
        f"<header>{_BAR}</header>"
        '<p class="problem"><span aria-hidden="true">!</span> This source is no longer open here, '
        "perhaps because the chat was restarted. Ask the question again.</p></section>"
    )


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of text that is shown as one paragraph or heading."""

    start: int
    end: int
    kind: str


def lay_out(text: str, blocks: Sequence[Block]) -> Iterator[Paragraph]:
    """Paragraphs that hold every visible character of `text`, in order.

    Characters that belong to no block, such as the `#` of a heading or the full stop of a run-in
    title, go to the block on their line.
    """
    bounds = [0]
    for before, after in pairwise(blocks):
        line_end = text.find("\n", before.end, after.start)
        bounds.append(after.start if line_end < 0 else line_end + 1)
    bounds.append(len(text))
    for (start, end), block in zip(pairwise(bounds), blocks or [Block(0, len(text), "text")], strict=True):
        yield Paragraph(start, end, block.kind)


def _paragraph(text: str, paragraph: Paragraph, start: int, end: int) -> str:
    first, last = trim(text, paragraph.start, paragraph.end)
    if first == last:
        return ""
    a, b = max(first, start), min(last, end)
    marked = plain(text[first:last])
    if a < b:
        marked = f"{plain(text[first:a])}<mark>{plain(text[a:b])}</mark>{plain(text[b:last])}"
    tag = "h3" if paragraph.kind == "heading" else "p"
    return f'<{tag} class="{paragraph.kind}" dir="auto">{marked}</{tag}>'


def _about(document: Document, page: int | None) -> str:
    parts = [plain(part) for part in (document.publisher, document.date) if part]
    if page is not None:
        parts.append(f"page {page}")
    if document.licence:
        parts.append(plain(document.licence))
    if document.url and document.url.startswith(_WEB):
        parts.append(f'<a href="{plain(document.url)}" target="_blank" rel="noopener noreferrer">original</a>')
    return f'<p class="about">{" · ".join(parts)}</p>' if parts else ""
