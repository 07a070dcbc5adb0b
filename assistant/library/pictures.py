"""Pictures of PDF pages, with the places of a quote's lines on them."""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from assistant.errors import SourceError
from assistant.ingest.pdf import opened_pdf

_PIXELS = 20_000_000
_SHORTEST = 4
"""Of a quote that runs over a page break, fewer characters than this could stand at the edge of a page by chance."""
_CERTAIN = 24
"""As many stand nowhere by chance."""


class Box(NamedTuple):
    """A rectangle on a page, as parts of its width and height, 0 to 1, from its top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a PNG file, and a box for each line of the quote; none where the quote was not found."""

    png: bytes
    boxes: tuple[Box, ...]


def page_picture(pdf: Path, page: int, quote: str, *, width: int = 1000) -> Picture:
    """Page `page`, from 1, of the PDF, `width` pixels wide, and where `quote` stands on it.

    Spaces, line breaks, hyphens and punctuation of the quote need not be those of the page. Of a quote that
    runs over a page break, the part on this page is found. A page too long to be that wide is less wide.
    Raises SourceError when the PDF cannot be read or has no such page.
    """
    with opened_pdf(pdf, pdf.name) as opened:
        if not 1 <= page <= opened.pages:
            raise SourceError(f"{pdf.name!r} has no page {page}; its pages are 1 to {opened.pages}.")
        with opened.page(page - 1) as (sheet, text):
            return Picture(_render(sheet, width), tuple(_lines(_places(sheet, text, quote))))


def _render(page: Any, width: int) -> bytes:
    wide, high = page.get_size()
    bitmap = page.render(scale=min(width / wide, math.sqrt(_PIXELS / (wide * high))))
    file = io.BytesIO()
    # Little compression: the picture is looked at once, and the smallest file takes several times as long.
    bitmap.to_pil().save(file, "PNG", compress_level=3)
    bitmap.close()
    return file.getvalue()


def _places(page: Any, text: Any, quote: str) -> Iterator[Box]:
    """Where each character of the quote stands on the page as it is seen, in reading order."""
    import pypdfium2.raw as pdfium

    numbers, characters = [], []
    for number in range(text.count_chars()):
        for character in _essence(chr(pdfium.FPDFText_GetUnicode(text, number))):
            numbers.append(number)
            characters.append(character)
    first, last = _overlap("".join(characters), _essence(quote))
    for number in dict.fromkeys(numbers[first:last]):
        left, bottom, right, top = text.get_charbox(number, loose=True)
        yield _seen(page, ((left, bottom), (right, top)))


def _essence(text: str) -> str:
    """Letters and digits alone, alike however they are written; not the rare ones that PDFium gives in halves."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text).casefold()
        if character.isalnum() and character < "\U00010000"
    )


def _overlap(page: str, quote: str) -> tuple[int, int]:
    """Which characters of the page are the quote's: all of it, else its beginning or its end.

    These stand at the edge of the page, but for what is printed there on every page.
    """
    if not quote:
        return 0, 0
    if (start := page.find(quote)) >= 0:
        return start, start + len(quote)
    if page and page in quote:
        return 0, len(page)
    for length in range(min(len(page), len(quote)), _SHORTEST - 1, -1):
        begun, ended = page.rfind(quote[:length]), page.find(quote[-length:])
        if begun >= 0 and (length >= _CERTAIN or begun + length == len(page)):
            return begun, begun + length
        if ended >= 0 and (length >= _CERTAIN or ended == 0):
            return ended, ended + length
    return 0, 0


def _seen(page: Any, corners: Iterable[tuple[float, float]]) -> Box:
    """The rectangle between two corners as the reader sees the page: turned and cropped."""
    import ctypes

    import pypdfium2.raw as pdfium

    # PDFium reckons in whole pixels, so that a page of a million of them keeps the fractions.
    size = 1_000_000
    xs, ys = [], []
    for x, y in corners:
        column, row = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, size, size, 0, x, y, column, row)
        xs.append(min(1.0, max(0.0, column.value / size)))
        ys.append(min(1.0, max(0.0, row.value / size)))
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _lines(places: Iterable[Box]) -> list[Box]:
    """One box for the characters that follow each other on a line."""
    inked = [place for place in places if place.width and place.height]
    if sum(abs(b.x - a.x) - abs(b.y - a.y) for a, b in pairwise(inked)) < 0:
        # Text that runs up or down the page: its lines are those of the page turned over its diagonal.
        return [_turned(line) for line in _rows([_turned(place) for place in inked])]
    return _rows(inked)


def _rows(places: Iterable[Box]) -> list[Box]:
    lines: list[Box] = []
    for place in places:
        if lines and lines[-1].y <= place.y + place.height / 2 <= lines[-1].y + lines[-1].height:
            lines[-1] = _around(lines[-1], place)
        else:
            lines.append(place)
    return lines


def _turned(box: Box) -> Box:
    return Box(box.y, box.x, box.height, box.width)


def _around(one: Box, other: Box) -> Box:
    x, y = min(one.x, other.x), min(one.y, other.y)
    right = max(one.x + one.width, other.x + other.width)
    bottom = max(one.y + one.height, other.y + other.height)
    return Box(x, y, right - x, bottom - y)
