"""What a statement makes of a quote's own words.

Reserves are left out, roles exchanged, values moved, things put in the place of others, subjects lent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from assistant.answer.conflicts.quantities import Quantity
from assistant.answer.phrases import AUXILIARY
from assistant.answer.values import find_values
from assistant.answer.writing.foreign import is_covered, is_in, meanings
from assistant.search.terms import STOP_WORDS, terms, words

_HEDGE = re.compile(
    r"\b(?:may|might|could|would|should|if|unless|whether|perhaps|possibly|probably|likely|reportedly|allegedly"
    r"|supposedly|expected|propos\w+|plan(?:s|ned)? to|aims? to|intend\w* to|seek(?:s|ing)? to|hop(?:e[sd]?|ing) to"
    r"|potential(?:ly)?|primarily|mainly|mostly|partly|largely|chiefly"
    r"|per|almost|nearly|hardly|barely|few|several|only|except|some|most|many|one of|second|third|least|myth|rumou?r\w*"
    r"|doubt\w*|den(?:y|ies|ied)|believ\w+|thought|once|attempt\w*|tried|fail\w*|refus\w*"
    r"|will|(?:was|were) to|used to|sa(?:id|ys?)|half|(?:two|three|four|five|six) of|former|vice|deputy|acting"
    r"|anti|non|ex|pro|some (?:say|argue|believe)|critics|argu(?:e[sd]?|ing)|claim(?:s|ed)?|alleg\w+|according to)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+\s+)?\w+(?:ed|en|wn|ne|ld|id|pt|de|ght)\b.*\bby\b", re.DOTALL
)
_LISTED = re.compile(r"\W*(?:(?:and|or|the|with|as well as|between)\W*)*", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[;:()–—]|(?<=[.!?])\s|,\s")
_TO_SAY = re.compile(
    r"(?:^|\b(?:to|please|kindly|must|should|would|shall|will|can|you|and|or|but|let)\s+(?:always\s+|only\s+|just\s+)?"
    r"|[“\"(:;,]\s*)(?:say|tell|state|mention|answer|reply|write|claim|report|note|know|remember|assume|believe|give"
    r"|name)\b(?:\s+[^\s.,;:]+){0,8}?(?:\s+that\b|\s*[:“\"])",
    re.IGNORECASE,
)
_ADDING = re.compile(r"\b(?:by|in|at|on|from|with|for|to|near|during|into|against)\s+(?:\w+\s+)?$", re.IGNORECASE)
_ATTACHED = re.compile(r"\b(?:of|under|within|between|and)\s+(?:(?:the|its|their)\s+)?$", re.IGNORECASE)
_POINTS = re.compile(r"(This|These|That|Those|Such|Both|Its|Their|His|Her)\s+(\w+)")
_SEVERAL = re.compile(r"(?:They|Their)\b")
_MAY_BE_SEVERAL = re.compile(
    r"[a-z](?<![siu])s\b|\b(?i:and|both|people|men|women|children|police|cattle|team|crew|famil|band|choir|staff"
    r"|committee|council|compan|club|group|firm|party|government|army|data|media)"
)
"""What "they" may be, as far as a word tells: a plural, or a name for many."""
_PASSING = re.compile(r"(?:later|still|soon|now|also|then|once|first|again|always|never|often|\w+ly)")
_GENERAL = re.compile(
    r"(?:agreement|accord|pact|treaty|law|act|rule|document|report|paper|study|book|film|work|compan(?:y|ies)|firm"
    r"|organi[sz]ation|institution|event|country|city|town|place|system|project|programme|program|polic(?:y|ies))s?"
)
"""Nouns by which a text points back to almost anything that it has named."""
_SAYS_OF_IT = re.compile(rf"\b(?:{AUXILIARY})\b", re.IGNORECASE)
_PREDICATE = re.compile(rf"\b(?:{AUXILIARY})\s+(?:not\s+)?(?:(?:the|an?)\s+)?$", re.IGNORECASE)
_IS_A = re.compile(r"(?:This|That|It|He|She)\s+(?:is|was)\s+(?:an?|the)\s+([a-z]\w+)")
_IS_THE = re.compile(r"(?:the\s)?(?P<what>[^\s,;:][^,;:]*?)\s(?:is|are|was|were)\sthe\s(?P<is>[^,;:]+)", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|he|him|his|she|her|which|who|whose|that)\b", re.IGNORECASE)
_MOST_TURNS = 2
_PART_END = re.compile(
    r"[;:–—]|(?<=[.!?])\s|,\s(?!\d{4}\b)"
    r"|,?\s+(?:and|but|while|whereas|although|though|which|who|after|before)\s+(?!\d)",
    re.IGNORECASE,
)
_DIRECTION = re.compile(
    r"\b(to|from|by|about|around|over|under|until|since|up to|more than|less than)\s+\W*$", re.IGNORECASE
)
_WRITTEN = re.compile(r"\S+")


def weakens(statement: str, quote: str) -> bool:
    """Whether the quote says with reserve what the statement says outright, or gives only a bound of its number."""
    if not _reserves(_nearest_clause(statement, quote)) <= _reserves(statement):
        return True
    mine, theirs = _quantities(statement), _quantities(quote)
    return any(not any(_is_same(one, other) for other in theirs) for one in mine)


def _quantities(text: str) -> list[tuple[Quantity, str]]:
    """The numbers of a text, each with the first term of what it counts, "" where that does not follow it."""
    found = []
    for value, meaning in meanings(text):
        if isinstance(meaning, Quantity):
            counted = terms(_CLAUSE_END.split(text[value.end :], maxsplit=1)[0])
            found.append((meaning, counted[0] if counted else ""))
    return found


def _reserves(text: str) -> set[str]:
    return {match.group().lower() for match in _HEDGE.finditer(text)}


def _nearest_clause(statement: str, quote: str) -> str:
    own = set(terms(statement))
    return max(_CLAUSE_END.split(quote), key=lambda clause: len(own & set(terms(clause))))


def _is_same(one: tuple[Quantity, str], other: tuple[Quantity, str]) -> bool:
    """Whether two equal numbers count the same, and are both exact or both bounds."""
    (mine, my_thing), (theirs, their_thing) = one, other
    if not mine.comparable(theirs) or (mine.number, mine.low, mine.high) != (theirs.number, theirs.low, theirs.high):
        return False
    return mine.unit != "number" or not my_thing or not their_thing or my_thing == their_thing


def turns_round(statement: str, quote: str) -> bool:
    """Whether names, or values of one kind, stand in the other order, so that who did what to whom may have changed."""
    if bool(_PASSIVE.search(statement)) != bool(_PASSIVE.search(quote)):
        return False
    return _turns(statement, quote) >= _MOST_TURNS or any(
        _is_swapped(statement, quote, first, second)
        for first, second in _neighbours(statement)
        if first.lower() != second.lower()
    )


def _turns(statement: str, quote: str) -> int:
    """How often the statement goes back in the quote: once where what stood at the end is put in front."""
    places: dict[str, list[int]] = {}
    for place, term in enumerate(terms(quote)):
        places.setdefault(term, []).append(place)
    last, turns = -1, 0
    for term in terms(statement):
        if term in places:
            following = next((place for place in places[term] if place > last), None)
            turns += following is None
            last = places[term][0] if following is None else following
    return turns


def _neighbours(statement: str) -> Iterator[tuple[str, str]]:
    """Names beside each other that are not just listed, and values of one kind beside each other."""
    names = sorted((value for value in find_values(statement) if value.kind == "name"), key=lambda value: value.start)
    for first, second in pairwise(names):
        if not _LISTED.fullmatch(statement[first.end : second.start]):
            yield first.text, second.text
    others = [value for value, _ in meanings(statement)]
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


def moves_a_value(statement: str, quote: str) -> bool:
    """Whether a value stands beside other words than in the quote: of another part of it, or behind "to" for "from"."""
    parts = _PART_END.split(quote)
    for part in _PART_END.split(statement):
        own = set(terms(part))
        for value, mine in meanings(part):
            said, following = own - set(terms(value.text)), terms(part[value.end :])[:1]
            shared = [len(said & set(terms(each))) for each in parts]
            nearest = [
                each
                for each, number in zip(parts, shared, strict=True)
                if number == max(shared) or set(following) & set(terms(each))
            ]
            before = _direction(part[: value.start])
            if not any(
                is_covered(mine, theirs) and before == _direction(each[: found.start])
                for each in nearest
                for found, theirs in meanings(each)
            ):
                return True
    return False


def _direction(before: str) -> str:
    found = _DIRECTION.search(before)
    return found[1].lower() if found else ""


def repeats(statement: str, quote: str) -> bool:
    """Whether a word stands in it more often than in the quote, and not for a pronoun: so in the place of another."""
    held = Counter(terms(quote))
    more = sum(max(0, count - max(1, held[term])) for term, count in Counter(terms(statement)).items())
    resolved = len(_PRONOUN.findall(quote)) - len(_PRONOUN.findall(statement))
    return more > max(0, resolved)


def takes_for_one(statement: str, quote: str) -> bool:
    """Whether it says what something is by a word that the quote does not have so: "a process" for "processes"."""
    said = _IS_A.match(statement)
    return said is not None and said[1] not in words(quote)


def drops_a_head(statement: str, quote: str) -> bool:
    """Whether things stand for what the quote only describes by them: "missile batteries" for "missile battery crews".

    A noun of several words is known by its last: without it, it names something else.
    """
    said, held = words(statement), words(quote)
    left_out = Counter(terms(quote)) - Counter(terms(statement))
    exact = set(held)
    for before, many in pairwise(said):
        if many in exact or not many.endswith("s") or before in STOP_WORDS:
            continue
        one = terms(many)
        heads = [
            head
            for first, described, head in zip(held, held[1:], held[2:], strict=False)
            if first == before and terms(described) == one
        ]
        if heads and all(left_out.keys() & terms(head) for head in heads):
            return True
    return False


def asks_to_say(statement: str, quote: str) -> bool:
    """Whether the quote asks somebody to say what the statement says, which is not to say it."""
    return _TO_SAY.search(quote) is not None and not _TO_SAY.search(statement)


def adds_from_around(statement: str, quote: str, near: set[str]) -> bool:
    """Whether what stands around the quote gives the statement more than the name of what the quote is about.

    The name stands in one place, in words of `near` alone, and nothing is said of it there. It is not what is said of
    something else, does not stand behind a preposition that adds something, nor at the end unless it is attached, as in
    "the parties of the treaty": "It was signed by Elvis Presley" adds to "It was signed" rather than naming "it".
    Nor does it stand where the quote points to something else, as in "These bases" for "These alliances", or names
    something else, as in "the harbour wall" for "the harbour bridge"; and "they" are no single thing.
    """
    quoted = set(terms(quote))
    written = [(match, terms(match.group())) for match in _WRITTEN.finditer(statement)]
    lent = [place for place, (_, stems) in enumerate(written) if any(not is_in(stem, quoted) for stem in stems)]
    if not lent:
        return False
    mine, theirs = _POINTS.match(statement), _POINTS.match(quote)
    if theirs and not set(terms(theirs[2])) <= set(terms(statement)) and (mine or not _GENERAL.fullmatch(theirs[2])):
        return True
    stretch = written[lent[0] : lent[-1] + 1]
    start, end = stretch[0][0].start(), stretch[-1][0].end()
    return (
        any(not is_in(stem, near) for _, stems in stretch for stem in stems)
        or _stands_for_another(statement, start, quote)
        or (
            _SEVERAL.match(quote) is not None
            and _SEVERAL.match(statement) is None
            and not _MAY_BE_SEVERAL.search(statement[start:end])
        )
        or _SAYS_OF_IT.search(statement, start, end) is not None
        or _PREDICATE.search(statement[:start]) is not None
        or _ADDING.search(statement[:start]) is not None
        or (lent[-1] == len(written) - 1 and lent[0] > 0 and not _ATTACHED.search(statement[:start]))
    )


def _stands_for_another(statement: str, start: int, quote: str) -> bool:
    """Whether the word before `start` is in the quote only before others, which the statement does not have."""
    before = words(statement[:start])[-1:]
    own = set(terms(statement))
    said = [word for word in words(quote) if not _PASSING.fullmatch(word)]
    followed = [set(terms(second)) for first, second in pairwise(said) if [first] == before and first not in STOP_WORDS]
    others = [stems for stems in followed if stems]
    return bool(others) and not any(stems <= own for stems in others)


def equates_with_itself(statement: str, quote: str) -> bool:
    """Whether it says of something that it is that, and the quote does not: "The rules are the house rules."."""
    said = _IS_THE.fullmatch(statement)
    what = set(terms(said["what"])) if said else set()
    if not said or not what or not what <= set(terms(said["is"])):
        return False
    subject = re.escape(said["what"].split()[-1])
    return re.search(rf"\b{subject}\s+(?:is|are|was|were)\s+the\b", quote, re.IGNORECASE) is None
