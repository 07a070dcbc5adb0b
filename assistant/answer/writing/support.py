"""Whether a quote supports a statement: its values, names and negations must be the quote's, and its other words too.

What the quote does not hold is not supported, however likely it is. The check errs towards too little: a right
statement in other words is taken for partly supported, which a strict reader is not shown. One sentence must say
all of it: of two together, one could lend its date to what the other tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.answer.conflicts.moments import Moment, moment_of
from assistant.answer.conflicts.names import name_of
from assistant.answer.conflicts.polarity import denies_other, opposites
from assistant.answer.conflicts.quantities import Quantity, quantity_of
from assistant.answer.phrases import AUXILIARY
from assistant.answer.values import Value, find_values
from assistant.search.terms import terms
from assistant.types import Verdict

_HALF = 0.5
"""Share of the statement's terms that the quote must hold to support it partly."""
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.\w+", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:may|might|could|would|should|if|unless|whether|perhaps|possibly|probably|likely|reportedly|allegedly"
    r"|supposedly|expected|propos\w+|plan(?:s|ned)? to|aims? to|intend\w* to|seek(?:s|ing)? to|hop(?:e[sd]?|ing) to"
    r"|potential(?:ly)?|primarily|mainly|mostly|partly|largely|chiefly"
    r"|some (?:say|argue|believe)|critics|argu(?:e[sd]?|ing)|claim(?:s|ed)?|alleg\w+|according to)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+\s+)?\w+(?:ed|en|wn|ne|ld|id|pt|de|ght)\b.*\bby\b", re.DOTALL
)
_LISTED = re.compile(r"\W*(?:(?:and|or|the|with|as well as|between)\W*)*", re.IGNORECASE)
_NATIONALITY = re.compile(r"(?:ians?|eans?|ans?|ns?|ese|ish|ia|a|y|s)$")
_CLAUSE_END = re.compile(r"[;:()–—]|(?<=[.!?])\s|,\s")
_TO_SAY = re.compile(
    r"(?:^|\b(?:to|please|kindly|must|should|would|shall|will|can|you|and|or|but|let)\s+(?:always\s+|only\s+|just\s+)?"
    r"|[“\"(:;,]\s*)(?:say|tell|state|mention|answer|reply|write|claim|report|note|know|remember|assume|believe|give"
    r"|name)\b(?:\s+[^\s.,;:]+){0,8}?(?:\s+that\b|\s*[:“\"])",
    re.IGNORECASE,
)
_ADDING = re.compile(r"\b(?:by|in|at|on|from|with|for|to|near|during|into|against)\s+(?:\w+\s+)?$", re.IGNORECASE)
_ATTACHED = re.compile(r"\b(?:of|under|within|between|and)\s+(?:(?:the|its|their)\s+)?$", re.IGNORECASE)
_SAYS_OF_IT = re.compile(rf"\b(?:{AUXILIARY})\b", re.IGNORECASE)
_PREDICATE = re.compile(rf"\b(?:{AUXILIARY})\s+(?:not\s+)?(?:(?:the|an?)\s+)?$", re.IGNORECASE)
_SHORTEST_ROOT = 4
_WORD = re.compile(r"[^\W_]+")
_WRITTEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Source:
    """A quote, and what stands around it and tells what its "it" is: title, heading, the sentence before."""

    quote: str
    around: str


def verdict_on(statement: str, source: Source) -> Verdict:
    """What the source makes of a statement: "quoted" if it is the quote, "supported", "partly" or "unsupported"."""
    quote = " ".join(source.quote.split())
    if _bare(statement) == _bare(quote):
        return "quoted"
    near = f"{quote} {source.around}"
    if (
        _foreign_addresses(statement, quote)
        or _foreign_values(statement, quote)
        or _foreign_names(statement, near)
        or _contradicts(statement, quote)
    ):
        return "unsupported"
    own, quoted, held = set(terms(statement)), set(terms(quote)), set(terms(near))
    missing = {term for term in own if not _is_in(term, held)}
    if not own & quoted or len(missing) > _HALF * len(own):
        return "unsupported"
    if (
        missing
        or _says_nothing(statement, own)
        or _weakens(statement, quote)
        or _turns_round(statement, quote)
        or _repeats_a_name(statement, quote)
        or _asks_to_say(statement, quote)
        or _adds_from_around(statement, quoted, set(terms(source.around)))
    ):
        return "partly"
    return "supported"


