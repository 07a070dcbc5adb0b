"""Answers that people rated in the web chat: which there are, and what a rating says of the case to be made of one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from assistant.cli.terminal import plain
from assistant.conversations import DATABASE, Conversations, Feedback
from assistant.settings import load_settings
from eval.cases import CaseError


def read_feedback(database: Path | None, user: str) -> tuple[Feedback, ...]:
    """What a user rated, in the database given or in that of `assistant serve`. Raises CaseError if it is not there."""
    path = database or load_settings().data / DATABASE
    if not path.is_file():
        raise CaseError(
            f"There are no conversations in {str(path)!r}. Name the {DATABASE} of the server's data folder."
        )
    return Conversations(path, user).rated()


def feedback_table(feedback: Sequence[Feedback]) -> Table:
    """Every rated turn: its number, rating, question and note."""
    table = Table("turn", "rating", "question", "note")
    for each in feedback:
        answer = each.turn.answer
        asked = plain(answer.question) + (" (refused)" if answer.refused else "")
        table.add_row(str(each.number), each.turn.rating, asked, plain(each.turn.note))
    return table


def pick_feedback(feedback: Sequence[Feedback], number: int, *, corrected: bool) -> Feedback:
    """The rated turn with this number.

    Raises CaseError when there is none, or when it was rated down and is not `corrected`: its citations are
    not known to be right, and what is right instead is for a person to say.
    """
    for each in feedback:
        if each.number == number:
            break
    else:
        numbers = ", ".join(str(each.number) for each in feedback) or "none"
        raise CaseError(f"There is no rated turn {number}. Rated are: {numbers}.")
    if each.turn.rating == "down" and not corrected:
        note = f" ({each.turn.note!r})" if each.turn.note else ""
        raise CaseError(
            f"Turn {number} was rated down{note}. Say what is right: --citation for those that are, "
            '--quote "exact words", or --unanswerable.'
        )
    return each
