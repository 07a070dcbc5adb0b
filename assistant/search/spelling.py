"""Mends misspelt words of a question: those that are no words, a letter or two from a word of the documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cache, cached_property
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING

from assistant.search.lexical import LexicalIndex
from assistant.search.terms import terms
from assistant.types import Document

if TYPE_CHECKING:
    from symspellpy import SymSpell

_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]{5,}(?=['’]s\b|(?![\w'’]))")
"""Shorter words are a letter from too many others."""
_LONG = 8
"""Letters of a word in which two may be wrong."""
_MOST_WORDS = 50_000
"""Of the documents, the commonest: what is rarer may be misspelt itself, and each takes room."""
_ENGLISH = "frequency_dictionary_en_82_765.txt"


class Spelling:
    """The words of documents, to be found by words that are nearly theirs (SymSpell, Garbe 2012)."""

    def __init__(self, documents: Collection[Document], lexical: LexicalIndex) -> None:
        """`lexical` tells what words are in the documents. These are read when one is first found that is not."""
        self._documents = documents
        self._lexical = lexical
        # A lookup keeps its costs in the one list.
        self._looking = Lock()

    def mend(self, question: str) -> str:
        """The question with the nearest word of the documents for each that is none of theirs and not English."""
        return _WORD.sub(lambda match: self._mended(match.group()), question)

    def _mended(self, word: str) -> str:
        known = word.isupper() or any(map(self._lexical.frequency, terms(word))) or word.lower() in _english()
        return word if known else self._nearest(word)

    def _nearest(self, word: str) -> str:
        """The commonest of the words that are fewest letters away; the word itself if none is near.

        Two letters may be wrong only behind the first one, and a name may be meant only for a name.
        """
        from symspellpy import Verbosity

        lower, is_name = word.lower(), word[0].isupper()
        words, in_small_letters = self._words
        with self._looking:
            near = words.lookup(lower, Verbosity.ALL, max_edit_distance=2 if len(lower) >= _LONG else 1)
        for term, distance in ((str(found.term), found.distance) for found in near):
            if (distance == 1 or term[0] == lower[0]) and not (is_name and term in in_small_letters):
                return term.capitalize() if is_name else term
        return word

    @cached_property
    def _words(self) -> tuple[SymSpell, set[str]]:
        """The commonest words, and which words are written in small letters."""
        from symspellpy import SymSpell

        counts = Counter(word for document in self._documents for word in _WORD.findall(document.text))
        words = SymSpell(max_dictionary_edit_distance=2)
        for word, count in counts.most_common(_MOST_WORDS):
            words.create_dictionary_entry(word.lower(), count)
        return words, {word for word in counts if word.islower()}


@cache
def _english() -> frozenset[str]:
    """The 82,765 commonest words of English."""
    lines = files("symspellpy").joinpath(_ENGLISH).read_text("utf-8-sig").splitlines()
    return frozenset(line.partition(" ")[0] for line in lines)
