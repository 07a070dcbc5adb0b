"""Embedders for tests: real implementations of the protocol that cost next to nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_TOKEN = re.compile(r"\w|[^\w\s]")
_WORD = re.compile(r"\w+")


class HashingEmbedder:
    """Adds up a direction for each word, drawn from its hash (Sahlgren 2005). A token is one character.

    `embedded` keeps every text it was given, so that a test can say what was embedded again.
    """

    def __init__(self, dimensions: int = 64, window: int = 254, name: str = "hashing") -> None:
        self.name = name
        self.dimensions = dimensions
        self.window = window
        self.embedded: list[str] = []

    def count_tokens(self, text: str) -> int:
        return len(_TOKEN.findall(text))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            # Whatever has no words still needs a direction.
            for word in _WORD.findall(text.lower()) or [""]:
                vectors[row] += _direction(word, self.dimensions)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@lru_cache(maxsize=10_000)
def _direction(word: str, dimensions: int) -> NDArray[np.float64]:
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
    return np.random.default_rng(seed).standard_normal(dimensions)


class FailingEmbedder(HashingEmbedder):
    """Stops in the middle of its work, as a machine that loses power does."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(self.embedded) + len(texts) > self.after:
            raise KeyboardInterrupt
        return super().embed(texts)