def _says_nothing(statement: str, own: set[str]) -> bool:
    """Whether it is one word alone, and no value; or says only that something follows."""
    return (len(own) == 1 and not _meanings(statement)) or statement.endswith(":")


def _repeats_a_name(statement: str, quote: str) -> bool:
    """Whether a name stands in it more often than in the quote, and so perhaps in the place of another."""
    names = {value.text for value in find_values(statement) if value.kind == "name"}
    return any(statement.count(name) > max(1, quote.count(name)) for name in names)


def _asks_to_say(statement: str, quote: str) -> bool:
    """Whether the quote asks somebody to say what the statement says, which is not to say it."""
    return _TO_SAY.search(quote) is not None and not _TO_SAY.search(statement)


def _adds_from_around(statement: str, quoted: set[str], near: set[str]) -> bool:
    """Whether what stands around the quote gives the statement more than the name of what the quote is about.

    The name stands in one place, in words of `near` alone, and nothing is said of it there. It is not what is said of
    something else, does not stand behind a preposition that adds something, nor at the end unless it is attached, as in
    "the parties of the treaty": "It was signed by Elvis Presley" adds to "It was signed" rather than naming "it".
    """
    words = [(match, terms(match.group())) for match in _WRITTEN.finditer(statement)]
    lent = [place for place, (_, stems) in enumerate(words) if any(not _is_in(stem, quoted) for stem in stems)]
    if not lent:
        return False
    stretch = words[lent[0] : lent[-1] + 1]
    start, end = stretch[0][0].start(), stretch[-1][0].end()
    return (
        any(not _is_in(stem, near) for _, stems in stretch for stem in stems)
        or _SAYS_OF_IT.search(statement, start, end) is not None
        or _PREDICATE.search(statement[:start]) is not None
        or _ADDING.search(statement[:start]) is not None
        or (lent[-1] == len(words) - 1 and lent[0] > 0 and not _ATTACHED.search(statement[:start]))
    )


def _is_in(term: str, held: set[str]) -> bool:
    return term in held or _is_held(term, held)


def _bare(text: str) -> str:
    """`text` by its words alone, so that a stop or a blank makes no difference."""
    return " ".join(_WORD.findall(text.lower()))


def _foreign_addresses(statement: str, quote: str) -> bool:
    return any(address.rstrip(".,;:)") not in quote for address in _ADDRESS.findall(statement))


def _foreign_values(statement: str, quote: str) -> bool:
    """Whether the statement holds a date, number or amount that the quote does not hold."""
    held = [meaning for _, meaning in _meanings(quote)]
    return any(not any(_is_covered(mine, theirs) for theirs in held) for _, mine in _meanings(statement))


@lru_cache(maxsize=256)
def _meanings(text: str) -> tuple[tuple[Value, Moment | Quantity], ...]:
    """The dates, numbers and amounts of a text, in order, with what they mean."""
    values = sorted((value for value in find_values(text) if value.kind != "name"), key=lambda value: value.start)
    found = ((value, _meaning(value, text)) for value in values)
    return tuple((value, meaning) for value, meaning in found if meaning is not None)


def _meaning(value: Value, text: str) -> Moment | Quantity | None:
    return moment_of(value, text) if value.kind in ("date", "period") else quantity_of(value, text)


def _is_covered(mine: Moment | Quantity, theirs: Moment | Quantity) -> bool:
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


