"""The tables of a report: every measure of every system with its interval, the accepted values, and results by tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from eval.judge import findings
from eval.measures import Measure, answers, citations, conflicts, dialogue, refusal, retrieval, speed, writing
from eval.report.cases import Outcome, outcome_of
from eval.results import Run
from eval.rows import Row
from eval.statistics import Estimate, clusters
from eval.writing import account

_GROUPS: tuple[tuple[str, tuple[Measure, ...]], ...] = (
    ("Finding", retrieval.MEASURES),
    ("Answering", answers.MEASURES),
    ("Citing", citations.MEASURES),
    ("Refusing", refusal.MEASURES),
    ("Conversation", dialogue.MEASURES),
    ("Conflicts", conflicts.MEASURES),
    ("Writing", writing.MEASURES),
    ("Speed", speed.MEASURES),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval with its value, and the accepted one, as positions from 0 to 100."""

    low: float
    high: float
    value: float
    accepted: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A measure of one system: empty texts where it does not apply."""

    value: str = ""
    interval: str = ""
    count: str = ""
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure of every system, with the main one's accepted value."""

    name: str
    lower_is_better: bool
    cells: tuple[Cell, ...]
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Measures of one thing."""

    title: str
    rows: tuple[MeasureRow, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a system's cases ended so, and where its part of a bar from 0 to 100 lies."""

    outcome: Outcome
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class TagRow:
    """The cases of a tag: how many, how many ended well, whether in few documents, and each measure."""

    tag: str
    cases: int
    right: int
    few_documents: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TagTable:
    """The main measures by tag, those that apply to any."""

    measures: tuple[str, ...]
    rows: tuple[TagRow, ...]


@dataclass(frozen=True, slots=True)
class JudgeRow:
    """A kind of judgement, or its agreement with a measure, and how often the judge failed and how."""

    name: str
    cell: Cell
    failures: str


@dataclass(frozen=True, slots=True)
class JudgeTable:
    """What a model made of a system's answers."""

    system: str
    model: str
    given_up: bool
    rows: tuple[JudgeRow, ...]


@dataclass(frozen=True, slots=True)
class WritingTable:
    """How many of a system's answers a language model wrote, and why it did not write the others."""

    system: str
    lines: tuple[tuple[str, str], ...]


def measure_groups(runs: Sequence[Run], accepted: Mapping[str, float]) -> list[Group]:
    """Every measure that applies to any of the runs."""
    columns = [run.metrics for run in runs]
    groups = []
    for title, measures in _GROUPS:
        rows = [
            _measure_row(measure, [column[measure.name] for column in columns], accepted.get(measure.name))
            for measure in measures
            if any(column[measure.name].value is not None for column in columns)
        ]
        if title == "Speed":
            rows += _speed_rows(runs)
        if rows:
            groups.append(Group(title, tuple(rows)))
    return groups


def outcome_shares(rows: Sequence[Row]) -> tuple[Share, ...]:
    """How the rows ended, in one order for every system; what no row ended in has a width of 0."""
    ended = [outcome_of(row) for row in rows]
    shares = []
    start = 0.0
    for outcome in Outcome:
        count = ended.count(outcome)
        width = 100 * count / max(1, len(ended))
        shares.append(Share(outcome, count, start, width))
        start += width
    return tuple(shares)


def tag_table(run: Run) -> TagTable:
    """The main measures of the rows of each tag."""
    names = dict.fromkeys(name for found in run.tags.values() for name in found)
    applies = [name for name in names if any(found[name].value is not None for found in run.tags.values())]
    return TagTable(
        tuple(applies),
        tuple(
            _tag_row(tag, [row for row in run.rows if tag in row.case.tags], [found[name] for name in applies])
            for tag, found in run.tags.items()
        ),
    )


def few_documents(rows: Sequence[Row]) -> bool:
    """Whether the cases are about so few documents that cases were resampled instead of them."""
    return any(row.case.belongs_to for row in rows) and clusters(rows).unit == "cases"


def judge_tables(runs: Sequence[Run]) -> list[JudgeTable]:
    """A table for each run that was judged."""
    return [
        JudgeTable(
            run.system,
            run.judged.model,
            run.judged.given_up,
            tuple(JudgeRow(each.name, _cell(each.estimate), each.failures) for each in findings(run.judged, run.rows)),
        )
        for run in runs
        if run.judged is not None
    ]


def writing_tables(runs: Sequence[Run]) -> list[WritingTable]:
    """A table for each system in which a language model was to write."""
    accounts = [(run.system, account(run.rows)) for run in runs]
    return [WritingTable(system, told.lines) for system, told in accounts if told is not None]


def _tag_row(tag: str, rows: Sequence[Row], found: Sequence[Estimate]) -> TagRow:
    right = sum(outcome_of(row).right for row in rows)
    return TagRow(tag, len(rows), right, few_documents(rows), tuple(_cell(each, digits=2) for each in found))


def _text(value: float | None, digits: int = 3) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _measure_row(measure: Measure, found: Sequence[Estimate], accepted: float | None) -> MeasureRow:
    ends = [end for each in found for end in (each.value, each.low, each.high) if end is not None]
    # Seconds have no end but their own.
    lowest, highest = measure.limits or (0.0, 1.05 * max(ends) if measure in speed.MEASURES else 1.0)
    scale = 100 / ((highest - lowest) or 1.0)
    cells = tuple(
        replace(_cell(each), bar=_bar(each, lowest, scale, accepted if number == 0 else None))
        for number, each in enumerate(found)
    )
    return MeasureRow(measure.name, measure.better == "lower", cells, _text(accepted))


def _cell(found: Estimate, digits: int = 3) -> Cell:
    if found.value is None:
        return Cell()
    interval = "" if found.low is None else f"{_text(found.low, digits)} to {_text(found.high, digits)}"
    return Cell(_text(found.value, digits), interval, f"{found.count:,}")


def _bar(found: Estimate, lowest: float, scale: float, accepted: float | None) -> Bar | None:
    if found.value is None or found.low is None or found.high is None:
        return None
    low, high, value = ((each - lowest) * scale for each in (found.low, found.high, found.value))
    at = None if accepted is None else min(100.0, max(0.0, (accepted - lowest) * scale))
    return Bar(low, high, value, at)


def _speed_rows(runs: Sequence[Run]) -> list[MeasureRow]:
    names = dict.fromkeys(name for run in runs for name in run.speed)
    return [
        MeasureRow(name, False, tuple(Cell(f"{run.speed[name]:,.0f}") if name in run.speed else Cell() for run in runs))
        for name in names
    ]
