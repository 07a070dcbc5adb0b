"""What the documents show of their words: which are names, which are clear by themselves, and a verb's base form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_FAMILIAR_SHARE = 0.3
_FAMILIAR_LETTERS = 4
_VOWELS = "aeiou"
_BASE = dict(
    pair.split(":")
    for pair in (
        "became:become began:begin broke:break brought:bring built:build came:come chose:choose drew:draw fell:fall "
        "fought:fight gave:give grew:grow held:hold kept:keep led:lead lost:lose made:make met:meet "
        "overthrew:overthrow paid:pay rose:rise sent:send sold:sell sought:seek spent:spend took:take "
        "undertook:undertake went:go withdrew:withdraw won:win wrote:write"
    ).split()
)


class Vocabulary:
    """The words of some documents, counted by whether they have a capital where no sentence begins."""

    def __init__(self, sentences: Iterable[str], titles: Sequence[str]) -> None:
        self._small: Counter[str] = Counter()
        self._capital: Counter[str] = Counter()
        for sentence in sentences:
            words = _WORD.findall(sentence)
            self._small.update(word for word in words if word[0].islower())
            self._capital.update(word for word in words[1:] if word[0].isupper())
        titled = Counter(word for title in titles for word in set(title.lower().split()))
        self._familiar = {word for word, count in titled.items() if count >= _FAMILIAR_SHARE * len(titles)}

    def is_name(self, word: str) -> bool:
        """Whether the word keeps its capital inside sentences, as names and abbreviations do."""
        bare = word.strip(".,’'").removesuffix("’s").removesuffix("'s")
        if sum(letter.isupper() for letter in bare) > 1 or (bare[:1].isupper() and any(map(str.isdigit, bare))):
            return True
        return bare[:1].isupper() and self._capital[bare] > self._small[bare.lower()]

    def is_capital(self, word: str) -> bool:
        """Whether the word is seen with a capital inside a sentence."""
        return self._capital[word] > 0

    def is_common(self, word: str) -> bool:
        """Whether the word is seen without a capital."""
        return self._small[word.lower()] > 0

    def is_familiar(self, word: str) -> bool:
        """Whether "the" says which, since many titles name it: in a collection about treaties, the treaty."""
        return word.isalpha() and len(word) >= _FAMILIAR_LETTERS and word.lower() in self._familiar

    def base_of(self, past: str) -> str:
        """The base form of a verb in the past tense: "sign" of "signed"; "" where it cannot be told."""
        if past in _BASE:
            return _BASE[past]
        if not past.endswith("ed") or len(past) < 5:
            return ""
        stem = past[:-2]
        forms = [stem, f"{stem}e"]
        if stem.endswith("i"):
            forms = [f"{stem[:-1]}y"]
        elif stem[-1] == stem[-2] and stem[-1] not in f"sl{_VOWELS}":
            forms = [stem[:-1], stem]
        best = max(forms, key=lambda form: self._small[form])
        return best if self._small[best] else ""
