"""Which names this server answers to, and that other sites cannot make a visitor's browser change anything here.

A page of another site can point its own name at this machine (DNS rebinding), and its scripts then read what the
server says: unless the server answers only to names that are its own. An address is no name, and cannot be pointed.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.server.refusal import refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_READING = {"GET", "HEAD", "OPTIONS"}


class Hosts:
    """Answers to addresses and to `names`, or to every name if `names` is None; refuses what other sites send."""

    def __init__(self, app: ASGIApp, names: frozenset[str] | None) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        from starlette.requests import HTTPConnection

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        host, origin = connection.headers.get("host", ""), connection.headers.get("origin")
        if not self._answers_to(host):
            response = refusal(
                connection, 421, f"This server does not answer to {host!r}. Start it with --host-name to add a name."
            )
        elif scope["method"] not in _READING and not _from_here(
            origin, host, connection.headers.get("sec-fetch-site", "")
        ):
            response = refusal(connection, 403, "A page of another site sent this. Open the chat and do it there.")
        else:
            await self._app(scope, receive, send)
            return
        await response(scope, receive, send)

    def _answers_to(self, host: str) -> bool:
        name = _name_in(host)
        return bool(name) and (self._names is None or _is_address(name) or name in self._names)


def own_names(host: str, more: Iterable[str] = ()) -> frozenset[str]:
    """What a server that listens at `host` is called, on this machine and beside it."""
    return frozenset(each.lower().rstrip(".") for each in ("localhost", host, socket.gethostname(), *more))


def _name_in(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:  # "[": no address of version 6
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _from_here(origin: str | None, host: str, site: str) -> bool:
    """Whether our own page sent it, or a program: those say neither where they come from nor that it is elsewhere."""
    if origin is None:
        return site in ("", "same-origin", "none")
    _, _, named = origin.partition("://")
    return named.lower() == host.lower()
