"""One evaluation, from documents and cases to results: indexes, asks each system every case, has them judged."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant import Document, Settings, build_index
from assistant.cli.terminal import messages, plain
from eval.cases import Case
from eval.journal import Journal
from eval.judge import Judge, Judged, Kind, Score
from eval.record import identity, peak_memory, recorded, surroundings
from eval.results import Results, Run
from eval.rows import Row, settle_grounds
from eval.run import run_cases
from eval.systems import ASSISTANT, WRITTEN, System, open_systems

JOURNAL = "rows.jsonl"
_T = TypeVar("_T")


def evaluate(
    systems: Sequence[str],
    cases: Sequence[Case],
    documents: Mapping[str, Document],
    out: Path,
    settings: Settings,
    judge: Judge | None = None,
    resume: bool = False,
) -> Results:
    """What each system made of the cases; the first is the main one.

    The index and the journal are kept in `out`. An interruption (Ctrl-C) ends it early: what was asked by then is in
    the results, which say that they are not complete. Raises what `build_index`, `open_systems` and `Journal` raise.
    """
    around = surroundings()
    made_from = identity(documents.values(), cases, settings, systems)
    with (
        # All that can be known to be wrong is told before anything is asked.
        open_systems(systems, out / "store", settings) as opened,
        Journal(out / JOURNAL, made_from, resume) as journal,
        _progress() as progress,
    ):
        speed = _index(documents, out / "store", settings, progress)
        runs: list[Run] = []
        for name, system in opened.items():
            run = _asked(Run(name, (), _settings_of(name, settings)), system, cases, documents, journal, progress)
            if not runs:
                run = replace(run, speed=speed | _memory())
            if judge and run.complete:
                run = _judged(run, judge, journal, progress)
            runs.append(run)
            if not run.complete:
                break
        else:
            journal.finish()
    return Results(runs[0], {**made_from, **around}, tuple(runs[1:]))


def _settings_of(system: str, settings: Settings) -> dict[str, Any]:
    """The settings that the system answers with, `{}` if it is not the assistant."""
    writes = system == WRITTEN
    return recorded(settings, written=writes) if writes or system == ASSISTANT else {}


def _index(documents: Mapping[str, Document], store: Path, settings: Settings, progress: Progress) -> dict[str, float]:
    """Builds the index; passages a second if all of them were embedded."""
    task = progress.add_task("Indexing", total=None)
    started = time.perf_counter()
    report = build_index(
        documents.values(),
        store,
        settings,
        progress=lambda done, total, _: progress.update(task, completed=done, total=total),
    )
    progress.remove_task(task)
    if report.skipped:
        return {}
    return {"passages/s": report.passages / (time.perf_counter() - started)}


def _memory() -> dict[str, float]:
    used = peak_memory()
    return {} if used is None else {"peak MiB": used}


def _asked(
    run: Run,
    opened: AbstractContextManager[System],
    cases: Sequence[Case],
    documents: Mapping[str, Document],
    journal: Journal,
    progress: Progress,
) -> Run:
    rows: list[Row] = []
    with opened as system:
        asked = run_cases(system, run.system, cases, documents, journal)
        complete = _until_interrupted(
            progress.track(asked, len(cases), description=f"Asking {plain(run.system)}"), rows
        )
    return replace(run, rows=settle_grounds(rows), complete=complete)


def _judged(run: Run, judge: Judge, journal: Journal, progress: Progress) -> Run:
    name = f"{judge.server}#{judge.model}"

    def judgements() -> Iterator[tuple[str, Mapping[Kind, Score]]]:
        for row in run.rows:
            scores = journal.scores(run.system, name, row.case.id)
            if scores is None:
                scores = judge.scores(row)
                journal.add_scores(run.system, name, row.case.id, scores)
            yield row.case.id, scores

    found: list[tuple[str, Mapping[Kind, Score]]] = []
    asked = progress.track(judgements(), len(run.rows), description=f"Judging {plain(run.system)}")
    complete = _until_interrupted(asked, found)
    return replace(run, judged=Judged(judge.server, judge.model, dict(found)), complete=complete)


def _until_interrupted(found: Iterable[_T], kept: list[_T]) -> bool:
    """Puts what is found into `kept`; whether it came to the end."""
    try:
        kept.extend(found)
    except KeyboardInterrupt:
        # A second one would end the writing of what was found.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return False
    return True


def _progress() -> Progress:
    console = messages()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
