"""The whole web application: the page, the doors for programs, and what stands in front of all of them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
from assistant.library.uploads import FILE_BYTES
from assistant.server import downloads, programs
from assistant.server.ending import Ending
from assistant.server.gate import Gate, client_of, user_of
from assistant.server.headers import Headers
from assistant.server.hosts import Hosts
from assistant.server.limits import Limits
from assistant.server.login import Login, static
from assistant.server.refusal import refusal, refusal_for
from assistant.server.rooms import Rooms
from assistant.server.tabs import remember_little
from assistant.server.tools import build_tools
from assistant.server.uploads import Uploads
from assistant.web.desk import Desk
from assistant.web.frame import TITLE

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.exceptions import RequestValidationError
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

_THREADS = 40
"""For everything but answers that grow on the page."""
_DESCRIPTION = "Answers from your documents, every statement tied to the exact characters that support it."


@dataclass(frozen=True, slots=True)
class Site:
    """An application to serve, and what ends the streams that open pages hold."""

    app: ASGIApp
    end_streams: Callable[[], None]


def build_site(desk: Desk, limits: Limits, *, login: Login | None, names: frozenset[str] | None, mcp: bool) -> Site:
    """Puts the page and everything around it together. `names` are the host names to answer to; None is all."""
    from anyio.to_thread import current_default_thread_limiter
    from fastapi import FastAPI
    from fastapi.exceptions import RequestValidationError

    from assistant.web.app import AT_ONCE

    def admit(request: Any) -> None:
        limits.question(client_of(request.request))

    desk = replace(desk, admit=admit)
    tools = build_tools(desk, limits) if mcp else None

    @contextlib.asynccontextmanager
    async def running(_: Any) -> AsyncIterator[None]:
        # Whoever waits for a language model has a thread; the page itself and answers that need none must have theirs.
        current_default_thread_limiter().total_tokens = AT_ONCE + _THREADS
        async with tools.session_manager.run() if tools else contextlib.nullcontext():
            yield

    app = FastAPI(
        title=TITLE,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api",
        lifespan=running,
        exception_handlers={AssistantError: _say, RequestValidationError: _say_what_is_wrong},
    )
    programs.add_routes(app, desk, limits)
    downloads.add_routes(app, desk)
    for path in ("/favicon.svg", "/favicon.ico"):
        app.add_route(path, _icon, ["GET"])
    if login:
        login.add_routes(app)
    if tools:
        from mcp.server.transport_security import TransportSecuritySettings

        # A request that comes this far has passed `Hosts` and the gate, whose rules are the stricter ones.
        checked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        served = tools.streamable_http_app(stateless_http=True, json_response=True, transport_security=checked)
        app.router.routes.extend(served.routes)
    end_streams = _mount_page(app, desk)
    return Site(Headers(Ending(Hosts(Gate(Uploads(app, limits), login), names))), end_streams)


def _mount_page(app: FastAPI, desk: Desk) -> Callable[[], None]:
    """Adds the page, with its look; what comes back ends its streams."""
    import gradio as gr
    from gradio.events import api

    from assistant.web.app import build_app
    from assistant.web.look import page_head

    page = build_app(desk)
    with page:
        api(programs.ask_endpoint(desk), api_name="ask", concurrency_limit=None)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        # Fonts by name only: Gradio's own themes fetch theirs.
        theme=gr.themes.Base(font=gr.themes.Font("sans-serif"), font_mono=gr.themes.Font("monospace")),
        head=page_head(),
        auth_dependency=user_of,
        max_file_size=FILE_BYTES,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
    )
    mounted: Any = app.routes[-1]
    gradio_app, mounted.app = mounted.app, Rooms(mounted.app)
    remember_little(gradio_app)
    end: Callable[[], None] = gradio_app.stop_event.set
    return end


def _icon(_: Request) -> Response:
    from starlette.responses import Response

    return Response(static("favicon.svg"), media_type="image/svg+xml")


async def _say(request: Request, error: AssistantError) -> Response:
    return refusal_for(request, error)


async def _say_what_is_wrong(request: Request, error: RequestValidationError) -> Response:
    return refusal(request, 422, programs.in_a_sentence(error.errors()))
