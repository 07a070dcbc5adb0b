"""Pictures of PDF pages: the quote is printed red in the tests' pages, and the boxes must hold just what is red."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from fpdf import FPDF
from numpy.typing import NDArray
from PIL import Image

from assistant.errors import SourceError
from assistant.ingest.readers import read_file
from assistant.library.pictures import Picture, page_picture

BEFORE = "The harbour was closed in the winter of that year. "
QUOTE = (
    "The first iron bridge over the Wend was opened to carriages on the third of May, and on the following day "
    "some four thousand people walked across it to see the other bank of the river."
)
AFTER = " Nobody had expected so many, and the toll keepers ran out of tickets before noon. It was a fine day."


def paper(
    *parts: tuple[str, bool], folder: Path, size: float = 12, change: Callable[[FPDF], None] | None = None
) -> Path:
    """A PDF in which the parts follow each other, those marked True in red."""
    document = FPDF()
    document.set_font("helvetica", size=size)
    document.add_page()
    if change:
        change(document)
    write(document, *parts)
    path = folder / "paper.pdf"
    document.output(str(path))
    return path


def write(document: FPDF, *parts: tuple[str, bool]) -> None:
    for text, red in parts:
        document.set_text_color(255 if red else 0, 0, 0)
        document.write(7, text)


def changed(path: Path, change: Callable[[pypdfium2.PdfPage], None]) -> Path:
    """The PDF with its first page changed."""
    document = pypdfium2.PdfDocument(path)
    page = document[0]
    change(page)
    page.close()
    document.save(path.with_name("changed.pdf"))
    document.close()
    return path.with_name("changed.pdf")


def pixels(picture: Picture) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pixels are red, which are black, and which lie in a box."""
    image = np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGB")).astype(int)
    red = (image[..., 0] > 150) & (image[..., 1] < 120)
    black = image.max(axis=-1) < 100
    boxed = np.zeros(red.shape, bool)
    height, width = red.shape
    for box in picture.boxes:
        assert all(0 <= value <= 1 for value in (*box, box.x + box.width - 1e-9, box.y + box.height - 1e-9))
        top, bottom = int(box.y * height), int(np.ceil((box.y + box.height) * height))
        left, right = int(box.x * width), int(np.ceil((box.x + box.width) * width))
        boxed[top:bottom, left:right] = True
    return red, black, boxed


def check(picture: Picture, lines: int) -> None:
    """The boxes hold every red pixel, nothing black but what touches their edge, and are as many as the lines."""
    red, black, boxed = pixels(picture)
    assert red.sum() > 200
    assert len(picture.boxes) == lines
    assert (red & boxed).sum() / red.sum() > 0.98
    assert (black & boxed).sum() / max(1, black.sum()) < 0.03


def test_the_lines_of_a_quote_are_found(tmp_path: Path) -> None:
    path = paper((BEFORE, False), (QUOTE, True), (AFTER, False), folder=tmp_path)

    picture = page_picture(path, 1, QUOTE)

    check(picture, lines=3)
    first, second, last = picture.boxes
    assert first.y < second.y < last.y
    assert second.x < first.x
    assert last.x + last.width < second.x + second.width


def test_the_quote_is_the_text_that_was_read(tmp_path: Path) -> None:
    """With the line breaks that a PDF has, and with a word that was broken at one and is whole in the text."""
    document = FPDF()
    document.set_font("helvetica", size=12)
    document.add_page()
    for line in ("The bridge was opened to car-", "riages in May. Nobody had", "expected so many people."):
        document.cell(0, 7, line, new_x="LMARGIN", new_y="NEXT")
    document.output(str(tmp_path / "lines.pdf"))
    text = read_file(Path("lines.pdf"), (tmp_path / "lines.pdf").read_bytes()).text
    quote = text[text.index("opened") : text.index(" Nobody")]

    assert len(page_picture(tmp_path / "lines.pdf", 1, quote).boxes) == 2
    assert len(page_picture(tmp_path / "lines.pdf", 1, text).boxes) == 3
    for written in ("opened to carriages in May.", "OPENED  to\ncar-\nriages in  May", "“opened to carriages in May”"):
        assert (
            page_picture(tmp_path / "lines.pdf", 1, written).boxes
            == page_picture(tmp_path / "lines.pdf", 1, quote).boxes
        )


def turned(folder: Path, degrees: int) -> Path:
    """A page on which all text runs in another direction: 90 is upwards."""
    document = FPDF()
    document.set_font("helvetica", size=12)
    document.add_page()
    with document.rotation(degrees, 105, 148 if degrees == 180 else 105):
        write(document, (BEFORE, False), (QUOTE, True), (AFTER, False))
    document.output(str(folder / "turned.pdf"))
    return folder / "turned.pdf"


