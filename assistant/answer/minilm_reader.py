"""The shipped reader: a small cross-encoder fine-tuned to say whether a sentence answers a question.

Its encoder was fine-tuned from MiniLM (READER.md says how, on what, and how well it does). Only what
training changed is shipped; the rest comes from the pinned MiniLM weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.answer.reader import Reading
from assistant.errors import ModelError
from assistant.search.minilm import check_weights, open_tokenizer, weights_folder
from assistant.search.network import Network, convert_encoder

WEIGHTS = Path(__file__).with_name("reader.safetensors")
WEIGHTS_SHA256 = "de76f85e24e80899b64ac42110e572fe37c9a32be4e98263e9ee5c18b237bb60"
POSITIONS = 88
"""Tokens of a sequence: what the reader was trained on, and what makes sixteen of them cheap."""
_QUESTION_POSITIONS = 28
_PLACE_POSITIONS = 16


class MiniLMReader:
    """Gives the log odds that a sentence answers a question rather than nothing does. Safe in several threads."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """Raises ModelError when its weights are missing or were altered, or MiniLM's are missing."""
        found = _sha256(weights)
        if found != WEIGHTS_SHA256:
            raise ModelError(
                f"The reader's weights {str(weights)!r} were altered: their sha256 is {found}, not {WEIGHTS_SHA256}. "
                "Install the package again."
            )
        folder = weights_folder()
        self._tokenizer = open_tokenizer(folder)
        self._network = Network(f"reader-{WEIGHTS_SHA256[:12]}", lambda: _convert(folder, weights), half=True)

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:
        """One number a reading, in order; above 0 it is rather an answer than not."""
        asked = question_ids(self._tokenizer, question)
        sequences = []
        for reading in readings:
            sequences.append(sequence(self._tokenizer, asked, reading.sentence.text, reading.place, reading.before))
        output = self._network.run([ids for ids, _ in sequences], [second for _, second in sequences])
        return [float(value) for value in output.reshape(-1)]


def question_ids(tokenizer: Any, question: str) -> list[int]:
    """Token ids of a question; of a long one the beginning and the end, where what is asked usually stands."""
    ids = _ids(tokenizer, question)
    if len(ids) <= _QUESTION_POSITIONS:
        return ids
    half = _QUESTION_POSITIONS // 2
    return ids[:half] + ids[-half:]


def sequence(tokenizer: Any, asked: list[int], sentence: str, place: str, before: str) -> tuple[list[int], int]:
    """Token ids of [CLS] question [SEP] sentence | place | sentence before [SEP], and where the second part begins.

    `asked` is the question's ids. What does not fit is cut from the end; of the place only the beginning counts.
    """
    start, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    room = POSITIONS - 3 - len(asked)
    shown = _ids(tokenizer, sentence)[:room] + _ids(tokenizer, f"| {place}")[:_PLACE_POSITIONS]
    if before and len(shown) < room:
        shown += _ids(tokenizer, f"| {before}")
    return [start, *asked, end, *shown[:room], end], len(asked) + 2


def _ids(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer.encode(text, add_special_tokens=False).ids)


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

    check_weights(folder)
    tensors = {name: tensor.float() for name, tensor in load_file(weights).items()}
    head = torch.nn.Linear(tensors["head.weight"].shape[1], 1)
    head.load_state_dict({"weight": tensors.pop("head.weight"), "bias": tensors.pop("head.bias")})
    return convert_encoder(folder, head, tensors)
