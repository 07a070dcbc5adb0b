"""What a search brings back, made by hand."""

from __future__ import annotations

from assistant.search.hybrid import Found, Sentence
from assistant.types import Hit, Passage


def found_in(query: str, *passages: tuple[str, ...], **weights: float) -> Found:
    """What a search brings back from passages of these sentences: all as well found, and as near to the question."""
    hits, sentences = [], []
    for rank, texts in enumerate(passages):
        passage = Passage(f"d{rank}", "", "", 0, len(" ".join(texts)), " ".join(texts))
        hits.append(Hit(passage, 1.0))
        end = -1
        for place, text in enumerate(texts):
            start, end = end + 1, end + 1 + len(text)
            sentences.append(
                Sentence(passage, rank, place, start, end, 0.5, is_item=False, in_item=False, opens_table=False)
            )
    return Found(query, weights, tuple(hits), tuple(sentences))
