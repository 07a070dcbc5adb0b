"""Whether a quote supports a statement: its values, names and negations must be the quote's, and its other words too.

What the quote does not hold is not supported, however likely it is. The check errs towards too little: a right
statement in other words is taken for partly supported, which a strict reader is not shown. One sentence must say
all of it: of two together, one could lend its date to what the other tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answer.writing.borrowed import adds_from_around
from assistant.answer.writing.foreign import (
    contradicts,
    foreign_addresses,
    foreign_names,
    foreign_values,
    foreign_words,
    is_in,
    meanings,
)
from assistant.answer.writing.moved import moves_a_value
from assistant.answer.writing.reserved import weakens
from assistant.answer.writing.turned import (
    asks_to_say,
    drops_a_head,
    equates_with_itself,
    repeats,
    takes_for_one,
    turns_round,
)
from assistant.search.terms import STOP_WORDS, terms
from assistant.types import Verdict

_HALF = 0.5
"""Share of the statement's terms that the quote must hold to support it partly."""
_WORD = re.compile(r"[^\W\d_]+")
_QUOTATION = re.compile("[\"'“”‘’«»„]")


@dataclass(frozen=True, slots=True)
class Source:
    """A quote, and what stands around it and tells what its "it" is: title, heading, the sentence before."""

    quote: str
    around: str


def verdict_on(statement: str, source: Source) -> Verdict:
    """What the source makes of a statement: "quoted" if it is the quote, "supported", "partly" or "unsupported"."""
    statement, quote = " ".join(statement.split()), " ".join(source.quote.split())
    if _bare(statement) == _bare(quote):
        return "quoted"
    near = f"{quote} {source.around}"
    if (
        foreign_addresses(statement, quote)
        or foreign_values(statement, quote)
        or foreign_names(statement, near)
        or foreign_words(statement, quote)
        or contradicts(statement, quote)
    ):
        return "unsupported"
    own, quoted, held = set(terms(statement)), set(terms(quote)), set(terms(near))
    missing = {term for term in own if not is_in(term, held)}
    if not own & quoted or len(missing) > _HALF * len(own):
        return "unsupported"
    if (
        missing
        or _says_nothing(statement, own)
        or _is_heading(statement, source.around)
        or _joins_names(statement, quote)
        or weakens(statement, quote)
        or turns_round(statement, quote)
        or moves_a_value(statement, quote)
        or repeats(statement, quote)
        or equates_with_itself(statement, quote)
        or takes_for_one(statement, quote)
        or drops_a_head(statement, quote)
        or asks_to_say(statement, quote)
        or adds_from_around(statement, quote, set(terms(source.around)))
    ):
        return "partly"
    return "supported"


def _says_nothing(statement: str, own: set[str]) -> bool:
    """Whether it is one word alone, and no value; or says only that something follows."""
    return (len(own) == 1 and not meanings(statement)) or statement.endswith(":")


def _is_heading(statement: str, around: str) -> bool:
    """Whether it is a heading written out: as it stands, or a whole one in any case."""
    bare = _bare(statement)
    whole = f"{bare}.".lower()
    return bare in around or any(f"{part}.".lower().startswith(whole) for part in around.split(" – "))


def _joins_names(statement: str, quote: str) -> bool:
    """Whether it is names or a heading alone, made of words that the quote does not have as names."""
    if meanings(statement):
        return False
    said = [word for word in _WORD.findall(statement) if word.lower() not in STOP_WORDS]
    return all(word != word.lower() for word in said) and not set(said) <= set(_WORD.findall(quote))


def _bare(text: str) -> str:
    """`text` without what makes no difference: blanks, quotation marks, and a stop at its end."""
    return " ".join(_QUOTATION.sub("", text).split()).rstrip(".! ")
