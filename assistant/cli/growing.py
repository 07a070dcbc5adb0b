"""Waits for an answer. On a screen the reader sees meanwhile what a language model writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.cli.terminal import plain, width_of
from assistant.types import Answer
from assistant.wording import BEING_WRITTEN, waiting

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def watch(console: Console, answers: Iterator[Answer]) -> Answer:
    """The last of `answers`. Until it is there a terminal shows those that are being written, each in place of another.

    Nothing of them stays; a pipe gets none.
    """
    from rich.live import Live

    live = Live(console=console, transient=True, auto_refresh=False)
    try:
        for answer in answers:
            if console.is_terminal and (answer.provisional or not answer.text):
                live.start()
                live.update(_unchecked(console, answer), refresh=True)
    finally:
        live.stop()
    return answer


def _unchecked(console: Console, answer: Answer) -> Text:
    """What was written so far, dim; of what is longer than the screen the end."""
    from rich.text import Text

    said = f"{BEING_WRITTEN}:" if answer.provisional else waiting(answer)
    written = " ".join(plain(each.text) for each in answer.statements)
    head, lines = (
        [*Text(words, style).wrap(console, width_of(console))]
        for words, style in ((said, "dim italic"), (written, "dim"))
    )
    return Text("\n").join([*head, *lines[-max(1, console.height - len(head) - 1) :]])
