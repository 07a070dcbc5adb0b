"""The reader: a small cross-encoder that reads a question and a sentence together and says whether it answers.

Its encoder was fine-tuned from MiniLM (READER.md says how, on what, and how well it does). Only what
training changed is shipped; the rest comes from the pinned MiniLM weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import ModelError
from assistant.ingest.split import place_of
from assistant.search.hybrid import Sentence
from assistant.search.minilm import check_weights, open_tokenizer, weights_folder
from assistant.search.network import Network, convert_encoder

WEIGHTS = Path(__file__).with_name("reader.safetensors")
WEIGHTS_SHA256 = "7419f27e326bfdb550f410725ad749b37a743817b7d6fb26b47f4947a8645eb6"
_POSITIONS = 88
_QUESTION_POSITIONS = 28
_CONTEXT_POSITIONS = 16
_SEPARATOR = "| "


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence with the one before it in its passage, "" at its beginning: what the reader is shown."""

    sentence: Sentence
    before: str


class Reader:
    """Gives the log odds that a sentence answers a question rather than nothing does. Safe in several threads."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """Raises ModelError when its weights or MiniLM's are missing or were altered."""
        found = _sha256(weights)
        if found != WEIGHTS_SHA256:
            raise ModelError(
                f"The reader's weights {str(weights)!r} were altered: their sha256 is {found}, not {WEIGHTS_SHA256}. "
                "Install the package again."
            )
        folder = weights_folder()
        check_weights(folder)
        self._tokenizer = open_tokenizer(folder)
        self._network = Network(f"reader-{WEIGHTS_SHA256[:12]}", lambda: _convert(folder, weights))

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:
        """One number a reading, in order; above 0 it is rather an answer than not."""
        asked = self._ids(question)[:_QUESTION_POSITIONS]
        sequences = [self._sequence(asked, reading) for reading in readings]
        return [float(value) for value in self._network.run(sequences, [len(asked) + 2] * len(sequences)).reshape(-1)]

    def _sequence(self, asked: list[int], reading: Reading) -> list[int]:
        """[CLS] question [SEP] sentence | title – heading | sentence before [SEP], the context cut to what fits."""
        start, end = self._tokenizer.token_to_id("[CLS]"), self._tokenizer.token_to_id("[SEP]")
        room = _POSITIONS - 3 - len(asked)
        passage = reading.sentence.passage
        ids = self._ids(reading.sentence.text)[:room]
        ids += self._ids(_SEPARATOR + place_of(passage.title, passage.heading))[:_CONTEXT_POSITIONS]
        if reading.before:
            ids += self._ids(_SEPARATOR + reading.before)
        return [start, *asked, end, *ids[:room], end]

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"The reader's weights {str(path)!r} cannot be read ({error.strerror}). Install the package again."
        ) from error


def _convert(folder: Path, weights: Path) -> Any:
    import torch
    from safetensors.torch import load_file

    tensors = {name: tensor.float() for name, tensor in load_file(weights).items()}
    head = torch.nn.Linear(tensors["head.weight"].shape[1], 1)
    head.load_state_dict({"weight": tensors.pop("head.weight"), "bias": tensors.pop("head.bias")})
    return convert_encoder(folder, head, tensors)
