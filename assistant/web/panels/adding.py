"""Adds files to a library in the background, so that the page can say how far it is."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from assistant.errors import AssistantError
from assistant.library import Added, Library
from assistant.library.library import Progress

_SECONDS = 0.25
"""Between two reports of how far it is: more often is not seen, and every one is sent to the browser."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Adding:
    """How far it is: `share` of the indexing, 0 to 1, and the title at hand; in the end what became of each file."""

    share: float = 0.0
    title: str = ""
    results: tuple[Added, ...] = ()
    problem: str = ""
    finished: bool = False


def add_files(library: Library, files: Sequence[Path]) -> Iterator[Adding]:
    """Adds uploaded files. The last report is finished; it raises nothing.

    They stay where they lie, for Gradio to delete in time: somebody else may have uploaded the same, to the same place.
    What was begun goes on to its end although nobody asks for reports any more, as when the page is closed.
    """
    reports: SimpleQueue[Adding] = SimpleQueue()

    def progress(done: int, total: int, title: str) -> None:
        reports.put(Adding(done / total, title))

    def work() -> None:
        reports.put(_add(library, files, progress))

    threading.Thread(target=work, name="adding documents").start()
    yield Adding()
    said = time.monotonic()
    while not (report := reports.get()).finished:
        if time.monotonic() - said >= _SECONDS:
            yield report
            said = time.monotonic()
    yield report


def _add(library: Library, files: Sequence[Path], progress: Progress) -> Adding:
    try:
        return Adding(1.0, results=library.add([(file.name, file) for file in files], progress), finished=True)
    except AssistantError as error:
        return Adding(problem=str(error), finished=True)
    except Exception:
        # A defect must not leave the reader waiting for ever.
        _log.exception("Files could not be added")
        return Adding(problem="Nothing was added; the server's log says why.", finished=True)
