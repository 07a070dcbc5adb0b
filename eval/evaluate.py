"""One evaluation, from documents and cases to results: indexes, asks each system every case, has them judged."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant import Document, Settings, build_index
from assistant.cli.terminal import messages, plain
from eval.cases import Case
from eval.judge import Judge, Judged, Kind, Score
from eval.record import identity, peak_memory, surroundings
from eval.results import Results, Run
from eval.rows import Row
from eval.run import Journal, run_cases
from eval.systems import ASSISTANT, open_system

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
    the results, which say that they are not complete. Raises what `build_index`, `open_system` and `Journal` raise.
    """
    made_from = identity(documents.values(), cases, settings)
    # Before the index is built, so that what cannot be resumed is told at once.
    with Journal(out / "rows.jsonl", made_from, resume) as journal, _progress() as progress:
        speed = _index(documents, out / "store", settings, progress)
        runs = []
        for name in systems:
            run = _run(name, cases, documents, out / "store", settings, journal, progress)
            if judge and run.complete:
                run = _judged(run, judge, progress)
            runs.append(run)
            if not run.complete:
                break
    main = replace(runs[0], speed={**speed, "peak MiB": peak_memory()})
    return Results(main, {**made_from, **surroundings()}, tuple(runs[1:]))


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


def _run(
    name: str,
    cases: Sequence[Case],
    documents: Mapping[str, Document],
    store: Path,
    settings: Settings,
    journal: Journal,
    progress: Progress,
) -> Run:
    rows: list[Row] = []
    with open_system(name, store, settings) as system:
        asked = progress.track(
            run_cases(system, name, cases, documents, journal), len(cases), description=f"Asking {plain(name)}"
        )
        complete = _until_interrupted(asked, rows)
    return Run(name, tuple(rows), settings.model_dump(mode="json") if name == ASSISTANT else {}, complete=complete)


def _judged(run: Run, judge: Judge, progress: Progress) -> Run:
    scores: list[tuple[str, Mapping[Kind, Score]]] = []
    asked = ((row.case.id, judge.scores(row)) for row in run.rows)
    judging = progress.track(asked, len(run.rows), description=f"Judging {plain(run.system)}")
    complete = _until_interrupted(judging, scores)
    return replace(run, judged=Judged(judge.server, judge.model, dict(scores)), complete=complete)


def _until_interrupted(found: Iterable[_T], kept: list[_T]) -> bool:
    """Puts what is found into `kept`; whether it came to the end."""
    try:
        kept.extend(found)
    except KeyboardInterrupt:
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
