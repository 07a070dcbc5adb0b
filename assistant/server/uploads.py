"""How much may be sent, and which files: looked at as they come in, before anything of them is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError, TooManyRequests
from assistant.ingest.readers import readable
from assistant.library.uploads import FILE_BYTES, FILES_AT_ONCE
from assistant.server.gate import client_of, user_of
from assistant.server.limits import Limits
from assistant.server.refusal import refusal, refusal_for

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOAD = "/gradio_api/upload"
_MEGABYTE = 1_000_000
_UPLOAD_BYTES = FILES_AT_ONCE * FILE_BYTES + _MEGABYTE  # the form around the files
_OTHER_BYTES = 2 * _MEGABYTE
_STRANGERS_BYTES = 20_000
"""For a name and a password. More would only keep the server busy."""


class _Refused(AssistantError):
    """Something that is sent is not taken; `status` says why to programs."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Uploads:
    """Refuses what is too large or not a document, whether its size was announced or not, and too many uploads."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        from starlette.requests import ClientDisconnect, HTTPConnection

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        try:
            look = self._at_the_door(connection)
        except (_Refused, TooManyRequests) as error:
            await _response(connection, error)(scope, receive, send)
            return
        refused = False

        async def receive_checked() -> Message:
            nonlocal refused
            message = await receive()
            if message["type"] != "http.request":
                return message
            try:
                look(message.get("body", b""))
            except _Refused as error:
                refused = True
                await _response(connection, error)(scope, receive, send)
                return {"type": "http.disconnect"}
            return message

        async def send_unless_refused(message: Message) -> None:
            if not refused:
                await send(message)

        try:
            await self._app(scope, receive_checked, send_unless_refused)
        except ClientDisconnect:
            if not refused:
                raise

    def _at_the_door(self, connection: HTTPConnection) -> Callable[[bytes], None]:
        """What looks at each piece of the body. Raises _Refused or TooManyRequests for what can be told before."""
        uploading = connection.scope["path"].rstrip("/") == UPLOAD and connection.scope["method"] == "POST"
        most = _STRANGERS_BYTES if user_of(connection) is None else _UPLOAD_BYTES if uploading else _OTHER_BYTES
        announced = connection.headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > most:
            raise _too_much(most)
        weigh = _Scales(most)
        if not uploading:
            return weigh
        self._limits.upload(client_of(connection))
        inspect = _Inspection(connection.headers.get("content-type", ""))

        def both(piece: bytes) -> None:
            weigh(piece)
            inspect(piece)

        return both


class _Scales:
    """Adds up what came."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._came = 0

    def __call__(self, piece: bytes) -> None:
        self._came += len(piece)
        if self._came > self._most:
            raise _too_much(self._most)


class _Inspection:
    """Reads the names of the files in a form as it comes, and how large each is."""

    def __init__(self, content_type: str) -> None:
        from python_multipart.multipart import MultipartParser, parse_options_header

        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or b"boundary" not in options:
            raise _Refused(400, "Files are uploaded as a form, of the type multipart/form-data.")
        self._header, self._value = bytearray(), bytearray()
        self._name, self._size, self._files = "", 0, 0
        callbacks: Any = {
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._on_header,
            "on_part_data": self._on_data,
        }
        self._parser = MultipartParser(options[b"boundary"], callbacks)

    def __call__(self, piece: bytes) -> None:
        from python_multipart.exceptions import MultipartParseError

        try:
            self._parser.write(piece)
        except MultipartParseError as error:
            raise _Refused(400, "The uploaded form cannot be read. Upload the file again.") from error

    def _on_header(self) -> None:
        from python_multipart.multipart import parse_options_header

        if bytes(self._header).lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            self._name, self._size = options.get(b"filename", b"").decode("utf-8", "replace"), 0
            if b"filename" in options:
                self._on_file()
        self._header.clear()
        self._value.clear()

    def _on_file(self) -> None:
        self._files += 1
        if self._files > FILES_AT_ONCE:
            raise _Refused(413, f"At most {FILES_AT_ONCE} files can be uploaded at once. Upload the others afterwards.")
        if not readable(PurePosixPath(self._name)):
            raise _Refused(
                415, f"{self._name!r} is not of a kind that can be read. Upload text, Markdown, HTML or PDF."
            )

    def _on_data(self, _: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._size > FILE_BYTES:
            raise _Refused(413, f"{self._name!r} is larger than {FILE_BYTES // _MEGABYTE} MB. Upload it in parts.")


def _too_much(most: int) -> _Refused:
    said = f"{most // _MEGABYTE} MB" if most >= _MEGABYTE else f"{most // 1000} kB"
    return _Refused(413, f"That is more than {said}, which is the most that can be sent at once.")


def _response(connection: HTTPConnection, error: AssistantError) -> Response:
    return (
        refusal(connection, error.status, str(error)) if isinstance(error, _Refused) else refusal_for(connection, error)
    )
