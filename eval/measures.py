"""The measures. Each gives the scores of one case, none where it does not apply; a mean is taken over all of them.

A span of the answer is right when it *meets* a span of the evidence: same document, overlapping by
at least half of the shorter one. Every measure is between 0 and 1, and higher is better.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant import Answer
from eval.cases import Case, Span

Scores = tuple[float, ...]
"""What one case adds to a mean: nothing where the measure does not apply, one number, or one a citation."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case with what came of it: an answer, or the error that it ended in."""

    case: Case
    answer: Answer | None
    error: str | None = None

    @property
    def refused(self) -> bool:
        """Whether the answer says that the sources do not; an error is neither an answer nor a refusal."""
        return self.answer is not None and self.answer.refused

    @property
    def answered(self) -> bool:
        """Whether there is an answer with statements."""
        return self.answer is not None and not self.answer.refused


@dataclass(frozen=True, slots=True)
class Mean:
    """A measure over a run: its value, None if it applied nowhere, and over how many it was taken."""

    value: float | None
    count: int


def recall_at(k: int) -> Callable[[Outcome], Scores]:
    """Evidence recall@k: 1 if any of the first k hits meets the evidence, over answerable cases."""
    return lambda outcome: () if not outcome.case.answerable else (float(_rank(outcome) <= k),)


def reciprocal_rank(outcome: Outcome) -> Scores:
    """1/rank of the first hit that meets the evidence, 0 beyond ten (MRR@10; Voorhees 1999)."""
    if not outcome.case.answerable:
        return ()
    rank = _rank(outcome)
    return (1 / rank if rank <= 10 else 0.0,)


def citation_recall(outcome: Outcome) -> Scores:
    """1 if any citation meets the evidence, over answerable cases; refusing counts as missing it."""
    if not outcome.case.answerable:
        return ()
    return (float(any(_cited_rightly(outcome))),)


def citation_precision(outcome: Outcome) -> Scores:
    """For each citation, 1 if it meets the evidence, over answerable cases that were answered."""
    if not outcome.case.answerable:
        return ()
    return tuple(float(right) for right in _cited_rightly(outcome))


def accuracy(outcome: Outcome) -> Scores:
    """1 if the answer holds every required fact, over answerable cases that name facts."""
    if not outcome.case.answerable or not outcome.case.facts:
        return ()
    text = _answer_text(outcome)
    found = all(any(re.search(p, text, re.IGNORECASE) for p in alternatives) for alternatives in outcome.case.facts)
    return (float(outcome.answered and found),)


def short_answer_match(outcome: Outcome) -> Scores:
    """1 if the answer contains a reference, over answerable cases with one of at most eight words.

    Compared in lower case, without punctuation and articles.
    """
    references = [reference for reference in map(_plain, outcome.case.answers) if 0 < len(reference.split()) <= 8]
    if not outcome.case.answerable or not references:
        return ()
    text = f" {_plain(_answer_text(outcome))} "
    return (float(outcome.answered and any(f" {reference} " in text for reference in references)),)


def refusal_recall(outcome: Outcome) -> Scores:
    """1 if refused, over unanswerable cases."""
    return () if outcome.case.answerable else (float(outcome.refused),)


def refusal_precision(outcome: Outcome) -> Scores:
    """1 if unanswerable, over refused cases."""
    return (float(not outcome.case.answerable),) if outcome.refused else ()


def answer_rate(outcome: Outcome) -> Scores:
    """1 if answered, over answerable cases."""
    return (float(outcome.answered),) if outcome.case.answerable else ()


def conflicts_shown(outcome: Outcome) -> Scores:
    """1 if the answer shows a conflict and holds all values, over cases with values in dispute."""
    if not outcome.case.conflict:
        return ()
    text = _plain(_answer_text(outcome))
    shown = outcome.answer is not None and bool(outcome.answer.conflicts)
    return (float(shown and all(_plain(value) in text for value in outcome.case.conflict)),)


MEASURES: dict[str, Callable[[Outcome], Scores]] = {
    "recall@1": recall_at(1),
    "recall@5": recall_at(5),
    "recall@10": recall_at(10),
    "MRR@10": reciprocal_rank,
    "accuracy": accuracy,
    "citation recall": citation_recall,
    "citation precision": citation_precision,
    "short-answer match": short_answer_match,
    "answer rate": answer_rate,
    "refusal recall": refusal_recall,
    "refusal precision": refusal_precision,
    "conflicts shown": conflicts_shown,
}


def measure(outcomes: Sequence[Outcome]) -> dict[str, Mean]:
    """Every measure over a run, and balanced accuracy: the mean of answer rate and refusal recall."""
    means = {name: _mean(score for outcome in outcomes for score in of(outcome)) for name, of in MEASURES.items()}
    answered, refused = means["answer rate"], means["refusal recall"]
    both = None if answered.value is None or refused.value is None else (answered.value + refused.value) / 2
    means["balanced accuracy"] = Mean(both, 0 if both is None else answered.count + refused.count)
    return means


def _mean(scores: Iterable[float]) -> Mean:
    values = list(scores)
    return Mean(sum(values) / len(values) if values else None, len(values))


def _rank(outcome: Outcome) -> int:
    """Rank from 1 of the first of ten hits that meets the evidence; 11 if none does."""
    hits = outcome.answer.hits[:10] if outcome.answer else ()
    for rank, hit in enumerate(hits, 1):
        if _meets(outcome.case, Span(hit.passage.document_id, hit.passage.start, hit.passage.end)):
            return rank
    return 11


def _cited_rightly(outcome: Outcome) -> list[bool]:
    citations = outcome.answer.citations if outcome.answer else ()
    return [_meets(outcome.case, Span(each.document_id, each.start, each.end)) for each in citations]


def _meets(case: Case, span: Span) -> bool:
    return any(span.meets(evidence) for evidence in case.evidence)


def _answer_text(outcome: Outcome) -> str:
    return f"{outcome.answer.short} {outcome.answer.text}" if outcome.answer else ""


def _plain(text: str) -> str:
    words = re.sub(r"[^\w\s]", " ", text.lower()).split()
    return " ".join(word for word in words if word not in ("a", "an", "the"))
