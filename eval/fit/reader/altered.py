"""Sentences that answer with what answers taken out of them or exchanged, so that the reader looks for just that."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.answer.asking.question import Question, QuestionKind, analyse
from assistant.answer.values import Value, ValueKind, find_values
from assistant.search.terms import STOP_WORDS, terms
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
_CAPITALISED = re.compile(r"\b[A-Z]\w+")


class Values:
    """The values with which sentences answer questions that ask for one, to put one in the place of another."""

    def __init__(self, examples: Iterable[Example], chance: random.Random) -> None:
        self._chance = chance
        self._pool: dict[tuple[QuestionKind, ValueKind], list[str]] = defaultdict(list)
        for example in examples:
            question = analyse(example.question)
            for shown in example.candidates:
                for value in _answering(question, shown):
                    self._pool[question.kind, value.kind].append(value.text)

    def erased(self, question: str, shown: Shown) -> Shown | None:
        """The sentence without the values with which it answers, and so no answer; None if that cannot be had."""
        asked = analyse(question)
        values = _answering(asked, shown)
        if not values or _may_answer_without(values, asked, shown):
            return None
        return replace(_written(shown, values, [self._nothing(value) for value in values]), answers=False)

    def altered(self, question: str, shown: Shown) -> Shown:
        """The sentence with other values where it answers, or without one elsewhere: it answers as before."""
        if not shown.said:
            return shown
        asked = analyse(question)
        values = _answering(asked, shown)
        others = [value for value in _unasked(asked, shown) if not _is_said(value, shown)]
        if others and (not values or self._chance.random() < 1 / 2):
            chosen = self._chance.choice(others)
            return _written(shown, [chosen], [self._nothing(chosen)])
        return _written(shown, values, [self._other(asked.kind, value) for value in values])

    def _nothing(self, value: Value) -> str:
        return self._chance.choice(_INSTEAD[value.kind])

    def _other(self, kind: QuestionKind, value: Value) -> str:
        """A value that answers another question of this kind; the same if there is none."""
        others = [text for text in self._pool[kind, value.kind] if text != value.text]
        return self._chance.choice(others) if others else value.text


def _answering(question: Question, shown: Shown) -> list[Value]:
    """The values of the kind asked for in what the sentence says to the question."""
    if not shown.said:
        return []  # Most sentences: where nothing is said, nothing need be looked for.
    return [value for value in _unasked(question, shown) if value.kind in question.expected and _is_said(value, shown)]


def _unasked(question: Question, shown: Shown) -> list[Value]:
    """The values of which the question has no word: one that has may be what it asks about."""
    asked = set(terms(question.text))
    return [value for value in find_values(shown.sentence) if not asked & set(terms(value.text))]


def _is_said(value: Value, shown: Shown) -> bool:
    return any(start < value.end and value.start < end for start, end in shown.said)


def _may_answer_without(values: Sequence[Value], question: Question, shown: Shown) -> bool:
    """Whether another value or name is left in what the sentence says, or one of these can be read elsewhere."""
    if any(_is_said(value, shown) and value not in values for value in _unasked(question, shown)):
        return True
    blanked = _spliced(shown.sentence, values, [" " * len(value.text) for value in values])
    said = " ".join(blanked[start:end] for start, end in shown.said)
    asked = set(terms(question.text))
    names = [word for word in _CAPITALISED.findall(said) if word.lower() not in STOP_WORDS]
    around = set(terms(f"{shown.place} {shown.before} {blanked}"))
    return any(not asked & set(terms(name)) for name in names) or any(
        set(terms(value.text)) <= around for value in values
    )


def _written(shown: Shown, values: Sequence[Value], instead: Sequence[str]) -> Shown:
    return replace(shown, sentence=_spliced(shown.sentence, values, instead), said=())


def _spliced(text: str, values: Sequence[Value], instead: Sequence[str]) -> str:
    """The text with other words in the place of these values."""
    for value, words in sorted(zip(values, instead, strict=True), key=lambda pair: -pair[0].start):
        text = f"{text[: value.start]}{words}{text[value.end :]}"
    return text
