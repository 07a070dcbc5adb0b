"""A Word document (.docx) as Markdown.

mammoth reads it into HTML and markdownify writes that as Markdown. What would be lost, or is no text of the document,
is seen to between the two: cells that span others, the heads of tables, marks of footnotes, pictures.
"""

from __future__ import annotations

from io import BytesIO
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from assistant.errors import SourceError
from assistant.ingest.tables import lay_out_table

_UNPACKED_BYTES = 200_000_000
"""A document is a packed archive, and a small one can unpack to more than there is memory."""
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""


def as_markdown(content: bytes, name: str) -> str:
    """The text of the document in Markdown. Raises SourceError, with its `name`, for what is no such document."""
    import mammoth
    from lxml.html import fragment_fromstring, tostring
    from markdownify import markdownify

    try:
        with ZipFile(BytesIO(content)) as archive:
            size = sum(part.file_size for part in archive.infolist())
        if size > _UNPACKED_BYTES:
            raise SourceError(f"{name!r} unpacks to {size:,} bytes, more than a text has. Take it out.")
        # Pictures would stand in the text as thousands of letters.
        page = mammoth.convert_to_html(
            BytesIO(content), style_map=_STYLES, convert_image=mammoth.images.img_element(lambda _: {})
        ).value
    except (BadZipFile, ExpatError, KeyError, OSError, ValueError) as error:
        raise SourceError(
            f"{name!r} is no Word document that can be read ({error}). If it opens in Word, save it anew as .docx, "
            "without a password."
        ) from error
    tree = fragment_fromstring(page, create_parent="div")
    for mark in tree.xpath(".//img | .//sup[a[starts-with(@href, '#')]] | .//a[starts-with(@href, '#footnote-ref')]"):
        mark.drop_tree()
    for table in tree.iter("table"):
        lay_out_table(table)
    return str(markdownify(tostring(tree, encoding="unicode"), heading_style="ATX", bullets="-", escape_misc=True))
