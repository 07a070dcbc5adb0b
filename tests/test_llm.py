"""A language model is asked, stopped, and fails in sentences; the server is a real one, and so is the small model."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from itertools import cycle
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import LanguageModelError
from assistant.llm import LanguageModel, Message, open_llm
from assistant.llm.address import Address
from assistant.llm.check import check_llm
from assistant.llm.gguf import GgufModel
from assistant.llm.open import address_of
from assistant.llm.tokens import tokens_at_most
from tests.models import Refusal, Reply, ScriptedModel, scripted_model, smollm2

KEY = "sk-a-secret-that-no-one-may-read"
QUESTION = [Message("system", "Answer."), Message("user", "When was it signed?")]
HANG, CUT, QUIT = ScriptedModel.HANG, ScriptedModel.CUT, ScriptedModel.QUIT


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name == "language model"] == []


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ASSISTANT_LLM_KEY", "OLLAMA_HOST", "OLLAMA_CONTEXT_LENGTH"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with scripted_model() as running:
        yield running


def opened(server: ScriptedModel, seconds: float = 30) -> LanguageModel:
    return open_llm(server.spec, seconds=seconds)


def written(model: LanguageModel) -> str:
    return "".join(model.stream(QUESTION, 100))


def fault(model: LanguageModel) -> tuple[str, str]:
    """What came before the fault, and its sentence."""
    came: list[str] = []
    with pytest.raises(LanguageModelError) as raised:
        came.extend(model.stream(QUESTION, 100))
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
    return "".join(came), str(raised.value)


class TestStream:
    def test_a_reply_comes_piece_by_piece(self, server: ScriptedModel) -> None:
        server.reply = ["It was ", "signed", " in 1953."]

        assert list(filter(None, opened(server).stream(QUESTION, 100))) == ["It was ", "signed", " in 1953."]
        (request,) = server.requests
        assert request["messages"] == [
            {"role": "system", "content": "Answer."},
            {"role": "user", "content": "When was it signed?"},
        ]
        assert (request["model"], request["max_tokens"], request["temperature"]) == ("scripted", 100, 0)

    def test_a_reply_can_be_made_of_what_was_asked(self, server: ScriptedModel) -> None:
        server.reply = lambda messages: messages[-1]["content"].upper()

        assert written(opened(server)) == "WHEN WAS IT SIGNED?"

    def test_while_nothing_comes_the_caller_may_look_up(self, server: ScriptedModel) -> None:
        server.reply = [1.2, "Late.", 0.7, " Later."]

        pieces = list(opened(server).stream(QUESTION, 100))

        first, second = pieces.index("Late."), pieces.index(" Later.")
        assert set(pieces[:first]) == {""}
        assert first >= 2
        assert set(pieces[first + 1 : second]) == {""}

    def test_two_are_asked_at_once(self, server: ScriptedModel) -> None:
        server.reply = lambda messages: [0.3, messages[-1]["content"]]
        model = opened(server)

        streams = [model.stream([Message("user", str(number))], 10) for number in range(3)]

        begun = [next(stream) for stream in streams]
        assert [first + "".join(stream) for first, stream in zip(begun, streams, strict=True)] == ["0", "1", "2"]

    def test_a_model_that_only_thinks_at_first_is_waited_for(self, server: ScriptedModel) -> None:
        thought = b'data: {"choices": [{"index": 0, "delta": {"reasoning_content": "Hm."}}]}\n\n'
        server.reply = [thought, thought, "1953."]

        assert written(opened(server)) == "1953."

    def test_nothing_is_asked_before_it_is_needed(self, server: ScriptedModel) -> None:
        opened(server).stream(QUESTION, 100)

        assert (server.requests, server.keys) == ([], [])


class TestCancel:
    @pytest.mark.parametrize("reply", [HANG, ["It", HANG], cycle(["word "])], ids=["before", "amid", "endless"])
    def test_the_server_sees_the_connection_closed(self, server: ScriptedModel, reply: Reply) -> None:
        server.reply = reply
        stream = opened(server).stream(QUESTION, 100)
        next(stream)
        while not server.requests:
            next(stream)

        started = time.perf_counter()
        stream.close()

        assert time.perf_counter() - started < 1
        assert server.left.wait(5)

    def test_a_pause_between_attempts_ends_too(self, server: ScriptedModel) -> None:
        server.reply = Refusal(503, headers={"Retry-After": "20"})
        stream = opened(server).stream(QUESTION, 100)
        next(stream)
        while not server.requests:
            next(stream)

        started = time.perf_counter()
        stream.close()

        assert time.perf_counter() - started < 1

    def test_closing_the_model_gives_up_what_is_being_replied(self, server: ScriptedModel) -> None:
        server.reply = ["It", HANG]
        model = opened(server)
        stream = model.stream(QUESTION, 100)
        while not next(stream):
            pass

        model.close()

        assert server.left.wait(5)
        with pytest.raises(LanguageModelError, match="was closed while it replied"):
            list(stream)


class TestRetries:
    def test_a_busy_server_is_left_alone_as_long_as_it_wants(self, server: ScriptedModel) -> None:
        came: list[float] = []

        def reply(_: object) -> Reply:
            came.append(time.monotonic())
            return Refusal(429, headers={"Retry-After": "1"}) if len(came) == 1 else "1953."

        server.reply = reply

        assert written(opened(server)) == "1953."
        assert came[1] - came[0] >= 1

    def test_it_may_name_the_moment(self, server: ScriptedModel) -> None:
        replies = iter([Refusal(503, headers={"Retry-After": formatdate(usegmt=True)}), "1953."])
        server.reply = lambda _: next(replies)

        assert written(opened(server)) == "1953."

    def test_one_that_wants_more_time_than_there_is_is_not_waited_for(self, server: ScriptedModel) -> None:
        server.reply = Refusal(429, "Slow down.", {"Retry-After": "3600"})
        started = time.perf_counter()

        assert fault(opened(server)) == (
            "",
            "The language model 'scripted' takes no more questions for now (HTTP 429: Slow down).",
        )
        assert time.perf_counter() - started < 10
        assert len(server.requests) == 1

    def test_a_fault_that_stays_is_told_after_four_attempts(self, server: ScriptedModel) -> None:
        server.reply = Refusal(500, "It broke")

        assert fault(opened(server)) == (
            "",
            "The language model 'scripted' answered with an error (HTTP 500: It broke).",
        )
        assert len(server.requests) == 4

    def test_what_will_not_pass_is_not_tried_again(self, server: ScriptedModel) -> None:
        server.reply = Refusal(400, "No such parameter.")

        fault(opened(server))

        assert len(server.requests) == 1


class TestFaults:
    @pytest.mark.parametrize(
        ("reply", "came", "told"),
        [
            ([], "", "The language model 'scripted' replied without a word (its reason to end: stop)."),
            (b"<html>Busy</html>", "", "The language model 'scripted' replied without a word."),
            (b"{}", "", "The language model 'scripted' replied without a word."),
            (["It ", QUIT], "It ", "The language model 'scripted' was cut off in the middle of its reply."),
            (["It ", CUT], "It ", "The connection to the language model 'scripted' broke off (peer closed"),
            (CUT, "", "The connection to the language model 'scripted' broke off ("),
            (
                ["It ", b"data: {nonsense\n\n"],
                "It ",
                "The language model 'scripted' sent what cannot be read as a reply (",
            ),
            (["It ", b"data: 5\n\n"], "It ", "The language model 'scripted' sent what cannot be read as a reply ("),
            (
                ["It ", b'data: {"error": {"message": "No memory."}}\n\n'],
                "It ",
                "The language model 'scripted' broke off its reply with an error (No memory).",
            ),
            (
                Refusal(404, "model 'scripted' not found"),
                "",
                " has none of that name (HTTP 404: model 'scripted' not found).",
            ),
            (
                Refusal(400, "This model's maximum context length is 4096 tokens.", fields={"code": "x"}),
                "",
                "The language model 'scripted' was asked to read more than fits in its window (HTTP 400: This model's",
            ),
            (
                Refusal(400, "request (6031 tokens) exceeds the available context size (2048 tokens)"),
                "",
                "The language model 'scripted' was asked to read more than fits in its window (HTTP 400: request",
            ),
        ],
    )
    def test_each_is_a_sentence(self, server: ScriptedModel, reply: Reply, came: str, told: str) -> None:
        server.reply = reply

        before, sentence = fault(opened(server))

        assert before == came
        assert told in sentence
        assert sentence.endswith(".")
        assert "\n" not in sentence

    @pytest.mark.parametrize("reply", [HANG, ["It", HANG], cycle([0.05, "so "])], ids=["before", "amid", "endless"])
    def test_what_does_not_end_ends_at_the_deadline(self, server: ScriptedModel, reply: Reply) -> None:
        server.reply = reply
        model = opened(server, seconds=1.5)
        started = time.perf_counter()

        came, sentence = fault(model)

        assert sentence == "The language model 'scripted' did not finish its reply within 1.5 s."
        assert 1.4 < time.perf_counter() - started < 4
        assert bool(came) == (reply != HANG)
        assert server.left.wait(5)

    def test_a_server_that_is_not_there_is_told_at_once(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
            started = time.perf_counter()
            _, sentence = fault(open_llm(f"{address}#m", seconds=60))

        assert f"The language model 'm' cannot be reached at {address!r} (" in sentence
        assert time.perf_counter() - started < 5

    def test_one_that_does_not_take_the_connection_is_told_after_five_seconds(self) -> None:
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            address = full.getsockname()
            with socket.create_connection(address):  # The one that fits into the queue.
                started = time.perf_counter()
                _, sentence = fault(open_llm(f"http://127.0.0.1:{address[1]}/v1#m", seconds=60))

        assert "cannot be reached" in sentence
        assert 4 < time.perf_counter() - started < 12

    def test_one_that_says_nothing_of_its_models_is_told_with_the_time_that_it_had(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:  # The system takes the connection, and nobody reads it.
            spec = f"http://127.0.0.1:{silent.getsockname()[1]}/v1#m"
            with pytest.raises(LanguageModelError, match=r"'m' did not finish its reply within 5 s\.$"):
                check_llm(spec, seconds=120, window=None)


class TestKey:
    @pytest.mark.parametrize(
        "reply",
        [
            401,
            403,
            400,
            404,
            Refusal(500, headers={"Retry-After": "0"}),
            ["It ", f'data: {{"error": {{"message": "Bad {KEY}"}}}}\n\n'.encode()],
            ["It ", f"data: {{ {KEY}\n\n".encode()],
        ],
    )
    def test_it_is_sent_and_told_to_nobody(
        self,
        server: ScriptedModel,
        reply: Reply,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        monkeypatch.setenv("ASSISTANT_LLM_KEY", KEY)
        monkeypatch.setenv("OPENAI_API_KEY", "another")
        caplog.set_level(logging.DEBUG)
        server.reply = reply
        model = opened(server)

        came, sentence = fault(model)

        assert set(server.keys) == {f"Bearer {KEY}"}
        assert KEY not in "".join((came, sentence, repr(model), caplog.text, *capfd.readouterr()))

    def test_a_wrong_one_is_told_with_where_it_belongs(self, server: ScriptedModel) -> None:
        server.reply = 401

        assert fault(opened(server))[1] == (
            f"The language model 'scripted' may not be used: the server at {server.address!r} refuses it (HTTP 401). "
            "Give its key in the environment variable ASSISTANT_LLM_KEY."
        )

    def test_that_of_the_environment_for_openai_goes_nowhere_else(
        self, server: ScriptedModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)

        written(opened(server))

        assert server.keys == ["Bearer none"]

    def test_no_proxy_comes_between_this_machine_and_itself(
        self, server: ScriptedModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

        assert written(opened(server)) == "It was signed in 1953."


class TestSpec:
    @pytest.mark.parametrize(
        "spec", ["", "llama3.2", "ollama/", "openai/", "gguf:", "http://127.0.0.1:8000/v1", "ftp://h/v1#m"]
    )
    def test_what_is_none_is_answered_with_the_forms(self, spec: str) -> None:
        with pytest.raises(LanguageModelError) as raised:
            open_llm(spec, seconds=1)

        assert str(raised.value) == (
            f"{spec!r} is not the address of a language model. "
            "Give http://host:port/v1#model, ollama/NAME, openai/NAME or gguf:FILE."
        )

    @pytest.mark.parametrize(
        "spec",
        [
            "http://me:hidden@127.0.0.1:8000/v1#m",
            "http://127.0.0.1:8000/v1?key=hidden#m",
            "me:hidden@127.0.0.1:8000/v1#m",
            "http://me:hidden@[::1/v1#m",
        ],
    )
    def test_what_may_hold_a_password_is_not_repeated(self, spec: str) -> None:
        with pytest.raises(LanguageModelError, match="ASSISTANT_LLM_KEY") as raised:
            open_llm(spec, seconds=1)

        assert "hidden" not in str(raised.value)

    def test_names_are_those_that_a_person_uses(self) -> None:
        specs = ("http://127.0.0.1:1/v1#org/model:8b", "ollama/llama3.2", "openai/gpt-4o-mini")

        assert [open_llm(spec, seconds=1).name for spec in specs] == ["org/model:8b", "llama3.2", "gpt-4o-mini"]

    @pytest.mark.parametrize(
        ("host", "reached"),
        [
            ("", "http://127.0.0.1:11434/v1"),
            ("0.0.0.0", "http://127.0.0.1:11434/v1"),  # noqa: S104 - nothing listens there
            ("127.0.0.1:1234", "http://127.0.0.1:1234/v1"),
            ("http://localhost:1234/", "http://localhost:1234/v1"),
            ("https://localhost", "https://localhost:443/v1"),
        ],
    )
    def test_ollama_is_where_its_own_command_looks_for_it(
        self, host: str, reached: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OLLAMA_HOST", host)

        address, _ = address_of("ollama/llama3.2")

        assert address == Address(reached, "llama3.2")

    def test_openai_has_a_key_of_its_own(self) -> None:
        assert address_of("openai/gpt-4o") == (Address("https://api.openai.com/v1", "gpt-4o"), "OPENAI_API_KEY")

    def test_a_model_that_the_connector_does_not_know_how_to_ask_is_refused(self) -> None:
        with pytest.raises(LanguageModelError, match=r"'gpt-5\.4-pro' cannot be asked"):
            open_llm("openai/gpt-5.4-pro", seconds=1)

    def test_importing_costs_nothing(self) -> None:
        heavy = "{'httpx', 'openai', 'llama_index', 'xllamacpp'}"
        code = f"import assistant.llm, sys; print(sorted({heavy} & set(sys.modules)))"

        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

        assert done.stdout.strip() == "[]"


def listed(**fields: object) -> dict[str, object]:
    return {"object": "list", "data": [{"id": "scripted", **fields}]}


OLLAMA = {"/v1/models": listed(owned_by="library"), "/api/ps": {"models": []}, "/api/show": {}}
WINDOWS: list[tuple[dict[str, object], int]] = [
    ({}, 4096),
    ({"/v1/models": []}, 4096),
    ({"/v1/models": listed(max_model_len=32768)}, 32768),
    ({"/v1/models": listed(context_length=16384)}, 16384),
    ({"/v1/models": listed(owned_by="llamacpp", meta={"n_ctx": 8192})}, 8192),
    (
        {
            "/v1/models": listed(owned_by="llamacpp", meta={"n_ctx": 8192}),
            "/props": {"default_generation_settings": {"n_ctx": 2048}},
        },
        2048,
    ),
    (OLLAMA, 4096),
    (OLLAMA | {"/api/show": {"parameters": 'stop "x"\nnum_ctx                        8192'}}, 8192),
    (OLLAMA | {"/api/ps": {"models": [{"name": "scripted:latest", "context_length": 6144}]}}, 6144),
]


class TestWindow:
    @pytest.mark.parametrize(("facts", "window"), WINDOWS)
    def test_it_is_asked_of_the_server(self, server: ScriptedModel, facts: dict[str, object], window: int) -> None:
        server.facts |= facts

        assert opened(server).window == window

    def test_what_was_given_is_not_asked(self, server: ScriptedModel) -> None:
        assert open_llm(server.spec, seconds=1, window=1234).window == 1234
        assert server.keys == []

    def test_it_is_asked_once(self, server: ScriptedModel) -> None:
        server.facts |= {"/v1/models": listed(max_model_len=32768)}
        model = opened(server)

        assert [model.window, model.window] == [32768, 32768]
        assert len(server.keys) == 1

    def test_of_a_list_without_end_no_more_is_read(self, server: ScriptedModel) -> None:
        server.facts |= {"/v1/models": listed(max_model_len=32768, description="x" * 5_000_000)}

        assert opened(server).window == 4096

    def test_that_of_openai_is_in_a_table(self) -> None:
        assert open_llm("openai/gpt-4o-mini", seconds=1).window == 128_000

    def test_a_server_that_is_not_there_has_the_usual_one(self) -> None:
        assert open_llm("http://127.0.0.1:9/v1#m", seconds=1).window == 4096


class TestCheck:
    def check(self, server: ScriptedModel, window: int | None = None) -> tuple[str, list[str]]:
        found, problems = check_llm(server.spec, seconds=10, window=window)
        return found, list(problems)

    def test_a_model_that_will_do(self, server: ScriptedModel) -> None:
        server.facts |= {"/v1/models": listed(max_model_len=32768)}

        assert self.check(server) == ("scripted, with a window of 32,768 tokens", [])

    def test_one_that_is_not_there_is_told_with_those_that_are(self, server: ScriptedModel) -> None:
        server.facts |= OLLAMA | {"/v1/models": {"data": [{"id": "llama3.2:latest"}, {"id": "qwen3:4b"}]}}

        assert self.check(server)[1] == [
            "The language model 'scripted' is not on its server. There are: llama3.2:latest, qwen3:4b. "
            "Run: ollama pull scripted"
        ]

    def test_a_window_that_no_prompt_fits_into(self, server: ScriptedModel) -> None:
        server.facts |= {"/v1/models": listed(max_model_len=1024)}

        assert self.check(server)[1] == [
            "The language model 'scripted' has a window of 1,024 tokens, and a prompt needs 2,048. "
            "Give it a larger one, or choose another model."
        ]

    def test_ollamas_default_is_named_with_what_to_do(self, server: ScriptedModel) -> None:
        server.facts |= OLLAMA

        found, problems = self.check(server)

        assert "OLLAMA_CONTEXT_LENGTH=8192" in found
        assert "window of 4,096 tokens" in found
        assert problems == []
        server.facts |= {"/api/ps": {"models": [{"name": "scripted:latest", "context_length": 2047}]}}
        assert "OLLAMA_CONTEXT_LENGTH=8192" in self.check(server)[1][0]

    def test_a_window_that_is_set_larger_than_it_is(self, server: ScriptedModel) -> None:
        server.facts |= OLLAMA

        assert "has a window of 4,096 tokens, and it is set to 8,192" in self.check(server, 8192)[1][0]

    def test_a_server_that_is_not_there(self) -> None:
        with pytest.raises(LanguageModelError, match=r"cannot be reached at 'http://127\.0\.0\.1:9/v1'"):
            check_llm("http://127.0.0.1:9/v1#m", seconds=10, window=None)

    def test_one_that_does_not_take_the_key(self, server: ScriptedModel) -> None:
        server.facts |= {"/v1/models": 401}

        with pytest.raises(LanguageModelError, match=r"HTTP 401\). Give its key"):
            self.check(server)


class TestGiven:
    def test_a_connector_of_llamaindex_is_used_as_it_is(self) -> None:
        from llama_index.core.llms import MockLLM

        model = open_llm(MockLLM(), seconds=10, window=1000)

        assert (model.name, model.window) == ("unknown", 1000)
        assert "When was it signed?" in written(model)

    def test_its_errors_are_sentences(self, server: ScriptedModel) -> None:
        from llama_index.llms.openai_like import OpenAILike

        server.reply = 400
        with httpx.Client() as client:
            llm = OpenAILike(
                model="mine",
                api_base=server.address,
                api_key=KEY,
                is_chat_model=True,
                max_retries=0,
                http_client=client,
            )
            _, sentence = fault(open_llm(llm, seconds=10))

        assert sentence == "The language model 'mine' answered with an error (HTTP 400: You sent Bearer [key])."

    def test_it_is_left_when_it_does_not_end(self, server: ScriptedModel) -> None:
        from llama_index.llms.openai_like import OpenAILike

        server.reply = cycle([0.01, "so "])
        with httpx.Client() as client:
            llm = OpenAILike(model="mine", api_base=server.address, api_key=KEY, is_chat_model=True, http_client=client)
            came = written(open_llm(llm, seconds=20))

        assert came == "so " * 100


class TestTokens:
    TEXT = (
        "Article III. Each Party recognizes that an armed attack in the Pacific area on either of the Parties in "
        "territories now under their respective administrative control would be dangerous to its own peace and safety, "
        "and declares that it would act to meet the common danger (signed at Washington, October 1, 1953; 5 UST 2368)."
    )

    @given(st.text(), st.text())
    def test_no_text_has_more_than_its_bytes_or_less_than_its_lines(self, one: str, other: str) -> None:
        text = f"{one}\n{other}"

        assert tokens_at_most(one) + tokens_at_most(other) <= tokens_at_most(text) <= len(text.encode())

    def test_nothing_has_none(self) -> None:
        assert tokens_at_most("") == 0


@pytest.fixture(scope="module")
def small() -> Iterator[LanguageModel]:
    model = open_llm(f"gguf:{smollm2()}", seconds=300)
    yield model
    model.close()


class TestSmall:
    """SmolLM2, served by llama.cpp in this process."""

    def test_it_speaks(self, small: LanguageModel) -> None:
        reply = "".join(small.stream([Message("user", "Say hello.")], 12))

        assert reply.strip()
        assert len(reply) < 120

    def test_it_is_called_by_its_file_and_has_the_window_it_was_trained_for(self, small: LanguageModel) -> None:
        assert (small.name, small.window) == ("SmolLM2-135M-Instruct.Q4_1.gguf", 8192)

    def test_nobody_else_may_use_it(self, small: GgufModel) -> None:
        for path in ("models", "chat/completions"):
            assert httpx.request("POST", f"{small.address.server}/{path}", json={}).status_code == 401

    def test_the_estimate_is_on_the_safe_side(self, small: GgufModel) -> None:
        for text in (
            TestTokens.TEXT,
            TestTokens.TEXT.upper(),
            "조약은 1953년 10월 1일에 체결되었다.",
            "3.141592653589793",
        ):
            reply = httpx.post(
                f"{small.address.root}/tokenize", json={"content": text}, headers=small.authorization, timeout=60
            )
            counted = len(reply.json()["tokens"])
            assert counted <= tokens_at_most(text) <= 2.2 * counted

    @pytest.mark.parametrize("question", ["Tell a long story.", TestTokens.TEXT * 6], ids=["writing", "reading"])
    def test_cancelling_frees_it(self, small: GgufModel, question: str) -> None:
        stream = small.stream([Message("user", question)], 2000)
        while not busy(small):
            next(stream)
        stream.close()

        deadline = time.monotonic() + 300  # It would take longer to write 2000 tokens.
        while busy(small):
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def test_what_does_not_fit_is_told(self, small: LanguageModel) -> None:
        with pytest.raises(LanguageModelError, match="asked to read more than fits in its window"):
            list(small.stream([Message("user", "so " * 9000)], 10))

    def test_it_ends_when_it_is_closed(self, capfd: pytest.CaptureFixture[str]) -> None:
        model = open_llm(f"gguf:{smollm2()}", seconds=60, window=1024)
        assert isinstance(model, GgufModel)
        assert model.window == 1024
        model.close()

        with pytest.raises(LanguageModelError, match="cannot be reached"):
            written(model)
        assert "".join(capfd.readouterr()) == ""

    def test_a_file_that_is_missing_or_damaged_is_told(self, tmp_path: Path) -> None:
        damaged = tmp_path / "damaged.gguf"
        damaged.write_bytes(smollm2().read_bytes()[:1_000_000])
        for path, told in ((tmp_path / "none.gguf", "There is no file"), (damaged, "cannot be loaded as a GGUF model")):
            with pytest.raises(LanguageModelError, match=told) as raised:
                open_llm(f"gguf:{path}", seconds=1)
            assert repr(str(path)) in str(raised.value)

    def test_without_llama_cpp_the_command_that_installs_it_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "xllamacpp.py").write_text("raise ImportError('none here')\n", "utf-8")
        code = "from assistant.llm import open_llm; open_llm('gguf:x', seconds=1)"

        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), *sys.path))},
            capture_output=True,
            text=True,
        )

        assert 'Run: pip install -c constraints.txt -e ".[local]"' in done.stderr.splitlines()[-1]


def busy(model: GgufModel) -> bool:
    slots = httpx.get(f"{model.address.root}/slots", headers=model.authorization, timeout=60).json()
    return any(slot["is_processing"] for slot in slots)
