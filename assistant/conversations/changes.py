"""Whether what an answer quoted still stands in the document as it is now. The answer itself never changes."""

from __future__ import annotations

from typing import Literal

from assistant.types import Citation, Document

Change = Literal["same", "moved", "changed", "gone"]


def changed(citation: Citation, document: Document | None) -> Change:
    """What became of a citation's quote in `document`, which is None if there is no such document any more.

    "same": it stands where it stood. "moved": it stands in exactly one other place, which `place_now` gives.
    "changed": it stands nowhere, or in several places of which none is the one cited.
    """
    if document is None:
        return "gone"
    place = place_now(citation, document)
    if place is None:
        return "changed"
    return "same" if place == (citation.start, citation.end) else "moved"


def place_now(citation: Citation, document: Document) -> tuple[int, int] | None:
    """Start and end of a citation's quote in the document as it is now; None if that cannot be told."""
    text, quote = document.text, citation.quote
    if text[citation.start : citation.end] == quote:
        return citation.start, citation.end
    start = text.find(quote)
    if start < 0 or text.find(quote, start + 1) >= 0:
        return None
    return start, start + len(quote)
