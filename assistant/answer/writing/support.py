"""Whether quotes support a statement: its values, names and negations must be theirs, and most of its other words.

What a quote does not hold is not supported, however likely it is. The check errs towards too little: a right
statement in quite other words is taken for partly supported, which a strict reader is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.answer.conflicts.moments import Moment, moment_of
from assistant.answer.conflicts.names import name_of
from assistant.answer.conflicts.polarity import denies_other, opposites
from assistant.answer.conflicts.quantities import Quantity, quantity_of
from assistant.answer.values import Value, find_values
from assistant.search.terms import terms
from assistant.types import Verdict

_HALF = 0.5
"""Share of the statement's terms that quotes must hold to support it partly."""
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.\w+", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:may|might|could|would|should|if|unless|whether|perhaps|possibly|probably|likely|reportedly|allegedly"
    r"|supposedly|expected|propos\w+|plan(?:s|ned)? to|aims? to|intend\w* to|seek(?:s|ing)? to|hop(?:e[sd]?|ing) to"
    r"|potential(?:ly)?|some (?:say|argue|believe)|critics|argu(?:e[sd]?|ing)|claim(?:s|ed)?|alleg\w+|according to)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+\s+)?\w+(?:ed|en|wn|ne|ld|id|pt|de|ght)\b.*\bby\b", re.DOTALL
)
_LISTED = re.compile(r"\W*(?:(?:and|or|the|with|as well as|between)\W*)*", re.IGNORECASE)
_NATIONALITY = re.compile(r"(?:ians?|eans?|ans?|ns?|ese|ish|ia|a|y|s)$")
_CLAUSE_END = re.compile(r"[;:()–—]|(?<=[.!?])\s|,\s")
_TO_SAY = re.compile(
    r"(?:^|\b(?:to|please|kindly|must|should|would|shall|will|can|you|and|or|but|let)\s+(?:always\s+|only\s+|just\s+)?|[“\"(:;,]\s*)(?:say|tell|state|mention"
    r"|answer|reply|write|claim|report|note|know|remember|assume|believe|give|name)\b(?:\s+[^\s.,;:]+){0,8}?"
    r"(?:\s+that\b|\s*[:“\"])",
    re.IGNORECASE,
)
_ADDING = re.compile(r"\b(?:by|in|at|on|from|with|for|to|near|during|into|against)\s+(?:\w+\s+)?$", re.IGNORECASE)
_JOINT = re.compile(
    r";\s+|,?\s+(?:and|but|while|whereas)\s+(?=(?i:the|an?|it|its|they|he|she|his|her|this|these)\b|[A-Z\d])"
)
_LEAST_PART = 3
"""Terms of a part of a statement that can be supported by itself."""
_SHORTEST_ROOT = 4
_WORD = re.compile(r"[^\W_]+")
_WRITTEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Source:
    """A quote, and what stands around it and tells what its "it" is: title, heading, the sentence before."""

    quote: str
    around: str


def verdict_on(statement: str, sources: Sequence[Source]) -> Verdict:
    """What the sources together make of a statement.

    "quoted" if it stands in one of them word for word, "supported", "partly" or "unsupported".
    """
    if not sources:
        return "unsupported"
    quotes = " ".join(" ".join(source.quote.split()) for source in sources)
    if any(_bare(statement) == _bare(source.quote) for source in sources):
        return "quoted"
    beside = " ".join(source.around for source in sources)
    around = f"{quotes} {beside}"
    if (
        _foreign_addresses(statement, quotes)
        or _foreign_values(statement, quotes)
        or _foreign_names(statement, around)
        or _contradicts(statement, sources)
    ):
        return "unsupported"
    own, held = set(terms(statement)), set(terms(around))
    if not own:
        return "unsupported"
    missing = {term for term in own - held if not _is_held(term, held)}
    share = 1 - len(missing) / len(own)
    if share < _HALF or not own & set(terms(quotes)):
        return "unsupported"
    if (
        missing
        or _weakens(statement, quotes)
        or _turns_round(statement, quotes)
        or _asks_to_say(statement, quotes)
        or _adds_from_around(statement, quotes, beside)
        or (len(sources) > 1 and not _is_shared_out(statement, sources))
    ):
        return "partly"
    return "supported"


def _asks_to_say(statement: str, quotes: str) -> bool:
    """Whether the quotes ask somebody to say what the statement says, which is not to say it."""
    return _TO_SAY.search(quotes) is not None and not _TO_SAY.search(statement)


