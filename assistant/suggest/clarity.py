"""Which drafts say what they are about to somebody who has not read the documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.search.terms import terms
from assistant.suggest.drafts import Draft
from assistant.types import Passage

_OPEN = frozenset({"which", "what purpose", "what duty", "what role", "what object"})
"""Kinds of question that ask for anything whatever that the subject does."""
_FEW = 3
_SHARE = 0.1
"""A word in no more passages than `_FEW`, or than this share of them, is rare."""
_WORD = re.compile(r"[^\W\d_]+")
_PASSAGES = 5_000
_PART = 2


class Clarity:
    """How often each word stands in the passages, and what that says of questions."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """Of many passages some are read, evenly spread."""
        read = passages[:: max(1, len(passages) // _PASSAGES)]
        self._rare = max(_FEW, _SHARE * len(read))
        self._passages: Counter[str] = Counter()
        documents: dict[str, set[str]] = {}
        for passage in read:
            held = set(terms(passage.text))
            self._passages.update(held)
            documents.setdefault(passage.document_id, set()).update(held)
        self._documents = Counter(word for held in documents.values() for word in held)
        texts = dict.fromkeys(text for each in read for text in (each.title, each.heading, each.text))
        words = [_WORD.findall(text.lower()) for text in texts]
        self._words = {word for found in words for word in found}
        self._running = "\n".join(f" {' '.join(found)} " for found in words)

    def says_what_it_is_about(self, draft: Draft, passage: Passage) -> bool:
        """Whether a question drawn from this passage is clear by itself."""
        if any(self._is_joined(word) for word in _WORD.findall(draft.question)):
            return False
        about = terms(draft.about)
        article, _, name = draft.about.partition(" ")
        if article == "the" and name.isupper() and not self._is_known(about, passage):
            return False
        # "What does South Korea provide?", where most passages are about South Korea.
        says_more = len(set(terms(draft.question)) - set(about)) > 1
        return draft.form not in _OPEN or says_more or any(self._passages[word] <= self._rare for word in about)

    def _is_known(self, abbreviation: Sequence[str], passage: Passage) -> bool:
        """Whether an abbreviation is more than what one text calls a thing: "the UN", but not "the MV"."""
        place = {*terms(passage.title), *terms(passage.heading)}
        return all(word in place or self._documents[word] > 1 for word in abbreviation)

    def _is_joined(self, word: str) -> bool:
        """Whether a name is two words that have lost the blank between them: "Ussouth", of "US–South Korea"."""
        small = word.lower()
        parts = ((small[:at], small[at:]) for at in range(_PART, len(small) - _PART + 1)) if word.istitle() else ()
        return any(
            one in self._words and other in self._words and f" {one} {other} " in self._running for one, other in parts
        )
