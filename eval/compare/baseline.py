"""baseline.json: what the accepted run observed of each case, a case a line, so that a change of it can be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.files import write_whole
from eval.cases import CaseError
from eval.measures import Value
from eval.measures.measure import Observation
from eval.rows import Row
from eval.statistics import Seen


@dataclass(frozen=True, slots=True)
class Accepted:
    """A case of the accepted run: its fingerprint, and what the measures that apply to it observed, by their names."""

    fingerprint: str
    observed: Mapping[str, Observation]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The accepted run of a system: the measures that are gated with their values, and its cases by their ids."""

    system: str
    measures: Mapping[str, Value]
    cases: Mapping[str, Accepted]

    def seen(self, measure: str, rows: Sequence[Row]) -> Seen:
        """What the measure observed of these cases in the accepted run, as `observations` gives it for `rows`."""
        observed = [self.cases[row.case.id].observed.get(measure) for row in rows]
        positions = [position for position, each in enumerate(observed) if each is not None]
        return np.array([observed[position] for position in positions], np.float64), np.array(positions, np.intp)


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Writes the baseline, replacing an earlier one in one step.

    Raises CaseError if that one is of another system, or `path` cannot be written.
    """
    earlier = _system_of(path)
    if earlier not in (None, baseline.system):
        raise CaseError(
            f"{str(path)!r} is the accepted run of {earlier!r}, and this run is of {baseline.system!r}. "
            "Name another file with --baseline."
        )
    measures = {name: asdict(value) for name, value in baseline.measures.items()}
    cases = {
        name: {"case": case.fingerprint} | {measure: list(map(_short, seen)) for measure, seen in case.observed.items()}
        for name, case in baseline.cases.items()
    }
    head = f'{{"system": {json.dumps(baseline.system)}, "measures": {{'
    lines = [head, *_lines(measures), '}, "cases": {', *_lines(cases), "}}", ""]
    try:
        write_whole(path, "\n".join(lines))
    except OSError as error:
        raise CaseError(
            f"The baseline {str(path)!r} cannot be written ({error.strerror}). Check the folder, or name another file."
        ) from error


def read_baseline(path: Path) -> Baseline:
    """The inverse of `write_baseline`. Raises CaseError when `path` is not such a file."""
    try:
        content = json.loads(path.read_text("utf-8"))
        measures = {name: Value(**value) for name, value in content["measures"].items()}
        cases = {name: _accepted(fields) for name, fields in content["cases"].items()}
        for measure in measures:
            if len({len(case.observed[measure]) for case in cases.values() if measure in case.observed}) != 1:
                raise ValueError(f"{measure} is not the same number of numbers in each case")
        return Baseline(content["system"], measures, cases)
    except OSError as error:
        raise CaseError(f"The baseline {str(path)!r} cannot be read ({error.strerror}). Check the path.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CaseError(f"{str(path)!r} is no accepted run ({error!r}). Make one with --accept.") from error


def _system_of(path: Path) -> str | None:
    """The system of the baseline that is there; None if none is, or none of this version."""
    try:
        return read_baseline(path).system
    except CaseError:
        return None


def _accepted(fields: Mapping[str, Any]) -> Accepted:
    observed = {name: tuple(map(float, seen)) for name, seen in fields.items() if name != "case"}
    return Accepted(fields["case"], observed)


def _lines(fields: Mapping[str, Any]) -> Iterator[str]:
    """The inside of a JSON object, a field a line, in order of their names."""
    for number, name in enumerate(sorted(fields), 1):
        comma = "," if number < len(fields) else ""
        yield f"{json.dumps(name)}: {json.dumps(fields[name], sort_keys=True)}{comma}"


def _short(number: float) -> float:
    """The same number, written "1" where "1.0" would be."""
    return int(number) if number.is_integer() else number
