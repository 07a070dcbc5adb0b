"""The journal of a run: each row and each judgement as soon as there is one, so that an interrupted run can go on."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from eval.cases import CaseError
from eval.judge import Kind, Score
from eval.rows import Row, from_json, to_json


class Journal:
    """A JSON object a line: what the run is made from, then rows and judgements, and at the end that it is finished."""

    def __init__(self, path: Path, identity: Mapping[str, Any], resume: bool) -> None:
        """Begins anew, or with `resume` takes up what is there; failed rows are left out, to be asked again.

        `identity` is what the rows depend on. Raises CaseError when the journal there cannot be read or has another
        identity; without `resume`, when it holds a run that is not finished; and when it cannot be written.
        """
        self._rows: dict[tuple[str, str], Row] = {}
        self._scores: dict[tuple[str, str, str], dict[Kind, Score]] = {}
        identity = json.loads(json.dumps(identity))
        begun, entries, length = _read(path) if path.exists() else ({}, [], 0)
        if resume and begun:
            _check_identity(path, begun, identity)
            self._take_up(path, entries)
        elif not resume and any("row" in entry for entry in entries) and "finished" not in entries[-1]:
            raise CaseError(
                f"{str(path)!r} holds a run that was interrupted. "
                "Go on with --resume, choose another --out, or delete it."
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if resume and begun:
                # A line that was being written when the run ended is written again.
                os.truncate(path, length)
            self._file = path.open("a" if resume and begun else "w", encoding="utf-8")
        except OSError as error:
            raise CaseError(f"{str(path)!r} cannot be written ({error.strerror}). Choose another --out.") from error
        if not (resume and begun):
            self._write(identity)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def row(self, system: str, case_id: str) -> Row | None:
        """The row that is already there, None if there is none."""
        return self._rows.get((system, case_id))

    def add_row(self, system: str, row: Row) -> None:
        """Writes a row down at once."""
        self._write({"system": system, "row": to_json(row)})

    def scores(self, system: str, judge: str, case_id: str) -> dict[Kind, Score] | None:
        """What a judge made of the row, None if it was not asked."""
        return self._scores.get((system, judge, case_id))

    def add_scores(self, system: str, judge: str, case_id: str, scores: Mapping[Kind, Score]) -> None:
        """Writes a judgement down at once."""
        told = {kind: [score.value, score.reason, score.failure] for kind, score in scores.items()}
        self._write({"system": system, "judge": judge, "id": case_id, "scores": told})

    def finish(self) -> None:
        """Says that nothing is missing, so that the next run may begin anew."""
        self._write({"finished": True})

    def _write(self, entry: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(entry, ensure_ascii=False, allow_nan=False) + "\n")
        self._file.flush()

    def _take_up(self, path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
        try:
            for entry in entries:
                if "row" in entry:
                    row = from_json(entry["row"])
                    # The last one counts: a failed row may have been asked again.
                    self._rows.pop((entry["system"], row.case.id), None)
                    if row.error is None and (row.alone is None or row.alone.error is None):
                        self._rows[entry["system"], row.case.id] = row
                elif "judge" in entry:
                    scores = {kind: Score(*fields) for kind, fields in entry["scores"].items()}
                    self._scores[entry["system"], entry["judge"], entry["id"]] = scores
        except (ValueError, KeyError, TypeError) as error:
            raise _unreadable(path, error) from error


def _read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]], int]:
    """What the run is made from, the entries, and the length in bytes of the whole lines that hold them."""
    try:
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        begun, *entries = [dict(json.loads(line)) for line in whole.decode("utf-8").split("\n")[:-1]] or [{}]
    except OSError as error:
        raise CaseError(f"{str(path)!r} cannot be read ({error.strerror}). Choose another --out.") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise _unreadable(path, error) from error
    return begun, entries, len(whole)


def _check_identity(path: Path, begun: Mapping[str, Any], identity: Mapping[str, Any]) -> None:
    differ = ", ".join(sorted(key for key in {*begun, *identity} if begun.get(key) != identity.get(key)))
    if differ:
        raise CaseError(
            f"The run in {str(path)!r} cannot be resumed: it was made with another {differ}. "
            "Choose another --out, or delete it."
        )


def _unreadable(path: Path, error: Exception) -> CaseError:
    return CaseError(f"{str(path)!r} is no journal of a run ({error!r}). Choose another --out, or delete it.")
