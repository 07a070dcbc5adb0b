"""Indexes a folder while showing how far it is, and tells what was done with every document."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.terminal import messages, output, plain, warn, write
from assistant.errors import SourceError
from assistant.wording import count

if TYPE_CHECKING:
    from assistant.ingest.sources import Sources
    from assistant.search.build import IndexReport
    from assistant.settings import Settings

_PIECES = 5
_TITLE = 40


def index_folder(folder: Path, settings: Settings) -> None:
    """Makes the settings' store hold what `folder` holds.

    Files that cannot be read are named. With a manifest, which promises that all can, nothing is
    indexed then: raises SourceError.
    """
    from assistant.ingest.sources import MANIFEST, load_sources
    from assistant.search.build import build_index

    started = time.perf_counter()
    if folder.resolve() == settings.store.resolve():
        raise SourceError(f"{str(folder)!r} holds the documents. Choose another folder for the index with --store.")
    sources = load_sources(folder)
    for problem in sources.problems:
        warn(problem)
    if sources.problems and (folder / MANIFEST).exists():
        raise SourceError(
            f"Nothing was indexed, because {str(folder / MANIFEST)!r} and the files do not agree. "
            "Correct what is named above, then index again."
        )
    with _progress_bar() as progress:
        report = build_index(
            sources.documents, settings.store, settings, progress=progress, originals=sources.originals
        )
        _suggest(settings, progress)
    _tell(report, sources, settings.store, time.perf_counter() - started)


def _suggest(settings: Settings, progress: Callable[[int, int, str], None]) -> None:
    """Makes the questions that the page suggests, unless they were made of these documents before."""
    from assistant.assistant import Assistant
    from assistant.suggest import Suggestions, suggest_questions

    if Suggestions.load(settings.store).generation:
        return
    with closing(Assistant.open(settings=settings)) as assistant:
        suggestions = suggest_questions(
            assistant, progress=lambda spent, most, _: progress(spent, most, "Trying questions to suggest")
        )
    suggestions.save(settings.store)


@contextmanager
def _progress_bar() -> Iterator[Callable[[int, int, str], None]]:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = messages()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(f"{'Opening the embedding model':{_TITLE}}", total=None)

        def progress(done: int, total: int, title: str) -> None:
            shown = plain(title)
            shown = shown if len(shown) <= _TITLE else f"{shown[: _TITLE - 1].rstrip()}…"
            bar.update(task, completed=done, total=total, description=f"{shown:{_TITLE}}")

        yield progress


def _tell(report: IndexReport, sources: Sources, store: Path, seconds: float) -> None:
    console = output()
    for label, ids in (("Added", report.added), ("Replaced", report.replaced), ("Removed", report.removed)):
        for document_id in ids:
            write(console, plain(document_id), lead=f"{label:10}")
    for document_id in (*report.added, *report.replaced):
        if pieces := sources.removed[document_id]:
            write(console, _furniture(document_id, pieces), lead=f"{'Left out':10}")
    if report.skipped:
        write(console, f"{count(len(report.skipped), 'document')}, as indexed before", lead=f"{'Unchanged':10}")
    held = len(report.added) + len(report.replaced) + len(report.skipped)
    summary = f"{count(held, 'document')}, {count(report.passages, 'passage')} in {store} ({seconds:.1f} s)"
    write(console, plain(summary), style="bold")


def _furniture(document_id: str, pieces: tuple[str, ...]) -> str:
    named = ", ".join(f"“{plain(piece)}”" for piece in pieces[:_PIECES])
    more = f" and {len(pieces) - _PIECES} more" if len(pieces) > _PIECES else ""
    return f"page furniture of {plain(document_id)}: {named}{more}"
