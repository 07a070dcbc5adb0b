"""Asks a system every case. What comes back is a row, whatever it is; a failure is a row with its error."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant import Answer, AssistantError, Document, Turn
from eval.cases import Case
from eval.journal import Journal
from eval.rows import Row, Writing, row_of, to_json
from eval.systems import Streamed, System


def run_cases(
    system: System, name: str, cases: Sequence[Case], documents: Mapping[str, Document], journal: Journal
) -> Iterator[Row]:
    """One row a case, in order; rows of the journal are not asked again unless they failed.

    A follow-up is asked a second time without its history.
    """
    for case in cases:
        row = journal.row(name, case.id)
        if row is None:
            row = _ask(system, case, case.history, documents)
            if case.history:
                row = replace(row, alone=_ask(system, case, (), documents))
            journal.add_row(name, row)
        yield row


def failures(rows: Sequence[Row]) -> list[str]:
    """A sentence for each row that ended in an error, with its history or without."""
    told = [f"Case {row.case.id!r} failed: {row.error}" for row in rows if row.error is not None]
    alone = [(row.case.id, row.alone.error) for row in rows if row.alone is not None]
    return [*told, *(f"Case {name!r} failed without its history: {error}" for name, error in alone if error)]


def _ask(system: System, case: Case, history: Sequence[Turn], documents: Mapping[str, Document]) -> Row:
    started = time.perf_counter()
    seconds: float | None = None
    try:
        given = system(case.question, history)
        seconds = time.perf_counter() - started
        answer = given.answer if isinstance(given, Streamed) else given
        writing = Writing(given.first_words, given.grounding) if isinstance(given, Streamed) else None
        error = None if isinstance(answer, str) else _fault(answer, documents)
        row = row_of(case, documents, answer, seconds, error, writing)
        # What cannot be written down would end the run later, with all its rows.
        json.dumps(to_json(row), ensure_ascii=False, allow_nan=False).encode()
    except AssistantError as raised:
        row = row_of(case, documents, None, seconds, str(raised))
    except (Exception, SystemExit) as raised:  # A defect that one case lays bare must not lose what the others tell.
        row = row_of(case, documents, None, seconds, f"{type(raised).__name__}: {raised}")
    return row


def _fault(answer: Answer, documents: Mapping[str, Document]) -> str | None:
    """The promise that no answer may break: every quote stands at its span, and the short answer in a quote."""
    if answer.certainty is not None and not 0 <= answer.certainty <= 1:
        raise ValueError(f"The certainty {answer.certainty!r} is not between 0 and 1.")
    for cited in answer.citations:
        document = documents.get(cited.document_id)
        if document is None or document.text[cited.start : cited.end] != cited.quote:
            return f"Citation {cited.number} does not quote {cited.document_id!r} at {cited.start}."
    if answer.short and not any(answer.short in cited.quote for cited in answer.citations):
        return f"The short answer {answer.short!r} is in no quote."
    return None
