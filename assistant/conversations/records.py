"""What is read of saved conversations: values, as they were when they were read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.types import Answer

Rating = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation as a list shows it. The title is the first question until it is renamed."""

    id: str
    title: str
    updated: datetime
    turns: int


@dataclass(frozen=True, slots=True)
class SavedTurn:
    """An answer that was given, when, and what was thought of it. `number` counts from 0.

    `stopped`: the reader ended it before it was whole; what is there was said, and may be nothing at all.
    """

    number: int
    answer: Answer
    asked: datetime
    rating: Rating | None = None
    note: str = ""
    stopped: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether it was stopped before its first words: then it is not a refusal either."""
        return self.stopped and not self.answer.statements


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of a conversation, oldest first."""

    id: str
    title: str
    turns: tuple[SavedTurn, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """A rated turn and the answers before it. `number` is its own for good: no other turn ever gets it."""

    number: int
    conversation: str
    turn: SavedTurn
    before: tuple[Answer, ...]
