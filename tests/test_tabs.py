"""What the server remembers of the tabs of the page, and when it forgets them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.remembering import remembering

QUESTIONS = ["When was the Mutual Defense Treaty signed?", "Where is the largest base?", "Who painted the Mona Lisa?"]
DAY, MINUTE = 24.0, 1 / 60


@pytest.fixture(scope="module")
def server(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with remembering(store, tmp_path_factory.mktemp("remembering")) as client:
        yield client


def send(server: httpx.Client, tab: str, event: dict[str, Any], data: list[Any], *, leave: bool = False) -> None:
    """An event of a tab, up to its end or, if the tab is to `leave`, to its first sign of life."""
    sent = {"data": data, "fn_index": event["id"], "trigger_id": event["targets"][0][0], "session_hash": tab}
    assert server.post("/gradio_api/queue/join", json=sent).status_code == 200
    with server.stream("GET", "/gradio_api/queue/data", params={"session_hash": tab}) as messages:
        for line in messages.iter_lines():
            message = json.loads(line.removeprefix("data: ")) if line else {}
            assert message.get("success", True), message
            if leave or message.get("msg") == "close_stream":
                return


def ask(server: httpx.Client, tab: str, question: str, *, leave: bool = False) -> None:
    events = server.get("/config").json()["dependencies"]
    asking = next(each for each in events if each["api_name"] == "converse")
    send(server, tab, asking, [question, None, None, ""], leave=leave)


@contextmanager
def open_tab(server: httpx.Client, tab: str) -> Iterator[None]:
    """The connection that says that a tab is open."""
    with server.stream("GET", f"/gradio_api/heartbeat/{tab}") as alive:
        lines = alive.iter_lines()  # Whoever lets go of it closes the connection.
        assert next(lines) == "data: ALIVE"
        yield


def kept(server: httpx.Client, tab: str = "") -> dict[str, Any]:
    told: dict[str, Any] = server.get(f"/kept/{tab}".rstrip("/")).raise_for_status().json()
    return told


def later(server: httpx.Client, tab: str, hours: float) -> None:
    """The time that a tab was used last becomes so much longer ago. What is forgotten is looked for every second."""
    server.post(f"/later/{tab}", params={"hours": hours}).raise_for_status()


def soon(happens: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not (happened := happens()) and time.monotonic() < end:
        time.sleep(0.05)
    return happened


def forgotten(server: httpx.Client, tab: str) -> bool:
    return kept(server, tab)["where"] == []


def forgets(server: httpx.Client) -> None:
    """Waits until it has looked for what is to be forgotten: then an empty session that was due is gone."""
    server.post("/empty/due").raise_for_status()
    later(server, "due", DAY)
    assert soon(lambda: forgotten(server, "due"))


def test_of_a_tab_nothing_is_kept_but_what_it_shows(server: httpx.Client) -> None:
    for question in QUESTIONS:
        ask(server, "kept", question)
    tab = kept(server, "kept")
    assert tab["questions"] == QUESTIONS
    assert tab["configs"] == 0
    # Each is the page's own: it knows again what was clicked.
    assert tab["other components"] == tab["changed components"] == []
    assert "growing" not in tab["where"]
    assert soon(lambda: kept(server)["running"] == 0)
    everything = kept(server)
    assert everything["counted"] <= 1
    assert everything["statistics"] == {"functions": {}}
    # Else Gradio has become better, and there is nothing to keep it from.
    assert everything["what Gradio would keep of a tab"] > 0


def test_a_component_that_changes_takes_the_place_of_the_one_before(server: httpx.Client) -> None:
    config = server.get("/config").json()
    upload = next(each["id"] for each in config["components"] if each["props"].get("elem_id") == "add-documents")
    event = next(each for each in config["dependencies"] if [upload, "upload"] in each["targets"])
    for name in ("owls", "bats"):
        text = f"The {name} hunt at night.".encode()
        [path] = server.post("/gradio_api/upload", files={"files": (f"{name}.txt", text)}).json()
        send(server, "adding", event, [[{"path": path, "meta": {"_type": "gradio.FileData"}}], None, 0])
    tab = kept(server, "adding")
    assert tab["other components"] == []
    assert tab["changed components"] == ["add-documents"]


def test_a_tab_is_remembered_while_it_is_open_and_a_day_longer(server: httpx.Client) -> None:
    with open_tab(server, "open"):
        ask(server, "open", QUESTIONS[0])
        later(server, "open", 30 * DAY)
        forgets(server)
        ask(server, "open", QUESTIONS[1])
        assert kept(server, "open")["questions"] == QUESTIONS[:2]
    assert soon(lambda: bool(kept(server, "open")["closed"]))
    later(server, "open", DAY - 10 * MINUTE)
    forgets(server)
    ask(server, "open", QUESTIONS[2])
    assert kept(server, "open")["questions"] == QUESTIONS
    later(server, "open", DAY)
    assert soon(lambda: forgotten(server, "open"))


def test_who_leaves_before_the_answer_leaves_nothing(server: httpx.Client) -> None:
    with open_tab(server, "left"):
        ask(server, "left", QUESTIONS[0], leave=True)
    assert soon(lambda: bool(kept(server, "left")["closed"]) and kept(server)["running"] == 0)
    later(server, "left", DAY)
    assert soon(lambda: forgotten(server, "left"))


def test_what_has_no_values_is_forgotten_soon(server: httpx.Client) -> None:
    server.post("/empty/program").raise_for_status()
    later(server, "program", 4 * MINUTE)
    forgets(server)
    assert not forgotten(server, "program")
    later(server, "program", 2 * MINUTE)
    assert soon(lambda: forgotten(server, "program"))


def test_there_is_an_end_to_what_is_remembered_of_tabs_that_never_close(server: httpx.Client) -> None:
    capacity = kept(server)["capacity"]
    assert capacity == 2000
    server.post("/room/2").raise_for_status()
    for tab in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"):
        ask(server, tab, QUESTIONS[0])
    assert soon(lambda: forgotten(server, "first"))
    server.post(f"/room/{capacity}").raise_for_status()
