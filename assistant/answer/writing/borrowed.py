"""What a statement borrows from around its quote: the name of what the quote is about, or more than that."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.answer.asking.phrases import AUXILIARY
from assistant.answer.writing.foreign import is_in
from assistant.search.terms import STOP_WORDS, terms, words

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
_WRITTEN = re.compile(r"\S+")


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
