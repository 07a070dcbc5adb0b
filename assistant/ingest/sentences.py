"""Where sentences begin and end, as spans of the text they stand in."""

from __future__ import annotations

import re

Span = tuple[int, int]
"""Start and end offset, end exclusive."""

# "ROK-U.S. alliance", "anti-U.S. sentiment": a hyphenated abbreviation describes the word after it.
_MODIFIER = re.compile(r"\w-(?:[A-Z]\.){2,}$")
BULLET = re.compile(r"(?:[-*•·–●▪■◦‣→✓]|\(?\d{1,2}[.)]|\(?[a-z]\))[ \t\xa0]+")
"""What opens an item. A letter needs its bracket: "p. 5" and "c. 1850" open sentences."""
# "2.3. Rent may be raised": a number alone is the beginning of what follows it.
_NUMBERED = re.compile(r"\(?\d{1,3}(?:\.\d{1,3})*[.)]")
_LINES_OF_ITEM = 20
# "It lies in the valley.[3] It cost": the mark belongs to what it follows.
_FOOTNOTES = re.compile(r"(?:\[\d{1,3}\]\s?)+")


def sentence_spans(text: str, start: int, end: int) -> list[Span]:
    """The sentences of `text[start:end]`, in order, trimmed of blank space and of a leading bullet.

    Boundaries are Punkt's (Kiss and Strunk 2006), as nupunkt implements it, but for footnote marks:
    those that follow a sentence end it.
    """
    import nupunkt

    spans: list[Span] = []
    open_start: int | None = None
    for a, b in nupunkt.sent_spans(text[start:end]):
        a, b = trim(text, start + a, start + b)
        if a == b:
            continue
        marks = _FOOTNOTES.match(text, a, b) if spans and open_start is None else None
        # After a blank a mark may open a sentence, or an entry of a bibliography.
        if marks and (a == spans[-1][1] or marks.end() == b):
            spans[-1] = trim(text, spans[-1][0], marks.end())
            a = marks.end()
            if a == b:
                continue
        if open_start is not None:
            a = open_start
        open_start = a if _MODIFIER.search(text, max(a, b - 24), b) or _NUMBERED.fullmatch(text, a, b) else None
        if open_start is None:
            spans.append((a, b))
    if open_start is not None:
        spans.append((open_start, trim(text, open_start, end)[1]))
    if spans and (bullet := BULLET.match(text, spans[0][0])) and bullet.end() < spans[0][1]:
        spans[0] = trim(text, bullet.end(), spans[0][1])
    return spans


def trim(text: str, start: int, end: int) -> Span:
    """The span without the blank space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def is_item(text: str, start: int) -> bool:
    """Whether a bullet or a number stands on the line before the sentence that begins at `start`, and nothing else."""
    return BULLET.fullmatch(_before(text, start)) is not None


def in_item(text: str, start: int) -> bool:
    """Whether the sentence that begins at `start` belongs to what a bullet or a number opens, also on wrapped lines."""
    for _ in range(_LINES_OF_ITEM):
        before = _before(text, start)
        if BULLET.match(before):
            return True
        start = text.rfind("\n", 0, start)
        above = _before(text, max(0, start)).strip()
        # A sentence at the beginning of a line, after the end of one, may be of the text that follows the list.
        if not above or (not before.strip() and above[-1] in ".!?:"):
            return False
    return False


def _before(text: str, start: int) -> str:
    """What stands on the line before `start`."""
    return text[text.rfind("\n", 0, start) + 1 : start].strip(" \t") + " "
