"""Finds those of the sentences that answer which cannot all be right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from assistant.answer.asking.question import Question
from assistant.answer.choice import without_copies
from assistant.answer.conflicts.alike import Telling, contradiction, log_odds_alike, tell
from assistant.answer.conflicts.asked import Asked, asked_for
from assistant.answer.conflicts.disagree import Dispute, looked_at
from assistant.search.hybrid import Found, Sentence

if TYPE_CHECKING:
    from assistant.answer.evidence import Candidate

_LONGEST = 1000
"""A longer sentence is a table or a list, and claims no one thing."""
_NEARLY = 0.5
"""A further sentence that disagrees with one of two, with log odds at most this much lower, is a side as well."""


def find_conflict(
    question: Question, found: Found, candidates: Sequence[Candidate], quoted: Collection[Sentence] = ()
) -> tuple[Sentence, ...]:
    """The sentences that disagree, each with another of them; none if there are no such.

    The two that are likeliest to do so come first, otherwise the order is the candidates', which is best first.
    Of the sentences in `quoted`, which the answer would give anyway, all that contradict one of these two are sides,
    unless several values can be right.
    """
    asked = asked_for(question)
    if asked is None:
        return ()
    tellings = told(candidates, asked)
    dispute = Dispute(asked, found.weights, tellings)
    pairs = [sides for sides in looked_at(tellings) if dispute.disagree(*sides)]
    if not pairs:
        return ()
    pair = max(pairs, key=lambda sides: log_odds_alike(dispute.signals(*sides)))
    least = log_odds_alike(dispute.signals(*pair)) - _NEARLY
    further = [
        each
        for each in tellings
        if each not in pair
        and any(
            (log_odds_alike(dispute.signals(each, side)) >= least and dispute.disagree(each, side))
            or (each.candidate.sentence in quoted and not asked.several and contradiction(each, side))
            for side in pair
        )
    ]
    return tuple(each.candidate.sentence for each in (*pair, *further))


def told(candidates: Sequence[Candidate], asked: Asked) -> list[Telling]:
    """What the candidates tell, each sentence once: a copy is no further witness."""
    unlike = without_copies(candidates)
    return [tell(candidate, asked) for candidate in unlike if len(candidate.sentence.text) <= _LONGEST]
