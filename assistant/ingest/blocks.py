"""Finds the layout of plain text: headings, paragraphs, list items, and label-value pairs.

Works on spans of the text and changes none of it. Understands `#` headings, blank lines, one
paragraph a line, lines wrapped at a fixed width, and titles that open a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from assistant.ingest.clean import LABEL_LINE, is_title
from assistant.ingest.sentences import BULLET, Span, sentence_spans, trim

HEADING_MARK = re.compile(r"(#{1,6})[ \t]+(?=\S)")
_TERMINAL = re.compile(r"[.!?:;,…][\"'”’)\]]*$")
_HEADING_CHARACTERS = 100
_HEADING_WORDS = 14
# Sentences, entries of a table of contents, and columns.
_NO_TITLE = re.compile(r"[a-z]{3}[.!?] [A-Z]|\.{4}|\t|\S {3,}\S")
_OPENING_WORDS = 8
_HEADINGS_IN_A_ROW = 3
_RULE = re.compile(r"[=~*_#-]{3,}")
# "Parking costs 20 euros." is a sentence, "Joint exercises." a title.
_SENTENCE = re.compile(
    r"\d|^(?:See|Yes|No|The|If|When|I|We|You|They|He|She|It|This|That|These|Those|There|Please|Click|Call)\b"
    r"|\b(?:is|are|was|were|be|has|have|had|can|could|may|might|must|shall|should|will|would|do|does|did|gets?"
    r"|goes|comes|came|went|made|says?|said)\b"
)
_NUMBER = re.compile(r"\d{1,2}[.)]?[ \t]+(?=[A-Z])")
_EARLY = 0.7
_BROKEN_AT_LEAST = 50
"""Characters of a line that the page broke: a shorter one ended there by intent."""
_QUESTION = re.compile(r"(?:(?:Q|\d{1,2})[.):][ \t]*)?[A-Z][^.!?]*\?")
_QUESTIONS, _QUESTIONS_SHARE = 2, 0.25
BETWEEN_CELLS = " | "
NO_CELL = "–"
"""Written for an empty cell, so that a row has as many cells as the others."""
_LINE_ABOVE = 2000
"""Characters back, in which the line above a row is looked for."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text that sentences do not cross. A heading is its words alone, at a level from 1."""

    start: int
    end: int
    kind: Literal["heading", "text", "pair"]
    level: int = 0


def find_blocks(text: str) -> list[Block]:
    """The blocks of `text` in order, without blank space; together they hold every word."""
    lines = _lines(text)
    wrapped = _is_wrapped(text, lines)
    blocks = list(_wrapped_blocks(text, lines) if wrapped else _line_blocks(text, lines))
    return list(_split_openings(text, _head_with_questions(text, blocks)))


def _lines(text: str) -> list[Span]:
    """The lines without blank space at their ends; a rule, "-----", is as good as a blank one."""
    spans = []
    start = 0
    for line in text.splitlines(keepends=True):
        first, last = trim(text, start, start + len(line))
        spans.append((last, last) if _RULE.fullmatch(text, first, last) else (first, last))
        start += len(line)
    return spans


def _is_wrapped(text: str, lines: list[Span]) -> bool:
    """Whether lines break where the page ended rather than where the paragraph did."""
    inner = [text[a:b] for (a, b), (c, d) in pairwise(lines) if b > a and d > c and not BULLET.match(text, c)]
    if len(inner) < 5 or max(map(len, inner)) > 160:
        return False
    return sum(len(line) > 40 and not _TERMINAL.search(line) for line in inner) > len(inner) / 2


def _wrapped_blocks(text: str, lines: list[Span]) -> Iterator[Block]:
    group: list[Span] = []
    for a, b in [*lines, (len(text), len(text))]:
        heading = _marked(text, a)
        if group and (a == b or heading or BULLET.match(text, a)):
            if _heads_lines(text, group):
                yield Block(*group.pop(0), "heading", 1)
            if group:
                yield Block(group[0][0], group[-1][1], "text")
            group = []
        if heading:
            yield Block(heading.end(), b, "heading", len(heading[1]))
        elif a < b:
            group.append((a, b))