def _adds_from_around(statement: str, quotes: str, beside: str) -> bool:
    """Whether what stands around the quotes gives the statement more than the name of what they are about.

    The name stands in one place, with words of `beside` alone, and not behind a preposition: "It was signed by Elvis
    Presley" adds to "It was signed" rather than naming "it".
    """
    quoted, near = set(terms(quotes)), set(terms(beside))
    words = [(match, terms(match.group())) for match in _WRITTEN.finditer(statement)]
    lent = [
        place
        for place, (_, stems) in enumerate(words)
        if any(stem not in quoted and not _is_held(stem, quoted) for stem in stems)
    ]
    if not lent:
        return False
    stretch = words[lent[0] : lent[-1] + 1]
    return (
        any(stem not in near and not _is_held(stem, near) for _, stems in stretch for stem in stems)
        or _ADDING.search(statement[: stretch[0][0].start()]) is not None
    )


def _is_shared_out(statement: str, sources: Sequence[Source]) -> bool:
    """Whether the statement has two parts with a subject each, and each part is supported by one source alone.

    Otherwise it would be made of words that different sentences say of different things.
    """
    for joint in _JOINT.finditer(statement):
        parts = statement[: joint.start()], statement[joint.end() :]
        if all(
            len(terms(part)) >= _LEAST_PART
            and any(verdict_on(part, [source]) in ("quoted", "supported") for source in sources)
            for part in parts
        ):
            return True
    return False


def _bare(text: str) -> str:
    """`text` by its words alone, so that a stop or a blank makes no difference."""
    return " ".join(_WORD.findall(text.lower()))


def _foreign_addresses(statement: str, quotes: str) -> bool:
    return any(address.rstrip(".,;:)") not in quotes for address in _ADDRESS.findall(statement))


def _foreign_values(statement: str, quotes: str) -> bool:
    """Whether the statement holds a date, number or amount that no quote holds."""
    held = [meaning for _, meaning in _meanings(quotes)]
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
    """Whether the statement names what is named nowhere in the quotes or around them."""
    names = [value.text for value in find_values(statement) if value.kind == "name"]
    if not names:
        return False
    held = set(terms(around))
    others = [name_of(value.text) for value in find_values(around) if value.kind == "name"]
    for name in names:
        if all(term in held or _is_held(term, held) for term in terms(name)):
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


def _contradicts(statement: str, sources: Sequence[Source]) -> bool:
    """Whether a quote says the opposite, by a negation or by an opposite word."""
    own = set(terms(statement))
    quoted = {term for source in sources for term in terms(source.quote)}
    if opposites(own, quoted):
        return True
    nearest = max(sources, key=lambda source: len(own & set(terms(source.quote))))
    return denies_other(statement, nearest.quote)


def _weakens(statement: str, quotes: str) -> bool:
    """Whether the quotes say with reserve what the statement says outright, or give only a bound of its number."""
    if _HEDGE.search(quotes) and not _HEDGE.search(statement) and _hedges_all(statement, quotes):
        return True
    mine, theirs = _quantities(statement), _quantities(quotes)
    return any(not any(_is_same(one, other) for other in theirs) for one in mine)


def _quantities(text: str) -> list[tuple[Quantity, str]]:
    """The numbers of a text, each with the first term of what it counts, "" where that does not follow it."""
    found = []
    for value, meaning in _meanings(text):
        if isinstance(meaning, Quantity):
            counted = terms(_CLAUSE_END.split(text[value.end :], maxsplit=1)[0])
            found.append((meaning, counted[0] if counted else ""))
    return found


def _hedges_all(statement: str, quotes: str) -> bool:
    """Whether the clause of the quotes that is nearest to the statement is one with a reserve."""
    own = set(terms(statement))
    clauses = _CLAUSE_END.split(quotes)
    nearest = max(clauses, key=lambda clause: len(own & set(terms(clause))))
    return _HEDGE.search(nearest) is not None


def _is_same(one: tuple[Quantity, str], other: tuple[Quantity, str]) -> bool:
    """Whether two equal numbers count the same, and are both exact or both bounds."""
    (mine, my_thing), (theirs, their_thing) = one, other
    if not mine.comparable(theirs) or (mine.number, mine.low, mine.high) != (theirs.number, theirs.low, theirs.high):
        return False
    return mine.unit != "number" or not my_thing or not their_thing or my_thing == their_thing


def _turns_round(statement: str, quotes: str) -> bool:
    """Whether names, or values of one kind, stand in the other order, so that who did what to whom may have changed."""
    if bool(_PASSIVE.search(statement)) != bool(_PASSIVE.search(quotes)):
        return False
    return any(
        _is_swapped(statement, quotes, first, second)
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


def _is_swapped(statement: str, quotes: str, first: str, second: str) -> bool:
    if statement.count(first) != 1 or statement.count(second) != 1:
        return False
    if quotes.count(first) != 1 or quotes.count(second) != 1:
        return False
    one, other = quotes.index(first), quotes.index(second)
    return other + len(second) <= one and not _LISTED.fullmatch(quotes[other + len(second) : one])
