"""How things are put for a person, the same in the terminal and in the browser."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """The number with its noun: "1 document", "1,200 documents"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def clip(text: str, limit: int) -> str:
    """At most `limit` characters of `text`, cut between words where there are any, with an ellipsis if cut."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    return (head[: head.rfind(" ")] if " " in head[limit // 2 :] else head).rstrip() + " …"
