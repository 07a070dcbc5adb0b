"""The tables of a report: every measure of every system with its interval, the accepted values, and results by tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.judge import KINDS, Judged, agreements
from eval.measures import Measure, answers, citations, conflicts, dialogue, refusal, retrieval, speed, value_of
from eval.report.cases import Outcome, outcome_of
from eval.results import Run
from eval.rows import Row
from eval.statistics import Estimate, estimates

_GROUPS: tuple[tuple[str, tuple[Measure, ...]], ...] = (
    ("Finding", retrieval.MEASURES),
    ("Answering", answers.MEASURES),
    ("Citing", citations.MEASURES),
    ("Refusing", refusal.MEASURES),
    ("Conversation", dialogue.MEASURES),
    ("Conflicts", conflicts.MEASURES),
    ("Speed", speed.MEASURES),
)
_BY_TAG = ("recall@5", "accuracy", "citation recall", "citation precision", "answer rate", "refusal recall")


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
    """A measure of every system. `against` says how the main one stands to the accepted value."""

    name: str
    lower_is_better: bool
    cells: tuple[Cell, ...]
    accepted: str = ""
    against: str = ""


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
    """The cases of a tag: how many, how many ended well, and each measure with its count."""

    tag: str
    cases: int
    right: int
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
    value: str
    count: int
    failures: str = ""


@dataclass(frozen=True, slots=True)
class JudgeTable:
    """What a model made of a system's answers."""

    system: str
    model: str
    rows: tuple[JudgeRow, ...]


def measure_groups(runs: Sequence[Run], accepted: Mapping[str, float]) -> list[Group]:
    """Every measure that applies to any of the runs."""
    columns = [estimates(run.rows) for run in runs]
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


def tag_table(tagged: Mapping[str, Sequence[Row]]) -> TagTable:
    """The main measures of the rows of each tag."""
    chosen = [measure for _, measures in _GROUPS for measure in measures if measure.name in _BY_TAG]
    values = {tag: [value_of(measure, rows) for measure in chosen] for tag, rows in tagged.items()}
    applies = [any(each[number].count for each in values.values()) for number in range(len(chosen))]
    return TagTable(
        tuple(measure.name for measure, used in zip(chosen, applies, strict=True) if used),
        tuple(
            TagRow(
                tag,
                len(rows),
                sum(outcome_of(row).right for row in rows),
                tuple(
                    Cell() if each.value is None else Cell(f"{each.value:.2f}", count=str(each.count))
                    for each, used in zip(values[tag], applies, strict=True)
                    if used
                ),
            )
            for tag, rows in tagged.items()
        ),
    )


def judge_tables(runs: Sequence[Run]) -> list[JudgeTable]:
    """A table for each run that was judged."""
    return [_judge_table(run.system, run.judged, run.rows) for run in runs if run.judged is not None]


def _judge_table(system: str, judged: Judged, rows: Sequence[Row]) -> JudgeTable:
    found = []
    for kind in KINDS:
        mean = value_of(judged.measure(kind), rows)
        failures = ", ".join(f"{number} {failure}" for failure, number in judged.failures(kind).most_common())
        found.append(JudgeRow(kind, _text(mean.value), mean.count, failures))
    for each in agreements(judged, rows):
        found.append(JudgeRow(f"kappa with {each.measure}", _text(each.kappa), each.count))
    return JudgeTable(system, judged.model, tuple(found))


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _measure_row(measure: Measure, found: Sequence[Estimate], accepted: float | None) -> MeasureRow:
    ends = [end for each in found for end in (each.value, each.low, each.high) if end is not None]
    # Shares lie between 0 and 1, differences of shares between -1 and 1; seconds have no end but their own.
    lowest = -1.0 if min(ends) < 0 else 0.0
    highest = 1.05 * max(ends) if measure in speed.MEASURES else 1.0
    scale = 100 / ((highest - lowest) or 1.0)
    cells = tuple(_cell(each, lowest, scale, accepted if number == 0 else None) for number, each in enumerate(found))
    return MeasureRow(
        measure.name, measure.better == "lower", cells, _text(accepted), _against(measure, found[0], accepted)
    )


def _cell(found: Estimate, lowest: float, scale: float, accepted: float | None) -> Cell:
    if found.value is None:
        return Cell()
    if found.low is None or found.high is None:
        return Cell(_text(found.value), count=f"{found.count:,}")
    low, high, value = ((each - lowest) * scale for each in (found.low, found.high, found.value))
    at = None if accepted is None else min(100.0, max(0.0, (accepted - lowest) * scale))
    return Cell(_text(found.value), f"{found.low:.3f}–{found.high:.3f}", f"{found.count:,}", Bar(low, high, value, at))


def _against(measure: Measure, found: Estimate, accepted: float | None) -> str:
    if accepted is None or found.low is None or found.high is None or found.low <= accepted <= found.high:
        return ""
    return "better" if (accepted < found.low) == (measure.better == "higher") else "worse"


def _speed_rows(runs: Sequence[Run]) -> list[MeasureRow]:
    names = dict.fromkeys(name for run in runs for name in run.speed)
    return [
        MeasureRow(name, False, tuple(Cell(f"{run.speed[name]:,.0f}") if name in run.speed else Cell() for run in runs))
        for name in names
    ]
