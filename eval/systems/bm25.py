"""A plain pipeline: word search alone, over the assistant's own index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from assistant import Hit
from assistant.search.store import Store
from assistant.search.terms import terms
from eval.systems.base import HITS, System, plain_pipeline


@contextmanager
def open_bm25(path: Path) -> Iterator[System]:
    """Ranks passages by BM25 over the terms of the question, each counted once."""
    with closing(Store(path)) as store:

        def find(question: str) -> Sequence[Hit]:
            scores = store.lexical.scores(dict.fromkeys(terms(question)))
            best = np.argsort(-scores, kind="stable")[:HITS]
            return [Hit(store.splits[number].passage, float(scores[number])) for number in best]

        yield plain_pipeline(find, store.documents)
