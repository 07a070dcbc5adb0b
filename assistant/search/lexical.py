"""Word search: BM25 over the terms of passages, kept beside the vectors because local Chroma has no sparse index."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.search.terms import terms

if TYPE_CHECKING:
    from numpy.typing import NDArray


class LexicalIndex:
    """BM25 scores (Lucene's variant, k1 = 1.2, b = 0.75) and inverse document frequencies of terms."""

    def __init__(self, bm25: Any, size: int) -> None:
        self._bm25 = bm25
        self._size = size
        # Columns of the score matrix are terms: their lengths are the numbers of passages with the term.
        self._frequencies = np.diff(bm25.scores["indptr"])

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Indexes `texts`; scores come back in their order."""
        import bm25s

        _quiet()
        bm25 = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        # A passage of function words alone still needs a row.
        bm25.index([terms(text) or [""] for text in texts], show_progress=False)
        return cls(bm25, len(texts))

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        """The index that `save` wrote."""
        import bm25s

        _quiet()
        return cls(bm25s.BM25.load(str(folder), load_corpus=False), size)

    def save(self, folder: Path) -> None:
        """Writes the index to `folder`."""
        self._bm25.save(str(folder), show_progress=False)

    def scores(self, query: Iterable[str]) -> NDArray[np.float32]:
        """BM25 of every text for the query's terms, shape (texts,); 0 where none occurs."""
        known = [term for term in query if term in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._size, np.float32)
        scores: NDArray[np.float32] = self._bm25.get_scores(known)
        return scores

    def frequency(self, term: str) -> int:
        """In how many texts the term occurs."""
        column = self._bm25.vocab_dict.get(term)
        return 0 if column is None else int(self._frequencies[column])

    def idf(self, term: str) -> float:
        """How much a term tells texts apart: ln(1 + (N - n + 0.5) / (n + 0.5)) (Robertson, Zaragoza 2009)."""
        n = self.frequency(term)
        return float(np.log1p((self._size - n + 0.5) / (n + 0.5)))


def _quiet() -> None:
    """bm25s reports every step at debug level to the root handlers."""
    logging.getLogger("bm25s").setLevel(logging.WARNING)
