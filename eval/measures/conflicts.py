"""Whether sources that disagree are shown to, and only those."""

from __future__ import annotations

from eval.measures.answers import plain
from eval.measures.measure import Observation, mean
from eval.rows import Row


def conflicts_shown(row: Row) -> Observation:
    """1 if the answer shows a conflict and holds every value in dispute, over cases with such values. 0 or 1."""
    if not row.case.conflict:
        return ()
    text = plain(row.whole_answer)
    return (float(row.conflicts > 0 and all(plain(value) in text for value in row.case.conflict)),)


def conflict_false_alarms(row: Row) -> Observation:
    """1 if the answer shows a conflict, over answered cases without values in dispute. 0 or 1, lower is better.

    Where a set of cases does not note its conflicts, a true one counts as a false alarm.
    """
    return (float(row.conflicts > 0),) if row.answered and not row.case.conflict else ()


MEASURES = (
    mean("conflicts shown", conflicts_shown),
    mean("conflict false alarms", conflict_false_alarms, better="lower"),
)
