"""Chooses the sentences that answer a question, or none when the sources do not say.

Sentences are ranked by how near a sentence's vector is to the question's, what share of the question's
words it and the sentence before it hold, how well its passage was found, how long it is, and what the
reader makes of it. Passages are ranked anew by the best of their sentences. One that speaks to a language
model is no evidence, whatever else it says.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from assistant.answer.asking.question import Question, analyse, answering_values
from assistant.answer.certainty import certainty, signals_of
from assistant.answer.choice import LEANS_BACK, choose, under_the_question
from assistant.answer.conflicts.find import find_conflict
from assistant.answer.reading.reader import Reader, Reading
from assistant.answer.short import few_words
from assistant.answer.tables import heads_of, heads_only, in_words
from assistant.answer.values import numbers_in
from assistant.answer.writing.orders import addresses_a_model
from assistant.search.hybrid import Found, Sentence, join_hits
from assistant.search.terms import terms, words
from assistant.types import Hit

_WITHIN, _READ_AT_LEAST, _READ_AT_MOST = 0.6, 4, 16
"""The reader is given the sentences whose score by the signals that cost next to nothing is at most so much below the
best, but so many at least, to compare, and so many at most (eval/README.md). Reading is what takes the time."""
_COVERED, _PASSAGE, _LENGTH, _READER = 0.5, 0.08, 0.15, 0.2
"""Weights of the signals, that of the cosine 1.0; chosen on the benchmarks (eval/README.md)."""
_VALUE, _FIGURES, _ANNOUNCEMENT = 0.1, 0.3, 0.2
"""Added for a value of the kind asked for; for one in figures ("37,000", not "thousands") where a quantity
is asked for; and for announcing a list where one is asked for."""
_RERANKED = 3.0
"""Weight of its best sentence's score in a passage's rank, that of its score in the search 1.0; chosen likewise."""
_LEAST_SIDES = 2
"""Of a conflict, so many sentences are quoted although fewer are asked for."""
_PLAINLY = 1.0
"""From such log odds on, the reader finds an answer that shares no word with the question; on the sets none is less."""
_ASKED_THERE = 0.95
"""How certain it is that the sources answer a question that stands in them as the heading of an answer."""
_COVERED_FOR_SHORT = 0.75
"""Share of the question's words, by idf, that the passage must hold for a short answer."""

# "See North Korea.", "See section 4 for details.": they name a place to read on and say nothing themselves.
_REFERENCE = re.compile(
    r"See (?:also [^,;]|(?:the )?(?:section|chapter|page|part|article|note|figure|table|appendix|discussions?)\b"
    r"|[\"“]?[A-Z0-9])[^,;]{0,120}\.$"
)


