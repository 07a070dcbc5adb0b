"""Values that a statement moves: to another part of the quote, behind another word, in another direction."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answer.conflicts.moments import Moment
from assistant.answer.conflicts.quantities import Quantity
from assistant.answer.writing.foreign import is_covered, meanings
from assistant.search.terms import terms

_PART_END = re.compile(
    r"[;:–—]|(?<=[.!?])\s|,\s(?!\d{4}\b)"
    r"|,?\s+(?:and|but|while|whereas|although|though|which|who|after|before)\s+(?!\d)",
    re.IGNORECASE,
)
_DIRECTION = re.compile(
    r"\b(to|from|by|about|around|over|under|until|since|up to|more than|less than)\s+\W*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Placed:
    """What a value means, the word like "to" before it, the last term before it of no value, and the next; or ""."""

    meaning: Moment | Quantity
    direction: str
    before: str
    after: str


def moves_a_value(statement: str, quote: str) -> bool:
    """Whether a value stands beside other words than in the quote: of another part of it, or behind "to" for "from"."""
    parts = _PART_END.split(quote)
    return _moves_a_date(statement, quote) or any(
        not any(
            is_covered(mine.meaning, theirs.meaning) and mine.direction == theirs.direction
            for each in _nearest_parts(part, mine, parts)
            for theirs in _placed(each)
        )
        for part in _PART_END.split(statement)
        for mine in _placed(part)
    )


def _placed(part: str) -> list[_Placed]:
    """The values of a part of a sentence, in order."""
    found, end, before = [], 0, ""
    for value, meaning in meanings(part):
        before = [before, *terms(part[end : value.start])][-1]
        after = [*terms(part[value.end :]), ""][0]
        found.append(_Placed(meaning, _direction(part[: value.start]), before, after))
        end = value.end
    return found


def _told(part: str) -> list[str]:
    """The terms of a part of a sentence that are of no value."""
    of_values = {term for value, _ in meanings(part) for term in terms(value.text)}
    return [term for term in terms(part) if term not in of_values]


def _nearest_parts(part: str, mine: _Placed, parts: list[str]) -> list[str]:
    """The parts of a quote that share most terms with a statement's, and of these rather those with its subject.

    A part that begins with a value has no subject, as "40 guns" in "The base has 500 tanks, 40 guns": it is as near if
    it alone has what the statement counts.
    """
    said = set(_told(part))
    shared = [len(said & set(terms(each))) for each in parts]
    nearest = [each for each, number in zip(parts, shared, strict=True) if number == max(shared)]
    behind = [each for each in nearest if mine.before and mine.before in {value.before for value in _placed(each)}]
    counting = [each for each in parts if mine.after in terms(each)]
    subjects = [value.before for each in counting for value in _placed(each)]
    goes_on = len(counting) == 1 and subjects[:1] == [""]
    return [*(behind or nearest), *(counting if goes_on else [])]


def _moves_a_date(statement: str, quote: str) -> bool:
    """Whether a date stands behind a term that the quote has only before other dates.

    Of "The treaty signed in 1953 entered into force in 1954" that is "signed in 1954". Where the term that the date has
    in the quote is kept, it may stand elsewhere: "sold the mill in 1926" of "bought the mill in 1911 and sold it in
    1926". Numbers are told apart by what they count, which stands behind them.
    """
    held, kept = _dates(quote), {"", *terms(statement)}
    return any(
        any(term == before for _, before, _ in held)
        and not any(is_covered(mine, theirs) and (term == before or own in kept) for theirs, before, own in held)
        for mine, term, _ in _dates(statement)
    )


def _dates(text: str) -> list[tuple[Moment, str, str]]:
    """The dates of a text, each with the last term before it, and with that of its own part, "" where it begins it."""
    found, before = [], ""
    for part in _PART_END.split(text):
        for value in _placed(part):
            if isinstance(value.meaning, Moment):
                found.append((value.meaning, value.before or before, value.before))
        before = [before, *_told(part)][-1]
    return found


def _direction(before: str) -> str:
    found = _DIRECTION.search(before)
    return found[1].lower() if found else ""