def _heads_lines(text: str, group: list[Span]) -> bool:
    """Whether the first of some lines that stand together is a heading: it is alone, or has a number and ends early."""
    first, *following = (text[a:b] for a, b in group)
    if not following:
        return looks_like_heading(first)
    ends_early = len(first) <= max(map(len, following)) * _EARLY
    return ends_early and _has_number(first) and not following[0][0].islower() and not _has_number(following[0])


def _line_blocks(text: str, lines: list[Span]) -> Iterator[Block]:
    filled = [(a, b) for a, b in lines if a < b]
    numbered = _numbered_headings(text, filled)
    i = level = marked = 0
    while i < len(filled):
        a, b = filled[i]
        above, level = level, 0
        markdown = _marked(text, a)
        if markdown:
            marked = len(markdown[1])
            yield Block(markdown.end(), b, "heading", marked)
        elif LABEL_LINE.match(text, a):
            j = i + 1
            # "Subject Categories:" is a field of a record, "You need these:" a sentence before a list.
            listed = is_title(text[a:b])
            while j < len(filled) and _is_value(text, filled[j - 1], filled[j], listed=listed):
                j += 1
            yield Block(a, filled[j - 1][1], "pair" if j > i + 1 else "text")
            i = j - 1
        elif _is_row(text, filled, i):
            yield Block(a, b, "pair")  # whole, whatever sentences its cells have
        elif i in numbered or (
            looks_like_heading(text[a:b])
            and not BULLET.match(text, a)
            and _introduces(text, filled, i)
            and not _is_listed(text, filled, i)
        ):
            # Of headings on consecutive lines each stands under the one before, and all under the last that is marked.
            level = max(above, marked) + 1
            yield Block(a, b, "heading", level)
        else:
            while i + 1 < len(filled) and _goes_on(text, filled[i], filled[i + 1]):
                i += 1
            yield Block(a, filled[i][1], "text")
        i += 1


def _goes_on(text: str, line: Span, below: Span) -> bool:
    """Whether a sentence goes on in the line below, where only some paragraphs are broken into lines."""
    (a, b), (c, d) = line, below
    is_cut = b - a >= _BROKEN_AT_LEAST and not _TERMINAL.search(text, a, b) and BETWEEN_CELLS not in text[a:d]
    return is_cut and text.count("\n", b, c) == 1 and text[c].islower() and not BULLET.match(text, c)


def _marked(text: str, start: int) -> re.Match[str] | None:
    """The mark of a heading at the beginning of a line; of one that is indented, as code is, it may be a comment."""
    return HEADING_MARK.match(text, start) if start == 0 or text[start - 1] == "\n" else None


def _is_listed(text: str, lines: list[Span], i: int) -> bool:
    """Whether a line is among so many that stand together and look like headings that they are a list or a record."""

    def stand_together(above: int) -> bool:
        near = text.count("\n", lines[above][1], lines[above + 1][0]) == 1
        return near and looks_like_heading(text[slice(*lines[above])])

    first = last = i
    while first and i - first < _HEADINGS_IN_A_ROW and stand_together(first - 1):
        first -= 1
    while last + 1 < len(lines) and last - i < _HEADINGS_IN_A_ROW and stand_together(last):
        last += 1
    in_a_row = last - first + looks_like_heading(text[slice(*lines[last])])
    return in_a_row > _HEADINGS_IN_A_ROW


def _numbered_headings(text: str, lines: list[Span]) -> set[int]:
    """Which lines are headings with a number, "6. Regatta" over a paragraph: none where there is only one such.

    The lines of a numbered list stand together, or are sentences.
    """
    titles = [_has_number(text[a:b]) for a, b in lines]
    alone = {
        i
        for i, is_title in enumerate(titles[:-1])
        if is_title and not titles[i + 1] and not (i and titles[i - 1]) and _introduces(text, lines, i)
    }
    return alone if len(alone) > 1 else set()


def _has_number(line: str) -> bool:
    """Whether the line looks like a heading that has a number: "6. Regatta"."""
    return _NUMBER.match(line) is not None and looks_like_heading(line)


def _is_value(text: str, before: Span, line: Span, *, listed: bool) -> bool:
    """Whether a line still belongs to the label above it: near, short, no sentence, no heading, an item if `listed`."""
    a, b = line
    near = text.count("\n", before[1], a) <= 2
    apart = _marked(text, a) or (BULLET.match(text, a) and not listed)
    return near and not apart and b - a <= _HEADING_CHARACTERS and not _TERMINAL.search(text[a:b])


