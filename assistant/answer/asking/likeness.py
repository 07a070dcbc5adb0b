"""Which words of a question a new detail is most like, by their vectors: "Latvia" is like "Estonia", not "defence"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from assistant.answer.asking.phrases import AUXILIARY, BARE_VERB, DETERMINER, noun_phrases
from assistant.search.terms import STOP_WORDS, words

Likeness = Callable[[str, Sequence[str]], Sequence[float]]
"""How like a phrase is to each of others: cosines, -1 to 1."""

_ALIKE, _CLEARLY, _UNLIKE = 0.35, 0.15, 0.25
"""A phrase with so high a cosine is like the detail; where rules name another, by so much more than that one; and
nothing is like it where all are lower. Chosen on some 50 follow-ups."""
_AS_LONG = 0.2
"""Added for a phrase of as many words: "Dr Wong" is like "Dr Patel", not "Dr"."""
_LONGEST = 4
_WORD = re.compile(r"[^\s?,;:()]+")
_NO_THING = re.compile(rf"{AUXILIARY}|how|so|if", re.IGNORECASE)


def most_alike(stem: str, detail: str, by_rule: str, likeness: Likeness) -> str:
    """The phrase of the question that the detail is to replace; "" if none is like it.

    `by_rule` is what its form says, which stays where nothing else is clearly more like the detail; "" for nothing.
    "The screen" takes the place of a phrase with an article.
    """
    definite = DETERMINER.match(detail)
    by_rule = "" if _is_verb(by_rule) else by_rule
    among = noun_phrases(stem) if definite else _phrases(stem)
    phrases = tuple(dict.fromkeys(each for each in (by_rule, *among) if each and not _is_verb(each)))
    if not phrases:
        return ""
    like = dict(zip(phrases, likeness(detail, phrases), strict=True))
    least = max(_ALIKE, like.get(by_rule, 0.0) + _CLEARLY)
    own = set(words(by_rule))
    clear = [each for each in phrases if like[each] >= least and not own.issuperset(words(each))]
    if clear:
        return max(clear, key=lambda phrase: like[phrase] + _AS_LONG * (phrase.count(" ") == detail.count(" ")))
    return by_rule if definite or like.get(by_rule, 0.0) >= _UNLIKE else ""


def _is_verb(phrase: str) -> bool:
    return BARE_VERB.fullmatch(phrase) is not None and not phrase.endswith("ing")


def _phrases(stem: str) -> Iterator[str]:
    """All runs of a few words between small words of the question."""
    found = list(_WORD.finditer(stem))
    for is_small, run in groupby(
        found, lambda word: word.group().lower() in STOP_WORDS or _NO_THING.fullmatch(word.group()) is not None
    ):
        together = [] if is_small else list(run)
        for first in range(len(together)):
            for last in together[first : first + _LONGEST]:
                yield stem[together[first].start() : last.end()]
