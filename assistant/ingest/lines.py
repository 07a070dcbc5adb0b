"""Makes paragraphs and headings of the lines of printed pages, by where the lines stand and how large they are.

A page says nowhere that a paragraph ends. It shows it, as every reader knows: by a gap, an indentation, a line that
ends although the next word would have fitted on it, or another size of type.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.ingest.sentences import BULLET

_TERMINAL = re.compile(r"[.!?:;][\"'”’)\]]*$")
_MARK = re.compile(r"[-*•·–]\s")
_SYMBOL_BULLETS = str.maketrans(dict.fromkeys("\uf0b7\uf0a7\u25cf\u25aa\u25e6\u2023", "•"))
_HYPHEN = re.compile(r"\w-$")
_NUMBER = re.compile(r"[0-9]{1,6}")
_LEADERS = re.compile(r"(?:\. ?){4}")
_SAME_SIZE = 0.06
_SAME_SENTENCE = 0.25
_LARGER = 1.08
_USUAL_STEP = 1.3
_INDENTATION = 0.8
_BLANK = 0.25
_NARROWEST = 12
"""Ems. A column is at least so wide: shorter lines are items, although nothing wider stands beside them."""
_HEADING_CHARACTERS = 200
_LEVELS = 6
_EDGE_LINES = 2
_APART = 1.7
_FURNISHED = 3
_FURNISHED_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, in points: its ends from the left, its baseline from the bottom, the width of its first word.

    `hyphenated` says that it breaks a word, whose hyphen is not in the text.
    """

    text: str
    left: float
    right: float
    word: float
    baseline: float
    size: float
    bold: bool = False
    hyphenated: bool = False


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line and the index of its page."""

    line: Line
    page: int


def lay_out_pages(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[int, ...], tuple[str, ...]]:
    """The text of the pages, one paragraph a line and headings with `#`, where each page starts, and what was left out.

    A paragraph goes on over columns and pages, and a page without text starts where the next one does. Left out are
    running heads and page numbers.
    """
    furniture = _furniture(pages)
    placed = [
        _Placed(line, page)
        for page, lines in enumerate(pages)
        for line in lines
        if (page, line.baseline, line.text) not in furniture
    ]
    setting = _Typesetting.of([each.line for each in placed])
    parts: list[str] = []
    length = 0
    starts: dict[int, int] = {}
    for paragraph in _paragraphs(placed, setting):
        mark = setting.mark(paragraph)
        for each, following in zip(paragraph, [*paragraph[1:], None], strict=True):
            starts.setdefault(each.page, length)
            parts.append(mark + _joined(each.line, following.line if following else None))
            length += len(parts[-1])
            mark = ""
    text = "".join(parts).rstrip("\n") + "\n"
    offsets = [len(text)] * (len(pages) + 1)
    for page in reversed(range(len(pages))):
        offsets[page] = starts.get(page, offsets[page + 1])
    removed = sorted(furniture, key=lambda each: (each[0], -each[1]))
    return text, tuple(offsets[:-1]), tuple(each[2] for each in removed)


def _joined(line: Line, following: Line | None) -> str:
    """The line's text and what stands between it and the next line of its paragraph."""
    text = line.text.translate(_SYMBOL_BULLETS)
    if following is None:
        return f"{text}{'-' if line.hyphenated else ''}\n\n"
    # PDFium knows hyphens only of lines that stand together, and only after letters.
    hyphenated = line.hyphenated or _HYPHEN.search(text)
    if not hyphenated:
        return f"{text} "
    word = text.removesuffix("-")
    return word if following.text[0].islower() and word[-1].isalpha() else f"{word}-"


@dataclass(frozen=True, slots=True)
class _Typesetting:
    """How a document is set: the size of most of its text, the sizes of its headings, and the step between lines."""

    body: float
    larger: tuple[float, ...]
    step: float
    mostly_bold: bool

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Typesetting:
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[line.size] += len(line.text)
        body = max(sizes, key=lambda size: sizes[size], default=1.0)
        steps = Counter(
            round((above.baseline - below.baseline) * 2) / 2
            for above, below in pairwise(lines)
            if above.size == below.size == body and 0 < above.baseline - below.baseline < 3 * body
        )
        larger = sorted((size for size in sizes if size >= _LARGER * body), reverse=True)
        bold = sum(len(line.text) for line in lines if line.bold)
        return cls(
            body,
            tuple(larger),
            max(steps, key=lambda step: (steps[step], -step), default=1.2 * body),
            2 * bold > sum(sizes.values()),
        )

    def mark(self, paragraph: Sequence[_Placed]) -> str:
        """The `#` of a heading; "" for other paragraphs."""
        text = " ".join(each.line.text for each in paragraph)
        size = paragraph[0].line.size
        bold = not self.mostly_bold and all(each.line.bold for each in paragraph)
        stands_out = size >= _LARGER * self.body or (
            bold and size > (1 - _SAME_SIZE) * self.body and not BULLET.match(text)
        )
        is_heading = (
            stands_out
            and len(text) <= _HEADING_CHARACTERS
            and any(map(str.isalpha, text))
            and not text.endswith((".", ",", ";"))
            and not _LEADERS.search(text)
        )
        if not is_heading:
            return ""
        level = sum(each > size for each in self.larger) + 1
        return "#" * min(level, _LEVELS) + " "

    def follows(self, above: Line, below: Line) -> bool:
        """Whether two lines of a page stand together: one under the other, at the usual step, in one size."""
        usual = _USUAL_STEP * self.step * max(1.0, above.size / self.body)
        return _alike(above, below) and 0 < above.baseline - below.baseline <= usual


