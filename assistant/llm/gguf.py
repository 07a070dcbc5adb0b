"""A model in a file, served by llama.cpp in this process to nobody else."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from assistant.errors import LanguageModelError
from assistant.llm.address import Address
from assistant.llm.served import ServedModel

_WIDEST = 8192
_BATCH = 64
_FEW_CORES = 2
"""On so few, llama.cpp's threads wait for each other while anything else runs: one wrote twice as fast as two."""


class GgufModel(ServedModel):
    """Listens on the loopback interface, with a key that only this process knows. `close` ends it."""

    def __init__(self, path: Path, *, seconds: float, window: int | None) -> None:
        """`window` is at most what the model was trained for; by default that, but no more than 8192.

        Loading it holds up every thread of the process. Raises LanguageModelError when the file or llama.cpp is
        missing, or the file cannot be loaded.
        """
        key = secrets.token_urlsafe(32)
        self._server = _serve(path, key, window or _WIDEST)
        super().__init__(
            Address(f"{self._server.listening_address}/v1", path.name),
            key,
            name=path.name,
            seconds=seconds,
            key_variable="",
            window=None,
        )

    def close(self) -> None:
        """Ends the server. A reply that it is writing is given up first: the server would wait for that."""
        super().close()
        self._server = None


def _serve(path: Path, key: str, window: int) -> Any:
    try:
        from xllamacpp import CommonParams, Server
    except ImportError as error:
        raise LanguageModelError(
            f"A model in a file needs llama.cpp, which is not installed ({error}). "
            'Run: pip install -c constraints.txt -e ".[local]"'
        ) from error
    if not path.is_file():
        raise LanguageModelError(f"There is no file of a language model at {str(path)!r}.")
    wanted = CommonParams()
    wanted.model.path = str(path)
    wanted.model_alias = {path.name}  # in place of the path, which nobody needs to know
    wanted.api_keys = [key]
    wanted.n_ctx = window  # llama.cpp caps it to what the model was trained for
    wanted.n_batch = wanted.n_ubatch = _BATCH  # It notices between batches that a request was cancelled.
    if (os.cpu_count() or 1) <= _FEW_CORES:
        wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = 1
    wanted.cache_ram_mib = 0  # Prompts of other conversations would take up to 8 GB.
    wanted.ui = False
    wanted.verbosity = 0
    try:
        return Server(wanted)
    except RuntimeError as error:
        raise LanguageModelError(
            f"The file {str(path)!r} cannot be loaded as a GGUF model ({error}). "
            "It may be damaged, or need more memory than there is."
        ) from error