_TELLING = frozenset("not no never none nothing all both only before after without than".split())
"""Words that are no terms, and with which a sentence says more than a question that lacks them."""
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer. `plain` is its score before reading, `logit` the reader's log odds."""

    sentence: Sentence
    plain: float
    logit: float = 0.0
    has_value: bool = False
    has_figures: bool = False
    announces: bool = False

    @property
    def score(self) -> float:
        """Higher is more likely to be the answer; scores compare within one question."""
        fitting = _VALUE * self.has_value + _FIGURES * self.has_figures + _ANNOUNCEMENT * self.announces
        return self.plain + _READER * self.logit + fitting


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences that answer, the most direct first, but items of a list in their order; none when the sources do
    not say. `short` is the few words.

    `certainty` is the probability, 0 to 1, that the sources answer. `conflicts` holds those of the sentences that
    contradict each other, at least two in each; they come first. `hits` are the passages that were found, best first
    by their sentences. `unanswered` is what else was asked for, of a question in parts, that the sources do not say.
    `withheld` are, for what is not answered, the ids of documents in which a passage came first that is taken to give
    orders to language models.
    """

    sentences: tuple[Sentence, ...]
    certainty: float
    hits: tuple[Hit, ...]
    short: str = ""
    conflicts: tuple[tuple[Sentence, ...], ...] = ()
    unanswered: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


def find_evidence(found: Found, reader: Reader, limit: int, least_certainty: float) -> Evidence:
    """The evidence for the question that was searched for.

    There are at most `limit` sentences, but of a list all the items and of a conflict at least two sides.
    """
    kept = without_orders(found)
    evidence = _evidence(kept, reader, limit, least_certainty)
    return evidence if kept is found or evidence.sentences else replace(evidence, withheld=_withheld(found, kept))


def _withheld(found: Found, kept: Found) -> tuple[str, ...]:
    """The id of the document whose sentence comes first before any is read, where that one is not kept."""
    first = [candidate.sentence for candidate in plain_candidates(found)[:1]]
    return tuple(each.passage.document_id for each in first if each not in kept.sentences)


def _evidence(found: Found, reader: Reader, limit: int, least_certainty: float) -> Evidence:
    """The evidence among sentences of which all may be quoted."""
    question = analyse(found.query)
    candidates = rank_candidates(question, found, reader)
    if not candidates:
        return Evidence((), 0.0, found.hits)
    hits = _reranked(found.hits, candidates)
    signals = signals_of(question, found, candidates)
    # Words that nothing found holds or is like ("Bonjour", "asdf qwerty"): the reader knows questions, and cannot judge
    # what is none, unless it finds an answer in quite other words.
    strange = not signals.covered and signals.far
    sure = 0.0 if strange and (len(found.weights) == 1 or signals.reader < _PLAINLY) else certainty(signals)
    if answering := under_the_question(question, found):
        # Whoever wrote it says so, whatever the reader makes of "Please do." without the question.
        sure = max(sure, _ASKED_THERE)
    if sure < least_certainty:
        return Evidence((), sure, hits)
    sentences = answering if 0 < len(answering) <= limit else ()
    if not sentences:
        within = [each for each in candidates if each.sentence in answering] or candidates
        sentences = choose(question, found, within, limit)
    if sides := find_conflict(question, found, candidates, sentences)[: max(limit, _LEAST_SIDES)]:
        # No few words: neither side is to be taken for the answer.
        sentences = choose(question, found, candidates, limit, disagreeing=sides)
        return Evidence(sentences, sure, hits, conflicts=(sides,))
    # Few words without their sentence are believed at once, so they are given only where nothing asked is missing.
    heads = set(heads_of(found).values())
    told = next((each for each in sentences if each not in heads), None)
    short = few_words(question, told, found) if told and signals.covered >= _COVERED_FOR_SHORT else ""
    return Evidence(sentences, sure, hits, short)


def join_evidence(parts: Sequence[Found], found: Sequence[Evidence]) -> Evidence:
    """The evidence for a question from the evidence for each of its parts, in their order.

    The parts share the hits, which are as many as of one. It is as certain as the least certain of the parts that are
    answered, or as the most certain where none is.
    """
    if len(parts) == 1:
        return found[0]
    answered = [evidence for evidence in found if evidence.sentences]
    refused = [part.query for part, evidence in zip(parts, found, strict=True) if not evidence.sentences]
    conflicts = _merged([conflict for evidence in answered for conflict in evidence.conflicts])
    quoted = chain(*conflicts, *(evidence.sentences for evidence in answered))
    return Evidence(
        sentences=tuple(dict.fromkeys(quoted)),
        certainty=min((e.certainty for e in answered), default=max(e.certainty for e in found)),
        hits=join_hits([evidence.hits for evidence in found])[: max(len(part.hits) for part in parts)],
        conflicts=conflicts,
        unanswered=tuple(refused) if answered else (),
        withheld=tuple(dict.fromkeys(chain.from_iterable(evidence.withheld for evidence in found))),
    )


def _merged(conflicts: Sequence[tuple[Sentence, ...]]) -> tuple[tuple[Sentence, ...], ...]:
    """The conflicts with those that share a side made one."""
    merged: list[tuple[Sentence, ...]] = []
    for sides in conflicts:
        sharing = [other for other in merged if not set(other).isdisjoint(sides)]
        merged = [other for other in merged if other not in sharing]
        merged.append(tuple(dict.fromkeys(chain(*sharing, sides))))
    return tuple(merged)


def _reranked(hits: Sequence[Hit], candidates: Sequence[Candidate]) -> tuple[Hit, ...]:
    """The passages with the score of the best of their sentences added, and in the order that this gives.

    A passage of which no sentence was read counts as the least of those that were.
    """
    least = candidates[-1].score
    best = {candidate.sentence.rank: candidate.score for candidate in reversed(candidates)}
    scored = [Hit(hit.passage, hit.score + _RERANKED * best.get(rank, least)) for rank, hit in enumerate(hits)]
    return tuple(sorted(scored, key=lambda hit: -hit.score))


def without_orders(found: Found) -> Found:
    """What was found, without the sentences of passages in which a language model is addressed.

    All of such a passage goes: what is to be said may stand anywhere beside the order to say it.
    """
    heard = {
        passage
        for passage in dict.fromkeys(each.passage for each in (*found.sentences, *found.continued))
        if addresses_a_model(passage.text)
    }
    if not heard:
        return found
    return replace(
        found,
        sentences=tuple(each for each in found.sentences if each.passage not in heard),
        continued=tuple(each for each in found.continued if each.passage not in heard),
    )


def plain_candidates(found: Found) -> list[Candidate]:
    """The sentences that may answer, best first, before any is read."""
    total = sum(found.weights.values()) or 1.0
    before = texts_before(found)
    confirms = analyse(found.query).kind == "yes or no"
    asking = _BETWEEN_SENTENCES.split(found.query.strip())[-1]
    asked, told_of = set(terms(asking)), set(words(asking))
    confirms = confirms or "or" in told_of  # of two things that are asked of, the sentence says which
    heads = heads_only(found)
    candidates = []
    for sentence in found.sentences:
        text = sentence.text
        if text.endswith("?") or _REFERENCE.match(text) or sentence in heads:
            continue
        own = terms(text)
        if own and not confirms and asked.issuperset(own) and not _says_more(text, told_of):
            continue  # It says nothing that the question does not: "The display stays dark."
        # What the sentence before it names, a sentence need not name again.
        held = {*own, *terms(before[sentence])}
        covered = sum(weight for term, weight in found.weights.items() if term in held) / total
        plain = (
            sentence.cosine
            + _COVERED * covered
            + _PASSAGE * found.hits[sentence.rank].score
            + _LENGTH * math.log1p(len(own))
        )
        candidates.append(Candidate(sentence, plain))
    return sorted(candidates, key=lambda candidate: -candidate.plain)


def _says_more(sentence: str, asked: set[str]) -> bool:
    """Whether a sentence that has no other terms than the question says more all the same: it announces something, is
    about what the one before it names, or has a "not" that the question lacks."""
    more = _TELLING.intersection(words(sentence)) - asked
    return bool(more) or sentence.endswith(":") or LEANS_BACK.match(sentence) is not None


def rank_candidates(question: Question, found: Found, reader: Reader) -> list[Candidate]:
    """The best of the sentences that may answer, read and in the order that reading gives."""
    candidates = _worth_reading(plain_candidates(found))
    logits = reader.read(question.text, readings_of([each.sentence for each in candidates], found))
    read = []
    for candidate, logit in zip(candidates, logits, strict=True):
        text = candidate.sentence.text
        values = answering_values(question, text)
        figures = question.asks_for_quantity and any(numbers_in(value.text) for value in values)
        announces = question.several and text.endswith(":")
        read.append(replace(candidate, logit=logit, has_value=bool(values), has_figures=figures, announces=announces))
    return sorted(read, key=lambda candidate: -candidate.score)


def _worth_reading(candidates: list[Candidate]) -> list[Candidate]:
    """Those whose plain score is near enough to the first's; they are best first."""
    near = [each for each in candidates[:_READ_AT_MOST] if each.plain >= candidates[0].plain - _WITHIN]
    return candidates[: max(len(near), _READ_AT_LEAST)]


def readings_of(sentences: Sequence[Sentence], found: Found) -> list[Reading]:
    """What a reader is shown of sentences that were found: of a table's row the cells with their names."""
    before, heads = texts_before(found), heads_of(found)
    return [
        Reading(each, "", in_words(each, heads[each])) if each in heads else Reading(each, before[each])
        for each in sentences
    ]


def texts_before(found: Found) -> dict[Sentence, str]:
    """For each sentence found the one before it in its passage, for a table's row its head; "" for the first."""
    sentences = (*found.sentences, *found.continued)
    pairs = zip(sentences, ("", *(sentence.text for sentence in sentences)), strict=False)
    before = {sentence: text if sentence.place else "" for sentence, text in pairs}
    return before | {row: head.text for row, head in heads_of(found).items()}
