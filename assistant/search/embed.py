"""Turns text into unit vectors. Owns the embedding models; knows nothing of stores or passages."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from assistant.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MINILM = "minilm"


class Embedder(Protocol):
    """An embedding model. `name` is its identity, saved with every store made with it."""

    name: str
    dimensions: int
    window: int
    """How many tokens of text fit, special tokens not counted. What is beyond would be cut off."""

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` by the model's own tokenizer, special tokens not counted."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimensions), so that a dot product is a cosine."""
        ...


def embedder_name(setting: str) -> str:
    """The name of the embedder that a settings value stands for, known without opening it."""
    from assistant.search.minilm import MiniLM

    return MiniLM.name if setting == MINILM else setting


def embedder_setting(name: str) -> str:
    """The settings value that stands for the embedder called `name`."""
    return MINILM if name == embedder_name(MINILM) else name


def open_embedder(name: str) -> Embedder:
    """The embedder for a settings value: the pinned MiniLM, or a sentence-transformers name or path.

    Raises ModelError when its weights cannot be had.
    """
    if name == MINILM:
        from assistant.search.minilm import MiniLM

        return MiniLM()
    return SentenceTransformerEmbedder(name)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by hub name or path. A hub name needs the network once.

    Safe to use from several threads.
    """

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name, device="cpu")
            self.dimensions = int(self._model.get_embedding_dimension() or 0)
            special = self._model.tokenizer.num_special_tokens_to_add()
        except Exception as error:  # The loaders of weights, tokenizers and settings raise errors of many kinds.
            raise ModelError(
                f"The embedding model {name!r} cannot be loaded ({' '.join(str(error).split())}). "
                f"Check the name or path, or use {MINILM!r}, which needs no network."
            ) from error
        self.name = name
        self.window = int(self._model.max_seq_length or 512) - special
        self._lock = threading.Lock()  # the tokenizer may not be used by two threads at once

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` by the model's own tokenizer, special tokens not counted."""
        with self._lock:
            return len(self._model.tokenizer.encode(text, add_special_tokens=False, verbose=False))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimensions)."""
        with self._lock:
            vectors: NDArray[np.float32] = self._model.encode(
                list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
        return vectors.reshape(len(texts), self.dimensions)
