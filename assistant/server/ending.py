"""What whoever still waits is told when the server ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from assistant.server.refusal import refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Ending:
    """Finishes the responses that are cut off, which would be logged as errors of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        from starlette.requests import HTTPConnection

        begun = finished = False

        async def send_watched(message: Message) -> None:
            nonlocal begun, finished
            begun = True
            finished = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        try:
            await self._app(scope, receive, send_watched)
        except asyncio.CancelledError:
            if scope["type"] != "http":
                raise
            if not begun:
                sentence = "The server is being stopped. Ask again when it is back."
                await refusal(HTTPConnection(scope), 503, sentence)(scope, receive, send)
            elif not finished:
                await send({"type": "http.response.body"})
