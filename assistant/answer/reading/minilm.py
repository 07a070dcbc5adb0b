"""The quick reader: a small cross-encoder fine-tuned to say whether a sentence answers a question.

Its encoder was fine-tuned from MiniLM (READER.md says how, on what, and how well it does). Only what
training changed is shipped; the rest comes from the pinned MiniLM weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.answer.reading.reader import Reading
from assistant.answer.reading.sequence import question_ids, sequence
from assistant.answer.reading.shipped import check_shipped, load_shipped
from assistant.search.minilm import check_weights, open_tokenizer, weights_folder
from assistant.search.network import Network, convert, load_encoder

WEIGHTS = Path(__file__).with_name("minilm.safetensors")
WEIGHTS_SHA256 = "7b2ed0402d2343a234e1b8d6c9c02a81f60a1bcfa0920b63ba7cec5094ea7b05"


class MiniLMReader:
    """Gives the log odds that a sentence answers a question rather than nothing does. Safe in several threads."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """Raises ModelError when its weights are missing or were altered, or MiniLM's are missing."""
        check_shipped(weights, WEIGHTS_SHA256)
        folder = weights_folder()
        self._tokenizer = open_tokenizer(folder)
        self._network = Network(f"reader-minilm-{WEIGHTS_SHA256[:12]}", lambda: _convert(folder, weights), half=True)

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:
        """One number a reading, in order; above 0 it is rather an answer than not."""
        asked = question_ids(self._tokenizer, question)
        sequences = []
        for reading in readings:
            sequences.append(sequence(self._tokenizer, asked, reading.text, reading.place, reading.before))
        output = self._network.run([ids for ids, _ in sequences], [second for _, second in sequences])
        return [float(value) for value in output.reshape(-1)]


def _convert(folder: Path, weights: Path) -> Any:
    check_weights(folder)
    head, tensors = load_shipped(weights)
    return convert(load_encoder(folder, tensors), head)
