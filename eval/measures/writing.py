"""What a language model's words add, and what it takes to check them; where none may write, nothing is measured."""

from __future__ import annotations

from eval.measures.measure import Observation, mean
from eval.rows import Row
from eval.writing import why_not_written


def written_rate(row: Row) -> Observation:
    """1 if the model wrote what is shown, 0 if sentences are quoted in its place, over answered cases. 0 or 1."""
    return (float(not why_not_written(row)),) if row.writing and row.answered else ()


def own_words(row: Row) -> Observation:
    """For each statement that the model wrote 0 if it stands in the source word for word, else 1. 0 to 1."""
    if written_rate(row) != (1.0,):
        return ()
    return tuple(float(verdict != "quoted") for _, verdict in row.statements)


MEASURES = (
    mean("written rate", written_rate),
    mean("own words", own_words),
)
