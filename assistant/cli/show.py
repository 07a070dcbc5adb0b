"""Shows answers, documents and the doctor's findings in a terminal. Everything shown passes through `plain`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.cli.terminal import plain, write
from assistant.ingest.split import place_of
from assistant.types import Answer, Citation, Hit, Statement
from assistant.wording import clip

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from assistant.doctor import Check

_CLOSEST = 3
_EXCERPT = 300
_MARKER = "cyan"
_REMARKS = {"partly": "partly supported", "unsupported": "not supported", "unchecked": "not checked"}


def show_answer(console: Console, answer: Answer) -> None:
    """The answer with its markers and what they point at, or the refusal with the closest passages."""
    if plain(answer.searched_for) != plain(answer.question):
        write(console, plain(answer.searched_for), lead="Searched for: ", style="italic")
        console.print()
    if answer.refused:
        _show_refusal(console, answer)
        return
    if answer.short:
        write(console, plain(answer.short), style="bold")
        console.print()
    write(console, _sentences(answer.statements))
    for conflict in answer.conflicts:
        console.print()
        write(console, "The sources disagree:", style="bold")
        for statement in conflict.statements:
            write(console, _sentences([statement]), lead="  - ")
    console.print()
    for citation in answer.citations:
        _show_citation(console, citation)


def _sentences(statements: Sequence[Statement]) -> Text:
    from rich.text import Text

    text = Text()
    for statement in statements:
        text.append(" " if text else "").append(plain(statement.text))
        for citation in statement.citations:
            text.append(f" [{citation.number}]", _MARKER)
        if statement.verdict in _REMARKS:
            text.append(f" ({_REMARKS[statement.verdict]})", "yellow")
    return text


def _show_citation(console: Console, citation: Citation) -> None:
    page = f", page {citation.page}" if citation.page is not None else ""
    marker = f"[{citation.number}] "
    write(console, plain(citation.title) + page, lead=marker, style=_MARKER)
    write(console, f"“{plain(citation.quote)}”", lead=" " * len(marker), style="dim")


def _show_refusal(console: Console, answer: Answer) -> None:
    write(console, plain(answer.text), style="bold")
    if not answer.hits:
        return
    console.print()
    write(console, "The closest passages, which do not answer it:")
    for hit in answer.hits[:_CLOSEST]:
        _show_passage(console, hit)


def _show_passage(console: Console, hit: Hit) -> None:
    passage = hit.passage
    write(console, plain(place_of(passage.title, passage.heading)), lead="  - ", style=_MARKER)
    write(console, clip(plain(passage.text), _EXCERPT), lead="    ", style="dim")


def show_sources(console: Console, rows: Sequence[dict[str, Any]]) -> None:
    """A table of documents: id, title and origin below each other, so that 80 columns hold it."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("Document", overflow="fold")
    table.add_column("Passages", justify="right")
    table.add_column("SHA-256", no_wrap=True)
    for row in rows:
        document = Text.assemble((plain(row["id"]), _MARKER), "\n", plain(row["title"]))
        if origin := ", ".join(plain(row[name]) for name in ("publisher", "date") if row[name]):
            document.append("\n" + origin, "dim")
        table.add_row(document, str(row["passages"]), row["sha256"][:12])
    console.print(table)


def show_checks(console: Console, checks: Sequence[Check]) -> None:
    """One line for each check that passes; what is wrong and what to do for each that does not."""
    from rich.text import Text

    width = max(len(check.name) for check in checks) + 2
    for check in checks:
        state = ("ok     ", "green") if check.ok else ("wrong  ", "bold red")
        for line in check.problems or (check.found,):
            console.print(Text.assemble(state, f"{check.name:{width}}", plain(line)), soft_wrap=True)
    failing = sum(not check.ok for check in checks)
    console.print(f"\n{failing} of {len(checks)} checks fail." if failing else f"\nAll {len(checks)} checks pass.")
