"""Whether sources that disagree are shown to, and only those. Of a plain text, which shows no sources, nothing."""

from __future__ import annotations

from eval.measures.answers import holds
from eval.measures.measure import Observation, mean
from eval.rows import Row


def conflicts_shown(row: Row) -> Observation:
    """1 if the answer shows a conflict and holds every value in dispute, over cases with such values. 0 or 1.

    A value is held as a reference is: all its words, one after the other.
    """
    if not row.case.conflict or not row.grounded:
        return ()
    return (float(row.conflicts > 0 and all(holds(row, value) for value in row.case.conflict)),)


def conflict_false_alarms(row: Row) -> Observation:
    """1 if the answer shows a conflict, over answered cases without values in dispute. 0 or 1, lower is better.

    Where a set of cases does not note its conflicts, a true one counts as a false alarm.
    """
    return (float(row.conflicts > 0),) if row.answered and row.grounded and not row.case.conflict else ()


MEASURES = (
    mean("conflicts shown", conflicts_shown),
    mean("conflict false alarms", conflict_false_alarms, better="lower"),
)
