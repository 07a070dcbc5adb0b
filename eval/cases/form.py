"""The form of a line: which fields it has, and what each of them holds. What the fields mean is not looked at here.

A fault is the rest of a sentence that starts with a place: "Line 2 of 'cases.jsonl'" + " " + fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from assistant.wording import clip

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value may be: its name with an article, and the faults of a value that stands in a field."""

    name: str
    faults: Callable[[str, Any], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of an object."""

    required: Mapping[str, Kind]
    optional: Mapping[str, Kind]

    def faults(self, row: Mapping[str, Any]) -> Iterator[str]:
        """Fields that are missing, of another kind, or misspelt. Fields that resemble none are another program's."""
        for name in self.required:
            if name not in row:
                yield _missing(name, self.required[name])
        kinds = {**self.required, **self.optional}
        absent = [name for name in kinds if name not in row]
        for name, value in row.items():
            if name in kinds:
                yield from kinds[name].faults(name, value)
            elif meant := get_close_matches(name.lower(), absent, 1, cutoff=0.75):
                yield f"has the unknown field {name!r}. Rename it to {meant[0]!r}, if that is meant."


def _missing(field: str, kind: Kind) -> str:
    return f"lacks {field!r}. Give it, as {kind.name}."


def _wrong(field: str, value: Any, kind: str) -> str:
    return f"has {clip(json.dumps(value, ensure_ascii=False), 60)} as {field}. Make it {kind}."


def _scalar(name: str, fits: Callable[[Any], bool]) -> Kind:
    def faults(field: str, value: Any) -> Iterator[str]:
        if not fits(value):
            yield _wrong(field, value, name)

    return Kind(name, faults)


def _list(name: str, of: Kind) -> Kind:
    def faults(field: str, value: Any) -> Iterator[str]:
        if not isinstance(value, list):
            yield _wrong(field, value, name)
            return
        for number, each in enumerate(value):
            yield from of.faults(f"{field}[{number}]", each)

    return Kind(name, faults)


def _object(name: str, fields: Mapping[str, Kind]) -> Kind:
    def faults(field: str, value: Any) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _wrong(field, value, name)
            return
        for key, kind in fields.items():
            if key in value:
                yield from kind.faults(f"{field}.{key}", value[key])
            else:
                yield _missing(f"{field}.{key}", kind)

    return Kind(name, faults)


def _text_faults(field: str, value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield _wrong(field, value, "a text")
    elif half := _SURROGATE.search(value):
        # JSON can write it as an escape; no file can hold it as text, so that no result could be written.
        yield f"has half a character, {half[0]!r}, in {field}. Remove it or write both halves."


_TEXT = Kind("a text", _text_faults)
_TEXTS = _list("a list of texts", _TEXT)
# A flag is an `int` too.
_WHOLE = _scalar("a whole number", lambda value: type(value) is int)
_FLAG = _scalar("true or false", lambda value: isinstance(value, bool))
_SPAN = _object("an object with document_id, start and end", {"document_id": _TEXT, "start": _WHOLE, "end": _WHOLE})
_TURN = _object("an object with question and answer", {"question": _TEXT, "answer": _TEXT})

CASE = Form(
    required={
        "id": _TEXT,
        "question": _TEXT,
        "history": _list("a list of objects with question and answer", _TURN),
        "answerable": _FLAG,
        "evidence": _list("a list of objects with document_id, start and end", _SPAN),
        "answers": _TEXTS,
    },
    optional={
        "facts": _list("a list of lists of texts", _TEXTS),
        "conflict": _TEXTS,
        "tags": _TEXTS,
        "label": _TEXT,
        "document_id": _TEXT,
    },
)
DOCUMENT = Form(
    required={"id": _TEXT, "title": _TEXT, "text": _TEXT},
    optional={"date": _scalar("a text or null", lambda value: value is None or isinstance(value, str))},
)
