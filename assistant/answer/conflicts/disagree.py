"""Whether two sentences disagree: their values cannot both be right, and they speak of one thing.

Two sentences are taken to speak of one thing when they tell it in nearly the same words, when both are likely to
answer, or when they tell of persons or dates and are near each other (`alike.py`). Where several values can be right,
only versions of a passage that differ in a value disagree.
What is told of different years is no conflict, but a change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answer.conflicts.alike import Signals, Telling, contradiction, log_odds_alike, log_odds_near
from assistant.answer.conflicts.asked import Asked
from assistant.answer.conflicts.claims import Claim, held
from assistant.answer.conflicts.moments import Moment
from assistant.answer.conflicts.polarity import contradict
from assistant.answer.conflicts.quantities import Quantity
from assistant.search.terms import terms, words
from assistant.types import Passage

_ALIKE = -0.7
"""The least log odds that two sentences answer alike, chosen on invented search results and held-out libraries
(eval/README.md)."""
_REJECTED = -4.0
"""A sentence with lower log odds is plainly no answer to the reader, however near it is to the question."""
_LIKELY, _SURE = 0.0, 1.0
"""The reader's least log odds for both sentences where one retells the other; where they say yes and no in other
words."""
_DENIED = -2.0
"""The reader's least log odds for the other of two sentences that say yes and no: an opposite word it takes for less of
an answer than the question's own."""
_FIRST = 4
"""One of two sentences that disagree is among so many of the best."""
_TERMS = 2
"""A question of fewer does not tell what it is about."""
_PERSONS, _DATES = 0.3, 0.9
"""The least log odds, by nearness alone, that two sentences with different persons or dates answer alike; chosen by the
false alarms on the public sets (eval/README.md)."""
_APART, _NAMED_APART = 0.7, 0.3
"""Share of the question's words, by idf, that may stand with only one of two sentences; where one retells the other."""
_MOST_IN_PASSAGE = 400
"""Of a passage with more values none is looked at, so that a long table costs no time."""
_RETOLD = 0.6
"""A retelling has this share of the other's words, the question's and the value left out."""
_COPIED = 10
"""So many words in the same order are written once and copied; not measured, as the sets have hardly any versions."""
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]{3}|20[0-9]{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Dispute:
    """What is asked, the idf of its terms, and all that is told about it."""

    asked: Asked
    weights: Mapping[str, float]
    tellings: Sequence[Telling]

    def disagree(self, one: Telling, other: Telling) -> bool:
        """Whether two of the tellings cannot both be right."""
        if not self.asked.kinds:
            return (
                _most_logit(one, other) >= _LIKELY
                and _least_logit(one, other) >= _DENIED
                and not _apart_in_time(_years(one), _years(other))
                and contradict(one.text, other.text, self.asked.terms, both_answer=self._both_answer(one, other))
            )
        claims = self.disputed(one, other)
        return claims is not None and (
            self._is_altered(one, other, claims)
            or (self._compares(one, other, claims) and log_odds_alike(self.signals(one, other)) >= _ALIKE)
            or self._is_retold(one, other, claims)
            or self._is_near(one, other, claims)
        )

    def compared(self) -> Iterator[tuple[Telling, Telling]]:
        """The pairs of tellings, the better one first, that disagree if they answer alike."""
        for sides in looked_at(self.tellings):
            claims = self.disputed(*sides)
            if claims and self._compares(*sides, claims):
                yield sides

    def disputed(self, one: Telling, other: Telling) -> tuple[Claim, Claim] | None:
        """The likeliest values of two sentences that contradict each other, unless they are of different years, and so
        of a change."""
        claims = contradiction(one, other)
        return None if claims and not _is_timed(claims) and self._of_different_years(one, other) else claims

    def _compares(self, one: Telling, other: Telling, claims: tuple[Claim, Claim]) -> bool:
        """Whether values that contradict each other cannot both be right, if both sentences answer the question.

        "Where do I park?" does not say of which place, and each document may tell of another.
        """
        return (
            self.asked.single
            and not self.asked.several
            and _least_logit(one, other) >= _REJECTED
            and len(self.asked.terms) >= _TERMS
            and self._count_alike(claims)
            and not self._is_conceded(claims[0], other)
            and not self._is_conceded(claims[1], one)
        )

    def signals(self, one: Telling, other: Telling) -> Signals:
        """What tells whether two of the tellings answer alike."""
        logits = one.candidate.logit, other.candidate.logit
        cosines = one.candidate.sentence.cosine, other.candidate.sentence.cosine
        return Signals(
            least_odds=min(logits),
            most_odds=max(logits),
            least_cosine=min(cosines),
            most_cosine=max(cosines),
            apart=self._apart(_named_around(one), _named_around(other)),
            one_document=float(one.document_id == other.document_id),
        )

    def _count_alike(self, claims: tuple[Claim, Claim]) -> bool:
        """Whether, if either of two numbers counts what is asked about, the other does too, or the same."""
        match claims[0].meaning, claims[1].meaning:
            case (Quantity(unit="number", counted=first), Quantity(counted=second)):
                asked = self.asked.terms
                return bool(first & second) or bool(first & asked) == bool(second & asked)
        return True

    def _of_different_years(self, one: Telling, other: Telling) -> bool:
        named = frozenset(_YEAR.findall(self.asked.text))
        return (
            _apart_in_time(_years(one) - named, _years(other) - named)
            or _apart_in_time(named, _years(one))
            or _apart_in_time(named, _years(other))
        )

    def _is_altered(self, one: Telling, other: Telling, claims: tuple[Claim, Claim]) -> bool:
        """Whether one is the other with another value for an answer, as in two versions of a document.

        One of them answers, or is the best there is and quoted. What it begins with is what it tells of; and several
        can be told of in like words, but hardly in like passages.
        """
        mine, theirs = _without(one, claims[0]), _without(other, claims[1])
        return (
            mine == theirs
            and len(mine) >= _COPIED
            and one.document_id != other.document_id
            and self.asked.certain
            and (_most_logit(one, other) >= _LIKELY or self.tellings[0] in (one, other))
            and claims[0].value.start > 0
            and self._apart(_named_around(one), _named_around(other)) <= _NAMED_APART
            and (not self.asked.several or _are_versions(one, other))
        )

    def _is_retold(self, one: Telling, other: Telling, claims: tuple[Claim, Claim]) -> bool:
        """Whether both answer and say the same but for the value: most other words, and a word beside the value."""
        if self.asked.several or _least_logit(one, other) < _LIKELY:
            return False
        if not self._count_alike(claims) or self._apart(_named(one), _named(other)) > _NAMED_APART:
            return False
        pairs = zip(_neighbours(one, claims[0]), _neighbours(other, claims[1]), strict=True)
        if not any(mine and mine == theirs for mine, theirs in pairs):
            return False
        first, second = self._rest(one, claims[0]), self._rest(other, claims[1])
        if not first or not second:
            return first == second
        return len(first & second) >= _RETOLD * min(len(first), len(second))

    def _is_near(self, one: Telling, other: Telling, claims: tuple[Claim, Claim]) -> bool:
        """Whether a person or a date is told in sentences of different documents that are near each other and the
        question: it is seldom anything but an answer to "who" or "when", whatever the reader makes of a fragment."""
        persons = self.asked.person and all(claim.is_person for claim in claims)
        timed = self.asked.kinds[0] == "date" and _is_timed(claims)
        if not (persons or timed) or one.document_id == other.document_id:
            return False
        return (
            not self.asked.several
            and self.asked.certain
            and len(self.asked.terms) >= _TERMS
            and log_odds_near(one, other) >= (_PERSONS if persons else _DATES)
            and self._apart(_named(one), _named(other)) <= _APART
            and not self._holds_nearby(claims[0], other)
            and not self._holds_nearby(claims[1], one)
        )

    def _holds_nearby(self, claim: Claim, other: Telling) -> bool:
        """Whether the passage of the other sentence holds the value too, so that it may speak of it elsewhere."""
        around = held(other.candidate.sentence.passage.text, self.asked, _MOST_IN_PASSAGE)
        return any(claim.repeats(each) for each in around)

    def _both_answer(self, one: Telling, other: Telling) -> bool:
        """Whether the reader is sure that either sentence answers, in different documents that name what is asked.

        A line of a list need not name it: its passage does.
        """
        return (
            one.document_id != other.document_id
            and self.asked.single
            and _least_logit(one, other) >= _SURE
            and self._apart(_named_around(one), _named_around(other)) <= _NAMED_APART
        )

    def _is_conceded(self, claim: Claim, other: Telling) -> bool:
        """Whether the other's document has the value too, in a sentence that is likely to answer."""
        return any(
            claim.repeats(each)
            for telling in self.tellings
            if telling.document_id == other.document_id and telling.candidate.logit >= _LIKELY
            for each in telling.holds
        )

    def _apart(self, first: frozenset[str], second: frozenset[str]) -> float:
        """Share of the question's words, by idf, that only one of two sets has."""
        only = sum(weight for term, weight in self.weights.items() if term in first ^ second)
        return only / (sum(self.weights.values()) or 1.0)

    def _rest(self, telling: Telling, claim: Claim) -> frozenset[str]:
        """The sentence's terms without the question's and the value's."""
        return frozenset(terms(telling.text)) - self.asked.terms - frozenset(terms(claim.value.text))


def looked_at(tellings: Sequence[Telling]) -> Iterator[tuple[Telling, Telling]]:
    """The pairs of tellings that are looked at, the better one first."""
    return ((one, other) for place, one in enumerate(tellings[:_FIRST]) for other in tellings[place + 1 :])


def _is_timed(claims: Iterable[Claim]) -> bool:
    return all(isinstance(claim.meaning, Moment) for claim in claims)


def _least_logit(one: Telling, other: Telling) -> float:
    return min(one.candidate.logit, other.candidate.logit)


def _most_logit(one: Telling, other: Telling) -> float:
    return max(one.candidate.logit, other.candidate.logit)


def _years(telling: Telling) -> frozenset[str]:
    return frozenset(_YEAR.findall(telling.text))


def _apart_in_time(first: frozenset[str], second: frozenset[str]) -> bool:
    return bool(first) and bool(second) and not first & second


def _named(telling: Telling) -> frozenset[str]:
    """The terms of the sentence and of what stands over it."""
    passage = telling.candidate.sentence.passage
    return frozenset(terms(f"{passage.title} {passage.heading} {telling.text}"))


def _named_around(telling: Telling) -> frozenset[str]:
    """The terms of the whole passage and of what stands over it."""
    return _terms_of(telling.candidate.sentence.passage)


@lru_cache(maxsize=64)
def _terms_of(passage: Passage) -> frozenset[str]:
    """Kept, since each passage is compared with those of all other tellings."""
    return frozenset(terms(f"{passage.title} {passage.heading} {passage.text}"))


def _without(telling: Telling, claim: Claim) -> list[str]:
    """The words of the sentence without the value."""
    return words(f"{telling.text[: claim.value.start]} {telling.text[claim.value.end :]}")


def _are_versions(one: Telling, other: Telling) -> bool:
    """Whether the passages of two sentences have most of their words in common."""
    first, second = _named_around(one), _named_around(other)
    return len(first & second) >= _RETOLD * len(first | second)


def _neighbours(telling: Telling, claim: Claim) -> tuple[str, str]:
    """The words directly before and after the value; "" where there is none."""
    before, after = telling.text[: claim.value.start], telling.text[claim.value.end :]
    return ("", *words(before))[-1], (*words(after), "")[0]
