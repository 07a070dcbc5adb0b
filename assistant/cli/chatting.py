"""The command that holds a conversation in the terminal."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import DocumentsOption, LlmOption, StoreOption, settings_of
from assistant.errors import ConversationError, QuestionError

if TYPE_CHECKING:
    from assistant.types import Turn

_COMMANDS = {
    "/clear": "starts afresh: what was said before is forgotten",
    "/help": "lists these commands",
    "/quit": "ends",
}
_COMMAND = re.compile(r"/\w+")


def chat(
    save: Annotated[
        Path | None,
        typer.Option(
            "--save",
            metavar="FILE",
            help="Add every answer to this file, as one line of JSON, as soon as it is there.",
            show_default=False,
        ),
    ] = None,
    store: StoreOption = None,
    llm: LlmOption = None,
    documents: DocumentsOption = None,
) -> None:
    """Ask one question after another.

    Each may refer to those before it. /clear starts afresh, /quit ends, /help lists the commands.
    """
    from assistant.assistant import Assistant
    from assistant.cli.growing import watch
    from assistant.cli.show import show_answer
    from assistant.cli.terminal import complain, output
    from assistant.conversations.files import ConversationFile
    from assistant.types import Turn
    from assistant.wording import count

    console = output()
    history: list[Turn] = []
    with closing(Assistant.open(settings=settings_of(store, llm=llm))) as opened:
        saved = ConversationFile(save) if save else None
        held = count(len(opened.documents), "document")
        console.print(f"{held}. Ask about the sources; /clear starts afresh, /quit ends.")
        for line in _typed_lines():
            typed = line.split()[0]
            if typed == "/quit":
                break
            if typed == "/clear":
                history.clear()
                if saved:
                    saved.start_afresh()
                console.print("What was said before is forgotten.")
                continue
            if typed == "/help":
                console.print("\n".join(f"{name}  {does}" for name, does in _COMMANDS.items()))
                continue
            if _COMMAND.fullmatch(typed):
                complain(f"There is no command {typed!r}. /help lists those that there are.")
                continue
            try:
                answer = watch(console, opened.stream(line, history, documents=documents))
            except QuestionError as error:
                complain(str(error))
                continue
            if saved:
                try:
                    saved.append(answer)
                except ConversationError as error:
                    complain(str(error))
            console.print()
            show_answer(console, answer, opened.documents)
            console.print()
            history.append(Turn(line, answer))


def _typed_lines() -> Iterator[str]:
    """Lines as they are typed, without empty ones, until the end of the input."""
    with suppress(ImportError):  # Windows has none.
        importlib.import_module("readline")  # Once it is imported, `input` lets a line be edited.
    on_screen = sys.stdin.isatty()
    while True:
        try:
            line = input("> " if on_screen else "").strip()
        except (EOFError, KeyboardInterrupt) as end:
            if on_screen:
                typer.echo()  # The shell's next prompt starts on a line of its own.
            if isinstance(end, KeyboardInterrupt):
                raise
            return
        if line:
            yield line
