"""Sentences that answer with what answers taken out of them or exchanged, so that the reader looks for just that."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.answer.question import Question, analyse
from assistant.answer.values import Value, ValueKind, find_values
from eval.fit.reader.candidates import Example, Shown

_GAP = "..."
_INSTEAD: dict[ValueKind, tuple[str, ...]] = {
    "name": (_GAP, "it", "they", "someone", "somebody", "others", ""),
    "date": (_GAP, "then", "that day", "some time", ""),
    "period": (_GAP, "that time", ""),
    "number": (_GAP, "some", "several", "many", ""),
    "money": (_GAP, "some money", "a sum", ""),
    "percentage": (_GAP, "a share", "some", ""),
    "duration": (_GAP, "some time", "a while", ""),
}


class Values:
    """The values with which sentences answer questions that ask for one, to put one in the place of another."""

    def __init__(self, examples: Iterable[Example], chance: random.Random) -> None:
        self._chance = chance
        self._pool: dict[ValueKind, list[str]] = defaultdict(list)
        for example in examples:
            question = analyse(example.question)
            for shown in example.candidates:
                for value in _answering(question, shown):
                    self._pool[value.kind].append(value.text)

    def erased(self, question: str, shown: Shown) -> Shown | None:
        """The sentence without the values with which it answers, and so no answer; None if it has no such values."""
        values = _answering(analyse(question), shown)
        if not values:
            return None
        return replace(_written(shown, values, [self._nothing(value) for value in values]), answers=False)

    def altered(self, question: str, shown: Shown) -> Shown:
        """The sentence with other values where it answers, or without one elsewhere: it answers as before."""
        values = _answering(analyse(question), shown)
        others = [value for value in _unasked(question, shown) if not _is_said(value, shown)] if shown.said else []
        if others and (not values or self._chance.random() < 1 / 2):
            chosen = self._chance.choice(others)
            return _written(shown, [chosen], [self._nothing(chosen)])
        return _written(shown, values, [self._chance.choice(self._pool[value.kind]) for value in values])

    def _nothing(self, value: Value) -> str:
        return self._chance.choice(_INSTEAD[value.kind])


def _answering(question: Question, shown: Shown) -> list[Value]:
    """The values of the kind asked for in what the sentence says to the question."""
    if not shown.said or not question.expected:
        return []
    return [
        value for value in _unasked(question.text, shown) if value.kind in question.expected and _is_said(value, shown)
    ]


def _unasked(question: str, shown: Shown) -> list[Value]:
    asked = question.lower()
    return [value for value in find_values(shown.sentence) if value.text.lower() not in asked]


def _is_said(value: Value, shown: Shown) -> bool:
    return any(start < value.end and value.start < end for start, end in shown.said)


def _written(shown: Shown, values: Sequence[Value], instead: Sequence[str]) -> Shown:
    """The sentence with other words in the place of these values."""
    text = shown.sentence
    for value, words in sorted(zip(values, instead, strict=True), key=lambda pair: -pair[0].start):
        text = f"{text[: value.start]}{words}{text[value.end :]}"
    return replace(shown, sentence=text, said=())
