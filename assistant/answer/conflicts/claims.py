"""What a sentence claims to be the answer: its values of the kind asked for, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answer.conflicts.asked import Asked
from assistant.answer.conflicts.moments import Clock, Moment, clock_of, moment_of
from assistant.answer.conflicts.names import Name, is_no_person, may_be_a_person, name_of
from assistant.answer.conflicts.quantities import Quantity, quantity_of
from assistant.answer.values import Value, find_times, find_values, holds
from assistant.search.terms import terms

_ONE_OF_SEVERAL = re.compile(
    r"\b(?:includ(?:e[sd]?|ing)|such as|among|one of|for example|e\.g|like|another|others?)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_THE = re.compile(r"\bthe\s+$", re.IGNORECASE)
_PLACED = re.compile(r"(?:\b(?:in|at|near|on|from|to|into|of)|[A-Z]\w+,) (?:the )?(?:\w+ )?$")
_JOINED = re.compile(r"(?:(?!\s+and\s).)+", re.DOTALL)
_TITLE = re.compile(
    r"(?:and|the|of|ceo|director|president|prime|minister|general|king|queen|actor|actress|sir|dr|mrs?)$", re.IGNORECASE
)
_WORD = re.compile(r"\S+")
_MOST_VALUES, _MOST_CLAIMS = 40, 8
"""A sentence with more values than the first is a table and claims none; of others the second many are looked at."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A value of a sentence and what it means."""

    value: Value
    meaning: Quantity | Moment | Clock | Name

    @property
    def is_person(self) -> bool:
        """Whether it has the form of a person's full name."""
        return self.value.kind == "name" and may_be_a_person(self.value.text)

    def repeats(self, other: Claim) -> bool:
        """Whether both are of one kind and can both be right about one thing."""
        return self._compare(other) is True

    def contradicts(self, other: Claim) -> bool:
        """Whether both are of one kind and cannot both be right about one thing."""
        return self._compare(other) is False

    def _compare(self, other: Claim) -> bool | None:
        match self.meaning, other.meaning:
            case (Quantity() as mine, Quantity() as theirs) if mine.comparable(theirs):
                return mine.agrees(theirs)
            case (Moment() as mine, Moment() as theirs) if mine.comparable(theirs):
                return mine.agrees(theirs)
            case (Clock() as mine, Clock() as theirs):
                return mine.agrees(theirs)
            case (Name() as mine, Name() as theirs) if mine.comparable(theirs):
                return mine.agrees(theirs)
        return None


@lru_cache(maxsize=64)
def held(text: str, asked: Asked, most: int = _MOST_VALUES) -> tuple[Claim, ...]:
    """All that a text holds, names without titles and the question's words; nothing of one with more than `most`.

    What only says which one is asked about is left out: "the 2021 draft" agrees with no day of 2021.
    """
    values = [
        each for value in find_values(text) for each in (_names(value, asked) if value.kind == "name" else (value,))
    ]
    if len(values) > most:
        return ()
    values += find_times(text) if "day" in asked.kinds else ()
    return tuple(
        Claim(value, meaning)
        for value in values
        if not _says_which(value, text, asked) and (meaning := _meaning(value, text)) is not None
    )


def claimed(claims: Sequence[Claim], text: str, asked: Asked) -> tuple[Claim, ...]:
    """Those of a text's `claims` that can be the answer, the nearest to the question's words first."""
    fitting = [
        claim
        for claim in claims
        if claim.value.kind in asked.kinds
        and not holds(asked.text, claim.value)
        and not _ONE_OF_SEVERAL.search(text[: claim.value.start])
        and not (asked.place and not _is_placed(text[: claim.value.start], asked))
    ]
    if asked.person:
        persons = [claim for claim in fitting if claim.is_person]
        fitting = persons or [claim for claim in fitting if not is_no_person(claim.value.text)]
    shared = [word.start() for word in _WORD.finditer(text) if asked.terms & set(terms(word.group()))]
    fitting.sort(key=lambda claim: -sum(1 / (1 + abs(start - claim.value.start)) for start in shared))
    return tuple(fitting[:_MOST_CLAIMS])


def _says_which(value: Value, text: str, asked: Asked) -> bool:
    """Whether a value, as in "the 2021 draft", belongs to the name of what the question asks about."""
    return holds(asked.text, value) and _THE.search(text, 0, value.start) is not None


def _is_placed(before: str, asked: Asked) -> bool:
    """Whether a place may follow: after "in" and the like, or beside what is asked about as in an address."""
    last = before.split()[-1:]
    return _PLACED.search(before) is not None or bool(last and asked.terms & set(terms(last[0])))


def _meaning(value: Value, text: str) -> Quantity | Moment | Clock | Name | None:
    if value.kind == "name":
        return name_of(value.text)
    if value.kind == "time":
        return clock_of(value)
    if value.kind == "day":
        return None  # that two days differ is no conflict: it may be both
    return moment_of(value, text) if value.kind in ("date", "period") else quantity_of(value, text)


def _names(value: Value, asked: Asked) -> Iterator[Value]:
    for part in _JOINED.finditer(value.text):
        words = list(_WORD.finditer(part.group()))
        while words and _is_beside(words[0].group(), asked):
            words.pop(0)
        while words and asked.terms & set(terms(words[-1].group())):
            words.pop()
        if words:
            name = re.sub(r"['’]s$", "", part.group()[words[0].start() : words[-1].end()])
            if asked.person and (whose := re.match(r"(\S+ \S+) of ", name)):
                name = whose[1]
            start = value.start + part.start() + words[0].start()
            yield Value("name", start, start + len(name), name)


def _is_beside(word: str, asked: Asked) -> bool:
    """Whether a word stands before a name rather than begins it: a title, a small word, or one of the question's."""
    own = set(terms(word))
    small = word.islower() and not own
    return _TITLE.fullmatch(word.rstrip(".")) is not None or small or bool(asked.terms & own)
