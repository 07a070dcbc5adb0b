"""Picks the few words of a sentence that answer: a date, a number, a name, or a row of names."""

from __future__ import annotations

import re

from assistant.answer.asking.question import Question, answering_values
from assistant.answer.tables import cell_asked, heads_of
from assistant.answer.values import MONTH, WEEKDAY, Value, numbers_in
from assistant.search.hybrid import Found, Sentence
from assistant.search.terms import terms

_BETWEEN_ITEMS = re.compile(r"\s*(?:[,;]|[,;]?\s+(?:and|or))\s+(?:the\s+)?", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_ANNOUNCING = re.compile(
    r"\b(?:includ(?:e[sd]?|ing)|such as|like|are|named|called|namely|notably)\b(?!.*\.)", re.IGNORECASE
)
_PLACED = re.compile(r"\b(?:in|at|on|near) (?:the )?$", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:since|from|until|till|between) (?:the )?$", re.IGNORECASE)
_DAY_OR_MONTH = re.compile(rf"{MONTH}|{WEEKDAY}")
_FORMER = re.compile(r"\b(?:used to (?:be|cost)|instead of|rather than|formerly|previously) (?:\w+ )?$", re.IGNORECASE)
_BEGINNING, _ENDING = (
    (re.compile(rf"\b(?:{verbs})\b", re.IGNORECASE), re.compile(rf"\b(?:{verbs}) (?:(?:on|in|at) )?$", re.IGNORECASE))
    for verbs in (r"beg[aiu]n\w*|start\w*|commenc\w*", r"end(?:s|ed|ing)?|expir\w*|finish\w*|terminat\w*")
)
"""What asks for the beginning or the end, and what stands before its date."""
_TERM = re.compile(r"\b(?:after|within|in|every|or|before) (?:the (?:first |last )?)?$", re.IGNORECASE)
_LOWER_END = re.compile(
    r"(?<![\w.,])(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half an?)"
    r"\s?(?:[–-]|\bto\b|\bor\b)\s?$",
    re.IGNORECASE,
)
_TERM_FROM = re.compile(r" (?:after|before|from|of)\b", re.IGNORECASE)
_GROUP, _GROUPED = re.compile(r"(?<!\d)(?!(?:1\d|20)\d\d )\d+ $"), re.compile(r" \d")
_WHAT_IT_IS = re.compile(r", (?:the|an?) (?P<what>[^,.;]+)")
_COUNTED_WITHIN, _MEASURED_WITHIN = 3, 4
"""Words after a number that may say what it counts, and before it what it measures."""


def few_words(question: Question, sentence: Sentence, found: Found) -> str:
    """The words of a sentence that was found which answer alone: of a table's row the cell asked for."""
    head = heads_of(found).get(sentence)
    return cell_asked(question, sentence, head) if head else short_answer(question, sentence.text)


def short_answer(question: Question, sentence: str) -> str:
    """Words of `sentence`, verbatim; "" where the question does not ask for a value or none is sure to be it.

    A number must count what is asked about ("37,000 USFK troops") or measure it ("a population of 51 million"), a name
    be of the kind asked for ("Osan Air Base" for a base) or stand in a row that the sentence announces ("include").
    """
    asked = set(terms(question.text))
    values = [value for value in answering_values(question, sentence) if _is_sure(value, question, sentence, asked)]
    wanted = [value for kind in question.expected for value in values if value.kind == kind]
    if not wanted:
        return ""
    # "What was the mean age?" is answered by a number of whatever kind is nearest.
    measured = question.kind in ("what", "definition")
    best_kind = wanted if measured else [value for value in wanted if value.kind == wanted[0].kind]
    shared = [word.span() for word in _WORD.finditer(sentence) if set(terms(word.group())) & asked]
    nearest = max(best_kind, key=lambda value: _nearness(value, shared))
    if question.several:
        start, end = _row(sentence, nearest, best_kind)
    else:
        start, end = nearest.start, nearest.end
        if nearest.kind == "duration" and (lower := _LOWER_END.search(sentence, 0, start)):
            start = lower.start()
    return sentence[start:end]


def _is_sure(value: Value, question: Question, sentence: str, asked: set[str]) -> bool:
    before = sentence[: value.start]
    if _FORMER.search(before):
        return False
    if question.kind == "when" and _is_other_end(question.text, before):
        return False
    if question.kind == "when" and value.kind == "duration":
        return _TERM.search(before) is not None or _TERM_FROM.match(sentence, value.end) is not None
    if value.kind == "number":
        if _GROUPED.match(sentence, value.end) or _GROUP.search(before):
            return False  # of "0117 496 0333"
        beside = sentence[value.end :].split()[:_COUNTED_WITHIN]
        if question.kind in ("what", "definition"):  # "a population of 51 million"
            beside += before.split()[-_MEASURED_WITHIN:]
        return bool(numbers_in(value.text)) and bool(set(terms(" ".join(beside))) & asked)
    if question.kind == "how long" and value.kind != "duration":
        return _SINCE.search(before) is not None
    if question.kind == "where":
        return _PLACED.search(before) is not None and not _DAY_OR_MONTH.match(value.text)
    if question.kind == "who":
        return False  # Who did it, only the grammar of the sentence tells.
    if question.kind == "which":
        own = bool(set(terms(value.text)) & asked)
        return own or _ANNOUNCING.search(before) is not None or _apposition(sentence[value.end :], asked)
    return True


def _is_other_end(question: str, before: str) -> bool:
    """Whether the end is asked for and the beginning stands there, or the reverse."""
    return any(
        asked.search(question) and not other.search(question) and told.search(before)
        for (asked, _), (other, told) in ((_ENDING, _BEGINNING), (_BEGINNING, _ENDING))
    )


def _apposition(following: str, asked: set[str]) -> bool:
    """Whether what follows a name says what it is: "Camp Humphreys, the largest installation"."""
    match = _WHAT_IT_IS.match(following)
    return match is not None and bool(set(terms(match["what"])) & asked)


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
