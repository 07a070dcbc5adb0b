"""The same answer for programs, each asked with the client that people use for it, with a login and without."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path
from threading import Event
from typing import Any

import httpx2
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError, AuthenticationError
from mcp.client.client import Client as ToolClient
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError

from assistant import Answer, Assistant
from assistant.server.tools import as_text
from tests.models import ScriptedModel, scripted_model
from tests.served import ADA, Served, served

QUESTION = "When was the Mutual Defense Treaty signed?"
REFUSAL = Answer(QUESTION, QUESTION, "The sources do not say.").to_dict()


@pytest.fixture(scope="module")
def server(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(store, tmp_path_factory.mktemp("open"), "--mcp") as running:
        yield running


@pytest.fixture(scope="module")
def expected(assistant: Assistant) -> Answer:
    return replace(assistant.ask(QUESTION), seconds=0)


def same(given: dict[str, Any], expected: Answer) -> bool:
    """Whether it is the answer, in another time."""
    return replace(Answer.from_dict(given), seconds=0) == expected


class TestHttp:
    def test_a_question_gets_the_answer(self, server: Served, expected: Answer) -> None:
        body = json.dumps({"question": QUESTION}).encode()
        request = urllib.request.Request(
            f"{server.address}/api/ask", body, {"Content-Type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            assert same(json.load(response), expected)

    def test_a_follow_up_is_understood_from_the_answer_or_its_text(self, server: Served) -> None:
        with server.client() as client:
            first = client.post("/api/ask", json={"question": QUESTION}).json()
            for answer in (first, first["text"]):
                history = [{"question": QUESTION, "answer": answer}]
                second = client.post("/api/ask", json={"question": "Why was it signed?", "history": history}).json()
                assert "Treaty" in second["searched_for"]

    def test_documents_can_be_chosen(self, server: Served, expected: Answer) -> None:
        chosen = expected.citations[0].document_id
        with server.client() as client:
            answer = client.post("/api/ask", json={"question": QUESTION, "documents": [chosen]}).json()
        assert {hit["passage"]["document_id"] for hit in answer["hits"]} == {chosen}

    @pytest.mark.parametrize(
        ("body", "status", "said"),
        [
            ({"question": "?"}, 400, "The question has no words."),
            ({"question": "x" * 5000}, 400, "at most 4,000 are searched"),
            ({"question": QUESTION, "documents": ["../x"]}, 400, "There is no document '../x'."),
            (
                {"question": QUESTION, "history": [{"question": "?", "answer": {}}]},
                400,
                "is not one that came from here",
            ),
            (
                {"question": QUESTION, "history": [{"question": "?", "answer": {**REFUSAL, "searched_for": 5}}]},
                400,
                "is not one that came from here",
            ),
            ({"question": 5}, 422, "'question': input should be a valid string"),
            ({}, 422, "'question': field required"),
            ({"question": QUESTION, "documets": []}, 422, "'documets': extra inputs"),
            ([], 422, 'has to be an object, as {"question": "..."}, with Content-Type: application/json. GET /api'),
            ("not JSON", 422, "The request is not JSON: see its character 1. GET /api"),
        ],
    )
    def test_what_is_wrong_is_said_in_a_sentence(self, server: Served, body: object, status: int, said: str) -> None:
        with server.client() as client:
            sent = {"content": body} if isinstance(body, str) else {"json": body}
            refused = client.post("/api/ask", headers={"Content-Type": "application/json"}, **sent)  # type: ignore[arg-type]
        assert refused.status_code == status
        assert list(refused.json()) == ["error"]
        assert said in refused.json()["error"]

    def test_who_opens_the_address_is_told_how_to_ask(self, server: Served) -> None:
        with server.client() as client:
            refused = client.get("/api/ask")
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
        assert "sent with POST" in refused.json()["error"]

    def test_it_is_documented(self, server: Served) -> None:
        with server.client() as client:
            described = client.get("/api").json()
        assert described["openapi"].startswith("3.")
        replies = described["paths"]["/api/ask"]["post"]["responses"]
        assert set(replies) == {"200", "400", "422", "429"}
        assert {"question", "statements", "citations"} <= set(
            described["components"]["schemas"]["Answer"]["properties"]
        )

    def test_the_login_is_asked_for_and_taken(self, locked: Served, expected: Answer) -> None:
        with locked.client() as nobody, locked.client(ADA) as ada:
            refused = nobody.post("/api/ask", json={"question": QUESTION})
            assert refused.status_code == 401
            assert "HTTP Basic" in refused.json()["error"]
            assert same(ada.post("/api/ask", json={"question": QUESTION}).json(), expected)

    def test_urllib_can_log_in(self, locked: Served) -> None:
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, locked.address, *ADA)
        opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
        with opener.open(f"{locked.address}/config", timeout=30) as response:
            assert json.load(response)["username"] == "ada"
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"{locked.address}/config", timeout=30)


class TestGradioClient:
    def test_predicts_the_answer(self, server: Served, expected: Answer) -> None:
        with closing(Client(server.address, verbose=False)) as client:
            assert list(client.view_api(return_format="dict", print_info=False)["named_endpoints"]) == ["/ask"]
            first = client.predict(QUESTION, api_name="/ask")
            assert same(first, expected)
            history = [{"question": QUESTION, "answer": first}]
            assert "Treaty" in client.predict("Why was it signed?", history, api_name="/ask")["searched_for"]

    def test_is_told_what_is_wrong(self, server: Served) -> None:
        with closing(Client(server.address, verbose=False)) as client:
            for arguments, said in (
                (("?",), "The question has no words"),
                ((QUESTION, None, ["../x"]), "There is no document '../x'"),
                ((QUESTION, [{"question": 5}]), "history.0.question"),
            ):
                with pytest.raises(AppError, match=said):
                    client.predict(*arguments, api_name="/ask")

    def test_logs_in(self, locked: Served, expected: Answer) -> None:
        with closing(Client(locked.address, auth=ADA, verbose=False)) as client:
            assert same(client.predict(QUESTION, api_name="/ask"), expected)
        with pytest.raises(AuthenticationError):
            Client(locked.address, auth=("ada", "a wrong password"), verbose=False)
        with pytest.raises(AuthenticationError):
            Client(locked.address, verbose=False)


async def use_tools(server: Served, calls: list[tuple[str, dict[str, Any]]], user: tuple[str, str] | None) -> list[Any]:
    """What the tools say to the MCP client, after their list."""
    login = httpx2.BasicAuth(*user) if user else None
    async with (
        create_mcp_http_client(auth=login) as http_client,
        ToolClient(streamable_http_client(f"{server.address}/mcp", http_client=http_client)) as client,
    ):
        listed = await client.list_tools()
        return [listed, *[await client.call_tool(name, arguments) for name, arguments in calls]]


class TestTools:
    def test_an_answer_comes_as_values_and_as_text(self, server: Served, expected: Answer) -> None:
        listed, answered, found = asyncio.run(
            use_tools(server, [("ask", {"question": QUESTION}), ("sources", {})], None)
        )
        assert [tool.name for tool in listed.tools] == ["ask", "sources"]
        assert all(tool.annotations.read_only_hint for tool in listed.tools)
        assert same(answered.structured_content, expected)
        (text,) = answered.content
        assert text.text == as_text(expected)
        assert f"[1] {expected.citations[0].title}" in text.text
        rows = found.structured_content["result"]
        assert expected.citations[0].document_id in [row["id"] for row in rows]

    def test_what_is_wrong_is_said_in_a_sentence(self, server: Served) -> None:
        _, empty, unknown = asyncio.run(
            use_tools(
                server, [("ask", {"question": "?"}), ("ask", {"question": QUESTION, "documents": ["../x"]})], None
            )
        )
        assert empty.is_error
        assert "The question has no words" in empty.content[0].text
        assert unknown.is_error
        assert "There is no document '../x'" in unknown.content[0].text

    def test_a_library_that_cannot_be_read_is_said_in_a_sentence(self, server: Served) -> None:
        record = server.data / "libraries" / "local" / "library.json"
        record.parent.mkdir(parents=True)
        record.write_text("{")
        _, found = asyncio.run(use_tools(server, [("sources", {})], None))
        shutil.rmtree(record.parent)
        assert found.is_error
        assert "library.json' cannot be read" in found.content[0].text

    def test_the_login_and_the_limit_hold(self, locked: Served) -> None:
        with pytest.RaisesGroup(MCPError, flatten_subgroups=True):
            asyncio.run(use_tools(locked, [], None))
        carol = ("carol", "a password of hers")
        locked.users.add(*carol)
        *_, before, last = asyncio.run(use_tools(locked, [("ask", {"question": QUESTION})] * 9, carol))
        assert not before.is_error
        assert last.is_error
        assert "more than 8 questions in a minute" in last.content[0].text


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with scripted_model() as running:
        yield running


@pytest.fixture(scope="module")
def writing(store: Path, model: ScriptedModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose answers the model writes. While it starts it asks the model nothing."""
    with served(store, tmp_path_factory.mktemp("writing"), "--mcp", "--llm", model.spec) as running:
        assert model.requests == []
        yield running


