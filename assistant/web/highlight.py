"""Marks a quote on the picture of a page, as a marker pen would."""

from __future__ import annotations

import io

from assistant.library.pictures import Picture

_YELLOW = (255, 231, 154)
_MARGIN = 2
"""Pixels of colour around a line: letters reach to the edge of its box."""


def highlighted(picture: Picture) -> bytes:
    """The picture as PNG, with the box of every line of its quote tinted. The ink stays as it is."""
    if not picture.boxes:
        return picture.png
    from PIL import Image, ImageChops

    page = Image.open(io.BytesIO(picture.png)).convert("RGB")
    for box in picture.boxes:
        left, top = int(box.x * page.width) - _MARGIN, int(box.y * page.height) - _MARGIN
        right, bottom = (box.x + box.width) * page.width + _MARGIN, (box.y + box.height) * page.height + _MARGIN
        place = (max(0, left), max(0, top), min(page.width, round(right)), min(page.height, round(bottom)))
        line = page.crop(place)
        page.paste(ImageChops.multiply(line, Image.new("RGB", line.size, _YELLOW)), place)
    marked = io.BytesIO()
    page.save(marked, "PNG", compress_level=3)
    return marked.getvalue()
