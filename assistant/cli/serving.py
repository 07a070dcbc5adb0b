"""The command that opens the chat in a web browser."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from assistant.cli.options import DataOption, LlmOption, StoreOption, settings_of
from assistant.errors import ServeError


def serve(
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 7860,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the chat in the browser.")] = False,
    login: Annotated[
        bool, typer.Option("--login", help="Ask for a name and a password. See: assistant users add.")
    ] = False,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Serve to other machines too, without a login.")
    ] = False,
    host_name: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Answer to this name too, and with a login to no others. May be repeated."),
    ] = None,
    questions: Annotated[
        int, typer.Option(min=1, metavar="N", help="Questions that one client may ask in a minute.")
    ] = 60,
    mcp: Annotated[bool, typer.Option("--mcp", help="Serve tools for other assistants at /mcp too.")] = False,
    store: StoreOption = None,
    data: DataOption = None,
    llm: LlmOption = None,
) -> None:
    """Open the chat in a web browser."""
    from assistant.search.store import read_record

    if not (login or allow_remote or _is_this_machine(host)):
        raise ServeError(
            f"The chat has no login, and on {host!r} others could read the documents. "
            "Serve it on 127.0.0.1, add --login, or add --allow-remote if everyone who can reach this machine may."
        )
    settings = settings_of(store, data, llm)
    read_record(settings.store)  # before the seconds that the web page's library takes to import

    from assistant.assistant import Assistant
    from assistant.server.limits import Rates
    from assistant.server.serve import serve as serve_chat

    # Being told to end closes what is open and deletes what is temporary, as an interruption does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    serve_chat(
        lambda: Assistant.open(settings=settings),
        settings,
        host=host,
        port=port,
        login=login,
        host_names=host_name or (),
        rates=Rates(questions=questions),
        mcp=mcp,
        open_browser=open_browser,
    )


def _is_this_machine(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # a name
        return False
