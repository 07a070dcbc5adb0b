"""Picks the few words of a sentence that answer: a date, a number, a name, or a row of names."""

from __future__ import annotations

import re

from assistant.answer.question import Question, answering_values
from assistant.answer.values import Value
from assistant.search.terms import terms

_BETWEEN_ITEMS = re.compile(r"\s*(?:,|;|,?\s+and|,?\s+or)\s+(?:the\s+)?", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def short_answer(question: Question, sentence: str) -> str:
    """Words of `sentence`, verbatim; "" where the question does not ask for a value or the sentence has none."""
    values = answering_values(question, sentence)
    if not values:
        return ""
    wanted = [value for kind in question.expected for value in values if value.kind == kind]
    best_kind = [value for value in wanted if value.kind == wanted[0].kind]
    asked = set(terms(question.text))
    places = [word.start() for word in _WORD.finditer(sentence) if set(terms(word.group())) & asked]
    nearest = min(best_kind, key=lambda value: _distance(value, places))
    start, end = _row(sentence, nearest, best_kind) if question.several else (nearest.start, nearest.end)
    return sentence[start:end]


def _distance(value: Value, places: list[int]) -> float:
    """Mean distance in characters to the words that the sentence shares with the question."""
    return sum(abs(place - value.start) for place in places) / len(places) if places else value.start


def _row(sentence: str, value: Value, values: list[Value]) -> tuple[int, int]:
    """The span of the enumeration that `value` stands in: only commas and "and" lie between its items."""
    row = sorted(values, key=lambda each: each.start)
    first = last = row.index(value)
    while first > 0 and _BETWEEN_ITEMS.fullmatch(sentence, row[first - 1].end, row[first].start):
        first -= 1
    while last + 1 < len(row) and _BETWEEN_ITEMS.fullmatch(sentence, row[last].end, row[last + 1].start):
        last += 1
    return row[first].start, row[last].end