def looks_like_heading(line: str) -> bool:
    """Whether a line by itself may be a heading: short, no sentence, and in capitals or figures to begin with."""
    words = line.split()
    return (
        len(line) <= _HEADING_CHARACTERS
        and len(words) <= _HEADING_WORDS
        and not _TERMINAL.search(line)
        and not _NO_TITLE.search(line)
        and any(character.isalpha() for character in line)
        and (line[0].isupper() or line[0].isdigit())
    )


def opens_table(text: str, start: int, end: int) -> bool:
    """Whether what stands from `start` to `end` is a table's first row: the line above has not as many cells."""
    if not (cells := text.count(BETWEEN_CELLS, start, end)):
        return False
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip():
        return False  # an item, or the middle of a line
    above = text[max(0, line - _LINE_ABOVE) : line].rstrip().rpartition("\n")[2]
    return cells != above.count(BETWEEN_CELLS)


def _is_row(text: str, lines: list[Span], i: int) -> bool:
    """Whether a line has cells, as many as the one above or below it. One alone may be a title: "Mills | History"."""
    told, _, _ = text[slice(*lines[i])].partition(BETWEEN_CELLS)
    if BULLET.match(told) or len(sentence_spans(told, 0, len(told))) > 1:
        return False  # an item, or sentences with a bar in them
    cells, *others = (
        text.count(BETWEEN_CELLS, a, b) for a, b in (lines[i], *lines[max(0, i - 1) : i], *lines[i + 1 : i + 2])
    )
    return cells > 0 and cells in others


def _introduces(text: str, lines: list[Span], i: int) -> bool:
    """Whether a paragraph with sentences, a label or a table follows, at once or after a few more headings.

    Many short lines in a row are a list, a table or a poem, and none of them is a heading.
    """
    for following, (a, b) in enumerate(lines[i + 1 : i + 1 + _HEADINGS_IN_A_ROW], i + 1):
        if _TERMINAL.search(text[a:b]) or _is_row(text, lines, following):
            return following > i + 1 or not text[a].islower()  # what goes on in small letters is the same sentence
        if not looks_like_heading(text[a:b]):
            return False
    return False


def _head_with_questions(text: str, blocks: list[Block]) -> list[Block]:
    """Makes headings of questions that stand alone over what answers them ("When are you open?"), where several do."""
    asking = {block for block in blocks if block.kind == "text" and _asks(text[block.start : block.end])}
    heading = {
        block
        for block, following in pairwise(blocks)
        if block in asking and following not in asking and following.kind != "heading"
    }
    paragraphs = sum(block.kind == "text" for block in blocks)
    if len(heading) < _QUESTIONS or len(heading) < paragraphs * _QUESTIONS_SHARE:
        return blocks
    level = max(block.level for block in blocks) + 1
    return [Block(block.start, block.end, "heading", level) if block in heading else block for block in blocks]


def _asks(line: str) -> bool:
    """Whether a line is one short question."""
    is_short = len(line) <= _HEADING_CHARACTERS and len(line.split()) <= _HEADING_WORDS
    return is_short and _QUESTION.fullmatch(line) is not None


def _split_openings(text: str, blocks: list[Block]) -> Iterator[Block]:
    """Makes headings of titles that open paragraphs ("Joint exercises. The alliance ..."), where a text does that.

    One short first sentence is just a short sentence; a text in which most paragraphs open so has a style.
    """
    openings = {}
    paragraphs = [block for block in blocks if block.kind == "text"]
    for block in paragraphs:
        spans = sentence_spans(text, block.start, block.end)
        if len(spans) > 1:
            start, end = spans[0]
            words = text[start:end].split()
            if len(words) <= _OPENING_WORDS and text[end - 1] == "." and not _SENTENCE.search(text[start:end]):
                openings[block] = spans
    if len(openings) < 4 or len(openings) < len(paragraphs) / 2:
        yield from blocks
        return
    levels = max((block.level for block in blocks), default=0)
    for block in blocks:
        if block in openings:
            (start, end), (rest, _), *_ = openings[block]
            yield Block(start, end - 1, "heading", levels + 1)
            yield Block(rest, block.end, "text")
        else:
            yield block
