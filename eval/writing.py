"""What became of the answers that a language model was to write: how many are its words, and why the others are not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answer.writing.write import FOUND_NOTHING, INSTEAD, NOTHING_SUPPORTED
from assistant.wording import count
from eval.rows import Row

REFUSED = "Refused before the language model was asked."
DISAGREEING = "Sources disagree, so each is quoted."
_LEFT_OUT = re.compile(r"(\d+) sentences? (?:is|are) left out:")


@dataclass(frozen=True, slots=True)
class Account:
    """Of `cases` that did not fail, `written` are in the model's words; `reasons` counts the others, the most first.

    `left_out` are the sentences that the model wrote and the written answers do not show, and `shortened` how many
    answers they are missing from.
    """

    cases: int
    written: int
    reasons: Mapping[str, int]
    left_out: int
    shortened: int

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """What a reader is told, and how many cases it is of."""
        lines = [("In the language model's words.", self.written), *self.reasons.items()]
        if self.left_out:
            lines.append((f"Written, and {count(self.left_out, 'sentence')} left out.", self.shortened))
        return tuple((line, f"{number:,}") for line, number in lines)


def account(rows: Sequence[Row]) -> Account | None:
    """The account of a system's rows; None where no model was to write any."""
    whys = [why_not_written(row) for row in rows if row.writing and row.error is None]
    if not whys:
        return None
    missing = [number for row in rows if (number := left_out(row))]
    reasons = dict(Counter(filter(None, whys)).most_common())
    return Account(len(whys), whys.count(""), reasons, sum(missing), len(missing))


def why_not_written(row: Row) -> str:
    """Why an answer is not in the words of the model that was to write it; "" if it is."""
    why, quoted, _ = row.note.partition(INSTEAD)
    if quoted:
        return why.strip()
    if row.refused:
        return row.note or REFUSED
    return DISAGREEING if row.conflicts else ""


def left_out(row: Row) -> int:
    """How many sentences a written answer lacks: the sources do not support them, or they do not answer."""
    found = _LEFT_OUT.search(row.note)
    return int(found[1]) if found else 0


def broke_off(row: Row) -> bool:
    """Whether the model failed, so that its last words were not the end of a reply."""
    why = why_not_written(row)
    return INSTEAD in row.note and why not in (FOUND_NOTHING, NOTHING_SUPPORTED)
