"""From what a person writes to the model that it stands for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import LanguageModelError
from assistant.llm.address import Address, parse_address
from assistant.llm.base import LanguageModel

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

KEY = "ASSISTANT_LLM_KEY"
_GGUF = "gguf:"
_OPENAI = "https://api.openai.com/v1"
_FORMS = "Give http://host:port/v1#model, ollama/NAME, openai/NAME or gguf:FILE."
_HOST = "It is made of the environment variable OLLAMA_HOST: correct that, or unset it."


def open_llm(llm: str | LLM, *, seconds: float, window: int | None = None) -> LanguageModel:
    """The model that a settings value stands for, or a LlamaIndex `LLM` as it is.

    The value is `http://host:port/v1#model`, `ollama/NAME`, `openai/NAME` or `gguf:FILE`. A key is taken from the
    environment, OPENAI_API_KEY for `openai/` and ASSISTANT_LLM_KEY for an address. `seconds` is how long a whole
    reply may take, `window` how many tokens prompt and reply may have together, if it is not to be found out.

    No server is asked. Raises LanguageModelError when the value stands for no model, or the file cannot be loaded.
    """
    if not isinstance(llm, str):
        from assistant.llm.given import GivenModel

        return GivenModel(llm, seconds=seconds, window=window)
    if path := _file(llm):
        from assistant.llm.gguf import GgufModel

        return GgufModel(path, seconds=seconds, window=window)
    from assistant.llm.served import ServedModel

    address, variable = address_of(llm)
    key = _key(variable) if variable else None
    if address.server == _OPENAI:
        window = window or _window_of_openai(address.model)
    return ServedModel(address, key, name=address.model, seconds=seconds, key_variable=variable, window=window)


def name_of(llm: str) -> str:
    """What a person calls the model that a settings value stands for: neither an address nor a folder.

    Raises LanguageModelError when it stands for none.
    """
    path = _file(llm)
    return path.name if path else address_of(llm)[0].model


def _key(variable: str) -> str | None:
    """The key that an environment variable holds; a line end after it, as files have them, is no part of it."""
    key = os.environ.get(variable, "").strip()
    if not (key.isascii() and key.isprintable()):
        # It is not repeated: most of it is right.
        raise LanguageModelError(f"The key in the environment variable {variable} holds signs that no key has.")
    return key or None


def address_of(llm: str) -> tuple[Address, str]:
    """Where the model is, and the environment variable that holds the key; Ollama knows no keys."""
    kind, _, name = llm.partition("/")
    if kind == "openai" and name:
        return Address(_OPENAI, name), "OPENAI_API_KEY"
    if kind == "ollama" and name:
        return _ollama(name), ""
    return parse_address(llm, "language model", _FORMS, KEY), KEY


def _file(llm: str) -> Path | None:
    return Path(llm.removeprefix(_GGUF)).expanduser() if llm.startswith(_GGUF) and llm != _GGUF else None


def _ollama(model: str) -> Address:
    """The model where Ollama's own command would look for it (its envconfig.Host)."""
    host = os.environ.get("OLLAMA_HOST", "").strip().rstrip("/")
    scheme, _, rest = host.rpartition("://")
    name, colon, port = rest.rpartition(":")
    if not (colon and port.isdecimal()):
        name, port = rest, {"http": "80", "https": "443"}.get(scheme, "11434")
    # 0.0.0.0 is where a server listens, and no place to go to.
    name = "127.0.0.1" if name in ("", "0.0.0.0") else name  # noqa: S104
    return parse_address(f"{scheme or 'http'}://{name}:{port}/v1#{model}", "language model", _HOST, KEY)


def _window_of_openai(model: str) -> int | None:
    """OpenAI's API does not tell."""
    from llama_index.llms.openai.utils import openai_modelname_to_contextsize

    try:
        return openai_modelname_to_contextsize(model)
    except ValueError:  # It is not in the table, or no longer served.
        return None