class TestWritten:
    RIGHT = "The Mutual Defense Treaty was signed on October 1, 1953 [1]."
    WRONG = "It was signed in Rome by 12 kings."
    NOTE = "1 sentence is left out: the sources do not support it, or it does not answer."

    def test_every_door_gives_the_checked_answer_alone(self, writing: Served, model: ScriptedModel) -> None:
        model.reply = f"{self.RIGHT} {self.WRONG}"
        with writing.client() as client:
            given = client.post("/api/ask", json={"question": QUESTION}).json()
        written = replace(Answer.from_dict(given), seconds=0)
        assert [each.verdict for each in written.statements] == ["supported"]
        assert written.note == self.NOTE
        with closing(Client(writing.address, verbose=False)) as program:
            assert same(program.predict(QUESTION, api_name="/ask"), written)
        _, told = asyncio.run(use_tools(writing, [("ask", {"question": QUESTION})], None))
        assert same(told.structured_content, written)
        assert self.NOTE in told.content[0].text
        assert self.WRONG not in told.content[0].text

    def test_who_waits_for_the_model_keeps_nobody_from_an_answer_without_it(
        self, writing: Served, model: ScriptedModel
    ) -> None:
        answered = Event()
        model.reply = lambda _: chain(repeat_until(answered), [self.RIGHT])
        model.requests.clear()
        with writing.client() as client, ThreadPoolExecutor() as people:
            waiting = [people.submit(client.post, "/api/ask", json={"question": QUESTION}) for _ in range(3)]
            waiting.append(people.submit(asyncio.run, use_tools(writing, [("ask", {"question": QUESTION})], None)))
            while len(model.requests) < len(waiting):
                assert not any(each.done() for each in waiting)
                time.sleep(0.02)
            assert client.post("/api/ask", json={"question": "Who painted the Mona Lisa?"}).json()["refused"]
            assert not any(each.done() for each in waiting)
            answered.set()


def repeat_until(event: Event) -> Iterator[float]:
    while not event.is_set():
        yield 0.05
