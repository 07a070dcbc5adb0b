"""What a server says of its models: which there are, and how many tokens fit into the window of one.

There is no standard for the second. llama.cpp, vLLM and the routers tell it in the list of models, each under a name of
its own; Ollama tells it beside the OpenAI-compatible API.
"""

from __future__ import annotations

import json
import os
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.llm.address import Address

if TYPE_CHECKING:
    import httpx

_WINDOW_NAMES = ("max_model_len", "context_length", "context_window")
_LLAMACPP = "llamacpp"
_OLLAMA_DEFAULT = 4096
_LARGEST_REPLY = 4_000_000
"""Bytes: those of a list of ten thousand models."""
_LONGEST_REPLY = 5.0
"""Seconds for all of a reply, however steadily it drips in."""
_NUM_CTX = re.compile(r"^num_ctx\s+(\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Told:
    """What a server said. `models` is empty, and `window` None, if it does not tell."""

    models: tuple[str, ...]
    window: int | None
    missing: bool = False
    """Whether the model is none of the models."""
    by_ollama: bool = False


def ask_server(client: httpx.Client, address: Address) -> Told:
    """What the server at the address says of the model. `client` sends the key, and has time-outs.

    Raises an error of httpx when the server does not reply, or does not take the key.
    """
    listed = _objects(_json(client, "GET", f"{address.server.rstrip('/')}/models"), "data")
    names = tuple(str(each["id"]) for each in listed if "id" in each)
    # A tag of Ollama's may be left out, and a llama.cpp that serves one model serves it by any name.
    entry = next((each for each in listed if each.get("id") in _spellings(address.model)), None)
    if entry is None and len(listed) == 1 and listed[0].get("owned_by") == _LLAMACPP:
        entry = listed[0]
    if entry is None and names:
        return Told(names, None, missing=True, by_ollama="models" in _json(client, "GET", f"{address.root}/api/ps"))
    entry = entry or {}
    if entry.get("owned_by") == _LLAMACPP:
        return Told(names, _window_of_llamacpp(client, address, entry))
    for name in _WINDOW_NAMES:
        if window := _number(entry.get(name)):
            return Told(names, window)
    running = _json(client, "GET", f"{address.root}/api/ps")
    if "models" in running:
        return Told(names, _window_of_ollama(client, address, running), by_ollama=True)
    return Told(names, None)


def _spellings(model: str) -> tuple[str, str]:
    return model, f"{model}:latest"


def _window_of_llamacpp(client: httpx.Client, address: Address, entry: dict[str, Any]) -> int | None:
    """That of a slot; the list of models has that of all slots together."""
    properties = _json(client, "GET", f"{address.root}/props")
    slot, every = properties.get("default_generation_settings"), entry.get("meta")
    for each in (slot, every):
        if isinstance(each, dict) and (window := _number(each.get("n_ctx"))):
            return window
    return None


def _window_of_ollama(client: httpx.Client, address: Address, running: dict[str, Any]) -> int:
    """That with which the model runs; before it runs that with which it will, as far as Ollama tells."""
    for each in _objects(running, "models"):
        if each.get("name") in _spellings(address.model) and (window := _number(each.get("context_length"))):
            return window
    shown = _json(client, "POST", f"{address.root}/api/show", {"model": address.model})
    if wanted := _NUM_CTX.search(str(shown.get("parameters", ""))):
        return int(wanted[1])
    return _number(os.environ.get("OLLAMA_CONTEXT_LENGTH")) or _OLLAMA_DEFAULT


def _json(client: httpx.Client, method: str, url: str, sent: Any = None) -> dict[str, Any]:
    """The reply; empty where it is an error or no JSON object, since no server has to tell."""
    end = time.monotonic() + _LONGEST_REPLY
    with client.stream(method, url, json=sent) as reply:
        if reply.status_code in (401, 403):
            reply.raise_for_status()
        body = bytearray()
        for piece in reply.iter_bytes():
            body += piece
            if len(body) > _LARGEST_REPLY or time.monotonic() > end:
                return {}
    try:
        told = json.loads(body) if reply.is_success else None
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {}


def _objects(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    listed = told.get(name)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _number(told: Any) -> int | None:
    return int(told) if str(told).isdecimal() and int(told) > 0 else None
