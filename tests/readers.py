"""Readers for tests, which do not read."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from assistant.answer.reading.reader import Reading


class Indifferent:
    """A reader to which every sentence is as good as any: what is found and chosen is left to the search."""

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:  # noqa: ARG002 (every reader is given it)
        return [0.0] * len(readings)


class Guessing:
    """A reader that takes any sentence for an answer or not, always the same one."""

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:
        texts = (f"{question}\n{each.sentence.text}".encode("utf-8", "replace") for each in readings)
        return [crc32(text) % 1000 / 100 - 5 for text in texts]
