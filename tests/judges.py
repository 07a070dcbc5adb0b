"""A language model for tests: a real OpenAI-compatible server on the loopback interface, saying what it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ScriptedModel(ThreadingHTTPServer):
    """`correctness` and `faithfulness` are the replies to the two questions of a judge, in order; the last one stays.

    A reply is the text that the model says, or bytes sent as they are in place of a completion, or a status of HTTP, or
    `HANG` for none at all, or `CUT` for one that ends in the middle.
    """

    HANG = "\0hang"
    CUT = "\0cut"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.correctness: list[str | bytes | int] = ["4.5\nIt agrees."]
        self.faithfulness: list[str | bytes | int] = ["YES"]
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedModel

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(request)
        self.server.keys.append(self.headers["Authorization"])
        asked = "\n".join(message["content"] for message in request["messages"])
        replies = self.server.correctness if "Generated Answer" in asked else self.server.faithfulness
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if reply == ScriptedModel.HANG:
            self.server.closing.wait(30)
            self.close_connection = True
        elif isinstance(reply, int):
            self._send(reply, json.dumps({"error": {"message": f"You sent {self.headers['Authorization']}."}}).encode())
        elif isinstance(reply, bytes):
            self._send(200, reply)
        elif reply == ScriptedModel.CUT:
            self._send(200, _completion("YES"), missing=20)
        else:
            self._send(200, _completion(reply))

    def _send(self, status: int, body: bytes, missing: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) - missing])
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Says nothing: the test's output is not the place."""


def _completion(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps(
        {"id": "1", "object": "chat.completion", "created": 0, "model": "scripted", "choices": [choice]}
    ).encode()


@contextmanager
def scripted_model() -> Iterator[ScriptedModel]:
    """The server, answering within the context."""
    with ScriptedModel() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()
