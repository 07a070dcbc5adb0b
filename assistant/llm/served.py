"""A model behind an OpenAI-compatible server, asked through LlamaIndex's connector."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from assistant.errors import LanguageModelError
from assistant.llm.address import Address, is_this_machine
from assistant.llm.base import Message
from assistant.llm.faults import Faults
from assistant.llm.reading import Request, read
from assistant.llm.server import Told, ask_server

if TYPE_CHECKING:
    import httpx
    import openai
    from llama_index.llms.openai_like import OpenAILike
    from openai.types.chat import ChatCompletionChunk

_CONNECT_SECONDS = 5.0
_TELL_SECONDS = 5.0
_UNKNOWN_WINDOW = 4096
_ASK_AGAIN = 60.0
"""Seconds after which a server that could not be asked for its window is asked again."""
_MAY_PASS = frozenset({408, 409, 429})  # and every fault of the server itself
_ATTEMPTS = 4
_FIRST_PAUSE = 0.5


class ServedModel:
    """Each request has a connection of its own, which is closed to cancel it."""

    def __init__(
        self, address: Address, key: str | None, *, name: str, seconds: float, key_variable: str, window: int | None
    ) -> None:
        """`seconds` is how long a whole reply may take, other attempts included.

        Raises LanguageModelError for a model that LlamaIndex's connector does not talk to.
        """
        import httpx

        self.name = name
        self.address = address
        self._key = key
        self._seconds = seconds
        self._window = window
        self._not_before = 0.0
        self._faults = Faults(name, server=address.server, key=key, key_variable=key_variable)
        self._running: set[Request] = set()
        self._certificates = httpx.create_ssl_context()  # takes longer than a request, and serves for all
        with self._client() as client:
            self._connector(client)

    @property
    def window(self) -> int:
        """Tokens that prompt and reply may have together: asked of the server once, 4096 where it does not tell."""
        if self._window is None and time.monotonic() >= self._not_before:
            try:
                self._window = self.told().window or _UNKNOWN_WINDOW
            except LanguageModelError:  # Nobody is to wait for it with every question.
                self._not_before = time.monotonic() + _ASK_AGAIN
        return self._window or _UNKNOWN_WINDOW

    @property
    def authorization(self) -> dict[str, str]:
        """The header that lets a request through."""
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def told(self) -> Told:
        """What the server says of its models. Raises LanguageModelError when it does not reply."""
        try:
            with self._client(headers=self.authorization, timeout=_TELL_SECONDS) as client:
                return ask_server(client, self.address)
        except Exception as error:  # An address or a reply can be wrong in any way.
            fault = self._faults.sentence(error, _TELL_SECONDS)
        raise fault

    def stream(self, messages: Sequence[Message], most_tokens: int) -> Generator[str]:
        """The reply as it comes; see `LanguageModel`."""

        def write(request: Request) -> Generator[str]:
            self._running.add(request)
            try:
                with self._client(event_hooks={"request": [request.hold]}) as client:
                    yield from self._attempts(self._connector(client), messages, most_tokens, request)
            finally:
                self._running.discard(request)

        try:
            yield from read(write, self._seconds)
            return
        except Exception as error:  # What a server sends in place of a reply fails in the client in any way.
            fault = self._faults.sentence(error, self._seconds)
        # Raised here, where it has no context: what the server sent may hold the key.
        raise fault

    def close(self) -> None:
        """Gives up what is still being replied."""
        for request in self._running.copy():
            request.give_up()

    def _attempts(
        self, llm: OpenAILike, messages: Sequence[Message], most_tokens: int, request: Request
    ) -> Generator[str]:
        import openai

        for attempt in count(1):
            try:
                yield from self._reply(llm, messages, most_tokens)
                return
            except openai.APIStatusError as error:  # comes before the first piece, if at all
                pause = _pause(error, attempt)
                if pause is None or pause >= request.left:
                    raise
            request.pause(pause)
            if request.given_up:
                return

    def _reply(self, llm: OpenAILike, messages: Sequence[Message], most_tokens: int) -> Generator[str]:
        import httpx
        from llama_index.core.llms import ChatMessage

        replies = llm.stream_chat(
            [ChatMessage(role=message.role, content=message.text) for message in messages],
            max_tokens=most_tokens,
            timeout=httpx.Timeout(self._seconds, connect=_CONNECT_SECONDS),
        )
        spoke, finish_reason = False, None
        for reply in replies:
            if reply.delta:
                spoke = True
                yield reply.delta
            if choices := cast("ChatCompletionChunk", reply.raw).choices:
                finish_reason = choices[0].finish_reason or finish_reason
        if finish_reason is None:  # Every server tells why it ends; a connection that is lost may look like an end.
            raise self._faults.cut() if spoke else self._faults.empty(None)
        if not spoke:
            raise self._faults.empty(finish_reason)

    def _client(self, **options: Any) -> httpx.Client:
        import httpx

        trust_env = not is_this_machine(self.address.server)
        return httpx.Client(verify=self._certificates, trust_env=trust_env, **options)

    def _connector(self, client: httpx.Client) -> OpenAILike:
        from llama_index.llms.openai_like import OpenAILike

        try:
            return OpenAILike(
                model=self.address.model,
                api_base=self.address.server,
                api_key=self._key or "none",  # Without one the client takes that of the environment, or refuses.
                is_chat_model=True,
                temperature=0,
                max_retries=0,  # Its own pauses know no deadline, and cannot be cut short.
                http_client=client,
            )
        except ValueError as error:
            raise LanguageModelError(f"The language model {self.name!r} cannot be asked ({error}).") from error


def _pause(error: openai.APIStatusError, attempt: int) -> float | None:
    """Seconds to wait before the request is sent again, None if it is not."""
    if attempt == _ATTEMPTS or not (error.status_code in _MAY_PASS or error.status_code >= 500):
        return None
    wished = _seconds_of(error.response.headers.get("Retry-After", ""))
    return _FIRST_PAUSE * 2 ** (attempt - 1) if wished is None else max(wished, 0.0)


def _seconds_of(retry_after: str) -> float | None:
    """RFC 9110, 10.2.3: a number of seconds, or a date."""
    with suppress(ValueError):
        return float(retry_after)
    with suppress(ValueError):
        return parsedate_to_datetime(retry_after).timestamp() - time.time()
    return None
