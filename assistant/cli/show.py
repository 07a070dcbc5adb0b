"""Shows answers, documents and the doctor's findings in a terminal. Everything shown passes through `plain`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.answer.conflicts.wording import disagreement, side
from assistant.cli.terminal import plain, write
from assistant.ingest.blocks import BETWEEN_CELLS
from assistant.ingest.split import place_of
from assistant.types import Answer, Citation, Conflict, Document, Hit, Statement
from assistant.wording import CLOSEST, REMARKS, clip, searched_for, sureness, undisputed

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from assistant.doctor import Check

_EXCERPT = 300
_MARKER = "cyan"


def show_answer(console: Console, answer: Answer, documents: Iterable[Document] = ()) -> None:
    """The answer with its markers and what they point at, or the refusal with the closest passages; and its note.

    Sides of a conflict come first, each under its source, with its date where that is among `documents`; as their
    quotes are there already, they are not given again below.
    """
    if searched := searched_for(answer):
        write(console, plain(searched), lead="Searched for: ", style="italic")
        console.print()
    if answer.refused:
        _show_refusal(console, answer)
        return
    if answer.short:
        write(console, plain(answer.short), style="bold")
        console.print()
    dates = {document.id: document.date for document in documents}
    for conflict in answer.conflicts:
        _show_conflict(console, conflict, dates)
    rest = undisputed(answer)
    if answer.conflicts and (rest or sureness(answer)):
        console.print()
    if rest:
        write(console, _sentences(rest))
    _show_remarks(console, answer)
    sides = [statement for conflict in answer.conflicts for statement in conflict.statements]
    quoted = [citation for statement in sides if statement.verdict == "quoted" for citation in statement.citations]
    if cited := [citation for citation in answer.citations if citation not in quoted]:
        console.print()
    for citation in cited:
        _show_citation(console, citation)


def _show_conflict(console: Console, conflict: Conflict, dates: Mapping[str, str | None]) -> None:
    cited = [citation.document_id for statement in conflict.statements for citation in statement.citations]
    write(console, disagreement(cited), style="bold")
    for statement in conflict.statements:
        for citation in statement.citations:
            write(console, plain(side(citation, dates.get(citation.document_id))), lead="  ", style=_MARKER)
        write(console, _sentences([statement]), lead="    ")


def _show_remarks(console: Console, answer: Answer) -> None:
    """How sure it is, and what the reader should know of how it came about."""
    if said := sureness(answer):
        write(console, said, style="dim")
    if answer.note:
        write(console, plain(answer.note), lead="Note: ")


def _sentences(statements: Sequence[Statement]) -> Text:
    from rich.text import Text

    text = Text()
    # A list or a table has each of its sentences on a line of its own.
    listed = any(statement.text.endswith(":") or BETWEEN_CELLS in statement.text for statement in statements)
    for statement in statements:
        text.append(("\n" if listed else " ") if text else "").append(plain(statement.text))
        for citation in statement.citations:
            text.append(f" [{citation.number}]", _MARKER)
        if statement.verdict in REMARKS:
            text.append(f" ({REMARKS[statement.verdict]})", "yellow")
    return text


def _show_citation(console: Console, citation: Citation) -> None:
    page = f", page {citation.page}" if citation.page is not None else ""
    marker = f"[{citation.number}] "
    write(console, plain(citation.title) + page, lead=marker, style=_MARKER)
    write(console, f"“{plain(citation.quote)}”", lead=" " * len(marker), style="dim")


def _show_refusal(console: Console, answer: Answer) -> None:
    write(console, plain(answer.text), style="bold")
    _show_remarks(console, answer)
    if not answer.hits:
        return
    console.print()
    # Without a certainty nothing was read: the question says too little, or the answer is an old one.
    write(
        console,
        "The closest passages:"
        if answer.certainty is None
        else "The closest passages, which probably do not answer it:",
    )
    for hit in answer.hits[:CLOSEST]:
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
    table.add_column("Fingerprint", no_wrap=True)
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
