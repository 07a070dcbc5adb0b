"""Spells out an abbreviation in a question when the documents only have the words it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.search.lexical import LexicalIndex
from assistant.search.terms import terms

_ABBREVIATION = re.compile(r"\b[A-Z]{3,6}\b")
_JOINT = r"(?:[\s-]+(?:of|the|and|for|in|on))*[\s-]+"


def spell_out(question: str, lexical: LexicalIndex, texts: Iterable[str]) -> str:
    """The question with "THAAD (Terminal High Altitude Area Defense)" for a THAAD that no text has as such."""
    texts = list(texts)
    for abbreviation in dict.fromkeys(_ABBREVIATION.findall(question)):
        if any(lexical.frequency(term) for term in terms(abbreviation)):
            continue
        words = re.compile(r"\b" + _JOINT.join(rf"{letter}\w+" for letter in abbreviation) + r"\b")
        found = next((match for match in map(words.search, texts) if match), None)
        if found:
            spelt = " ".join(found.group().split())
            question = re.sub(rf"\b{abbreviation}\b", f"{abbreviation} ({spelt})", question, count=1)
    return question
