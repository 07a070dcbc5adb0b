"""Readers for tests: one that does not read the same twice, and two that do not read."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from assistant.answer.reading.reader import Reader, Reading


class Remembering:
    """A reader that does not read the same twice: tests ask the same again and again.

    What is read together is remembered together: read with others, a sentence is another in the last digits.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, ...], list[float]] = {}

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:
        shown = (part for each in readings for part in (each.sentence.text, each.before, each.place))
        key = (question, *shown)
        if key not in self._known:
            self._known[key] = self._reader.read(question, readings)
        return self._known[key]


class Indifferent:
    """A reader to which every sentence is as good as any: what is found and chosen is left to the search."""

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:  # noqa: ARG002 (every reader is given it)
        return [0.0] * len(readings)


class Guessing:
    """A reader that takes any sentence for an answer or not, always the same one."""

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:
        texts = (f"{question}\n{each.sentence.text}".encode("utf-8", "replace") for each in readings)
        return [crc32(text) % 1000 / 100 - 5 for text in texts]
