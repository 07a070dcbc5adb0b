"""Rewords and contradicts questions with WordNet (Miller 1995), read from its `dict` files (Debian: wordnet-base).

Reworded questions teach the reader that an answer need not share the question's words; contradicted
ones that a sentence which shares them all may still not answer.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.search.terms import STOP_WORDS

_POS = {"n": "noun", "v": "verb", "a": "adj"}
_WORD = re.compile(r"[A-Za-z]{3,}")


@dataclass(frozen=True, slots=True)
class _Sense:
    words: tuple[str, ...]
    pointers: tuple[tuple[str, str, str, str], ...]
    """Kind ("@" broader, "~" narrower, "!" opposite, "&" similar), offset, part of speech, words they join."""


@dataclass(frozen=True, slots=True)
class _Entry:
    lemma: str
    ending: str
    pos: str


class WordNet:
    """Synonyms and opposites of inflected words, by their most frequent sense."""

    def __init__(self, folder: Path) -> None:
        self._senses = {pos: dict(_read_senses(folder / f"data.{name}")) for pos, name in _POS.items()}
        self._index = {pos: dict(_read_index(folder / f"index.{name}")) for pos, name in _POS.items()}
        self._entry = lru_cache(maxsize=None)(self._find)

    def reword(self, question: str, share: float, chance: random.Random) -> str:
        """The question with about `share` of its content words replaced by words of like meaning."""

        def replace(match: re.Match[str]) -> str:
            word = match.group()
            if not _is_content(word) or chance.random() > share:
                return word
            return self._synonym(word.lower(), chance) or word

        return _WORD.sub(replace, question)

    def contradict(self, question: str, chance: random.Random) -> str | None:
        """The question with one word replaced by its opposite; None if no word has one."""
        matches = [match for match in _WORD.finditer(question) if _is_content(match.group())]
        chance.shuffle(matches)
        for match in matches:
            if opposite := self._opposite(match.group().lower()):
                return question[: match.start()] + opposite + question[match.end() :]
        return None

    def _find(self, word: str) -> _Entry | None:
        for lemma, ending in _lemmas(word):
            known = [
                (self._index[pos][lemma][0], pos)
                for pos in _POS
                if lemma in self._index[pos] and (pos == "v" or ending not in ("ed", "ing"))
            ]
            if known:
                return _Entry(lemma, ending, max(known)[1])
        return None

    def _synonym(self, word: str, chance: random.Random) -> str | None:
        entry = self._entry(word)
        if entry is None or self._index[entry.pos][entry.lemma][0] == 0:
            return None
        sense = self._senses[entry.pos][self._index[entry.pos][entry.lemma][1][0]]
        found = set(sense.words)
        for kind, offset, pos, _ in sense.pointers:
            near = (kind in "@~" and pos == entry.pos and chance.random() < 0.25) or (
                kind == "&" and pos in self._senses and chance.random() < 0.5
            )
            if near and offset in self._senses[pos]:
                found.update(self._senses[pos][offset].words[: 2 if kind == "&" else 1])
        choices = sorted(
            each
            for each in {word.lower() for word in found} - {entry.lemma}
            if each.count("_") <= 1 and "." not in each
        )
        return _inflected(chance.choice(choices), entry) if choices else None

    def _opposite(self, word: str) -> str | None:
        entry = self._entry(word)
        if entry is None:
            return None
        for offset in self._index[entry.pos][entry.lemma][1][:2]:
            sense = self._senses[entry.pos][offset]
            for kind, other, pos, joined in sense.pointers:
                source, target = int(joined[:2], 16), int(joined[2:], 16)
                if kind == "!" and pos in self._senses and sense.words[max(0, source - 1)].lower() == entry.lemma:
                    return _inflected(self._senses[pos][other].words[max(0, target - 1)], entry)
        return None


def _is_content(word: str) -> bool:
    return not word[0].isupper() and word.lower() not in STOP_WORDS


def _read_index(path: Path) -> Iterator[tuple[str, tuple[int, list[str]]]]:
    """Lemma, how many of its senses were met in tagged text, and the offsets of its senses, most frequent first."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith(" "):
                parts = line.split()
                count = int(parts[2])
                yield parts[0], (int(parts[-count - 1]), parts[-count:])


def _read_senses(path: Path) -> Iterator[tuple[str, _Sense]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(" "):
                continue
            parts = line.split(" | ")[0].split()
            count = int(parts[3], 16)
            pointers = parts[5 + 2 * count :]
            yield (
                parts[0],
                _Sense(
                    tuple(re.sub(r"\(.*\)", "", parts[4 + 2 * i]) for i in range(count)),
                    tuple(
                        (pointers[i], pointers[i + 1], pointers[i + 2], pointers[i + 3])
                        for i in range(0, 4 * int(parts[4 + 2 * count]), 4)
                    ),
                ),
            )


def _lemmas(word: str) -> Iterator[tuple[str, str]]:
    """Forms that an inflected word may come from, with the ending that was taken off."""
    yield word, ""
    if word.endswith("ies"):
        yield word[:-3] + "y", "s"
    if word.endswith("es"):
        yield word[:-2], "s"
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1], "s"
    for ending in ("ed", "ing"):
        stem = word.removesuffix(ending)
        if stem != word:
            yield stem + "e", ending
            yield stem, ending
            if len(stem) > 2 and stem[-1] == stem[-2]:
                yield stem[:-1], ending


def _inflected(word: str, entry: _Entry) -> str:
    """`word` with the ending of the entry; of two words the verb comes first and the noun last."""
    first, _, last = word.partition("_")
    if not last:
        return _with_ending(first, entry.ending)
    if entry.pos == "v":
        return f"{_with_ending(first, entry.ending)} {last}"
    return f"{first} {_with_ending(last, entry.ending)}"


def _with_ending(word: str, ending: str) -> str:
    consonant_y = word.endswith("y") and word[-2:-1] not in "aeiou"
    if ending == "s":
        if consonant_y:
            return word[:-1] + "ies"
        return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")
    if ending == "ed":
        return word + "d" if word.endswith("e") else word[:-1] + "ied" if consonant_y else word + "ed"
    if ending == "ing":
        return word.removesuffix("e") + "ing"
    return word
