"""The assistant as two systems, quoting and writing, over one open store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant import Assistant, Settings, Turn
from eval.systems.base import Streamed, System, SystemUnavailable

ASSISTANT = "assistant"
"""The name of the system that this project is, whose answers are quoted, whatever language model the settings name."""
WRITTEN = "written"
"""The name of the same assistant where the settings' language model writes the answers."""


class Assistants:
    """Opens the assistant when the first of its systems is opened; `close` ends it for all of them."""

    def __init__(self, store: Path, settings: Settings, names: Sequence[str]) -> None:
        """`names` are the systems that will be opened: a model is loaded only for one that writes.

        Raises SystemUnavailable where one is to write and the settings name no language model.
        """
        if WRITTEN in names and not settings.llm:
            raise SystemUnavailable(
                f"The system {WRITTEN!r} needs a language model. "
                "Name one: --llm http://host:port/v1#model, ollama/NAME, openai/NAME or gguf:FILE."
            )
        self._store = store
        self._settings = settings if WRITTEN in names else settings.model_copy(update={"llm": ""})
        self._assistant: Assistant | None = None

    @contextmanager
    def quoting(self) -> Iterator[System]:
        """Answers in the sources' words. Entering it raises what `Assistant.open` raises."""
        yield self._opened().adjusted(written=False).ask

    @contextmanager
    def writing(self) -> Iterator[System]:
        """Answers in the language model's words. Entering it raises what `Assistant.open` raises."""
        yield _timed(self._opened().adjusted(written=True))

    def close(self) -> None:
        """Lets go of the store and of the language model, if they are open."""
        if self._assistant is not None:
            self._assistant.close()

    def _opened(self) -> Assistant:
        if self._assistant is None:
            self._assistant = Assistant.open(self._store, self._settings)
        return self._assistant


def _timed(assistant: Assistant) -> System:
    """Asks as `Assistant.ask` does, and takes the time of what a reader sees on the way."""

    def ask(question: str, history: Sequence[Turn] = ()) -> Streamed:
        first = whole = None
        for answer in assistant.stream(question, history):
            # The last of those that are not checked is the whole reply.
            if answer.provisional:
                whole = answer.seconds
                first = whole if first is None else first
        return Streamed(answer, first, None if whole is None else answer.seconds - whole)

    return ask
