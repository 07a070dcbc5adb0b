"""The measures: functions of rows alone, one module for each thing that an answer can be good or bad at.

A span of the answer is right when it *meets* a span of the evidence: same document, overlapping by at least
half of the shorter one. A case that failed is neither an answer nor a refusal: it misses what was to be answered or
cited, and adds nothing where only answers or only refusals count. What it had found before it failed is ranked all the
same. Where a measure does not apply it has no value, never a zero: of a plain text only the words are measured, and
whether there are any.
"""

from __future__ import annotations

from eval.measures import answers, citations, conflicts, dialogue, refusal, retrieval, speed, writing
from eval.measures.measure import Measure, Value, observations, value_of

__all__ = ["MEASURES", "Measure", "Value", "observations", "value_of"]

MEASURES: tuple[Measure, ...] = (
    *retrieval.MEASURES,
    *answers.MEASURES,
    *citations.MEASURES,
    *refusal.MEASURES,
    *dialogue.MEASURES,
    *conflicts.MEASURES,
    *writing.MEASURES,
    *speed.MEASURES,
)
"""Every measure, in the order in which a report shows them."""
