"""The commands and their options. Each reads what was typed, calls the library, and shows what came back.

Only Typer is imported with this module, so that `--help` is there at once.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.options import JsonOption, LlmOption, StoreOption, settings_of
from assistant.cli.serving import serve
from assistant.cli.users import app as users
from assistant.errors import ConversationError, QuestionError

if TYPE_CHECKING:
    from assistant.types import Turn

app = typer.Typer(
    help="Ask questions about your documents and get answers in which every sentence is tied to its source.",
    epilog="Start with: assistant index FOLDER, then: assistant ask 'your question'",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def assistant(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Runs before every command; without one it serves `--version`."""
    if version:
        typer.echo(metadata.version("conversational-retrieval-assistant"))
        raise typer.Exit


@app.command()
def ask(
    question: Annotated[
        list[str], typer.Argument(metavar="QUESTION", help="The question, or - to read it from standard input.")
    ],
    as_json: JsonOption = False,
    store: StoreOption = None,
    llm: LlmOption = None,
) -> None:
    """Answer one question, with a quote for every sentence."""
    from assistant.assistant import Assistant
    from assistant.cli.show import show_answer
    from assistant.cli.terminal import output

    asked = sys.stdin.read() if question == ["-"] else " ".join(question)
    with closing(Assistant.open(settings=settings_of(store, llm=llm))) as opened:
        answer, documents = opened.ask(asked), opened.documents
    if as_json:
        _print_json(answer.to_dict())
    else:
        show_answer(output(), answer, documents)


@app.command()
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
) -> None:
    """Ask one question after another.

    Each may refer to those before it. /clear starts afresh, /quit ends.
    """
    from assistant.assistant import Assistant
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
            if line == "/quit":
                break
            if line == "/clear":
                history.clear()
                if saved:
                    saved.start_afresh()
                console.print("What was said before is forgotten.")
                continue
            try:
                answer = opened.ask(line, history)
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


@app.command()
def index(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder of .txt, .md, .html and .pdf files.")],
    store: StoreOption = None,
) -> None:
    """Index a folder, so that it can be asked about.

    The index then holds exactly what the folder holds. Documents that have not changed are not
    embedded again.
    """
    from assistant.cli.indexing import index_folder

    index_folder(folder, settings_of(store))


@app.command()
def sources(as_json: JsonOption = False, store: StoreOption = None) -> None:
    """List the documents that can be asked about."""
    from collections import Counter

    from assistant.cli.show import show_sources
    from assistant.cli.terminal import output
    from assistant.search.store import Store

    with closing(Store(settings_of(store).store)) as opened:
        passages = Counter(split.passage.document_id for split in opened.splits)
        rows = [
            {
                "id": document.id,
                "title": document.title,
                "passages": passages[document.id],
                "sha256": opened.record.documents[document.id],
                "date": document.date,
                "publisher": document.publisher,
                "url": document.url,
                "licence": document.licence,
            }
            for document in opened.documents.values()
        ]
    if as_json:
        _print_json(rows)
    else:
        show_sources(output(), rows)


app.command()(serve)
app.add_typer(users, name="users")


@app.command()
def doctor(
    sources: Annotated[
        Path | None,
        typer.Option(
            "--sources",
            metavar="DIR",
            help="Folder that the index was built from. Default: sources, for the index in index/store.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    llm: LlmOption = None,
) -> None:
    """Find out what is wrong, and what to do about it.

    Checks Python, the packages, the embedding model, the reader, the index, the language model if there
    is one, and the sources.
    """
    from assistant.cli.show import show_checks
    from assistant.cli.terminal import output
    from assistant.doctor import examine
    from assistant.settings import DEFAULT_STORE

    settings, shipped = settings_of(store, llm=llm), Path("sources")
    # What another index was built from only the caller knows.
    folder = sources or (shipped if settings.store == DEFAULT_STORE and shipped.is_dir() else None)
    checks = examine(settings, folder)
    if as_json:
        _print_json([check.to_dict() for check in checks])
    else:
        show_checks(output(), checks)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


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


def _print_json(value: Any) -> None:
    # Only ASCII, so that it survives every terminal and every pipe.
    typer.echo(json.dumps(value, indent=2))
