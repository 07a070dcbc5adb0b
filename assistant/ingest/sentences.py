"""Where sentences begin and end, as spans of the text they stand in."""

from __future__ import annotations

import re

Span = tuple[int, int]
"""Start and end offset, end exclusive."""

# "ROK-U.S. alliance", "anti-U.S. sentiment": a hyphenated abbreviation describes the word after it.
_MODIFIER = re.compile(r"\w-(?:[A-Z]\.){2,}$")
_BULLET = re.compile(r"(?:[-*•·–]|\(?\d{1,2}[.)])[ \t]+")


def sentence_spans(text: str, start: int, end: int) -> list[Span]:
    """The sentences of `text[start:end]`, in order, trimmed of blank space and of a leading bullet.

    Boundaries are Punkt's (Kiss and Strunk 2006), as nupunkt implements it.
    """
    import nupunkt

    spans: list[Span] = []
    open_start: int | None = None
    for a, b in nupunkt.sent_spans(text[start:end]):
        a, b = trim(text, start + a, start + b)
        if a == b:
            continue
        if open_start is not None:
            a = open_start
        open_start = a if _MODIFIER.search(text, max(a, b - 24), b) else None
        if open_start is None:
            spans.append((a, b))
    if open_start is not None:
        spans.append((open_start, trim(text, open_start, end)[1]))
    if spans and (bullet := _BULLET.match(text, spans[0][0])) and bullet.end() < spans[0][1]:
        spans[0] = trim(text, bullet.end(), spans[0][1])
    return spans


def trim(text: str, start: int, end: int) -> Span:
    """The span without the blank space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
