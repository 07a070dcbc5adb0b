"""What a question asks for: its kind, the values it names, and the values that could answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.answer.values import Value, ValueKind, find_values, numbers_in

QuestionKind = Literal[
    "when", "how many", "how much", "how long", "who", "where", "which", "what", "why", "how", "yes or no", "definition"
]

# The first pattern that matches names the kind, so special ones stand before general ones.
_KINDS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("how long", r"\bhow (?:long|old)\b|\b(?:for )?how many (?:years|months|weeks|days|hours|decades|centuries)\b"),
        ("how much", r"\bhow (?:much|expensive)\b|\bwhat (?:is|was|were|are) the (?:\w+ )?(?:cost|price|budget|amount)\b"),
        ("how many", r"\bhow (?:many|often|large|big|tall|high|far|deep|fast)\b|\b(?:the )?number of\b|\bhow numerous\b"),
        (
            "when",
            r"\bwhen\b(?! necessary)|\b(?:what|which|since what|in what) (?:\w+ )?(?:year|date|day|month|decade|century|time|era|period)\b|\bhow recently\b",
        ),
        ("where", r"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:place|location|city|country|countries|state|region|town|continent)\b"),
        ("why", r"\bwhy\b|\bhow come\b|\b(?:what|which) (?:\w+ )?(?:reasons?|causes?|motive)\b|\bwhat (?:caused|led|prompted|made|drove)\b|\bfor what (?:reason|purpose)\b"),
        ("who", r"\bwho(?:m|se)?\b|\b(?:what|which) (?:\w+ )?(?:person|people|author|organi[sz]ation|institution|company|group)\b"),
        ("definition", r"^(?:so )?(?:what (?:is|are|was|were)|define|explain|what does .{1,60}\b(?:mean|stand for)\b)(?! the (?:\w+ ){0,3}(?:of|for|to|in|that)\b)"),
        ("which", r"\bwhich\b|\bname (?:the|all|three|two)\b|\blist\b"),
        ("how", r"\bhow\b|\bin what way\b"),
        ("what", r"\bwhat\b"),
        (
            "yes or no",
            r"^(?:\W*\w+,? )?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)\b",
        ),
    )
)

_EXPECTED: dict[QuestionKind, tuple[ValueKind, ...]] = {
    "when": ("date", "period", "duration"),
    "how many": ("number", "percentage", "duration", "money"),
    "how much": ("money", "percentage", "number"),
    "how long": ("duration", "date", "period"),
    "who": ("name",),
    "where": ("name",),
    "which": ("name",),
}

_LIST = re.compile(
    r"\b(?:list|name|all|every|main|key|examples? of|what are|which are|what were|which \w+s\b|what (?:kinds?|types?|sorts?) of|what \w+s\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stands alone, taken apart. `several` is true when it may ask for more than one item."""

    text: str
    kind: QuestionKind
    names: tuple[str, ...]
    numbers: frozenset[str]
    several: bool

    @property
    def expected(self) -> tuple[ValueKind, ...]:
        """The kinds of value that answer it, the best first; none for a question of explanation."""
        return _EXPECTED.get(self.kind, ())


def analyse(text: str) -> Question:
    """Takes a question apart by its words."""
    kind: QuestionKind = next((kind for kind, pattern in _KINDS if pattern.search(text)), "what")
    return Question(
        text=text,
        kind=kind,
        names=tuple(value.text for value in find_values(text) if value.kind == "name"),
        numbers=numbers_in(text),
        several=bool(_LIST.search(text)),
    )


def answering_values(question: Question, text: str) -> list[Value]:
    """The values of `text` that are of a kind the question asks for and are not in the question already."""
    asked = question.text.lower()
    return [value for value in find_values(text) if value.kind in question.expected and value.text.lower() not in asked]
