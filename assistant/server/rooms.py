"""What of Gradio's own HTTP is open, and that a session of the page belongs to the person who opened it.

A session has the name that the browser gave it, so another person could name it too. Here every name is made one
of the person's own before Gradio sees it: what cannot be named cannot be read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from assistant.server.gate import user_of
from assistant.server.refusal import refusal
from assistant.server.uploads import UPLOAD

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEARTBEAT = "/gradio_api/heartbeat/"
_NAMES = {"session_hash", "upload_id"}
_MARK = "~"
"""Between a user's name, which never has it, and the name that the browser gave."""
_PATHS = {
    "/", "/config", "/theme.css",
    "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/app_id",
    "/gradio_api/theme.css", "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/cancel",
    "/gradio_api/reset", "/gradio_api/upload", "/gradio_api/upload_progress",
}  # fmt: skip
_FOLDERS = ("/assets/", "/static/", "/svelte/", _HEARTBEAT, "/gradio_api/call/", "/gradio_api/run/")
"""What the page and Gradio's clients need. Not among it: files by their path, which are everyone's once uploaded,
addresses elsewhere, recordings, monitoring, states saved under a link, and pages that Gradio is edited with."""


class Rooms:
    """Closes what the page does not need of the application behind it, and keeps sessions apart by user."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        from starlette.requests import HTTPConnection

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, user = scope["path"], user_of(HTTPConnection(scope)) or ""
        if not _is_open(path):
            await refusal(HTTPConnection(scope), 404, f"There is no page {path!r} here.")(scope, receive, send)
            return
        scope = _with_own_names(scope, user)
        # Whatever is sent is read as JSON, however it is named, except what is uploaded.
        if scope["method"] == "POST" and path.rstrip("/") != UPLOAD:
            sent = await _body(receive)
            if sent is None:
                return
            try:
                told = json.loads(sent)
                fetching = _names_a_file_elsewhere(told)
            except (ValueError, RecursionError):
                await refusal(HTTPConnection(scope), 400, "That is not JSON.")(scope, receive, send)
                return
            if fetching:
                sentence = "A file is not fetched from another address. Upload it."
                await refusal(HTTPConnection(scope), 400, sentence)(scope, receive, send)
                return
            body = _with_own_names_in(told, user)
            scope["headers"] = _with_length(scope["headers"], len(body))
            receive = _Again(body, receive)
        await self._app(scope, receive, send)


class _Again:
    """A request's body, once more, and then whatever else comes."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._first: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self._receive = receive

    async def __call__(self) -> Message:
        message, self._first = self._first, None
        return message or await self._receive()


def _is_open(path: str) -> bool:
    # The part of an address that names an event would also take the full name of a session.
    return _MARK not in path and (path == "/" or path.rstrip("/") in _PATHS or path.startswith(_FOLDERS))


def _with_own_names(scope: Scope, user: str) -> Scope:
    """The request with the sessions that its address names made the user's own."""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    query = urlencode([(key, _own(value, user) if key in _NAMES else value) for key, value in pairs])
    scope = {**scope, "query_string": query.encode("ascii")}
    if scope["path"].startswith(_HEARTBEAT):
        scope["path"] = _HEARTBEAT + _own(scope["path"].removeprefix(_HEARTBEAT), user)
        scope["raw_path"] = scope["path"].encode()
    return scope


def _with_own_names_in(told: Any, user: str) -> bytes:
    """The same for what is sent."""
    if isinstance(told, dict):
        told |= {key: _own(told[key], user) for key in _NAMES & told.keys() if isinstance(told[key], str)}
    return json.dumps(told).encode()


def _names_a_file_elsewhere(told: Any) -> bool:
    """Whether it has a file that is an address: Gradio would fetch it."""
    if isinstance(told, dict):
        path = told.get("path")
        return (isinstance(path, str) and "://" in path) or any(map(_names_a_file_elsewhere, told.values()))
    return isinstance(told, list) and any(map(_names_a_file_elsewhere, told))


def _own(name: str, user: str) -> str:
    return f"{user}{_MARK}{name}"


async def _body(receive: Receive) -> bytes | None:
    """All that is sent; None if the connection ends before."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


def _with_length(headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    others = [(name, value) for name, value in headers if name not in (b"content-length", b"transfer-encoding")]
    return [*others, (b"content-length", str(length).encode("ascii"))]
