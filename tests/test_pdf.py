"""PDFs as people print them: the paragraphs and headings of real pages, and where each page starts."""

from __future__ import annotations

from pathlib import PurePath

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from assistant import Document
from assistant.ingest.lines import Line, lay_out_pages
from assistant.ingest.readers import Reading, read_file
from assistant.ingest.split import Window, split_document

BRIDGE = (
    "The Kestrel bridge was opened to carriages on the third of May 1931, and on the following day some four thousand "
    "people walked across it to see the other bank of the river. Nobody had expected so many, and the toll keepers "
    "ran out of tickets before noon."
)
MILLS = (
    "Seven mills stood on the Wend before the war, and each of them ground the corn of the villages upstream. The last "
    "one, Otter Mill, was closed in 1957 when the new road had taken its customers away."
)


FORMS = {"a4": (210, 297), "a5": (148, 210), "letter": (215.9, 279.4)}


class Paper(FPDF):
    """A document in print."""

    def __init__(self, form: str = "a4", size: float = 11) -> None:
        super().__init__(format=FORMS[form])
        self.size = size
        self.set_font("times", size=size)
        self.add_page()

    def paragraph(self, text: str, *, gap: float = 0, width: float = 0, indent: float = 0, align: str = "L") -> None:
        """`text` in lines of `width` mm, `gap` mm below what stands above, the first line begun `indent` mm later."""
        self.ln(gap)
        self.set_x(self.l_margin)
        with (
            self.text_columns(
                l_margin=self.l_margin,
                r_margin=self.w - self.l_margin - width if width else self.r_margin,
                text_align=align,
            ) as column,
            column.paragraph(first_line_indent=indent) as printed,
        ):
            printed.write(text)

    def heading(self, text: str, size: float = 11, style: str = "B", gap: float = 0) -> None:
        self.set_font("times", style, size)
        self.paragraph(text, gap=gap)
        self.set_font("times", "", self.size)

    def read(self) -> Reading:
        return read_file(PurePath("a.pdf"), bytes(self.output()))


def paragraphs(reading: Reading) -> list[str]:
    return reading.text.strip("\n").split("\n\n")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("align", ["L", "J"])
@pytest.mark.parametrize(("gap", "indent"), [(0, 0), (4, 0), (0, 5)])
def test_a_paragraph_is_one_line_however_it_is_set(form: str, align: str, gap: float, indent: float) -> None:
    paper = Paper(form)
    for text in (BRIDGE, MILLS, BRIDGE):
        paper.paragraph(text, gap=gap, indent=indent, align=align)

    assert paragraphs(paper.read()) == [BRIDGE, MILLS, BRIDGE]


def test_headings_are_told_by_their_size_and_by_bold_type() -> None:
    paper = Paper()
    paper.heading("The valley of the Wend", 20, "")
    paper.paragraph(BRIDGE)
    paper.heading("1. Mills", 14, "")
    paper.paragraph(MILLS)
    paper.heading("Later")
    paper.paragraph("**Otter Mill** is a museum.")

    reading = paper.read()

    assert [each for each in paragraphs(reading) if each.startswith("#")] == [
        "# The valley of the Wend", "## 1. Mills", "### Later",
    ]  # fmt: skip
    splits = split_document(Document("d", "", reading.text), Window(200, 900, lambda text: len(text.split())))
    assert [each.passage.heading for each in splits] == [
        "The valley of the Wend",
        "The valley of the Wend – 1. Mills",
        "The valley of the Wend – 1. Mills – Later",
    ]


def test_a_title_in_two_lines_is_one_heading() -> None:
    paper = Paper("a5")
    title = "An account of the mills and bridges of the Wend and of those who kept them"
    paper.heading(title, 18)
    paper.paragraph(BRIDGE)

    assert paragraphs(paper.read()) == [f"# {title}", BRIDGE]


def test_a_heading_without_a_gap_does_not_join_the_sentence_after_it() -> None:
    paper = Paper()
    paper.paragraph("The opening of the bridge")
    paper.paragraph(BRIDGE)

    assert paragraphs(paper.read()) == ["The opening of the bridge", BRIDGE]


def test_items_of_a_list_are_each_a_paragraph() -> None:
    paper = Paper("a5")
    paper.paragraph("The keepers had these tasks:")
    items = [f"{mark} {text}" for mark, text in (("-", BRIDGE), ("-", "Tolls."), ("1.", MILLS), ("2.", "Lamps"))]
    for item in items:
        paper.set_x(paper.l_margin + 5)
        paper.multi_cell(0, 5, item, new_x="LMARGIN", new_y="NEXT", align="L")

    assert paragraphs(paper.read()) == ["The keepers had these tasks:", *items]


def test_two_columns_are_read_in_the_order_of_the_file() -> None:
    paper = Paper()
    paper.heading("Two columns", 16)
    text = f"{BRIDGE} {MILLS}"
    lines = paper.multi_cell(85, 5, text, dry_run=True, output="LINES")
    top = paper.get_y() + 5
    for x, column in ((10, lines[:5]), (105, lines[5:])):
        paper.set_y(top)
        for line in column:
            paper.set_x(x)
            paper.cell(85, 5, line, new_y="NEXT")

    assert paragraphs(paper.read()) == ["# Two columns", text]


