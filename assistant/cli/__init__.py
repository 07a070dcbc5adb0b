"""The command line. Owns what a person types and sees in a terminal; leaves every decision to the library."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper

from assistant.errors import AssistantError


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command, by default what was typed, and exits.

    0 is done, and a question that the sources do not answer is done too; 1 is an error, or that
    `doctor` found one; 2 is misused; 130 is interrupted.

    The one place that turns an AssistantError into a message. Any other error is a mistake of the
    program and keeps its traceback.
    """
    try:
        _replace_what_cannot_be_coded()
        from assistant.cli.commands import app

        app(arguments, prog_name="assistant")
    except AssistantError as error:
        from assistant.cli.terminal import complain

        complain(str(error))
        sys.exit(1)
    except KeyboardInterrupt:  # Typer sees to those that come later.
        sys.exit(130)


def _replace_what_cannot_be_coded() -> None:
    """A character that the terminal's encoding lacks, or a byte that is no character, is no reason to stop."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
