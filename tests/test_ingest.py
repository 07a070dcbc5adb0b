"""From files to documents: what readers keep, what cleaning takes away, what a manifest promises."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fragment_fromstring

from assistant import Document, build_index, load_sources
from assistant.errors import SourceError
from assistant.ingest.blocks import find_blocks, opens_table
from assistant.ingest.clean import clean
from assistant.ingest.readers import Reading, read_file
from assistant.ingest.sources import Sources
from assistant.ingest.split import Window, split_document
from assistant.ingest.tables import lay_out_table

_KINDS = "application/vnd.openxmlformats-officedocument.wordprocessingml."
SOURCES = Path(__file__).parent.parent / "sources"


def read(name: str, content: str | bytes) -> Reading:
    return read_file(PurePath(name), content.encode() if isinstance(content, str) else content)


def pdf(*pages: str, title: str = "", locked: bool = False) -> bytes:
    document = FPDF()
    document.set_font("Helvetica", size=12)
    if title:
        document.set_title(title)
    if locked:
        document.set_encryption("owner", "reader")
    for page in pages:
        document.add_page()
        document.multi_cell(0, 6, page)
    return bytes(document.output())


# Plain text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_unicode_encodings(encoding: str) -> None:
    assert read("a.txt", "Séoul, 서울.\r\nSecond line.\rThird.".encode(encoding)).text == (
        "Séoul, 서울.\nSecond line.\nThird."
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"Fa\xe7ade", "'in/a.txt' is not UTF-8 text (byte 2). If it is text, save it as UTF-8; if not, take it out."),
        (
            b"\xff\xfeA\x00B",
            "'in/a.txt' is not UTF-8 text (byte 4). If it is text, save it as UTF-8; if not, take it out.",
        ),
        (b"A\x00B", "'in/a.txt' is not text: it holds NUL characters. Save it as UTF-8 text."),
        (b"", "'in/a.txt' has no text in it. Remove it, or replace it with a file that has some."),
        (b" \n\t\n", "'in/a.txt' has no text in it. Remove it, or replace it with a file that has some."),
    ],
)
def test_a_file_that_is_not_text_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(SourceError) as raised:
        read("in/a.txt", content)

    assert str(raised.value) == says


def test_a_kind_that_cannot_be_read_is_refused_with_those_that_can() -> None:
    with pytest.raises(
        SourceError, match=r"'a\.doc' is of a kind that cannot be read\. Use one of: \.docx, .*\.pdf, \.txt"
    ):
        read("a.doc", "text")


# Word


def word(*parts: str | list[list[str]], merged: tuple[int, int, int, int] | None = None) -> bytes:
    """A Word document: of "Style: text" a paragraph in that style, of rows a table."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, str):
            style, _, text = part.partition(": ")
            document.add_paragraph(text, style=style)
            continue
        table = document.add_table(rows=len(part), cols=len(part[0]))
        for row, cells in zip(table.rows, part, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        if merged:
            table.cell(*merged[:2]).merge(table.cell(*merged[2:]))
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_word_document_keeps_its_title_headings_lists_and_tables() -> None:
    content = word(
        "Title: Rules of the house",
        "Heading 1: Quiet hours",
        "Normal: Music is not allowed_at all * on Sundays.",
        "Heading 2: Prices",
        [["Room", "Summer", "Winter"], ["Single", "£80", "£60"], ["Suite", "£200", ""]],
        "List Bullet: Bring your own towel",
        "List Number: Ring the bell",
        "List Number: Wait",
        "Normal: # This is <b>no</b> heading",
        merged=(2, 1, 2, 2),
    )

    reading = read_file(PurePath("rules.docx"), content)

    assert reading.title == "Rules of the house"
    assert reading.text == (
        "# Rules of the house\n\n# Quiet hours\n\nMusic is not allowed_at all * on Sundays.\n\n## Prices\n\n"
        "Room | Summer | Winter\n\nSingle | £80 | £60\n\nSuite | £200 | £200\n\n- Bring your own towel\n\n"
        "- Ring the bell\n\n- Wait\n\n# This is <b>no</b> heading\n"
    )


def test_what_stands_in_cells_of_a_word_table_is_kept() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Animal", "Rule"
    table.cell(1, 0).text = "Dogs"
    table.cell(1, 1).text = "Not allowed except:"
    table.cell(1, 1).add_paragraph("guide dogs", style="List Bullet")
    table.cell(1, 1).add_paragraph("This ends in May.")
    inner = table.cell(1, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Mon", "9 am"
    struck = document.add_paragraph("The fee is £7 a co\N{SOFT HYPHEN}operator")
    struck.add_run(", £5").font.strike = True
    box = document.add_table(rows=2, cols=1)
    box.cell(0, 0).text, box.cell(1, 0).text = "In a box", "of two rows"
    file = BytesIO()
    document.save(file)

    assert read_file(PurePath("a.docx"), file.getvalue()).text == (
        "Animal | Rule\n\nDogs | Not allowed except: guide dogs; This ends in May. Mon, 9 am\n\n"
        "The fee is £7 a cooperator\n\nIn a box\n\nof two rows\n"
    )


_NOTE = b"""<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:footnote w:id="2"><w:p><w:r><w:t>Half for members.</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def test_a_note_stands_where_its_mark_is() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("The fee is £7")
    mark = OxmlElement("w:footnoteReference")
    mark.set(qn("w:id"), "2")
    paragraph.add_run()._r.append(mark)
    paragraph.add_run(" a day.")
    document.add_heading("Signatures", 1)
    notes = Part(PackURI("/word/footnotes.xml"), f"{_KINDS}footnotes+xml", _NOTE, document.part.package)
    document.part.relate_to(notes, RELATIONSHIP_TYPE.FOOTNOTES)
    file = BytesIO()
    document.save(file)

    assert read_file(PurePath("a.docx"), file.getvalue()).text == (
        "The fee is £7 (Half for members.) a day.\n\n# Signatures\n"
    )


def packed(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def broken(document: bytes) -> bytes:
    """A Word document with another text than Word would write."""
    with ZipFile(BytesIO(word())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed({**parts, "word/document.xml": document})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"text", "(File is not a zip file)."),
        (packed({"a": b"x"}), "(Could not find main document part."),
        (broken(b"<w:document"), "(unclosed token"),
        (broken(bytes(40_000_000)), "(it unpacks to more than 30,000,000 bytes)."),
        (broken(b"<a/>" * 1_100_000), "(it has more than 1,000,000 tags)."),
    ],
    ids=["text", "another archive", "broken", "many bytes", "many tags"],
)
def test_what_is_no_word_document_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(SourceError) as raised:
        read_file(PurePath("a.docx"), content)

    assert str(raised.value).startswith(f"'a.docx' is no Word document that can be read {says}")


def test_a_word_document_without_text_is_refused() -> None:
    with pytest.raises(SourceError, match=r"'a\.docx' has no text in it\."):
        read_file(PurePath("a.docx"), word())


_SPANS = st.sampled_from(["1", "2", "3", "7", "0", "x", "9" * 5000])


@given(st.lists(st.lists(st.tuples(_SPANS, _SPANS, st.booleans()), max_size=4), min_size=1, max_size=5))
def test_no_cell_of_a_table_is_lost(rows: list[list[tuple[str, str, bool]]]) -> None:
    numbered = iter(range(100))
    written = [[(next(numbered), *cell) for cell in row] for row in rows]
    lines = []
    for row in written:
        tags = [(f"t{'hd'[not head]}", wide, high, n) for n, wide, high, head in row]
        lines.append("".join(f"<{tag} colspan={wide} rowspan={high}>c{n}c</{tag}>" for tag, wide, high, n in tags))
    table = fragment_fromstring("<table><tr>" + "</tr><tr>".join(lines) + "</tr></table>")

    lay_out_table(table)

    text = "".join(table.itertext())
    assert all(f"c{n}c" in text for row in written for n, *_ in row)
    assert len({len(row) for row in table.iter("tr")}) <= 1


def test_a_table_whose_cells_span_very_much_stays_small() -> None:
    row = f"<tr><td rowspan=1000 colspan=1000>{'a' * 1000}</td><td>b</td></tr>"
    table = fragment_fromstring(f"<table>{row * 50}</table>")

    lay_out_table(table)

    assert len("".join(table.itertext())) < 100_000


# Cleaning


def test_the_furniture_of_the_shipped_sources_is_removed_and_reported() -> None:
    removed = load_sources(SOURCES).removed

    assert removed == {
        "mutual-defense-treaty": ("-", "-", "-"),
        "rok-us-alliance-self-reliant-defense": (
            "Accession Number:",
            "Personal Author(s):",
            "Report Date:",
            "Pagination or Media Count:",
            "Distribution Statement:",
        ),
        "us-south-korea-alliance": ("Edit",),
    }


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("US-Korea AllianceEdit\nThe alliance is old.", "US-Korea Alliance\nThe alliance is old."),
        ("History[edit]\nIt began.", "History\nIt began."),
        ("-\nIt encouraged others.\n•\nIt lasted.\n-", "It encouraged others.\nIt lasted.\n"),
        (
            "Title:\nOn Peace\n\nAuthor(s):\n\nReport Date:\n\n\nNumber of Pages:\n\n12\n\nNotes:\n",
            "Title:\nOn Peace\n\n\n\n\nNumber of Pages:\n\n12\n\n",
        ),
    ],
)
def test_furniture_is_removed(text: str, cleaned: str) -> None:
    assert clean(text)[0] == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "I like to Edit\nand to write.",
        "Using TextEdit\nTextEdit is an editor of text.",
        "The Mac comes with TextEdit\nand it opens text.",
        "Press Edit",
        "[edit]\nuser@router# show",
        "Note:\nThe text follows.",
        "Note:\n\n\nThe text follows far below.",
        "Note:",
        "Key elements include:\n\n\n- Defense\n- Trade",
        "Ingredients:\n\n\n- flour\n\nMethod:\n\n\nMix.\n\nNotes:\n\n\nServe warm.",
        "Requirements:\n\nFor adults:\nTwo tablets.\n\nFor children:\nOne tablet.",
        "Adults:\nDose:\nTwo tablets\nChildren:\nDose:\nOne tablet\nElderly:\nDose:\nOne tablet",
        "ALICE:\nHello.\n\nBOB:\nHi.\n\nALICE:\nWell?\n\nBOB:\n\nALICE:\nAnswer me.",
        "– Hello, she said.\n– Hello.",
        "- item\n* item\n• item",
        "5 - 3 is 2",
        "---",
    ],
)
def test_text_that_only_looks_like_furniture_stays(text: str) -> None:
    assert clean(text) == (text, [])


@given(st.text(st.sampled_from("ab Edit[]:-•\n.NoteRD"), max_size=120))
def test_cleaning_takes_away_what_it_reports_and_nothing_else(text: str) -> None:
    cleaned, removed = clean(text)

    rest = iter("".join(text.split()))
    assert all(character in rest for character in "".join(cleaned.split()))
    assert len("".join(text.split())) - len("".join(cleaned.split())) == sum(
        len("".join(each.split())) for each in removed
    )


# Markdown

MARKDOWN = """\
The Treaty
==========

It was *signed* in **1953**, see [the text](https://example.org/t "title") and ![a map](map.png)
of `the border`.<br>It holds.

## Terms

1. Both sides agree.
2. Neither side leaves.

- one
    - nested

| Year | Event |
|------|-------|
| 1953 | signing |
| 1954 | *entry* into force |

```python
print("kept as it is")
```

<div>Shown &amp; kept <!-- not shown --><script>alert("never")</script></div>

### Notes & more

> quoted words
"""


def test_markdown_keeps_the_words_and_the_layout() -> None:
    reading = read("a.md", MARKDOWN)

    assert reading.title == "The Treaty"
    assert [block.strip() for block in reading.text.split("\n\n")] == [
        "# The Treaty",
        "It was signed in 1953, see the text and a map of the border. It holds.",
        "## Terms",
        "1. Both sides agree.",
        "2. Neither side leaves.",
        "- one",
        "- nested",
        "Year | Event",
        "1953 | signing",
        "1954 | entry into force",
        'print("kept as it is")',
        "Shown & kept",
        "### Notes & more",
        "quoted words",
    ]


def test_a_line_that_is_bold_as_a_whole_is_a_heading_in_markdown() -> None:
    text = "# Shop\n\n**Opening hours**\n\nFrom **ten**.\n\n**We are closed.**\n\n- **Bells**\n\n**A** and **B**\n"
    text += "\n**“We are closed.”**\n\n**Author: A. Smith**\n\n**Is it open?**\n"

    assert [line for line in read("a.md", text).text.splitlines() if line] == [
        "# Shop",
        "## Opening hours",
        "From ten.",
        "We are closed.",
        "- Bells",
        "A and B",
        "“We are closed.”",
        "Author: A. Smith",
        "## Is it open?",
    ]


def test_front_matter_is_no_text_and_tells_title_and_date() -> None:
    front = '---\ntitle: "Backup policy"\ndate: 2024-02-01T10:00\ntags:\n  - it\n---\n'

    reading = read("a.md", f"{front}# Backups\n\nDaily.\n")

    assert (reading.title, reading.date, reading.text) == ("Backup policy", "2024-02-01", "# Backups\n\nDaily.\n")
    assert "title" in read("a.md", "---\ntitle of a song\n---\n\nIt is.\n").text


def test_comments_in_code_are_no_headings_and_breaks_that_were_meant_stay() -> None:
    text = "## Deploy\n\n```sh\n# Push it\npush app\n```\n\nMill Lane 4  \n12345 Town\nand H<sub>2</sub>O\n"

    document = Document("d", "D", read("a.md", text).text)
    splits = split_document(document, Window(200, 800, lambda text: len(text.split())))

    assert [each.passage.heading for each in splits] == ["Deploy"]
    assert "Mill Lane 4\n12345 Town and H2O" in document.text


def test_markdown_headings_reach_the_passages() -> None:
    document = Document("d", "The Treaty", read("a.md", MARKDOWN).text)

    splits = split_document(document, Window(200, 800, lambda text: len(text.split())))

    # The title, which every passage has, is not told again as a heading.
    assert [each.passage.heading for each in splits] == ["", "Terms", "Terms – Notes & more"]


# HTML

HTML = """\
<!doctype html><html lang="en"><head><title>The Armistice - Example Press</title>
<meta property="og:title" content="The Armistice"><meta property="og:site_name" content="Example Press">
<meta property="article:published_time" content="1953-07-27"><link rel="canonical" href="https://example.org/armistice">
<script>var secret = "script text";</script><style>p { color: red }</style></head><body>
<nav><ul><li><a href="/">Home page</a></li><li><a href="/about">About this site</a></li></ul></nav>
<article><h1>The Armistice</h1>
<p>The armistice was signed on 27 July 1953 at Panmunjom &amp; ended the fighting on the peninsula.</p>
<h2>Its terms</h2><p>A demilitarised zone, four kilometres wide, was drawn between the two armies of the war.</p>
<script>document.write("written by a script")</script>
<ul><li>Prisoners were exchanged within sixty days.</li><li>A commission of neutral nations watched.</li></ul>
</article><footer>Copyright, terms of use and cookies</footer></body></html>
"""


def test_html_keeps_the_article_and_leaves_the_page_around_it() -> None:
    reading = read("a.html", HTML)

    assert (reading.title, reading.publisher, reading.date, reading.url) == (
        "The Armistice",
        "Example Press",
        "1953-07-27",
        "https://example.org/armistice",
    )
    assert "signed on 27 July 1953 at Panmunjom & ended" in reading.text
    assert "## Its terms" in reading.text
    assert "- Prisoners were exchanged within sixty days." in reading.text
    for left_out in ("script", "secret", "Home page", "cookies", "color", "<"):
        assert left_out not in reading.text


PLAIN = """\
<html><head><title>Bikes</title></head><body><nav><h2>Menu</h2></nav><h1>Your questions</h1><p>We mend bikes.</p>
<h2>Opening</h2><h3>When are you &amp; Marc there?</h3><p>From Tuesday to Friday, between ten and five o’clock.</p>
<h3>May I bring a dog?</h3><p>Please do, the biscuits are behind the counter with the bells and lamps.</p>
<table><tr><th></th><th>2025</th></tr><tr><td>Hire</td><td>£9</td></tr></table><footer>Imprint</footer></body></html>
"""


@pytest.mark.parametrize("inside", ["{}", "<main>{}</main>", "<article>{}</article>", '<div class="content">{}</div>'])
def test_html_keeps_its_headings_whether_or_not_the_page_marks_its_article(inside: str) -> None:
    start, end = PLAIN.index("<h1>"), PLAIN.index("<footer>")

    text = read("a.html", PLAIN[:start] + inside.format(PLAIN[start:end]) + PLAIN[end:]).text

    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Your questions",
        "## Opening",
        "### When are you & Marc there?",
        "### May I bring a dog?",
    ]
    assert "– | 2025\n\nHire | £9" in text
    assert "Imprint" not in text
    assert "Menu" not in text


PARTS = {
    "text of containers": (
        "<h2>Keys</h2><div>A key costs 30 euros.</div><section>Two fit.</section>",
        "costs 30 euros",
    ),
    "dates in sentences": ("<p>It is on <time>12 July</time> at <label>nine</label>.</p>", "It is on 12 July at nine."),
    "quotations": ("<p>Anna said <q>it will <b>be</b> fun</q> and laughed.</p>", "said “it will be fun” and laughed."),
    "questions in buttons": (
        "<h2><button>Is it open?</button></h2><p>It is, on most days of the week.</p>",
        "## Is it",
    ),
    "what opens a panel": (
        "<button aria-expanded=false>May I smoke?</button><div>No, nowhere at all.</div>",
        "### May",
    ),
    "headings by their role": ("<div role=heading aria-level=2>Fees</div><p>They are low this year.</p>", "## Fees"),
    "tables without heads": (
        "<table><tr><td>From<td>Fare<tr><td>Hill<td>£2<tr><td>Port<td>£3</table>",
        "From | Fare\n\nHill | £2\n\nPort | £3",
    ),
    "cells over several rows": (
        "<table><tr><th>Day<th>Time<th>Class<tr><td rowspan=2>Mon<td>9 am<td>Yoga<tr><td>6 pm<td>Boxing"
        "<tr><td>Tue<td rowspan=9>7 pm<td>Judo<tr><td>Wed<td>Swimming</table>",
        "Mon | 9 am | Yoga\n\nMon | 6 pm | Boxing\n\nTue | 7 pm | Judo\n\nWed | 7 pm | Swimming",
    ),
    "cells over several columns": (
        "<table><tr><th rowspan=2>Route<th colspan=2>Fare<tr><th>Summer<th>Winter<tr><td>Hill<td>£2<td>£1"
        "<tr><td>Port<td colspan=2>£3<tr><td colspan=999999999>No Sundays<tr><td>Mill<td colspan=x>£4<td>£5</table>",
        "Route | Fare Summer | Fare Winter\n\nHill | £2 | £1\n\nPort | £3 | £3\n\nNo Sundays | – | –\n\nMill | £4 | £5",
    ),
    "texts around lists in a cell": (
        "<table><tr><th>Pet<th>Rule<tr><td>Dogs<td><p>None but:<ul><li>guide dogs<li>ours</ul><p>Ends soon.</table>",
        "Dogs | None but: guide dogs; ours; Ends soon.",
    ),
    "lists in a cell": (
        "<table><tr><th>Day<th>Work<tr><td>Monday<td><ul><li>Sweep<li>Mop</ul></table>",
        "Monday | Sweep; Mop",
    ),
    "captions": (
        "<table><caption>The fares of 2025</caption><tr><th>From<th>Fare<tr><td>Hill<td>£2</table>",
        "The fares of 2025\n\nFrom | Fare",
    ),
    "lists in lists": (
        "<ol><li>Late fees are:<ol><li>two percent at first</li><li>five after that</li></ol></li></ol>",
        "1. Late fees are:\n\n1. two percent at first\n\n2. five after that",
    ),
}


@pytest.mark.parametrize(("part", "kept"), PARTS.values(), ids=PARTS)
@pytest.mark.parametrize("inside", ["{}", "<main>{}</main>", "<div>{}</div>"])
def test_html_keeps_what_a_page_says_in_other_than_paragraphs(inside: str, part: str, kept: str) -> None:
    around = "<p>The harbour of Hexby was built in 1821, of granite, and has been used by fishing boats ever since.</p>"
    page = f"<html><body>{inside.format(f'<h1>Hexby</h1>{around * 4}{part}{around * 2}')}</body></html>"

    assert kept in read("a.html", page).text


def test_all_articles_of_a_page_are_kept() -> None:
    cards = "".join(f"<article><h2>Card {n}</h2><p>It says that room {n} is free.</p></article>" for n in range(3))

    text = read("a.html", f"<html><body><nav>Home</nav><main>{cards}</main><div>Cookies?</div></body></html>").text

    assert [line for line in text.splitlines() if line.startswith("#")] == ["## Card 0", "## Card 1", "## Card 2"]
    assert "Home" not in text


@pytest.mark.parametrize("page", ["<html></html>", "<frameset><frame src=a></frameset>", "<title>Open", "<script>"])
def test_a_page_without_a_body_is_refused_like_an_empty_one(page: str) -> None:
    with pytest.raises(SourceError, match="has no text in it"):
        read("a.html", page)


def test_html_may_say_which_encoding_it_has() -> None:
    page = '<html><head><meta charset="windows-1252"></head><body><p>Das Café ist geöffnet.</p></body></html>'

    assert "Café ist geöffnet" in read("a.html", page.encode("cp1252")).text
    with pytest.raises(SourceError, match="is not UTF-8"):
        read("a.html", page.replace("windows-1252", "no-such").encode("cp1252"))


def test_a_fragment_of_html_is_read(caplog: pytest.LogCaptureFixture) -> None:
    assert read("a.html", "<p>The mill <b>closed</b> in 1923.").text.strip() == "The mill closed in 1923."
    rows = "<table><tr><th>Post<th>Name<tr><td>Miller<td>Coates"
    assert read("a.html", rows).text.strip() == "Post | Name\n\nMiller | Coates"
    assert not caplog.records


@pytest.mark.parametrize("name", ["Dr. Smith", "Prof. Jones", "St. John's Church"])
def test_a_row_that_begins_with_a_shortened_word_is_no_heading(name: str) -> None:
    rows = ["Name | Day | Room", f"{name} | Monday | Hall", "Ann Lee | Friday | Barn"]
    document = Document("a", "A", read("a.md", "\n".join(f"| {row} |" for row in [rows[0], "-|-|-", *rows[1:]])).text)

    assert [block.kind for block in find_blocks(document.text)] == ["pair"] * 3


def test_only_a_row_at_the_beginning_of_its_line_opens_a_table() -> None:
    text = "Rota:\n\nAnn | Chair\nBob | Cash\n\n- Cat | Post\n- Dan | Gate\n"
    rows = ["Ann | Chair", "Bob | Cash", "Cat | Post", "Dan | Gate"]
    places = [(text.index(row), text.index(row) + len(row)) for row in rows]

    assert [opens_table(text, *place) for place in places] == [True, False, False, False]


def test_a_date_in_the_text_is_not_the_date_of_the_page() -> None:
    page = HTML.replace('<meta property="article:published_time" content="1953-07-27">', "")

    assert read("a.html", page).date is None


def test_html_without_an_article_is_refused() -> None:
    with pytest.raises(SourceError, match=r"'a\.html' has no text in it"):
        read("a.html", "<html><body><script>var a = 'only this';</script></body></html>")


# PDF


def test_pdf_text_knows_its_pages() -> None:
    pages = ["The treaty was signed in Washington.", "It entered into force in 1954.", "It has six articles."]

    reading = read("a.pdf", pdf(*pages, title="The Treaty"))

    assert reading.title == "The Treaty"
    document = Document("d", "t", reading.text, pages=reading.pages)
    assert [document.page_at(document.text.index(page)) for page in pages] == [1, 2, 3]


def test_a_page_without_text_still_counts() -> None:
    reading = read("a.pdf", pdf("First page.", "", "Third page."))

    document = Document("d", "t", reading.text, pages=reading.pages)
    assert document.page_at(document.text.index("Third")) == 3


def test_a_citation_of_a_pdf_names_its_page(tmp_path: Path) -> None:
    from assistant import Assistant

    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bridge.pdf").write_bytes(
        pdf(
            "The old bridge over the river was built of oak. It was burned in the war.",
            "The new bridge was opened in May 1931. Its architect was Otto Lindgren.",
        )
    )
    build_index(load_sources(tmp_path / "in").documents, tmp_path / "store")
    opened = Assistant.open(tmp_path / "store")

    answer = opened.ask("When was the new bridge opened?")

    opened.close()
    assert [(citation.page, citation.quote) for citation in answer.citations][:1] == [
        (2, "The new bridge was opened in May 1931.")
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (pdf("Secret.", locked=True), "'a.pdf' is a PDF with a password. Save a copy without one."),
        (pdf(""), "'a.pdf' has no text, only pictures of it. Run text recognition on it first."),
        (b"%PDF-1.7 and then nothing", "'a.pdf' is not a PDF that can be read"),
        (b"", "'a.pdf' is not a PDF that can be read"),
        (pdf("Cut off.")[:400], "'a.pdf' is not a PDF that can be read"),
    ],
)
def test_a_pdf_without_readable_text_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(SourceError) as raised:
        read("a.pdf", content)

    assert str(raised.value).startswith(says)


# Folders


def test_a_folder_without_a_manifest_is_read_file_by_file(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "b_side.txt").write_text("B.")
    (folder / "deep" / "er" / "a.MD").write_text("# Heading\n\nA.")
    (folder / ".hidden.txt").write_text("never")
    (folder / ".git" / "config.txt").write_text("never")
    (folder / "photo.jpg").write_bytes(b"\xff")
    (folder / "empty.txt").write_text("")
    (folder / "folder.txt").mkdir()
    (tmp_path / "outside.txt").write_text("never")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "circle.txt").symlink_to("circle.txt")

    sources = load_sources(folder)

    assert [(each.id, each.title, each.text) for each in sources.documents] == [
        ("b_side.txt", "b side", "B."),
        ("deep/er/a.MD", "Heading", "# Heading\n\nA.\n"),
    ]
    assert sources.problems == (
        "'circle.txt' is a link to what is not there. Mend it, or remove it.",
        "'empty.txt' has no text in it. Remove it, or replace it with a file that has some.",
        "'link.txt' leads outside its folder. Copy the file into the folder.",
        "'photo.jpg' is left out: it is not of a kind that can be read.",
    )


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that everyone may enter; those of pytest are its user's alone."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def loaded_without_privileges(folder: Path) -> Sources:
    """As somebody whom permissions bind: root may read everything."""
    if os.geteuid():
        return load_sources(folder)
    load_sources(SOURCES)  # what is imported at need may lie where nobody else may read
    os.seteuid(65534)
    try:
        return load_sources(folder)
    finally:
        os.seteuid(0)


def test_a_file_that_may_not_be_read_is_a_problem(shared_folder: Path) -> None:
    (shared_folder / "a.txt").write_text("A.")
    (shared_folder / "a.txt").chmod(0)

    assert loaded_without_privileges(shared_folder).problems == (
        "'a.txt' cannot be read (Permission denied). Check its name and permissions.",
    )


@pytest.mark.parametrize(
    ("mode", "problem"),
    [
        (0, "The folder 'below' cannot be read (Permission denied). Check its permissions."),
        (0o444, "'below/a.txt' cannot be read (Permission denied). Check its name and permissions."),
    ],
    ids=["closed", "listed"],
)
def test_a_folder_that_may_not_be_read_is_a_problem(shared_folder: Path, mode: int, problem: str) -> None:
    (shared_folder / "a.txt").write_text("A.")
    for name in ("below", ".hidden"):
        (shared_folder / name).mkdir()
        (shared_folder / name / "a.txt").write_text("A.")
        (shared_folder / name).chmod(mode)
    try:
        sources = loaded_without_privileges(shared_folder)
    finally:
        for name in ("below", ".hidden"):
            (shared_folder / name).chmod(0o700)

    assert [document.id for document in sources.documents] == ["a.txt"]
    assert sources.problems == (problem,)


@pytest.mark.parametrize(("mode", "name"), [(0, "closed"), (0o111, "closed"), (0, "closed/below")])
def test_the_whole_folder_that_may_not_be_read_is_refused(shared_folder: Path, mode: int, name: str) -> None:
    (shared_folder / "closed" / "below").mkdir(parents=True)
    (shared_folder / "closed").chmod(mode)
    try:
        with pytest.raises(
            SourceError, match=rf"^The folder '.*{name}' cannot be read \(Permission denied\)\. Check its"
        ):
            loaded_without_privileges(shared_folder / name)
    finally:
        (shared_folder / "closed").chmod(0o700)


def test_a_name_that_is_not_text_is_a_problem(tmp_path: Path) -> None:
    Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9.txt")).write_text("A.")

    sources = load_sources(str(tmp_path))

    assert not sources.documents
    assert sources.problems[0].startswith(r"'caf\udce9.txt' cannot be read (")
    assert sources.problems[0].endswith("Check its name and permissions.")


def test_a_file_is_no_folder_and_a_link_to_nothing_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It is.")
    (tmp_path / "b.txt").symlink_to(tmp_path / "gone.txt")

    assert load_sources(tmp_path).problems == ("'b.txt' is a link to what is not there. Mend it, or remove it.",)
    with pytest.raises(SourceError, match=r"a\.txt' is a file\. Name a folder"):
        load_sources(tmp_path / "a.txt")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"There is no folder '.*nowhere'\. Name a folder of \.txt"):
        load_sources(tmp_path / "nowhere")


def test_a_folder_of_nothing_cannot_be_indexed(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There are no documents to index"):
        build_index(load_sources(tmp_path).documents, tmp_path / "store")


# Manifests


def manifest(folder: Path, text: str) -> Path:
    (folder / "a.txt").write_text("Text of A.")
    (folder / "manifest.toml").write_text(text)
    return folder


def entry(**changed: str | None) -> str:
    digest = hashlib.sha256(b"Text of A.").hexdigest()
    fields = {"id": '"a"', "file": '"a.txt"', "title": '"A"', "sha256": f'"{digest}"'} | changed
    return "[[document]]\n" + "".join(f"{name} = {value}\n" for name, value in fields.items() if value is not None)


def test_a_manifest_gives_what_the_file_does_not_say(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"Text of A.").hexdigest().upper()  # as Windows prints it
    text = entry(date="1953-10-01", publisher='"P"', url='"https://example.org"', licence='"CC0"', sha256=f'"{digest}"')

    assert load_sources(manifest(tmp_path, text)).documents == (
        Document("a", "A", "Text of A.", "1953-10-01", "P", "https://example.org", "CC0"),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[document]\n", "manifest.toml' is not valid TOML: .* Correct that line."),
        (entry(note='"x"'), "has the unknown field 'note'. Remove it, or use one of: publisher, date, url, licence."),
        (entry(id=None), "Document 1 of .*manifest.toml' lacks id. Each needs id, file, title, sha256."),
        (entry(id="3"), "Document 1 of .*manifest.toml' has 3 as its id. Give it some text in quotes."),
        (entry(title='""'), "Document 1 of .*manifest.toml' has '' as its title. Give it some text in quotes."),
        (entry(publisher="[]"), "Document 1 of .*manifest.toml' has .* as its publisher. Give it some text in quotes."),
        (entry() + entry(file='"b.txt"'), "manifest.toml' has the id 'a' twice. Give each document its own."),
        (entry() + entry(id='"b"'), "manifest.toml' has the file 'a.txt' twice. Give each document its own."),
        ("[[documents]]\nid = 3", r"manifest.toml' has the unknown entry 'documents'. Write each as \[\[document\]\]."),
        ("[document]\nid = 3", r"manifest.toml' document is not a list of tables. Write each as \[\[document\]\]."),
        ("document = [1]", r"manifest.toml' document is not a list of tables. Write each as \[\[document\]\]."),
    ],
)
def test_a_manifest_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        load_sources(manifest(tmp_path, text))


@pytest.mark.parametrize("content", [b"\xff\xfe", b"title = '\x00'"])
def test_a_manifest_that_is_not_text_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.toml").write_bytes(content)

    with pytest.raises(SourceError, match="is not valid TOML"):
        load_sources(tmp_path)


def test_a_manifest_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").mkdir()

    with pytest.raises(SourceError, match=r"manifest\.toml' cannot be read \(Is a directory\)"):
        load_sources(tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (entry(sha256='"00"'), "'a.txt' is not the file that manifest.toml names: its sha256 is "),
        (entry(file='"gone.txt"'), "'gone.txt' is listed in manifest.toml and is not there. Restore it, or remove"),
        (entry(file='"../a.txt"'), "'../a.txt' leads outside its folder. Copy the file into the folder."),
        (entry(file='"/etc/hostname"'), "'/etc/hostname' leads outside its folder. Copy the file into the folder."),
        (entry(file='"a\\u0000.txt"'), r"'a\x00.txt' cannot be read (embedded null byte). Check its name"),
        (entry(file='"."'), "'.' cannot be read (Is a directory). Check its name and permissions."),
        ("", "'a.txt' is not listed in manifest.toml. Add an entry for it, or remove the file."),
    ],
)
def test_a_broken_promise_of_a_manifest_is_a_problem_and_no_more(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "a.txt").write_text("Text of A.")

    sources = load_sources(manifest(tmp_path / "in", text))

    assert sources.documents == ()
    assert sources.problems[0].startswith(problem)


def test_the_shipped_sources_keep_the_promise_of_their_manifest() -> None:
    sources = load_sources(SOURCES)

    assert len(sources.documents) == 3
    assert sources.problems == ()
