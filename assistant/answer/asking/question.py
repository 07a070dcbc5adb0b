"""What a question asks for: its kind, the values it names, and the values that could answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from assistant.answer.asking.phrases import AUXILIARY
from assistant.answer.values import Value, ValueKind, find_times, find_values, holds, numbers_in
from assistant.search.terms import terms

QuestionKind = Literal[
    "when", "how many", "how much", "how long", "who", "where", "which", "what", "why", "how", "yes or no", "definition"
]

_TIME = r"year|date|day|month|decade|century|time|era|period"
_PLACE = r"place|location|city|region|town|continent"
_AMOUNT = r"cost|price|budget"
_PREPOSITION = r"in|on|at|for|with|from|to|during|after|before|under|by|of|about|against|without|outside"
_PERSON = r"person|people|author|organi[sz]ation|institution|company|group"

# The pattern that is found first in the question names its kind; of those found at one place, the first here.
_PATTERNS: dict[QuestionKind, tuple[str, ...]] = {
    "yes or no": (rf"^(?:\w+, )?{AUXILIARY}\b",),
    "how long": (
        r"\bhow (?:long|old)\b",
        r"\bhow much (?:\w+ )?(?:notice|time|warning)\b",
        r"\bhow many (?:years|months|weeks|days|hours|decades|centuries)\b",
    ),
    "how much": (
        r"\bhow (?:much|expensive)\b",
        rf"\bwhat (?:is|was|were|are) the (?:\w+ )?(?:{_AMOUNT}|amount)\b",
        r"\bwhat (?:do|does|did|will|would) .{1,60}\bcost\b",
    ),
    "how many": (
        r"\bhow (?:many|often|large|big|tall|high|far|deep|fast)\b",
        r"\b(?:what (?:is|was) )?(?:the )?number of\b",
    ),
    "when": (
        r"\bwhen\b",
        rf"\b(?:what|which) (?:\w+ )?(?:{_TIME})\b",
        rf"^(?:what (?:is|are|were) )?(?:(?!(?:{_PREPOSITION})\b)[\w’'-]+ ){{0,4}}(?:opening|closing|office|visiting)"
        r" (?:hours|times?)\b",
    ),
    "where": (r"\bwhere\b", rf"\b(?:what|which) (?:\w+ )?(?:{_PLACE})\b"),
    "why": (
        r"\bwhy\b",
        r"\bhow come\b",
        r"\b(?:what|which) (?:\w+ )?(?:reasons?|causes?|motives?|purpose)\b",
        r"\bwhat (?:caused|led|prompted|made|drove)\b",
    ),
    "who": (r"\bwho(?:m|se)?\b", rf"\b(?:what|which) (?:\w+ )?(?:{_PERSON})\b"),
    "definition": (
        r"^(?:what (?:is|are|was|were)|define)(?: an?| the)? (?:[\w’'-]++[^\w’'-]*+){1,4}$",
        r"\bwhat does .{1,60}\b(?:mean|stand for)\b",
        r"\bmeant by\b",
    ),
    "which": (r"\bwhich\b", r"\bname (?:the|all|three|two)\b", r"\blist\b"),
    "how": (r"\bhow\b", r"\bin what way\b"),
    "what": (r"\bwhat\b",),
}
_KINDS = {kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in _PATTERNS.items()}

# Of words that are typed into a search, "treaty signing date", the last says what is wanted.
_LAST_WORD: dict[QuestionKind, str] = {
    "when": _TIME,
    "where": rf"{_PLACE}|venue|birthplace|whereabouts",
    "who": rf"{_PERSON}|ceo|president|minister|commander|director|leader|winner|founder|signator(?:y|ies)",
    "how much": r"costs?|price|budget|revenue",
    "how many": r"population|size",
}
_TYPED = {
    kind: re.compile(
        rf"(?!(?:tell|give|show|describe|explain|compare|discuss)\b)(?:\S+\s+){{1,5}}(?:{nouns})\W*", re.IGNORECASE
    )
    for kind, nouns in _LAST_WORD.items()
}

_BY_THE_CLOCK = re.compile(r"\b(?:what|which) (?:\w+ )?time\b|\b(?:hours|times)\b", re.IGNORECASE)
_BY_THE_CALENDAR = re.compile(r"\b(?:what|which) (?:\w+ )?(?P<unit>date|day|month|year)\b", re.IGNORECASE)

_EXPECTED: dict[QuestionKind, tuple[ValueKind, ...]] = {
    "when": ("date", "time", "day", "period", "duration"),
    "how many": ("number", "percentage", "duration", "money"),
    "how much": ("money", "percentage", "number"),
    "how long": ("duration", "date", "period"),
    "who": ("name",),
    "where": ("name",),
    "which": ("name",),
}

MEASURES: tuple[tuple[tuple[ValueKind, ...], str], ...] = (
    (("percentage",), r"per ?cent(?:age)?|share|proportion"),
    (("money", "number"), rf"{_AMOUNT}|revenue|income|salary|profit|fee|fine"),
    (
        ("percentage", "number", "money", "duration"),
        r"rate|temperature|speed|population|number|size|length|height|width|depth|weight|distance|age",
    ),
)
"""What "What was the revenue?" and "What percentage voted?" ask for, told by the noun."""
_NARROWED = r"(?!(?:of|in|on|for|to|by|with|and|or|between|behind|an?|the|that|this)\b)[\w.’'-]+ "
_MEASURED = tuple(
    (
        kinds,
        re.compile(
            rf"\bwhat (?:{nouns})\b"
            rf"|\bwhat(?:[’']s| is| was| are| were) (?:the |{_NARROWED}){{1,3}}?(?:{nouns})(?![\w’'-])",
            re.IGNORECASE,
        ),
    )
    for kinds, nouns in MEASURES
)

_PLURAL = (
    r"\b(?!(?:this|his|its|is|was|does|has|congress|business|process|species|series|news)\b)(?-i:[a-z]\w*[^\Wsui]s)\b"
)
PLURAL = re.compile(_PLURAL)
_SEVERAL = re.compile(
    r"^(?:please )?(?:list|name)\b|\b(?:examples?|kinds?|types?|sorts?) of\b|\b(?:what|which) (?:are|were)\b"
    rf"|\b(?:what|which|how many) (?:(?!{AUXILIARY}\b)\w+ ){{0,3}}{_PLURAL} {AUXILIARY}\b"
    rf"|\bwhich {_PLURAL}\b",
    re.IGNORECASE,
)


_CLAUSE = re.compile(r"\A\d{1,3}(?:\.\d{1,3})+\s+(?=[A-Z])")
"""The number of a clause, "1.3 The tenants may ...", which is no value of it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stands alone, taken apart. `several` is true when it may ask for more than one item."""

    text: str
    kind: QuestionKind
    numbers: frozenset[str]
    several: bool
    expected: tuple[ValueKind, ...]
    """The kinds of value that answer it, the best first; none for a question of explanation."""

    @property
    def asks_for_quantity(self) -> bool:
        """Whether only a date, a number, an amount or a length of time answers it."""
        return bool(self.expected) and "name" not in self.expected


def analyse(text: str) -> Question:
    """Takes a question apart by its words."""
    found = {kind: match.start() for kind, pattern in _KINDS.items() if (match := pattern.search(text))}
    found = found or {kind: 0 for kind, pattern in _TYPED.items() if pattern.fullmatch(text)}
    kind: QuestionKind = min(found, key=lambda kind: found[kind], default="what")
    return Question(
        text=text,
        kind=kind,
        numbers=numbers_in(text),
        several=bool(_SEVERAL.search(text)),
        expected=_expected(kind, text),
    )


def _expected(kind: QuestionKind, text: str) -> tuple[ValueKind, ...]:
    if kind in ("what", "definition"):
        return _measured(text)
    if kind == "when" and _BY_THE_CLOCK.search(text):
        return ("time", "day", "date", "period", "duration")
    if kind == "when" and (asked := _BY_THE_CALENDAR.search(text)):
        return ("date", "day", "period") if asked["unit"].lower() in ("date", "day") else ("date", "period")
    return _EXPECTED.get(kind, ())


def _measured(text: str) -> tuple[ValueKind, ...]:
    return next((kinds for kinds, pattern in _MEASURED if pattern.search(text)), ())


def answering_values(question: Question, text: str) -> list[Value]:
    """The values of `text` that are of a kind the question asks for and are not in the question already."""
    asked = set(terms(question.text))
    times = (time for time in find_times(text) if not asked.issuperset(terms(time.text) or [""]))  # nor "Sundays"
    values = chain(find_values(text), times if "day" in question.expected else ())
    return [
        value
        for value in values
        if value.kind in question.expected and not holds(question.text, value) and not _CLAUSE.match(text, value.start)
    ]
