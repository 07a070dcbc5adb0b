"""A Word document (.docx) as Markdown.

mammoth reads it into HTML and markdownify writes that as Markdown. What would be lost or told wrongly is seen to
between the two: notes stand in brackets where their mark is, tables have a form that Markdown has, and lists have no
numbers, since mammoth begins to count anew where Word goes on.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from assistant.errors import SourceError
from assistant.ingest.tables import lay_out_table, text_of

_XML_BYTES, _XML_TAGS = 30_000_000, 1_000_000
"""A document is a packed archive, and a small one can unpack to more than there is memory and time for: so many tags
take half a minute and a gigabyte."""
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name^='toc '] => !
strike => !
"""
_FAULTS = (BadZipFile, ExpatError, KeyError, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error)


def as_markdown(content: bytes, name: str) -> str:
    """The text of the document in Markdown. Raises SourceError, with its `name`, for what is no such document."""
    try:
        return _written(content)
    except _FAULTS as error:
        raise SourceError(
            f"{name!r} is no Word document that can be read ({error}). If it opens in Word, save it anew as .docx, "
            "without a password."
        ) from error


def _written(content: bytes) -> str:
    import mammoth
    from lxml.html import fragment_fromstring, tostring
    from markdownify import markdownify

    _check_size(content)
    # Pictures would stand in the text as thousands of letters.
    pictures = mammoth.images.img_element(lambda _: {})
    page = mammoth.convert_to_html(BytesIO(content), style_map=_STYLES, convert_image=pictures).value
    tree = fragment_fromstring(page, create_parent="div")
    _put_notes_in_place(tree)
    for picture in tree.xpath(".//img"):
        picture.drop_tree()
    for numbered in tree.iter("ol"):
        numbered.tag = "ul"
    for table in list(tree.iter("table")):
        if not any(True for _ in table.iterancestors("table")):
            lay_out_table(table)
    return str(markdownify(tostring(tree, encoding="unicode"), heading_style="ATX", bullets="-", escape_misc=True))


def _check_size(content: bytes) -> None:
    """Raises ValueError for what unpacks to more than can be read; pictures are not unpacked."""
    with ZipFile(BytesIO(content)) as archive:
        parts = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
        if sum(part.file_size for part in parts) > _XML_BYTES:
            raise ValueError(f"it unpacks to more than {_XML_BYTES:,} bytes")
        if sum(archive.read(part).count(b"<") for part in parts) > _XML_TAGS:
            raise ValueError(f"it has more than {_XML_TAGS:,} tags")


def _put_notes_in_place(tree: Any) -> None:
    """Puts the text of foot- and endnotes, which stand in a list at the end, in brackets where their marks are."""
    notes = {
        note.get("id"): note
        for note in tree.xpath(".//li[starts-with(@id, 'footnote-') or starts-with(@id, 'endnote-')]")
    }
    for mark in tree.xpath(".//sup[a[starts-with(@href, '#')]]"):
        note = notes.get(mark.find("a").get("href")[1:])
        text = text_of(note).rstrip(" ↑") if note is not None else ""
        for child in list(mark):
            mark.remove(child)
        mark.text = f" ({text})" if text else ""
        mark.drop_tag()
    for note in notes.values():
        note.drop_tree()
