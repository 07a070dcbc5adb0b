"""The process that serves: opens the port first, then everything else, and ends well when it is interrupted."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
import webbrowser
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.assistant import Assistant
from assistant.errors import AssistantError, ServeError
from assistant.server.hosts import own_names
from assistant.server.limits import Limits, Rates
from assistant.server.users import PRIVATE_FOLDER
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.server.login import Login
    from assistant.server.site import Site


def serve(
    open_assistant: Callable[[], Assistant],
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    login: bool = False,
    host_names: Iterable[str] = (),
    rates: Rates | None = None,
    mcp: bool = False,
    open_browser: bool = False,
) -> None:
    """Serves the chat until it is interrupted.

    Raises ServeError when the port or the data folder cannot be had or nobody could log in, before anything slow is
    done, and whatever `open_assistant` raises.
    """
    _make(settings.data)
    limits = Limits(rates or Rates())
    asked = _login(settings, limits) if login else None
    # With a login a page of another site gets nothing by pointing its name here: the cookie is for ours.
    names = None if login and not host_names else own_names(host, host_names)
    with _listen(host, port) as listener, contextlib.ExitStack() as ending:
        # What is uploaded lies where other users of the machine cannot read it, and not for longer than this runs.
        os.environ["GRADIO_TEMP_DIR"] = ending.enter_context(tempfile.TemporaryDirectory(prefix="assistant-"))
        assistant = ending.enter_context(contextlib.closing(open_assistant()))
        # What is read from disk once is read before anybody waits for it. No language model is waited for.
        with contextlib.suppress(AssistantError):
            assistant.adjusted(written=False).ask("What is this about?")

        from assistant.conversations import DATABASE, Conversations
        from assistant.library import Libraries
        from assistant.server.site import build_site
        from assistant.web.desk import Desk

        libraries = ending.enter_context(contextlib.closing(Libraries(assistant, settings.data / "libraries")))
        conversations = partial(Conversations, settings.data / DATABASE)
        model = assistant.model.name if assistant.model else ""
        desk = Desk(libraries, conversations, settings.data / "preferences", assistant.settings, model)
        site = build_site(desk, limits, login=asked, names=names, mcp=mcp)
        address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
        print(f"The chat is open at {address} (Ctrl+C stops it)", flush=True)
        if mcp:
            print(f"Other assistants find its tools at {address}/mcp", flush=True)
        if open_browser:
            webbrowser.open(address)
        _run(site, listener)


def _make(data: Path) -> None:
    try:
        # What people add and choose is kept in files that others could read, were it not for the folder.
        data.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    except OSError as error:
        raise ServeError(
            f"The data folder {str(data)!r} cannot be made: {error.strerror}. Name another folder with --data."
        ) from error


def _login(settings: Settings, limits: Limits) -> Login:
    from assistant.server.login import Login
    from assistant.server.sessions import session_key
    from assistant.server.users import Users

    users = Users(settings.data / "users.toml")
    if not users.names:
        raise ServeError("There is no user who could log in. Add one with: assistant users add NAME")
    return Login(users, session_key(settings.data / "secret"), settings.data / "ended", limits)


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket: from here on a browser waits for the page rather than being turned away."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        # Python adds "(while attempting to bind ...)", which says the same twice.
        reason = str((isinstance(error, OSError) and error.strerror) or error).partition(" (while")[0]
        raise ServeError(
            f"The chat cannot listen on {host!r}, port {port}: {reason}. Stop the program that uses the port, "
            "or choose another with --port or --host."
        ) from error


def _run(site: Site, listener: socket.socket) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # Each open page holds a connection that only Gradio can end.
            site.end_streams()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        site.app,
        log_level="warning",
        ws="none",
        server_header=False,
        # Who asks is not what a header says, unless uvicorn's own variable names a proxy that may say it.
        proxy_headers="FORWARDED_ALLOW_IPS" in os.environ,
        # An answer that is being written does not keep the server alive.
        timeout_graceful_shutdown=1,
    )
    with contextlib.suppress(KeyboardInterrupt):
        Server(config).run(sockets=[listener])
