"""Removes page furniture from text at load, before any offset is taken, and says what it removed.

Furniture is what a page or catalogue printed around the text: a wiki's edit link glued to a
heading, a label whose value is missing, a bullet that lost its text. Words are never corrected.
"""

from __future__ import annotations

import re

_LABEL = r"[A-Z][A-Za-z]*(?:[ /-][A-Za-z]+){0,5}(?:\(s\))?:"
LABEL_LINE = re.compile(rf"^{_LABEL}[ \t]*$", re.MULTILINE)

_FURNITURE = (
    # "US-Korea AllianceEdit": an edit link after a heading, which has no full stop.
    re.compile(r"(?<=[a-z)])Edit(?=[ \t]*$)|[ \t]*\[edit\](?=[ \t]*$)", re.MULTILINE),
    # A label with no value: a value stands on the next line or after one blank line, not further.
    re.compile(rf"^{_LABEL}[ \t]*\n(?=[ \t]*\n[ \t]*\n|\s*{_LABEL}[ \t]*$|\s*\Z)|^{_LABEL}[ \t]*\Z", re.MULTILINE),
    re.compile(r"^[ \t]*[-*•·–][ \t]*\n", re.MULTILINE),
)


def clean(text: str) -> tuple[str, list[str]]:
    """The text without furniture, and the removed pieces in the order they were found."""
    removed: list[str] = []

    def drop(match: re.Match[str]) -> str:
        removed.append(match.group().strip())
        return ""

    for pattern in _FURNITURE:
        text = pattern.sub(drop, text)
    return text, removed
