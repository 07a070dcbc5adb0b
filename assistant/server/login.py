"""Logging in: by a form and a cookie for people, by HTTP Basic for programs."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import re
import secrets
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

from assistant.errors import TooManyRequests
from assistant.server.limits import Limits
from assistant.server.refusal import is_opened_by_a_person
from assistant.server.sessions import SECONDS, Sessions
from assistant.server.users import Users
from assistant.wording import one_line

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import HTTPConnection, Request
    from starlette.responses import Response

_COOKIE = "assistant_session"
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_WRONG = "The name or the password is wrong."
_MOST_REMEMBERED = 1000
_PLACE = re.compile(r"\{\{(.+?)\}\}")


class Login:
    """Finds out who sends a request. Passwords are tried one at a time: each try takes time and memory.

    `key` signs the cookies; the folder `ended` remembers who logged out.
    """

    def __init__(self, users: Users, key: str, ended: Path, limits: Limits) -> None:
        from anyio import CapacityLimiter

        self._users = users
        self._sessions = Sessions(key, users, ended)
        self._limits = limits
        # Not a lock: whoever waits for one holds a thread, and those are what answers come from.
        self._one_at_a_time = CapacityLimiter(1)
        self._remembering = secrets.token_bytes(32)
        self._verified: dict[bytes, str] = {}

    def add_routes(self, app: Starlette) -> None:
        """Adds the login page, its stylesheet, and the ways in and out."""
        app.add_route("/login", _show, ["GET"])
        app.add_route("/login", self._log_in, ["POST"])
        app.add_route("/logout", self._log_out, ["POST"])
        app.add_route("/login.css", _style, ["GET"])

    async def user(self, connection: HTTPConnection) -> str | None:
        """Who sends `connection`, by cookie or by password; None for nobody. Raises TooManyRequests."""
        if user := self._sessions.user(connection.cookies.get(_COOKIE, "")):
            return user
        if shown := _basic(connection.headers.get("authorization", "")):
            name, password = shown
            if await self._knows(address_of(connection), name, password):
                return name
        return None

    async def _knows(self, address: str, name: str, password: str) -> bool:
        """Whether it is the password of `name`. Raises TooManyRequests. The first time takes a while, on purpose."""
        from anyio.to_thread import run_sync

        return await run_sync(self._try, address, name, password, limiter=self._one_at_a_time)

    def _try(self, address: str, name: str, password: str) -> bool:
        # What was verified is not worked out again for every request of a program.
        known = hmac.digest(self._remembering, f"{name}\0{password}".encode(), hashlib.sha256)
        remembered = self._verified.get(known)
        if remembered and remembered == self._users.hash_of(name):
            return True
        self._limits.may_try(address, name[:32])
        verified = self._users.verified(name, password)
        if verified is None:
            self._limits.tried(address, name[:32])
            return False
        if len(self._verified) >= _MOST_REMEMBERED:
            self._verified.clear()
        self._verified[known] = verified
        return True

    async def _log_in(self, request: Request) -> Response:
        from starlette.responses import JSONResponse, RedirectResponse

        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        name, password = (form.get(field, [""])[0] for field in ("username", "password"))
        try:
            welcome = await self._knows(address_of(request), name.strip(), password)
        except TooManyRequests as error:
            return _page(request, name, str(error), 429, **{"Retry-After": str(error.seconds)})
        if not welcome:
            return _page(request, name, _WRONG, 401)
        # Gradio's Python client logs in here too, and takes a redirection for a refusal.
        person = is_opened_by_a_person(request)
        response: Response = RedirectResponse(_where_to(request), 303) if person else JSONResponse({"success": True})
        response.set_cookie(
            _COOKIE,
            self._sessions.begin(name.strip()),
            max_age=SECONDS,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response

    async def _log_out(self, request: Request) -> Response:
        from anyio.to_thread import run_sync
        from starlette.responses import RedirectResponse

        await run_sync(self._sessions.end, request.cookies.get(_COOKIE, ""))
        response = RedirectResponse("/login", 303)
        response.delete_cookie(_COOKIE, httponly=True, samesite="strict")
        return response


def address_of(connection: HTTPConnection) -> str:
    """Where it comes from. Of IPv6 it is the network, since one machine may use all the addresses in it."""
    host = connection.client.host if connection.client else "nowhere"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    return str(address.ipv4_mapped or ipaddress.ip_network((address.packed, 64), strict=False))


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return None
    return (name, password) if colon else None


def _where_to(request: Request) -> str:
    """The page that was asked for before the login: one of ours, whatever the address says."""
    wanted = request.query_params.get("next", "/")
    ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if ours and not urlsplit(wanted).netloc else "/"


def _show(request: Request) -> Response:
    return _page(request)


def _style(_: Request) -> Response:
    from starlette.responses import Response

    return Response(static("login.css"), media_type="text/css")


def _page(request: Request, name: str = "", problem: str = "", status: int = 200, **headers: str) -> Response:
    """The form, with the name that was given, so that only the password is to be typed again."""
    from starlette.responses import HTMLResponse

    filled = {
        "problem": f'<p role="alert">{escape(problem)}</p>' if problem else "",
        "next": escape(quote(_where_to(request), safe="")),
        "name": escape(one_line(name)),
        "focus on name": "" if name else " autofocus",
        "focus on password": " autofocus" if name else "",
    }
    # In one pass: what is filled in is not looked at again.
    html = _PLACE.sub(lambda place: filled[place[1]], static("login.html"))
    return HTMLResponse(html, status, {"Content-Security-Policy": _POLICY, **headers})


def static(name: str) -> str:
    """A text file that comes with this package."""
    return files("assistant.server.static").joinpath(name).read_text("utf-8")
