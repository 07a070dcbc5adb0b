"""Breaks text into the terms that word matching works on: lower case, stemmed, without function words."""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from Stemmer import Stemmer

_ABBREVIATION = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")

# Words that carry no subject matter. "us" is not among them: in capitals it is a country.
STOP_WORDS = frozenset(
    """a about after again all also am an and any are as at be been being between both but by can could did do does
    doing done down during each either else ever every few for from further get gets got had has have having he her here
    hers him his how however i if in into is it its itself just let may me might mine more most much must my no nor not
    of off on one only onto or other our ours out over own per please quite same shall she should so some such tell than
    that the their theirs them then there therefore these they this those through thus to too under until up upon very
    via was we were what whatever when where whether which while who whom whose why will with within without would yes
    yet you your yours s ll re ve""".split()
)

_stemmer_of = threading.local()


def words(text: str) -> list[str]:
    """Lower-case words of `text` in order: "U.S." is "us", "37,000" is "37000", a possessive is dropped."""
    text = _ABBREVIATION.sub(lambda match: match.group().replace(".", ""), text)
    text = _THOUSANDS.sub("", text)
    return [word.lower().replace("’", "'").removesuffix("'s") for word in _WORD.findall(text)]


def terms(text: str) -> list[str]:
    """Stems of the words of `text` that carry meaning, in order, with repeats."""
    return [_stem(word) for word in words(text) if not is_function_word(word)]


def is_function_word(word: str) -> bool:
    """Whether one of `words` carries no subject matter; "didn't" and "they'll" are two such words in one."""
    return word in STOP_WORDS or word.endswith("n't") or ("'" in word and word.partition("'")[0] in STOP_WORDS)


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    """The Snowball English stem of a lower-case word (Porter 2001)."""
    # A Stemmer is not safe to share between threads.
    stemmer: Stemmer | None = getattr(_stemmer_of, "english", None)
    if stemmer is None:
        from Stemmer import Stemmer

        stemmer = _stemmer_of.english = Stemmer("english")
    return str(stemmer.stemWord(word))
