"""What values a question asks for, and whether more than one of them can be right."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answer.asking.phrases import AUXILIARY
from assistant.answer.asking.question import MEASURES, Question
from assistant.answer.values import ValueKind
from assistant.search.terms import terms

_ANY: tuple[ValueKind, ...] = ("name", "number", "percentage", "money", "duration", "date")
_QUANTITIES: tuple[ValueKind, ...] = ("number", "percentage", "money", "duration")
_WHAT: tuple[tuple[tuple[ValueKind, ...], str], ...] = (
    (
        ("name",),
        r"country|city|town|state|county|place|region|location|movie|film|book|novel|song|album|show|team|club|company"
        r"|firm|agency|actor|actress|singer|player|president|minister|king|queen|ruler|leader|director|winner|nationality"
        r"|language|religion|river|lake|mountain|island|party|university|school|college|capital|(?:nick)?name",
    ),
    (("date",), r"date|year|day"),
    *MEASURES,
    (("money", "number"), r"value"),
    (_QUANTITIES, r"area"),
)
"""What a question with "what" asks for, told by its noun; of several the last, as "the state budget" is money."""
_ANY_NOUN = "|".join(nouns for _, nouns in _WHAT)
_DESCRIBING = rf"(?:(?!(?:{AUXILIARY}|happened|that)\b)[\w’'-]+ )"  # no verb: "what did the president say"
_NOUN_ASKED = tuple(
    (
        kinds,
        re.compile(
            rf"\bwhat(?:[’']s)? (?:(?:is|was|are|were) )?(?:the )?{_DESCRIBING}{{0,2}}?(?:{nouns})"
            rf"(?![\w’'-]| (?:\w+ )?(?:{_ANY_NOUN})\b)",
            re.IGNORECASE,
        ),
    )
    for kinds, nouns in _WHAT
)
_PERSON_ASKED = re.compile(
    r"\bwho(?:m|se)?\b|\b(?:actor|actress|singer|player|president|minister|king|queen|ruler|leader|director|winner)\b",
    re.IGNORECASE,
)
_PLACE_ASKED = re.compile(r"\b(?:where|city|town|place|location|region)\b", re.IGNORECASE)
_SEVERAL_RIGHT = re.compile(
    r"\b(?:visit\w*|liv(?:e[ds]?|ing)|includ\w+|such as|among|attend\w*|t(?:ake|ook) part|participa\w+|compet\w+"
    r"|related|associated|others?|and (?:how|when|who|where|what|which)"
    r"|(?:which|what|an?|any|some) (?:\w+ )?(?:awards?|prizes?|titles?))\b",
    re.IGNORECASE,
)
"""Words of questions that may have several right answers, so that two values need not contradict each other."""
_SEVERAL_TOOK_PART = re.compile(
    r"\b(?:members?|starr(?:ed|ing)|stars? in|cast|guests?|support\w*|oppos\w+|critici\w+|influenc\w+|contribut\w+"
    r"|sponsor\w*|belong\w*|sign(?:ed|s)?)\b",
    re.IGNORECASE,
)
"""Words of what several can do at one time: two names need not contradict each other, two dates do."""
_WHO_IT_IS = re.compile(
    r"\W*+who(?:[’']s| is| was| are| were) (?!(?:the|now|currently)\b)(?:[\w.’'-]++[^\w.’'-]++){0,3}[\w.’'-]++\W*$",
    re.IGNORECASE,
)
"""A question for a description, "Who was Edwin Hubble?", which no one value answers."""
_WHAT_ASKED = re.compile(r"\bwhat\b", re.IGNORECASE)
_ONE_ASKED = re.compile(r"\bwhat(?:[’']s| is| was) the\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What values answer a question.

    `certain` says whether the question tells their kind, `single` whether by its words it is of one thing, `several`
    whether more than one value can be right.
    """

    kinds: tuple[ValueKind, ...]
    certain: bool
    single: bool
    several: bool
    person: bool
    place: bool
    terms: frozenset[str]
    text: str


def asked_for(question: Question) -> Asked | None:
    """The values that two sources can disagree about, of no kind for yes and no; None where no values are asked for."""
    text = question.text
    kinds, certain = _kinds(question)
    if question.kind != "yes or no" and not kinds:
        return None
    return Asked(
        kinds=kinds,
        certain=certain,
        single=certain or _ONE_ASKED.search(text) is not None,
        several=question.kind != "yes or no" and _has_several_answers(question, kinds),
        person="name" in kinds and _PERSON_ASKED.search(text) is not None,
        place="name" in kinds and _PLACE_ASKED.search(text) is not None,
        terms=frozenset(terms(text)),
        text=text.lower(),
    )


def _kinds(question: Question) -> tuple[tuple[ValueKind, ...], bool]:
    """The kinds of value that answer, the best first, and whether the question tells them."""
    if question.kind == "how long":
        return (*question.expected, "number"), True  # of kilometres; of somebody's age
    if question.expected or question.kind not in ("what", "definition"):
        return question.expected, True
    if told := next((kinds for kinds, noun in _NOUN_ASKED if noun.search(question.text)), ()):
        return told, True
    # A question of no kind that is known counts as "what" as well.
    if question.kind == "what" and _WHAT_ASKED.search(question.text):
        return _ANY, False
    return (), True


def _has_several_answers(question: Question, kinds: tuple[ValueKind, ...]) -> bool:
    if kinds[0] in _QUANTITIES:
        return False  # How many there are is one number, of however many things.
    return bool(
        question.several
        or _SEVERAL_RIGHT.search(question.text)
        or _WHO_IT_IS.match(question.text)
        or (kinds[0] != "date" and _SEVERAL_TOOK_PART.search(question.text))
    )
