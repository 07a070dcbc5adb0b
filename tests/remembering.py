"""A server that tells what it remembers of the tabs of the page: `python -m tests.remembering STORE DATA`.

In a process of its own, because Gradio leaves event loops open when it is imported.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from assistant import Assistant
from assistant.conversations import Conversations
from assistant.library import Libraries
from assistant.server.tabs import remember_little
from assistant.web.app import build_app
from assistant.web.conversation import Chat
from assistant.web.desk import Desk


@contextmanager
def remembering(store: Path, data: Path) -> Iterator[httpx.Client]:
    """A client of such a server."""
    command = [sys.executable, "-m", "tests.remembering", str(store), str(data)]
    environment = os.environ | {"GRADIO_TEMP_DIR": str(data / "uploaded")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent, env=environment
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line.startswith("open at "), line
            with httpx.Client(base_url=line.split()[-1], timeout=60, trust_env=False) as client:
                yield client
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def main(store: str, data: str) -> None:
    import gradio as gr
    import uvicorn
    from fastapi import FastAPI
    from gradio.state_holder import SessionState

    assistant = Assistant.open(Path(store))
    libraries = Libraries(assistant, Path(data) / "libraries")
    conversations = partial(Conversations, Path(data) / "conversations.sqlite")
    page = build_app(Desk(libraries, conversations, Path(data) / "preferences", assistant.settings))
    app = FastAPI()

    @app.get("/kept")
    def kept() -> dict[str, Any]:
        return {
            "tabs": len(tabs.session_data),
            "capacity": tabs.capacity,
            "running": len(queue.event_ids_to_events),
            "counted": len(queue.event_analytics),
            "statistics": queue.cached_event_analytics_summary,
            "what Gradio would keep of a tab": len(SessionState(page).config_values),
        }

    @app.get("/kept/{name}")
    def kept_of(name: str) -> dict[str, Any]:
        tab = tabs.session_data.get(name)
        places = {
            "tabs": tabs.session_data,
            "times": tabs.time_last_used,
            "messages": queue.pending_messages_per_session,
            "events": queue.pending_event_ids_session,
            "streams": page.pending_streams,
            "growing": page.pending_diff_streams,
        }
        own = page.default_config.blocks
        components = tab.blocks_config.blocks if tab else {}
        chats = [each for each in tab.state_data.values() if isinstance(each, Chat)] if tab else []
        return {
            "where": [place for place, held in places.items() if name in held],
            "closed": bool(tab and tab.is_closed),
            "questions": [each.question for chat in chats for each in chat.exchanges],
            "configs": len(tab.config_values) if tab else 0,
            "other components": [key for key in components if key not in own],
            "changed components": [each.elem_id for key, each in components.items() if each is not own.get(key)],
        }

    @app.post("/later/{name}")
    async def later(name: str, hours: float) -> None:
        tabs.time_last_used[name] -= timedelta(hours=hours)

    @app.post("/empty/{name}")
    async def empty(name: str) -> None:
        assert tabs[name].state_data == {}

    @app.post("/room/{number}")
    async def room(number: int) -> None:
        tabs.capacity = number

    gr.mount_gradio_app(app, page, path="/", ssr_mode=False)
    mounted: Any = app.routes[-1]
    tabs = remember_little(mounted.app)
    queue = page._queue
    config = uvicorn.Config(app, log_level="error", ws="none", timeout_graceful_shutdown=0)
    with socket.create_server(("127.0.0.1", 0)) as listener:  # Who connects before it is served waits.
        print(f"open at http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
