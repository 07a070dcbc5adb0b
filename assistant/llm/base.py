"""What a language model is to the rest of the package."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    text: str


class LanguageModel(Protocol):
    """A model that writes. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """What a person calls it: neither an address nor a key."""
        ...

    @property
    def window(self) -> int:
        """Tokens that prompt and reply may have together. A server may be asked for it, the first time."""
        ...

    def stream(self, messages: Sequence[Message], most_tokens: int) -> Generator[str]:
        """The reply as it comes, piece by piece, and "" whenever nothing came for a quarter of a second.

        So the caller can see whether anybody still waits; closing the iterator cancels the request at once, also
        while it waits for the first word.

        Raises LanguageModelError with a sentence that tells which model, and what happened. What came before
        the fault was yielded.
        """
        ...

    def close(self) -> None:
        """Lets go of what the model holds. It cannot be asked afterwards."""
        ...
