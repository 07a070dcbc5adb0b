"""A model of any LlamaIndex connector, used as the program made it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from assistant.llm.base import Message
from assistant.llm.faults import Faults
from assistant.llm.reading import Request, read

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


class GivenModel:
    """Time-outs, retries and the length of replies are the connector's.

    Its connection cannot be closed from outside: a request that is cancelled ends with the next piece.
    """

    def __init__(self, llm: LLM, *, seconds: float, window: int | None) -> None:
        self._llm = llm
        self._seconds = seconds
        self.name = llm.metadata.model_name
        self.window = window or llm.metadata.context_window
        key = getattr(llm, "api_key", None)
        revealed = getattr(key, "get_secret_value", lambda: key)()  # Some connectors hold it as a secret of Pydantic's.
        self._faults = Faults(self.name, key=revealed if isinstance(revealed, str) else None)

    def stream(self, messages: Sequence[Message], most_tokens: int) -> Generator[str]:
        """The reply as it comes, and no more pieces than `most_tokens`; see `LanguageModel`."""
        from llama_index.core.llms import ChatMessage

        def write(_: Request) -> Generator[str]:
            asked = [ChatMessage(role=message.role, content=message.text) for message in messages]
            left = most_tokens
            for reply in self._llm.stream_chat(asked):
                if reply.delta:
                    yield reply.delta
                    left -= 1
                if not left:
                    return
            if left == most_tokens:
                raise self._faults.empty(None)

        try:
            yield from read(write, self._seconds)
            return
        except Exception as error:  # Every connector has errors of its own.
            fault = self._faults.sentence(error, self._seconds)
        # Raised here, where it has no context: that may hold the key.
        raise fault

    def close(self) -> None:
        """The connector is the program's, which may go on using it."""
