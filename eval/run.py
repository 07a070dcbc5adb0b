"""Asks a system every case, and keeps each row as soon as there is one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assistant import Answer, AssistantError, Document, Turn
from eval.cases import Case, CaseError
from eval.rows import Row, from_json, row_of, to_json
from eval.systems import System


class Journal:
    """The rows of a run that is not finished, a line each, so that an interrupted run can be resumed."""

    def __init__(self, path: Path, identity: Mapping[str, Any], resume: bool) -> None:
        """Begins anew, or with `resume` takes up the rows that are there.

        `identity` is what the rows depend on. Raises CaseError when the journal that is there has another one.
        """
        self._path = path
        self._rows: dict[tuple[str, str], Row] = {}
        identity = json.loads(json.dumps(identity))
        if resume and path.exists():
            whole = self._read(identity)
            # A line that was being written when the run ended is written again.
            path.write_text("".join(f"{line}\n" for line in whole), "utf-8")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(identity) + "\n", "utf-8")
        self._file = path.open("a", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def row(self, system: str, case: Case) -> Row | None:
        """The row that is already there, None if there is none."""
        return self._rows.get((system, case.id))

    def add(self, system: str, row: Row) -> None:
        """Writes a row down at once."""
        self._file.write(json.dumps({"system": system, "row": to_json(row)}, ensure_ascii=False) + "\n")
        self._file.flush()

    def _read(self, identity: Mapping[str, Any]) -> list[str]:
        lines = self._path.read_text("utf-8").split("\n")[:-1]
        try:
            begun = json.loads(lines[0])
            for line in lines[1:]:
                entry = json.loads(line)
                row = from_json(entry["row"])
                self._rows[entry["system"], row.case.id] = row
        except (IndexError, ValueError, KeyError, TypeError) as error:
            raise CaseError(f"The unfinished run {str(self._path)!r} cannot be read. Run without --resume.") from error
        if begun != identity:
            differ = ", ".join(sorted(key for key in {*begun, *identity} if begun.get(key) != identity.get(key)))
            raise CaseError(f"The unfinished run was made with another {differ}. Run without --resume.")
        return lines


def run_cases(
    system: System, name: str, cases: Sequence[Case], documents: Mapping[str, Document], journal: Journal
) -> Iterator[Row]:
    """One row a case, in order; rows of the journal are not asked again.

    A follow-up is asked a second time without its history. A case that fails is a row with its error, and
    the run goes on.
    """
    for case in cases:
        row = journal.row(name, case)
        if row is None:
            row = _ask(system, case, case.history, documents)
            if case.history:
                row = replace(row, alone=_ask(system, case, (), documents))
            journal.add(name, row)
        yield row


def failures(rows: Sequence[Row]) -> list[str]:
    """A sentence for each row that ended in an error."""
    return [f"Case {row.case.id!r} failed: {row.error}" for row in rows if row.error is not None]


def _ask(system: System, case: Case, history: Sequence[Turn], documents: Mapping[str, Document]) -> Row:
    started = time.perf_counter()
    answer: Answer | str | None = None
    try:
        answer = system(case.question, history)
        error = None if isinstance(answer, str) else _misquote(answer, documents)
    except AssistantError as raised:
        error = str(raised)
    except Exception as raised:  # A defect that one case lays bare must not lose what the others tell.
        error = f"{type(raised).__name__}: {raised}"
    return row_of(case, documents, answer, time.perf_counter() - started, error)


def _misquote(answer: Answer, documents: Mapping[str, Document]) -> str | None:
    """The promise that no answer may break: every quote stands at its span, and the short answer in a quote."""
    for cited in answer.citations:
        document = documents.get(cited.document_id)
        if document is None or document.text[cited.start : cited.end] != cited.quote:
            return f"Citation {cited.number} does not quote {cited.document_id!r} at {cited.start}."
    if answer.short and not any(answer.short in cited.quote for cited in answer.citations):
        return f"The short answer {answer.short!r} is in no quote."
    return None
