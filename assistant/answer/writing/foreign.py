"""What a statement holds that a quote does not: values, names, addresses, signs, and what the quote denies."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.answer.conflicts.moments import Moment, moment_of
from assistant.answer.conflicts.names import name_of
from assistant.answer.conflicts.polarity import denies_other, opposites
from assistant.answer.conflicts.quantities import Quantity, quantity_of
from assistant.answer.values import Value, find_values
from assistant.search.terms import terms

_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.\w+", re.IGNORECASE)
# They carry no subject matter, and change what is said of it.
_RELATION = re.compile(
    r"\b(?:all|every|each|both|none|always|never|before|after|until|since|without|against|above|below|unlike|instead"
    r"|more|less|fewer|outside|inside|off|beyond)\b",
    re.IGNORECASE,
)
# "World War I", "Vitamin D": what tells it from its like is no more than a letter or a numeral.
_MARKED = re.compile(
    r"\b(?P<word>[A-Z][a-z]+) (?P<mark>(?!I\b)[A-Z]|(?!I\b)[IVX]+|(?:(?<=War )|(?<=Type )|(?<=Part )|(?<=Phase )"
    r"|(?<=Class )|(?<=Charles )|(?<=James )|(?<=George )|(?<=Elizabeth ))I)\b(?![.’'-])"
)
_NATIONALITY = re.compile(r"(?:ians?|eans?|ans?|ns?|ese|ish|ia|a|y|s)$")
_SHORTEST_ROOT = 4
_SIGNED = re.compile(r"(?:(?<![\w.])|(?<=\s))(?P<sign>[-−–+<>≤≥±~≈]?)\s?(?P<number>\d[\d.,]*)")


def foreign_addresses(statement: str, quote: str) -> bool:
    """Whether the statement holds an address of the web or of mail that is not, sign by sign, one of the quote."""

    def addresses(text: str) -> set[str]:
        return {address.rstrip(".,;:)") for address in _ADDRESS.findall(text)}

    return not addresses(statement) <= addresses(quote)


def foreign_values(statement: str, quote: str) -> bool:
    """Whether the statement holds a date, number or amount that the quote does not hold."""
    held = [meaning for _, meaning in meanings(quote)]
    return any(not any(is_covered(mine, theirs) for theirs in held) for _, mine in meanings(statement))


def foreign_words(statement: str, quote: str) -> bool:
    """Whether signs before its numbers, words of how many, or words of before and after are not those of the quote."""

    def signed(text: str) -> set[tuple[str, str]]:
        return {(match["sign"].replace("−", "-"), match["number"].rstrip(".,")) for match in _SIGNED.finditer(text)}

    def related(text: str) -> set[str]:
        return {match.group().lower() for match in _RELATION.finditer(text)}

    return not (signed(statement) <= signed(quote) and related(statement) <= related(quote))


def foreign_names(statement: str, around: str) -> bool:
    """Whether the statement names what is named neither in the quote nor around it."""
    if any(not _is_marked(named, around) for named in _MARKED.finditer(statement)):
        return True
    names = [value.text for value in find_values(statement) if value.kind == "name"]
    if not names:
        return False
    held = set(terms(around))
    others = [name_of(value.text) for value in find_values(around) if value.kind == "name"]
    for name in names:
        if all(is_in(term, held) for term in terms(name)):
            continue
        mine = name_of(name)
        if not any(mine.parts == other.parts or "".join(mine.parts) in other.initials for other in others):
            return True
    return False


def _is_marked(named: re.Match[str], text: str) -> bool:
    """Whether the text has the same letter or numeral after the same word, or in a row after its plural."""
    row = r"s\s(?:[A-Z]+,?\s(?:and\s)?)*"
    return re.search(rf"\b(?i:{named['word']})(?:{row}|\s+){named['mark']}\b", text) is not None


def contradicts(statement: str, quote: str) -> bool:
    """Whether the quote says the opposite, by a negation or by an opposite word."""
    return bool(opposites(set(terms(statement)), set(terms(quote)))) or denies_other(statement, quote)


def is_in(term: str, held: set[str]) -> bool:
    """Whether a term is among `held`, a country also as its people and the other way round."""
    return term in held or _is_held(term, held)


def _is_held(term: str, held: set[str]) -> bool:
    """Whether a term is among `held` as a country for its people, or the other way round: "korea" and "korean"."""
    root = _NATIONALITY.sub("", term)
    return len(root) >= _SHORTEST_ROOT and any(
        other.startswith(root) and _NATIONALITY.sub("", other) == root for other in held
    )


@lru_cache(maxsize=256)
def meanings(text: str) -> tuple[tuple[Value, Moment | Quantity], ...]:
    """The dates, numbers and amounts of a text, in order, with what they mean."""
    values = sorted((value for value in find_values(text) if value.kind != "name"), key=lambda value: value.start)
    found = ((value, _meaning(value, text)) for value in values)
    return tuple((value, meaning) for value, meaning in found if meaning is not None)


def _meaning(value: Value, text: str) -> Moment | Quantity | None:
    return moment_of(value, text) if value.kind in ("date", "period") else quantity_of(value, text)


def is_covered(mine: Moment | Quantity, theirs: Moment | Quantity) -> bool:
    """Whether a value says what another says, or less: of a day its year."""
    if isinstance(mine, Moment) and isinstance(theirs, Moment):
        parts = (
            (mine.first, theirs.first),
            (mine.last, theirs.last),
            (mine.month, theirs.month),
            (mine.day, theirs.day),
        )
        return all(one is None or one == other for one, other in parts)
    if isinstance(mine, Quantity) and isinstance(theirs, Quantity):
        return mine.comparable(theirs) and mine.number == theirs.number
    return False