def test_a_sentence_goes_on_over_the_page_and_the_page_starts_inside_it() -> None:
    paper = Paper("a5")
    for _ in range(8):
        paper.paragraph(f"{BRIDGE} {MILLS}", gap=3)

    reading = paper.read()

    assert paragraphs(reading) == [f"{BRIDGE} {MILLS}"] * 8
    first, second = reading.pages or ()
    assert first == 0
    assert reading.text[second - 1] == " "
    assert not reading.text[: second - 1].endswith((".", "\n"))


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (["It was an extra-", "ordinary bridge of oak."], "It was an extraordinary bridge of oak."),
        (
            ["It was painted by the anti-", "Wend party of the town."],
            "It was painted by the anti-Wend party of the town.",
        ),
        (
            ["It stood in the years 1950-", "1953 and was then burned."],
            "It stood in the years 1950-1953 and was then burned.",
        ),
    ],
)
def test_a_hyphen_that_only_broke_a_line_is_not_in_the_word(lines: list[str], read: str) -> None:
    paper = Paper()
    paper.multi_cell(0, 5, "\n".join(lines))
    apart = Paper()
    apart.multi_cell(0, 5, lines[0])
    apart.add_page()
    apart.multi_cell(0, 5, lines[1])

    assert paragraphs(paper.read()) == [read]
    assert paragraphs(apart.read())[0].startswith(lines[0].rstrip("-"))


def test_running_heads_and_page_numbers_are_left_out_and_reported() -> None:
    class Printed(Paper):
        def header(self) -> None:
            self.set_font("times", size=9)
            self.cell(0, 5, "Annals of the Wend", new_x="LMARGIN", new_y="NEXT")
            self.ln(5)
            self.set_font("times", size=11)

        def footer(self) -> None:
            self.set_y(-15)
            self.cell(0, 5, f"- {self.page_no()} -", align="C")

    paper = Printed("a5")
    for _ in range(24):
        paper.paragraph(f"{BRIDGE} {MILLS}", gap=3)

    reading = paper.read()

    assert paragraphs(reading) == [f"{BRIDGE} {MILLS}"] * 24
    assert reading.removed[:2] == ("Annals of the Wend", "- 1 -")
    assert len(reading.removed) == 2 * len(reading.pages or ())


@pytest.mark.parametrize("said", ["The keeper fills in this form.", "Form {} is for the keeper.", "Paid: {} 000."])
@pytest.mark.parametrize("pages", [2, 5])
def test_a_line_that_is_all_of_its_page_is_no_furniture(said: str, pages: int) -> None:
    paper = Paper()
    for number in range(pages):
        if number:
            paper.add_page()
        paper.paragraph(said.format(number + 1))

    reading = paper.read()

    assert reading.removed == ()
    assert reading.text.count(said[:4]) == pages


def test_a_number_that_does_not_count_the_pages_is_no_furniture() -> None:
    paper = Paper()
    for number, value in enumerate((300, 270, 412, 90)):
        if number:
            paper.add_page()
        paper.paragraph(f"The balance of the year was {value} crowns.")
        paper.paragraph(BRIDGE, gap=5)
        paper.paragraph(f"{MILLS} {value} {MILLS}", gap=5)

    reading = paper.read()

    assert reading.removed == ()
    assert "412 crowns" in reading.text


LINES = st.builds(
    Line,
    text=st.sampled_from(["Words", "more of them.", "- an item", "1. First", "and so on,", "Heading", "x-", "7"]),
    left=st.sampled_from([50.0, 60.0, 300.0]),
    right=st.sampled_from([100.0, 250.0, 500.0]),
    word=st.sampled_from([10.0, 40.0]),
    baseline=st.sampled_from([700.0, 688.0, 676.0, 600.0, 90.0]),
    size=st.sampled_from([8.0, 11.0, 16.0]),
    bold=st.booleans(),
    hyphenated=st.booleans(),
)


@given(st.lists(st.lists(LINES, max_size=6), min_size=1, max_size=5))
def test_every_word_is_kept_in_order_and_each_page_starts_with_its_own(pages: list[list[Line]]) -> None:
    text, starts, removed = lay_out_pages(pages)

    def letters(said: str) -> str:
        return "".join(character for character in said if character.isalnum())

    if not removed:
        assert letters(text) == letters("".join(line.text for lines in pages for line in lines))
    assert list(starts) == sorted(starts)
    for lines, start, end in zip(pages, starts, [*starts[1:], len(text)], strict=True):
        said = letters("".join(line.text for line in lines if line.text not in removed))
        assert letters(text[start:end]) == said or removed


def test_empty_pages_start_where_the_next_one_does() -> None:
    line = Line("Words.", 50, 90, 40, 700, 11)

    text, starts, _ = lay_out_pages([[], [line], [], [line], []])

    assert text == "Words.\n\nWords.\n"
    assert starts == (0, 0, 8, 8, len(text))
