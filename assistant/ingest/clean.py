"""Removes page furniture from text at load, before any offset is taken, and says what it removed.

Furniture is what a page or catalogue printed around the text: a wiki's edit link glued to a
heading, a catalogue's label whose value is missing, a bullet that lost its text. Each is removed
only where the rest of the text bears out that it is one; in doubt it stays. Words are never corrected.
"""

from __future__ import annotations

import re

LABEL_LINE = re.compile(r"^[A-Z][A-Za-z]*(?:[ /-][A-Za-z]+){0,5}(?:\(s\))?:[ \t]*$", re.MULTILINE)

_EDIT_LINK = re.compile(r"(?<=[\w)])\[edit\](?=[ \t]*$)", re.MULTILINE)
_GLUED_EDIT = re.compile(r"(?<=[a-z])Edit(?=[ \t]*$)", re.MULTILINE)
_EMPTY_BULLET = re.compile(r"^[ \t]*[-*•·–][ \t]*(?:\n|\Z)", re.MULTILINE)
_SMALL_WORDS = frozenset("a an and at by for from in of on or the to with".split())
_CATALOGUE_LABELS = 5


def clean(text: str) -> tuple[str, list[str]]:
    """The text without furniture, and the removed pieces in the order they stood in it."""
    spans = [match.span() for pattern in (_EDIT_LINK, _EMPTY_BULLET) for match in pattern.finditer(text)]
    spans += [match.span() for match in _GLUED_EDIT.finditer(text) if _is_edit_link(text, match)]
    spans += _empty_labels(text)
    kept, removed, position = [], [], 0
    for start, end in sorted(spans):
        kept.append(text[position:start])
        removed.append(text[start:end].strip())
        position = end
    return "".join([*kept, text[position:]]), removed


def _is_edit_link(text: str, match: re.Match[str]) -> bool:
    """Whether "Edit" hangs on a heading: not on a name such as "TextEdit", nor inside a paragraph.

    The word before it must occur by itself, and the two glued together nowhere else.
    """
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    word = re.split(r"\W", line)[-1]
    follows = text[match.end() :].lstrip()[:1]
    return (
        line[:1].isupper()
        and not re.search(r"[.!?] ", line)
        and not follows.islower()
        and len(re.findall(rf"\b{re.escape(word)}Edit", text)) == 1
        and re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None
    )


def _empty_labels(text: str) -> list[tuple[int, int]]:
    """Lines of the labels that have no value, where the text is a catalogue's record.

    A record has several labels, each once and capitalised; some have a value and two or more are
    followed by the next label or by nothing. Elsewhere a label introduces what comes after it.
    """
    labels = list(LABEL_LINE.finditer(text))
    names = [label.group().strip() for label in labels]
    if len(labels) < _CATALOGUE_LABELS or len(set(names)) < len(names) or not all(map(is_title, names)):
        return []
    rests = [text[a.end() : b.start() if b else None] for a, b in zip(labels, [*labels[1:], None], strict=True)]
    bare = [not rest.strip() for rest in rests]
    if sum(bare) < 2 or len(bare) - sum(bare) < 2:
        return []
    # A value stands on the next line or after one blank line, not further.
    empty = [is_bare or rest.lstrip(" \t").startswith("\n\n\n") for is_bare, rest in zip(bare, rests, strict=True)]
    return [
        (label.start(), min(label.end() + 1, len(text)))
        for label, is_empty in zip(labels, empty, strict=True)
        if is_empty
    ]


def is_title(label: str) -> bool:
    """Whether every word of the label but small ones begins with a capital: "Date of Issue:"."""
    return all(word[0].isupper() for word in re.findall(r"(?<!\()\b[A-Za-z]+", label) if word not in _SMALL_WORDS)
