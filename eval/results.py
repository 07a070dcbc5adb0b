"""results.json: everything that a run found, and all that a report or a comparison needs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.files import write_whole
from eval.cases import CaseError
from eval.judge import Judged
from eval.measures import MEASURES
from eval.rows import Row, from_json, to_json
from eval.statistics import Estimate, estimates

BY_TAG = ("recall@5", "accuracy", "citation recall", "citation precision", "answer rate", "refusal recall")
"""The measures that are shown for the cases of each tag."""


@dataclass(frozen=True)
class Run:
    """The rows of one system over all cases, in the order of the cases.

    `settings` are the assistant's, `{}` for another system. `speed` holds what was timed besides the
    answers: passages indexed a second, peak memory. `judged` is what a language model made of the answers,
    None where none was asked. `complete` is false when the run was interrupted.
    """

    system: str
    rows: tuple[Row, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    speed: Mapping[str, float] = field(default_factory=dict)
    judged: Judged | None = None
    complete: bool = True

    @cached_property
    def metrics(self) -> dict[str, Estimate]:
        """Every measure of the rows, by its name."""
        return estimates(self.rows)

    @cached_property
    def tags(self) -> dict[str, dict[str, Estimate]]:
        """The measures of `BY_TAG` for the rows of each tag."""
        chosen = [measure for measure in MEASURES if measure.name in BY_TAG]
        tags = dict.fromkeys(tag for row in self.rows for tag in row.case.tags)
        return {tag: estimates([row for row in self.rows if tag in row.case.tags], chosen) for tag in tags}


@dataclass(frozen=True, slots=True)
class Results:
    """A run with what it was made with, and the runs of other systems on the same cases.

    `accepted` are the values of the accepted run, by measure, if the run was held against one.
    """

    run: Run
    made_with: Mapping[str, Any]
    others: tuple[Run, ...] = ()
    accepted: Mapping[str, float] = field(default_factory=dict)

    @property
    def runs(self) -> tuple[Run, ...]:
        """Every run, the main one first."""
        return (self.run, *self.others)


def write_results(path: Path, results: Results) -> None:
    """Writes results.json, replacing an earlier one in one step. Raises CaseError when that cannot be done."""
    run = results.run
    content = {
        "settings": dict(run.settings),
        "metrics": _metrics(run),
        "cases": [to_json(row) for row in run.rows],
        "made_with": dict(results.made_with),
        "accepted": dict(results.accepted),
        **_about(run),
        "others": [
            {**_about(other), "metrics": _metrics(other), "cases": [to_json(row) for row in other.rows]}
            for other in results.others
        ],
    }
    replace_file(path, json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def read_results(path: Path) -> Results:
    """The inverse of `write_results`. Raises CaseError when `path` is not such a file."""
    try:
        content = json.loads(path.read_text("utf-8"))
        others = tuple(_run(each, {}) for each in content["others"])
        return Results(
            _run(content, dict(content["settings"])), dict(content["made_with"]), others, dict(content["accepted"])
        )
    except OSError as error:
        raise CaseError(f"The results {str(path)!r} cannot be read ({error.strerror}). Check the path.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CaseError(f"{str(path)!r} is no results.json of this version ({error!r}). Run it again.") from error


def replace_file(path: Path, text: str) -> None:
    """Writes a file in one step: whoever reads it finds the earlier one or this. Raises CaseError if it cannot."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise CaseError(f"{str(path)!r} cannot be written ({error.strerror}). Choose another --out.") from error


def _about(run: Run) -> dict[str, Any]:
    return {
        "system": run.system,
        "speed": dict(run.speed),
        "judged": None if run.judged is None else run.judged.to_json(),
        "complete": run.complete,
    }


def _run(content: Mapping[str, Any], settings: Mapping[str, Any]) -> Run:
    return Run(
        content["system"],
        tuple(from_json(each) for each in content["cases"]),
        settings,
        content["speed"],
        None if content["judged"] is None else Judged.from_json(content["judged"]),
        content["complete"],
    )


def _metrics(run: Run) -> dict[str, Any]:
    return {name: asdict(estimate) for name, estimate in run.metrics.items()}
