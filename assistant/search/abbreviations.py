"""Spells out an abbreviation in a question when the documents only have the words it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.search.lexical import LexicalIndex
from assistant.search.terms import STOP_WORDS, terms

_ABBREVIATION = re.compile(r"\b[A-Z]{3,6}\b")
_SMALL = ("of", "the", "and", "for", "in", "on")
_CAPITALISED_BEFORE = re.compile(r"\b(?P<word>[A-Z]\w*) \Z")
_LONGEST_WORD = 40
_JOINT = rf"(?:[\s-]+(?:{'|'.join(_SMALL)}))*[\s-]+"


def spell_out(question: str, lexical: LexicalIndex, texts: Iterable[str]) -> str:
    """The question with "Terminal High Altitude Area Defense" for a "THAAD" that no text has as such."""
    if question.isupper():
        return question  # "WHO SIGNED IT?" is all in capitals, and abbreviates nothing
    texts = list(texts)
    for abbreviation in dict.fromkeys(_ABBREVIATION.findall(question)):
        if any(lexical.frequency(term) for term in terms(abbreviation)):
            continue
        words = re.compile(rf"\b{_JOINT.join([_named_by(abbreviation[0]), *map(_word_for, abbreviation[1:])])}\b")
        found = next((match for text in texts for match in words.finditer(text) if _is_name(match)), None)
        if found:
            spelt_out = " ".join(found.group().split())
            question = re.sub(rf"\b{abbreviation}\b", spelt_out, question)
    return question


def _word_for(letter: str) -> str:
    """The words a letter may stand for: one with that capital, or "of" for the O of ROK."""
    small = [word for word in _SMALL if word.startswith(letter.lower())]
    return f"(?:{'|'.join([_named_by(letter), *small])})"


def _named_by(letter: str) -> str:
    return rf"{letter}\w+"


def _is_name(match: re.Match[str]) -> bool:
    """Whether no word is there twice, and the words are no part of a longer name.

    A menu that was read as text repeats its entries, and "Plan Ahead", "Apply for Assistance" below each other are two.
    """
    named = match.group().split()
    before = _CAPITALISED_BEFORE.search(match.string, max(0, match.start() - _LONGEST_WORD), match.start())
    return len(set(named)) == len(named) and (before is None or before["word"].lower() in STOP_WORDS)
