"""The web chat's page and its server.

Two panes: the conversation, and the source that a click on a marker opens. What a tab has asked lives in
its session on the server; the browser sends questions and the names of places, and gets finished HTML.
"""

# Annotations stay objects here: Gradio reads those of a handler to know that it wants the event's data, and
# `gr` is a local name because importing Gradio takes seconds.

import contextlib
import socket
import webbrowser
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from assistant.assistant import Assistant
from assistant.errors import ServeError
from assistant.ingest.blocks import find_blocks
from assistant.web.conversation import Exchange, ask, find_place
from assistant.web.examples import example_questions
from assistant.web.render import render_conversation, render_start
from assistant.web.source import render_missing, render_source, render_sources

if TYPE_CHECKING:
    import gradio
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

Conversation = tuple[Exchange, ...]

_TITLE = "Ask the sources"
# Gradio's own page needs inline scripts and `Function`. The rest keeps every request on this server.
_POLICY = b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'self'; form-action 'self'"
_HEADERS = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


def build_app(assistant: Assistant) -> "gradio.Blocks":
    """The page. Serve it with `mount_app`, which gives it its look."""
    import gradio as gr

    documents = assistant.documents
    dates = {each.id: each.date for each in documents if each.date}
    examples_of = lru_cache(maxsize=1)(example_questions)
    blocks_of = lru_cache(maxsize=64)(find_blocks)
    nothing_asked: Conversation = ()

    def greet() -> str:
        return render_start(len(documents), examples_of(assistant))

    def answer(typed: str, conversation: Conversation, event: gr.EventData) -> Iterator[tuple[Conversation, str, Any]]:
        offered = event.target is welcome
        question = str(event.question) if offered else typed
        # The box is emptied once: whatever is typed while the answer grows is the next question.
        emptied: Any = gr.skip() if offered else ""
        for exchange in ask(assistant, question, conversation):
            grown = (*conversation, exchange)
            yield grown, render_conversation(grown, dates), emptied
            emptied = gr.skip()

    def open_source(conversation: Conversation, event: gr.EventData) -> str:
        reference = str(event.reference)
        if reference == "sources":
            return render_sources(documents)
        place = find_place(conversation, reference)
        document = next((each for each in documents if place and each.id == place.document_id), None)
        if place is None or document is None:
            return render_missing()
        return render_source(document, blocks_of(document.text), place.start, place.end, reference)

    def start_again() -> tuple[Conversation, str, str]:
        return nothing_asked, "", render_sources(documents)

    html = partial(gr.HTML, apply_default_css=False, js_on_load=_read("chat.js"))
    app = gr.Blocks(title=_TITLE, analytics_enabled=False, fill_width=True)
    with app:
        conversation = gr.State(nothing_asked)
        with gr.Row(elem_id="masthead"):
            gr.HTML(f"<h1>{_TITLE}</h1>", apply_default_css=False)
            fresh = gr.Button("New conversation", elem_id="fresh", size="sm", scale=0)
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="left"):
                welcome = html(render_start(len(documents), ()), elem_id="welcome")
                transcript = html("", elem_id="transcript")
                with gr.Row(elem_id="composer"):
                    box = gr.Textbox(
                        label="Question",
                        placeholder="Ask about the documents",
                        elem_id="question",
                        container=False,
                        max_lines=8,
                        autofocus=True,
                    )
                    send = gr.Button("Ask", elem_id="send", variant="primary", scale=0)
            with gr.Column(elem_id="right"):
                pane = html(render_sources(documents), elem_id="pane")

        # None of these is an endpoint for programs, and the page shows progress in its own way.
        listener: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        app.load(greet, outputs=welcome, **listener)
        asking = gr.on(
            [box.submit, send.click, welcome.submit],
            answer,
            inputs=[box, conversation],
            outputs=[conversation, transcript, box],
            trigger_mode="once",
            **listener,
        )
        gr.on(
            [transcript.select, pane.select],
            open_source,
            inputs=conversation,
            outputs=pane,
            trigger_mode="multiple",
            queue=False,
            **listener,
        )
        fresh.click(start_again, outputs=[conversation, transcript, pane], cancels=asking, queue=False, **listener)
    # Gradio's default is one answer at a time for everybody; its pool of threads is limit enough.
    app.queue(default_concurrency_limit=None)
    return app


def mount_app(app: "gradio.Blocks") -> "FastAPI":
    """The web application that serves the page: its look, and headers that keep the browser on this server."""
    import gradio as gr
    from fastapi import FastAPI

    server = FastAPI(title=_TITLE, docs_url=None, redoc_url=None, openapi_url=None)
    server.add_middleware(_Headers)
    # Fonts by name only: Gradio's own themes fetch theirs.
    theme = gr.themes.Base(font=gr.themes.Font("sans-serif"), font_mono=gr.themes.Font("monospace"))
    gr.mount_gradio_app(
        server,
        app,
        path="/",
        theme=theme,
        head=f"<style>{_read('style.css')}</style>",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
    )
    mounted: Any = server.routes[-1]
    server.state.end_streams = mounted.app.stop_event.set
    return server


class _Headers:
    """Adds `_HEADERS` to every response. Plain ASGI: streams pass through untouched."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def send_more(message: "Message") -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        await self._app(scope, receive, send_more)


def serve(
    open_assistant: Callable[[], Assistant], host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False
) -> None:
    """Serves the web chat until it is interrupted.

    Raises ServeError when the port cannot be had, before anything slow is done, and whatever `open_assistant` raises.
    """
    with _listen(host, port) as listener:
        assistant = open_assistant()
        with contextlib.closing(assistant):
            import uvicorn

            server = mount_app(build_app(assistant))

            class Server(uvicorn.Server):
                async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
                    # Each open page holds a connection that only Gradio can end.
                    server.state.end_streams()
                    await super().shutdown(sockets)

            # An answer that is being written does not keep the server alive.
            config = uvicorn.Config(server, log_level="warning", timeout_graceful_shutdown=1)
            address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
            print(f"The chat is open at {address} (Ctrl+C stops it)", flush=True)
            if open_browser:
                webbrowser.open(address)
            with contextlib.suppress(KeyboardInterrupt):
                Server(config).run(sockets=[listener])


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


def _read(name: str) -> str:
    return files("assistant.web").joinpath(name).read_text("utf-8")
