"""Reads once what is asked again: "Try again", a question that is suggested to everybody, a part read by itself."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from threading import Lock

from assistant.answer.reading.reader import Reader, Reading

_MOST = 512
"""Questions remembered, the latest; each takes less than a kilobyte."""


class Remembering:
    """A reader that remembers what another made of the latest questions. Safe in several threads if that one is.

    What is read together is remembered together: read with others, a sentence is another in the last digits.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: OrderedDict[bytes, list[float]] = OrderedDict()
        self._using = Lock()

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:
        """The log odds that the reader gives, or gave."""
        key = _key(question, readings)
        with self._using:
            if (known := self._known.get(key)) is not None:
                self._known.move_to_end(key)
                return [*known]
        logits = self._reader.read(question, readings)
        with self._using:
            self._known[key] = [*logits]
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return logits


def _key(question: str, readings: Sequence[Reading]) -> bytes:
    """A digest of all that is shown, each part with its length, so that no two ways of cutting it are one."""
    shown = [question, *(part for each in readings for part in (each.text, each.before, each.place))]
    digest = blake2b(digest_size=16)
    for part in shown:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.digest()
