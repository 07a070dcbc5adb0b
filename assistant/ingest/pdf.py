"""Opens PDFs with PDFium, for one thread at a time, and reads the lines of their pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median, mode
from typing import Any

from assistant.errors import SourceError
from assistant.ingest.lines import Line

_PDFIUM = threading.Lock()
"""PDFium has one state for the whole process and does not guard it, so its lock is the process's too."""
_HYPHEN = "\x02"
"""PDFium's sign for a hyphen that only broke a line; it stands for the line break too."""
_SAMPLES = 5
_BOLD = ("bold", "black", "heavy")
_BOLD_WEIGHT = 600


class Pdf:
    """An open PDF: how many pages it has, and the title it gives itself or None."""

    def __init__(self, source: Path | bytes) -> None:
        """Raises pypdfium2's PdfiumError; `opened_pdf` is the usual way."""
        import pypdfium2

        with _PDFIUM:
            self._document: Any = pypdfium2.PdfDocument(source)
            self.pages = len(self._document)
            self.title: str | None = self._document.get_metadata_value("Title").strip() or None

    @contextmanager
    def page(self, index: int) -> Iterator[tuple[Any, Any]]:
        """The page at `index`, from 0, and its text, as pypdfium2's. No other thread uses PDFium meanwhile."""
        with _PDFIUM, closing(self._document[index]) as page, closing(page.get_textpage()) as text:
            yield page, text

    def close(self) -> None:
        """Lets go of the file."""
        with _PDFIUM:
            self._document.close()


def read_lines(text: Any) -> list[Line]:
    """The lines of a page's text as pypdfium2 has it, in the order in which the file holds them."""
    import pypdfium2.raw as pdfium

    # A character of which the file does not say what it means is a blank.
    characters = [chr(pdfium.FPDFText_GetUnicode(text, number) or 32) for number in range(text.count_chars())]
    lines, first = [], 0
    for number, character in enumerate([*characters, "\n"]):
        if character in f"\r\n{_HYPHEN}":
            inked = [each for each in range(first, number) if not characters[each].isspace()]
            if inked:
                lines.append(_line(text, characters, inked, hyphenated=character == _HYPHEN))
            first = number + 1
    return [line for line in lines if line.text]


def _line(text: Any, characters: Sequence[str], inked: Sequence[int], *, hyphenated: bool) -> Line:
    """The line whose characters have these numbers, and blank space between them."""
    import pypdfium2.raw as pdfium

    first, last = inked[0], inked[-1]
    word_end = next((each for each in range(first, last) if characters[each + 1].isspace()), last)
    samples = [inked[place * (len(inked) - 1) // (_SAMPLES - 1)] for place in range(_SAMPLES)]
    left, right = text.get_charbox(first, loose=True)[0], text.get_charbox(last, loose=True)[2]
    return Line(
        # PDFium gives rare characters in halves.
        text="".join(characters[first : last + 1]).encode("utf-16", "surrogatepass").decode("utf-16", "ignore"),
        left=left,
        right=right,
        word=text.get_charbox(word_end, loose=True)[2] - left,
        baseline=median(_baseline(text, each) for each in samples),
        size=mode(round(pdfium.FPDFText_GetFontSize(text, each), 1) for each in samples),
        bold=all(_is_bold(text, each) for each in samples),
        hyphenated=hyphenated,
    )


def _baseline(text: Any, number: int) -> float:
    import ctypes

    import pypdfium2.raw as pdfium

    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text, number, x, y)
    return y.value


def _is_bold(text: Any, number: int) -> bool:
    import ctypes

    import pypdfium2.raw as pdfium

    name = ctypes.create_string_buffer(200)
    pdfium.FPDFText_GetFontInfo(text, number, name, len(name), ctypes.c_int())
    named = name.value.decode("utf-8", "replace").lower()
    return any(word in named for word in _BOLD) or pdfium.FPDFText_GetFontWeight(text, number) >= _BOLD_WEIGHT


@contextmanager
def opened_pdf(source: Path | bytes, name: str) -> Iterator[Pdf]:
    """The PDF, until the end of the block. Raises SourceError, calling it `name`, when it or a page cannot be read."""
    import pypdfium2

    try:
        with closing(Pdf(source)) as pdf:
            yield pdf
    except (pypdfium2.PdfiumError, OSError) as error:
        if "password" in str(error):
            raise SourceError(f"{name!r} is a PDF with a password. Save a copy without one.") from error
        raise SourceError(
            f"{name!r} is not a PDF that can be read ({str(error).rstrip('.')}). Export it again."
        ) from error