def _foreign_names(statement: str, around: str) -> bool:
    """Whether the statement names what is named neither in the quote nor around it."""
    names = [value.text for value in find_values(statement) if value.kind == "name"]
    if not names:
        return False
    held = set(terms(around))
    others = [name_of(value.text) for value in find_values(around) if value.kind == "name"]
    for name in names:
        if all(_is_in(term, held) for term in terms(name)):
            continue
        mine = name_of(name)
        if not any(mine.parts == other.parts or "".join(mine.parts) in other.initials for other in others):
            return True
    return False


def _is_held(term: str, held: set[str]) -> bool:
    """Whether a term is among `held` as a country for its people, or the other way round: "korea" and "korean"."""
    root = _NATIONALITY.sub("", term)
    return len(root) >= _SHORTEST_ROOT and any(
        other.startswith(root) and _NATIONALITY.sub("", other) == root for other in held
    )


def _contradicts(statement: str, quote: str) -> bool:
    """Whether the quote says the opposite, by a negation or by an opposite word."""
    return bool(opposites(set(terms(statement)), set(terms(quote)))) or denies_other(statement, quote)


def _weakens(statement: str, quote: str) -> bool:
    """Whether the quote says with reserve what the statement says outright, or gives only a bound of its number."""
    if _HEDGE.search(quote) and not _HEDGE.search(statement) and _hedges_all(statement, quote):
        return True
    mine, theirs = _quantities(statement), _quantities(quote)
    return any(not any(_is_same(one, other) for other in theirs) for one in mine)


def _quantities(text: str) -> list[tuple[Quantity, str]]:
    """The numbers of a text, each with the first term of what it counts, "" where that does not follow it."""
    found = []
    for value, meaning in _meanings(text):
        if isinstance(meaning, Quantity):
            counted = terms(_CLAUSE_END.split(text[value.end :], maxsplit=1)[0])
            found.append((meaning, counted[0] if counted else ""))
    return found


def _hedges_all(statement: str, quote: str) -> bool:
    """Whether the clause of the quote that is nearest to the statement is one with a reserve."""
    own = set(terms(statement))
    clauses = _CLAUSE_END.split(quote)
    nearest = max(clauses, key=lambda clause: len(own & set(terms(clause))))
    return _HEDGE.search(nearest) is not None


def _is_same(one: tuple[Quantity, str], other: tuple[Quantity, str]) -> bool:
    """Whether two equal numbers count the same, and are both exact or both bounds."""
    (mine, my_thing), (theirs, their_thing) = one, other
    if not mine.comparable(theirs) or (mine.number, mine.low, mine.high) != (theirs.number, theirs.low, theirs.high):
        return False
    return mine.unit != "number" or not my_thing or not their_thing or my_thing == their_thing


def _turns_round(statement: str, quote: str) -> bool:
    """Whether names, or values of one kind, stand in the other order, so that who did what to whom may have changed."""
    if bool(_PASSIVE.search(statement)) != bool(_PASSIVE.search(quote)):
        return False
    return any(
        _is_swapped(statement, quote, first, second)
        for first, second in _neighbours(statement)
        if first.lower() != second.lower()
    )


def _neighbours(statement: str) -> Iterator[tuple[str, str]]:
    """Names beside each other that are not just listed, and values of one kind beside each other."""
    names = sorted((value for value in find_values(statement) if value.kind == "name"), key=lambda value: value.start)
    for first, second in pairwise(names):
        if not _LISTED.fullmatch(statement[first.end : second.start]):
            yield first.text, second.text
    others = [value for value, _ in _meanings(statement)]
    for first, second in pairwise(others):
        if first.kind == second.kind:
            yield first.text, second.text


def _is_swapped(statement: str, quote: str, first: str, second: str) -> bool:
    if statement.count(first) != 1 or statement.count(second) != 1:
        return False
    if quote.count(first) != 1 or quote.count(second) != 1:
        return False
    one, other = quote.index(first), quote.index(second)
    return other + len(second) <= one and not _LISTED.fullmatch(quote[other + len(second) : one])
