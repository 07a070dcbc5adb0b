"""Lays the text of a document out to read: headings and paragraphs that hold every character, with quotes marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.ingest.blocks import HEADING_MARK, Block
from assistant.ingest.sentences import Span, trim
from assistant.web.markup import plain

__all__ = ["Paragraph", "Span", "lay_out", "render_text"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of text that is shown as one paragraph or heading."""

    start: int
    end: int
    kind: str


def render_text(text: str, blocks: Sequence[Block], marked: Span | None, also: Sequence[Span] = ()) -> str:
    """`text` laid out as `blocks`; `text[start:end]` marked for `marked`, and faintly for each of `also`.

    Of a heading its words are shown, without the `#` in front of them.
    """
    return "".join(_paragraph(text, each, marked, also) for each in lay_out(text, blocks))


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


def _paragraph(text: str, paragraph: Paragraph, marked: Span | None, also: Sequence[Span]) -> str:
    first, last = trim(text, paragraph.start, paragraph.end)
    if paragraph.kind == "heading" and (mark := HEADING_MARK.match(text, first, last)):
        first = mark.end()
    if first == last:
        return ""
    tag = "h3" if paragraph.kind == "heading" else "p"
    inside = "".join(
        _piece(text[a:b], a, marked, also) for a, b in _cut(first, last, [*also, *([marked] if marked else [])])
    )
    return f'<{tag} class="{paragraph.kind}" dir="auto">{inside}</{tag}>'


def _cut(first: int, last: int, spans: Sequence[Span]) -> Iterator[Span]:
    """`first` to `last` in pieces, each wholly inside or outside of every span."""
    edges = {edge for span in spans for edge in span if first < edge < last}
    return pairwise(sorted({first, last, *edges}))


def _piece(piece: str, start: int, marked: Span | None, also: Sequence[Span]) -> str:
    if marked and marked[0] <= start < marked[1]:
        return f"<mark>{plain(piece)}</mark>"
    if any(a <= start < b for a, b in also):
        return f'<span class="also-quoted">{plain(piece)}</span>'
    return plain(piece)
