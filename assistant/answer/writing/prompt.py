"""What a language model is shown: the rules, what was said before, numbered passages, and the question.

Passages are dropped by rank, whole, until all fits the model's window; what was said before has a small share of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.answer.evidence import Evidence
from assistant.answer.writing.orders import addresses_a_model
from assistant.errors import LanguageModelError
from assistant.ingest.split import place_of
from assistant.llm import LanguageModel, Message
from assistant.llm.tokens import tokens_at_most
from assistant.types import Passage, Turn

_MOST_REPLY = 2000
"""Tokens of a reply: four sentences, and before them the thoughts that many models count as a part of it."""
_REPLY, _HISTORY = 1 / 4, 1 / 8
"""Shares of the window that a reply, and what was said before, may take at most."""
_MOST_TURNS = 3


@dataclass(frozen=True, slots=True)
class Prompt:
    """Messages for a model, and how long the reply may be in tokens."""

    messages: tuple[Message, ...]
    most_tokens: int


def safe_passages(evidence: Evidence) -> tuple[Passage, ...]:
    """The passages of the evidence, then the others by rank, without those in which a model is addressed."""
    cited = (sentence.passage for sentence in evidence.sentences)
    passages = dict.fromkeys((*cited, *(hit.passage for hit in evidence.hits)))
    return tuple(passage for passage in passages if not addresses_a_model(passage.text))


def build_prompt(model: LanguageModel, question: str, history: Sequence[Turn], passages: Sequence[Passage]) -> Prompt:
    """A prompt with as many of the `passages`, at least one, as fit the model's window together with a reply.

    They are numbered from 1.
    Raises LanguageModelError if not even the first does.
    """
    window = model.window
    reply = min(_MOST_REPLY, int(window * _REPLY))
    fixed = [Message("system", _prompt("answer.md")), *_said_before(history, int(window * _HISTORY))]
    room = window - reply - sum(tokens_at_most(message.text) for message in fixed)
    for count in range(len(passages), 0, -1):
        asked = _ask(question, passages[:count])
        if tokens_at_most(asked) <= room:
            return Prompt((*fixed, Message("user", asked)), reply)
    raise LanguageModelError(
        f"The language model {model.name!r} takes {window:,} tokens at a time, which is too few for one passage. "
        "Give it a larger window, or choose another."
    )


def safe_place(passage: Passage) -> str:
    """The title and heading of a passage; "" if they speak to a model."""
    place = place_of(passage.title, passage.heading)
    return "" if addresses_a_model(place) else place


@cache
def _prompt(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8").strip()


def _said_before(history: Sequence[Turn], room: int) -> list[Message]:
    """The last turns, as many as `room` tokens hold: they tell what is talked about and are no evidence."""
    messages: list[Message] = []
    for turn in reversed(history[-_MOST_TURNS:]):
        answer = turn.answer if isinstance(turn.answer, str) else turn.answer.text
        pair = [Message("user", turn.question), Message("assistant", answer)]
        room -= sum(tokens_at_most(message.text) for message in pair)
        if room < 0 or any(addresses_a_model(message.text) for message in pair):
            break
        messages = pair + messages
    return messages


def _ask(question: str, passages: Sequence[Passage]) -> str:
    shown = "\n\n".join(
        f'<passage number="{number}"{_titled(passage)}>\n{_inside(passage.text)}\n</passage>'
        for number, passage in enumerate(passages, 1)
    )
    # What is said last a small model heeds most: of what it writes, far more is then found in the sources.
    return f"{shown}\n\nQuestion: {question}\n\n{_prompt('reminder.md')}"


def _titled(passage: Passage) -> str:
    place = safe_place(passage)
    return f' from="{_inside(place)}"' if place else ""


def _inside(text: str) -> str:
    """`text` without the signs that could close the passage it stands in."""
    return text.replace("<", "‹").replace(">", "›").replace('"', "”")