def _paragraphs(placed: Sequence[_Placed], setting: _Typesetting) -> Iterator[list[_Placed]]:
    paragraph: list[_Placed] = []
    margin = 0.0
    on_page: dict[int, list[Line]] = {}
    for each in placed:
        on_page.setdefault(each.page, []).append(each.line)
    for group in _groups(placed, setting):
        for number, each in enumerate(group):
            if number == 0:
                belongs = bool(paragraph) and _goes_over(paragraph[-1], each, margin, setting)
                margin = _margin([one.line for one in group], on_page[each.page])
            else:
                belongs = _goes_on(paragraph, each.line, margin)
            if paragraph and not belongs:
                yield paragraph
                paragraph = []
            paragraph.append(each)
    if paragraph:
        yield paragraph


def _margin(group: Sequence[Line], page: Sequence[Line]) -> float:
    """Where the column of these lines ends, as far as any line of the page that begins and looks as they do."""
    left, size = min(line.left for line in group), group[0].size
    column = [line for line in page if abs(line.left - left) <= size and abs(line.size - size) <= _SAME_SIZE * size]
    return max(*(line.right for line in (*group, *column)), left + _NARROWEST * size)


def _groups(placed: Sequence[_Placed], setting: _Typesetting) -> Iterator[list[_Placed]]:
    """The lines that stand together."""
    group: list[_Placed] = []
    for each in placed:
        if group and not (group[-1].page == each.page and setting.follows(group[-1].line, each.line)):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _goes_on(paragraph: Sequence[_Placed], below: Line, margin: float) -> bool:
    """Whether a line that stands under the last one of a paragraph belongs to it; the column ends at `margin`."""
    first, above = paragraph[0].line, paragraph[-1].line
    if above.hyphenated:
        return True
    if _MARK.match(below.text.translate(_SYMBOL_BULLETS)) or _LEADERS.search(above.text) or above.bold != below.bold:
        return False
    in_sentence = not _TERMINAL.search(above.text)
    if in_sentence and below.text[0].islower():
        return True
    if BULLET.match(below.text) and not in_sentence:
        return False
    item = BULLET.match(first.text.translate(_SYMBOL_BULLETS)) is not None
    indentation = (below.left - above.left) / below.size
    if indentation > _INDENTATION and not (item and len(paragraph) == 1):
        return False
    if indentation < -_INDENTATION and (item or len(paragraph) > 1):
        return False
    return not _would_have_fitted(above, below, margin)


def _goes_over(last: _Placed, placed: _Placed, margin: float, setting: _Typesetting) -> bool:
    """Whether the first line that stands elsewhere goes on with a sentence: in the next column, or on the next page."""
    above, below = last.line, placed.line
    moved = last.page != placed.page or above.baseline <= below.baseline
    if not moved or not _alike(above, below) or above.bold != below.bold or setting.mark([last]):
        return False
    if _TERMINAL.search(above.text) or BULLET.match(below.text.translate(_SYMBOL_BULLETS)):
        return False
    return below.text[0].islower() or not _would_have_fitted(above, below, margin)


def _would_have_fitted(above: Line, below: Line, margin: float) -> bool:
    """Whether the first word of a line has room on the one above: then the break was meant."""
    return above.right + _BLANK * above.size + below.word <= margin


def _alike(above: Line, below: Line) -> bool:
    """Whether two lines are of one size. Inside a sentence most of a line may be of another: a name of a file, say."""
    in_sentence = below.text[0].islower() and not _TERMINAL.search(above.text)
    return abs(above.size - below.size) <= (_SAME_SENTENCE if in_sentence else _SAME_SIZE) * above.size


def _furniture(pages: Sequence[Sequence[Line]]) -> set[tuple[int, float, str]]:
    """Lines at the upper or lower edge that say the same at the same height of several pages, or count the pages."""
    seen: dict[tuple[str, int], set[tuple[int, float, str]]] = {}
    for page, lines in enumerate(pages):
        ordered = sorted(lines, key=lambda line: line.baseline)
        for line in {*_edge(ordered), *_edge(ordered[::-1])}:
            for said in _readings(line.text, page):
                seen.setdefault((said, round(line.baseline)), set()).add((page, line.baseline, line.text))
    filled = sum(bool(lines) for lines in pages)
    return {
        each for found in seen.values() if len(found) >= max(_FURNISHED, _FURNISHED_SHARE * filled) for each in found
    }


def _edge(lines: Sequence[Line]) -> Sequence[Line]:
    """The first lines that a gap parts from the others; none where it is not near."""
    for count, (one, other) in enumerate(pairwise(lines[: _EDGE_LINES + 1]), 1):
        if abs(one.baseline - other.baseline) > _APART * max(one.size, other.size):
            return lines[:count]
    return ()


def _readings(text: str, page: int) -> Iterator[str]:
    """What a line says: as it is, and with its first or last number counted from the page's."""
    yield text
    numbers = list(_NUMBER.finditer(text))
    for number in (*numbers[:1], *numbers[-1:]):
        yield f"{text[: number.start()]}{int(number[0]) - page:+}{text[number.end() :]}"
