"""The headers of every response: what they allow the browser to do, and that nothing personal is stored in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio's own page needs inline scripts and `Function`. The rest keeps every request on this server.
_PAGE_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; base-uri 'self'; "
    "frame-ancestors 'self'; form-action 'self'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    # Nothing is said to other sites. "no-referrer" would also take the origin from our own forms, which is checked.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_THE_SAME_FOR_ALL = (
    "/assets/",
    "/static/",
    "/svelte/",
    "/theme.css",
    "/gradio_api/theme.css",
    "/login.css",
    "/favicon",
)
"""Files of the program. All else is personal, and stays out of caches."""
_FOUND = (200, 206, 304)


class Headers:
    """Sets the headers, in place of those that the application set. Plain ASGI: streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        from starlette.datastructures import MutableHeaders

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # Gradio lets pages of every site read, unless the server is at this machine's own address.
                for name in [each for each in headers if each.startswith("access-control-")]:
                    del headers[name]
                headers.update(_ALWAYS)
                headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
                if message["status"] not in _FOUND or not scope["path"].startswith(_THE_SAME_FOR_ALL):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)
