"""What a quote says with reserve, or only against something, and a statement says outright."""

from __future__ import annotations

import re
from itertools import dropwhile, takewhile

from assistant.answer.conflicts.quantities import Quantity
from assistant.answer.writing.foreign import meanings
from assistant.search.terms import is_function_word, terms, words

_HEDGE = re.compile(
    r"\b(?:may|might|could|would|should|if|unless|whether|perhaps|possibly|probably|likely|reportedly|allegedly"
    r"|supposedly|expected|propos\w+|plan(?:s|ned)? to|aims? to|intend\w* to|seek(?:s|ing)? to|hop(?:e[sd]?|ing) to"
    r"|potential(?:ly)?|primarily|mainly|mostly|partly|largely|chiefly"
    r"|per|almost|nearly|hardly|barely|few|several|only|except|some|most|many|one of|second|third|least|myth|rumou?r\w*"
    r"|doubt\w*|den(?:y|ies|ied)|believ\w+|thought|once|attempt\w*|tried|fail\w*|refus\w*"
    r"|will|(?:was|were) to|used to|sa(?:id|ys?)|half|(?:two|three|four|five|six) of|former|vice|deputy|acting"
    r"|anti|non|ex|pro|some (?:say|argue|believe)|critics|argu(?:e[sd]?|ing)|claim(?:s|ed)?|alleg\w+|according to"
    r"|accus\w+|suspect\w*|charged|acquit\w*|dismiss\w*|nominat\w+|estimated|unlikely|little|lack\w*|false|contrary"
    r"|opponents?|other than|(?:anything|everything|everyone|all) but)\b",
    re.IGNORECASE,
)
# They turn round what is said of the phrase behind them, and go without harm where that goes too.
_AGAINST = re.compile(
    r"\b(?:against|without|outside|beyond|off|unlike|less|fewer|instead of|rather than|(?:away|far) from)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[;:()–—]|(?<=[.!?])\s|,\s")


def weakens(statement: str, quote: str) -> bool:
    """Whether the quote says with reserve what the statement says outright, or "against", or gives only a bound."""
    if not _reserves(_nearest_clause(statement, quote)) <= _reserves(statement) or _drops_against(statement, quote):
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


def _drops_against(statement: str, quote: str) -> bool:
    """Whether it has without an "against" what the quote has only behind it: "for the plan" of "against the plan"."""
    own, kept = set(terms(statement)), {match.group().lower() for match in _AGAINST.finditer(statement)}
    for match in _AGAINST.finditer(quote):
        phrase, after = _phrase(quote[match.end() :]), terms(quote[match.end() :])
        elsewhere = {*terms(quote[: match.start()]), *after[len(phrase) :]}
        if match.group().lower() not in kept and own & set(phrase) - elsewhere:
            return True
    return False


def _phrase(text: str) -> list[str]:
    """The terms that a text opens with, up to a function word or the clause's end: of "the old port in May" two."""
    opening = dropwhile(is_function_word, words(_CLAUSE_END.split(text, maxsplit=1)[0]))
    return terms(" ".join(takewhile(lambda word: not is_function_word(word), opening)))


def _nearest_clause(statement: str, quote: str) -> str:
    own = set(terms(statement))
    return max(_CLAUSE_END.split(quote), key=lambda clause: len(own & set(terms(clause))))


def _is_same(one: tuple[Quantity, str], other: tuple[Quantity, str]) -> bool:
    """Whether two equal numbers count the same, and are both exact or both bounds."""
    (mine, my_thing), (theirs, their_thing) = one, other
    if not mine.comparable(theirs) or (mine.number, mine.low, mine.high) != (theirs.number, theirs.low, theirs.high):
        return False
    return mine.unit != "number" or not my_thing or not their_thing or my_thing == their_thing
