"""What a statement makes of a quote's own words: roles exchanged, things put in the place of others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from assistant.answer.values import Value, find_values
from assistant.answer.writing.foreign import meanings
from assistant.search.terms import STOP_WORDS, terms, words

_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+\s+)?\w+(?:ed|en|wn|ne|ld|id|pt|de|ght)\b.*\bby\b", re.DOTALL
)
# "From the United States to South Korea": two names, found as one.
_JOINT = re.compile(r"\s+(?:to|for|and)\s+(?:the\s+)?")
_LISTED = re.compile(r"\W*(?:(?:and|or|the|with|as well as|between)\W*)*", re.IGNORECASE)
_TO_SAY = re.compile(
    r"(?:^|\b(?:to|please|kindly|must|should|would|shall|will|can|you|and|or|but|let)\s+(?:always\s+|only\s+|just\s+)?"
    r"|[“\"(:;,]\s*)(?:say|tell|state|mention|answer|reply|write|claim|report|note|know|remember|assume|believe|give"
    r"|name)\b(?:\s+[^\s.,;:]+){0,8}?(?:\s+that\b|\s*[:“\"])",
    re.IGNORECASE,
)
_IS_A = re.compile(r"(?:This|That|It|He|She)\s+(?:is|was)\s+(?:an?|the)\s+([a-z]\w+)")
_IS_THE = re.compile(r"(?:the\s)?(?P<what>[^\s,;:][^,;:]*?)\s(?:is|are|was|were)\sthe\s(?P<is>[^,;:]+)", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|he|him|his|she|her|which|who|whose|that)\b", re.IGNORECASE)
_MOST_TURNS = 2


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
    for first, second in pairwise(_names(statement)):
        if not _LISTED.fullmatch(statement[first.end : second.start]):
            yield first.text, second.text
    others = [value for value, _ in meanings(statement)]
    for first, second in pairwise(others):
        if first.kind == second.kind:
            yield first.text, second.text


def _names(text: str) -> list[Value]:
    """The names of a text, in order, each apart."""
    found = []
    for value in find_values(text):
        if value.kind == "name":
            joints = [joint.span() for joint in _JOINT.finditer(value.text)]
            for (_, start), (end, _) in pairwise([(0, 0), *joints, (len(value.text), len(value.text))]):
                found.append(Value("name", value.start + start, value.start + end, value.text[start:end]))
    return sorted(found, key=lambda name: name.start)


def _is_swapped(statement: str, quote: str, first: str, second: str) -> bool:
    if statement.count(first) != 1 or statement.count(second) != 1:
        return False
    if quote.count(first) != 1 or quote.count(second) != 1:
        return False
    one, other = quote.index(first), quote.index(second)
    return other + len(second) <= one and not _LISTED.fullmatch(quote[other + len(second) : one])


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


def equates_with_itself(statement: str, quote: str) -> bool:
    """Whether it says of something that it is that, and the quote does not: "The rules are the house rules."."""
    said = _IS_THE.fullmatch(statement)
    what = set(terms(said["what"])) if said else set()
    if not said or not what or not what <= set(terms(said["is"])):
        return False
    subject = re.escape(said["what"].split()[-1])
    return re.search(rf"\b{subject}\s+(?:is|are|was|were)\s+the\b", quote, re.IGNORECASE) is None
