"""What a reader is told when a quote's document is no longer what it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from assistant.conversations.changes import Change, changed
from assistant.types import Citation, Document


class Since(NamedTuple):
    """The words for a change: beside a statement, and as a sentence."""

    short: str
    long: str


SINCE: dict[Change, Since] = {
    "moved": Since("source changed since", "The document has changed since; the quote now stands in another place."),
    "changed": Since("source changed since", "The document has changed since; this is the quote as it was."),
    "gone": Since("source no longer here", "The document is no longer here; this is the quote as it was."),
}


def change_of(citation: Citation, documents: Mapping[str, Document]) -> Change:
    """What became of a quote in the documents as they are now, by their ids."""
    return changed(citation, documents.get(citation.document_id))