def test_text_that_runs_up_the_page_is_marked_by_line(tmp_path: Path) -> None:
    check(page_picture(turned(tmp_path, 90), 1, QUOTE), lines=3)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_is_turned_to_be_read_is_marked_as_it_is_seen(tmp_path: Path, degrees: int) -> None:
    path = changed(turned(tmp_path, degrees), lambda page: page.set_rotation(degrees))

    picture = page_picture(path, 1, QUOTE)

    check(picture, lines=3)
    first, second, last = picture.boxes
    assert first.y < second.y < last.y
    assert second.width > second.height
    width, height = Image.open(io.BytesIO(picture.png)).size
    assert (width, width > height) == (1000, degrees != 180)


def test_a_page_that_is_cropped_is_marked_as_it_is_seen(tmp_path: Path) -> None:
    path = paper((BEFORE, False), (QUOTE, True), (AFTER, False), folder=tmp_path)

    picture = page_picture(changed(path, lambda page: page.set_cropbox(20, 500, 580, 830)), 1, QUOTE)

    check(picture, lines=3)
    width, height = Image.open(io.BytesIO(picture.png)).size
    assert height == pytest.approx(width * 330 / 560, abs=2)


def test_of_a_quote_over_a_page_break_each_page_has_its_part(tmp_path: Path) -> None:
    def go_down(document: FPDF) -> None:
        document.set_y(262)

    path = paper((BEFORE, False), (QUOTE, True), (AFTER, False), folder=tmp_path, change=go_down)
    text = read_file(path, path.read_bytes())
    quote = text.text[text.text.index("The first") : text.text.index("Nobody")]
    assert text.pages is not None
    assert text.text.index("The first") < text.pages[1] < text.text.index("Nobody") - 1

    first, second = page_picture(path, 1, quote), page_picture(path, 2, quote)

    check(first, lines=len(first.boxes))
    check(second, lines=len(second.boxes))
    assert len(first.boxes) + len(second.boxes) == 3


def test_accents_and_case_may_be_written_in_another_way(tmp_path: Path) -> None:
    path = paper((BEFORE, False), ("Une étude naïve à Ångström.", True), folder=tmp_path)

    check(page_picture(path, 1, "UNE E\u0301TUDE nai\u0308ve à A\u030angström"), lines=1)


@pytest.mark.parametrize("quote", ["", "–", "Something else altogether was said.", BEFORE[::-1], "t"])
def test_what_is_not_on_the_page_has_no_boxes(tmp_path: Path, quote: str) -> None:
    path = paper((BEFORE if quote != "t" else "1 2 3", False), folder=tmp_path)

    picture = page_picture(path, 1, quote)

    assert picture.boxes == ()
    assert Image.open(io.BytesIO(picture.png)).size[0] == 1000


def test_the_picture_is_as_wide_as_asked_but_for_pages_of_great_length(tmp_path: Path) -> None:
    path = paper((BEFORE, False), folder=tmp_path)
    assert Image.open(io.BytesIO(page_picture(path, 1, "", width=300).png)).size[0] == 300

    long = FPDF(format=(10, 5000))
    long.add_page()
    long.output(str(tmp_path / "long.pdf"))
    width, height = Image.open(io.BytesIO(page_picture(tmp_path / "long.pdf", 1, "").png)).size
    assert width * height < 21_000_000


@pytest.mark.parametrize("page", [0, -1, 2, 10**12])
def test_a_page_that_is_not_there_is_told(tmp_path: Path, page: int) -> None:
    path = paper((BEFORE, False), folder=tmp_path)

    with pytest.raises(SourceError, match=f"'paper.pdf' has no page {page}; its pages are 1 to 1"):
        page_picture(path, page, "")


def test_a_file_that_is_no_pdf_is_told(tmp_path: Path) -> None:
    whole = paper((BEFORE, False), folder=tmp_path).read_bytes()
    for content in (b"", b"no pdf", whole[:100]):
        (tmp_path / "broken.pdf").write_bytes(content)
        with pytest.raises(SourceError, match=r"'broken\.pdf' is not a PDF that can be read"):
            page_picture(tmp_path / "broken.pdf", 1, "")
    with pytest.raises(SourceError, match=r"'gone\.pdf' is not a PDF that can be read"):
        page_picture(tmp_path / "gone.pdf", 1, "")


def test_many_threads_look_at_pages_and_read_files(tmp_path: Path) -> None:
    path = paper((BEFORE, False), (QUOTE, True), (AFTER, False), folder=tmp_path)
    content, expected = path.read_bytes(), page_picture(path, 1, QUOTE)
    wrong: list[object] = []

    def look() -> None:
        for _ in range(5):
            if page_picture(path, 1, QUOTE) != expected:
                wrong.append("picture")
            if QUOTE[:20] not in read_file(path, content).text:
                wrong.append("text")

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
