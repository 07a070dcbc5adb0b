"""The commands and their options. Each reads what was typed, calls the library, and shows what came back.

Only Typer is imported with this module, so that `--help` is there at once.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.chatting import chat
from assistant.cli.options import DocumentsOption, JsonOption, LlmOption, StoreOption, settings_of
from assistant.cli.serving import serve
from assistant.cli.users import app as users

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
    documents: DocumentsOption = None,
) -> None:
    """Answer one question, with a quote for every sentence."""
    from assistant.assistant import Assistant, checked_question
    from assistant.cli.growing import watch
    from assistant.cli.show import show_answer
    from assistant.cli.terminal import output

    asked = sys.stdin.read() if question == ["-"] else " ".join(question)
    console = output()
    settings = settings_of(store, llm=llm)
    checked_question(asked, settings)  # before anything is loaded, which takes seconds
    with closing(Assistant.open(settings=settings)) as opened:
        if as_json:
            answer = opened.ask(asked, documents=documents)
        else:
            answer = watch(console, opened.stream(asked, documents=documents))
        held = opened.documents
    if as_json:
        _print_json(answer.to_dict())
    else:
        show_answer(console, answer, held)


app.command()(chat)


@app.command()
def index(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A folder of text, Markdown, HTML, PDF and .docx files.")
    ],
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
    """List the documents that can be asked about.

    A fingerprint is the SHA-256 of all that was read of a document: its text as it is quoted, its title, its date. A
    file has another.
    """
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


def _print_json(value: Any) -> None:
    # Only ASCII, so that it survives every terminal and every pipe.
    typer.echo(json.dumps(value, indent=2))
