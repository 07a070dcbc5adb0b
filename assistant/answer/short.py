"""Picks the few words of a sentence that answer: a date, a number, a name, or a row of names."""

from __future__ import annotations

import re

from assistant.answer.question import Question, answering_values
from assistant.answer.values import Value
from assistant.search.terms import terms

_BETWEEN_ITEMS = re.compile(r"\s*(?:[,;]|[,;]?\s+(?:and|or))\s+(?:the\s+)?", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def short_answer(question: Question, sentence: str) -> str:
    """Words of `sentence`, verbatim; "" where the question does not ask for a value or the sentence has none."""
    values = answering_values(question, sentence)
    if not values:
        return ""
    wanted = [value for kind in question.expected for value in values if value.kind == kind]
    best_kind = [value for value in wanted if value.kind == wanted[0].kind]
    asked = set(terms(question.text))
    shared = [word.span() for word in _WORD.finditer(sentence) if set(terms(word.group())) & asked]
    nearest = max(best_kind, key=lambda value: _nearness(value, shared))
    start, end = _row(sentence, nearest, best_kind) if question.several else (nearest.start, nearest.end)
    return sentence[start:end]


def _nearness(value: Value, shared: list[tuple[int, int]]) -> float:
    """How close the words lie that the sentence and the question share; one beside it outweighs two far off."""
    after = sum(1 / (1 + start - value.end) for start, _ in shared if start >= value.end)
    before = sum(1 / (1 + value.start - end) for _, end in shared if end <= value.start)
    # What is counted stands behind its number: "15 bases".
    return after + (before / 2 if value.kind == "number" else before)


def _row(sentence: str, value: Value, values: list[Value]) -> tuple[int, int]:
    """The span of the enumeration that `value` stands in: only commas and "and" lie between its items."""
    row = sorted(values, key=lambda each: each.start)
    first = last = row.index(value)
    while first > 0 and _BETWEEN_ITEMS.fullmatch(sentence, row[first - 1].end, row[first].start):
        first -= 1
    while last + 1 < len(row) and _BETWEEN_ITEMS.fullmatch(sentence, row[last].end, row[last + 1].start):
        last += 1
    return row[first].start, row[last].end
