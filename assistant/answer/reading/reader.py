"""What a reader is shown and what it must give, and the reader for a settings value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assistant.ingest.split import place_of
from assistant.search.hybrid import Sentence

CASCADE, MINILM_READER = "cascade", "minilm-reader"
SHIPPED = (CASCADE, MINILM_READER)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence with the one before it in its passage, "" at its beginning: what the reader is shown.

    `told` is what is shown for the sentence where it is none that can be read, as a row of a table.
    """

    sentence: Sentence
    before: str
    told: str = ""

    @property
    def text(self) -> str:
        """The sentence, or what is shown for it."""
        return self.told or self.sentence.text

    @property
    def place(self) -> str:
        """The title and the heading that the sentence stands under."""
        return place_of(self.sentence.passage.title, self.sentence.passage.heading)


class Reader(Protocol):
    """A model that judges sentences as answers. Must be safe to use from several threads."""

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:
        """The log odds that each sentence answers rather than nothing does, in order; above 0 it rather does."""
        ...


def log_odds_of_any(logits: Sequence[float]) -> float:
    """The log odds that any of the sentences, one or more, answers: those of the sum of their odds, as in training."""
    return float(np.logaddexp.reduce(logits))


def open_reader(name: str) -> Reader:
    """The reader for a settings value: a shipped one, or a sentence-transformers cross-encoder by name or path.

    The cascade is its quick reader alone where none of the other's weights are installed. Raises ModelError when
    the weights cannot be had.
    """
    if name in SHIPPED:
        from assistant.answer.reading.minilm import MiniLMReader

        quick = MiniLMReader()
        if name == MINILM_READER:
            return quick
        from assistant.answer.reading.cascade import Cascade
        from assistant.answer.reading.mpnet import MPNetReader, is_installed

        return Cascade(quick, MPNetReader()) if is_installed() else quick
    from assistant.answer.reading.cross_encoder import CrossEncoderReader

    return CrossEncoderReader(name)
