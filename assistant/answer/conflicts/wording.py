"""How an answer says that its sources disagree, and which source each side is from."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Citation, Conflict
from assistant.wording import clip, one_line, unmarked

_LONGEST_TITLE = 100


def disagreement(document_ids: Sequence[str]) -> str:
    """The sentence that tells of a conflict between statements from these documents."""
    return "The sources disagree." if len(set(document_ids)) > 1 else "The source disagrees with itself."


def told(conflict: Conflict) -> str:
    """The sentence that there is this conflict."""
    return disagreement([citation.document_id for each in conflict.statements for citation in each.citations])


def side(citation: Citation, date: str | None) -> str:
    """The source of one side: its title, or its id if it has none, its date and page where known, and a colon."""
    title = clip(one_line(citation.title) or one_line(citation.document_id), _LONGEST_TITLE)
    page = f"page {citation.page}" if citation.page is not None else ""
    where = ", ".join(known for known in (one_line(date or ""), page) if known)
    return unmarked(f"{title} ({where}):" if where else f"{title}:")
