"""The gate in front of everything: who has not logged in, where there is a login, comes no further."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from assistant.errors import AssistantError
from assistant.server.login import Login, address_of
from assistant.server.refusal import is_opened_by_a_person, refusal, refusal_for
from assistant.settings import LOCAL_USER

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

OPEN = frozenset({"/login", "/login.css", "/favicon.svg", "/favicon.ico"})
"""All that answers without a login, where there is one."""


class Gate:
    """Lets in who has logged in, and says who that is: `user_of` and `client_of` read it. Without `login`, everyone."""

    def __init__(self, app: ASGIApp, login: Login | None) -> None:
        self._app = app
        self._login = login

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        from starlette.requests import HTTPConnection

        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # There are no other doors.
        connection = HTTPConnection(scope)
        try:
            user = await self._login.user(connection) if self._login else LOCAL_USER
        except AssistantError as error:
            await refusal_for(connection, error)(scope, receive, send)
            return
        if user is None and scope["path"] not in OPEN:
            await _ask_to_log_in(connection)(scope, receive, send)
            return
        scope["assistant.user"] = user
        scope["assistant.client"] = address_of(connection) if self._login is None else f"user {user}"
        await self._app(scope, receive, send)


def user_of(connection: HTTPConnection) -> str | None:
    """Who sent it, as the gate found out; None for a visitor of the login page."""
    user: str | None = connection.scope["assistant.user"]
    return user


def client_of(connection: HTTPConnection) -> str:
    """For whom it counts: the user, or the address where nobody logs in."""
    return str(connection.scope["assistant.client"])


def _ask_to_log_in(connection: HTTPConnection) -> Response:
    from starlette.responses import RedirectResponse

    url = connection.url
    if is_opened_by_a_person(connection) and connection.scope["method"] == "GET":
        wanted = url.path + (f"?{url.query}" if url.query else "")
        return RedirectResponse("/login" if wanted == "/" else f"/login?next={quote(wanted, safe='')}", 303)
    # A script of the page must not make the browser ask for the password in a window of its own.
    by_a_script = "sec-fetch-mode" in connection.headers
    asking = {} if by_a_script else {"WWW_Authenticate": 'Basic realm="Ask the sources", charset="UTF-8"'}
    return refusal(connection, 401, "Log in first. Programs send a user's name and password by HTTP Basic.", **asking)
