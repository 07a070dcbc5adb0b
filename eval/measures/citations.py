"""Whether what is cited is the evidence, and whether what is said rests on what it cites.

The two differ: a sentence may be well supported by its source and not be what was asked for. Gao et al. (2023, ALCE)
ask a language model only the second; here the evidence is known, and the support is the verdict that the
assistant computed for each statement. A plain text cites nothing that could be right or wrong: it has no observation.
"""

from __future__ import annotations

from eval.measures.measure import Observation, mean
from eval.rows import Row

_SUPPORTED = ("quoted", "supported")


def citation_recall(row: Row) -> Observation:
    """1 if any citation meets the evidence, over answerable cases; not answering misses it. 0 or 1."""
    if not row.case.answerable or not row.grounded:
        return ()
    return (float(row.answered and any(row.meets(cited.span) for cited in row.citations)),)


def citation_precision(row: Row) -> Observation:
    """For each citation 1 if it meets the evidence, over answerable cases that were answered. 0 to 1."""
    if not row.case.answerable or not row.answered:
        return ()
    return tuple(float(row.meets(cited.span)) for cited in row.citations)


def statement_support(row: Row) -> Observation:
    """For each statement 1 if its verdict is quoted or supported, over answered cases. 0 to 1.

    The citation recall of Gao et al. (2023): the share of statements that what they cite supports in full.
    Statements that are supported partly, not at all, or were never checked count as 0.
    """
    return tuple(float(verdict in _SUPPORTED) for _, verdict in row.statements) if row.answered else ()


def supported_citations(row: Row) -> Observation:
    """For each citation 1 if its statement is quoted or supported, over answered cases. 0 to 1.

    The citation precision of Gao et al. (2023) from above: theirs also takes off a citation without which the
    statement would be as well supported, and a verdict is on all citations of a statement together.
    """
    return tuple(float(cited.verdict in _SUPPORTED) for cited in row.citations) if row.answered else ()


MEASURES = (
    mean("citation recall", citation_recall),
    mean("citation precision", citation_precision),
    mean("statement support", statement_support),
    mean("supported citations", supported_citations),
)
