"""Tables among the sentences that were found: what heads their rows, and the cell that a question asks for.

A row says nothing without the row at the table's head, which tells what its cells are. So a reader is shown each
cell with its name, and the head is quoted with the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from assistant.answer.asking.question import Question, answering_values
from assistant.answer.values import find_times, find_values
from assistant.ingest.blocks import BETWEEN_CELLS, NO_CELL
from assistant.search.hybrid import Found, Sentence
from assistant.search.terms import terms

_NUMBER = re.compile(r"(?<!\w)[$€£¥₩]?\d")
_DIGIT = re.compile(r"\d")
_CODE = re.compile(r"[A-Za-z]+-?\d+")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_YEAR_OR_TWO = re.compile(r"(?:1[5-9]|20)\d\d(?:[/–-]\d{2,4})?")
_NAMES_A_COLUMN = re.compile(
    r"\b(?:actions?|address|amount|answer|average|causes?|charges?|comments?|contact|cost|count|date|days?|default"
    r"|definition|description|details?|do|duration|e-?mail|event|examples?|explanation|fees?|frequency|hours|how|kind"
    r"|length|limit|location|means?|meaning|name|notes?|number|often|owner|penalty|percentage|person|phone|place|points"
    r"|prices?|purpose|quantity|rate|reasons?|remarks?|remed(?:y|ies)|responsible|result|role|room|score|share|size"
    r"|solution|status|sum|task|telephone|times?|title|total|type|unit|use|values?|weight|what|when|where|who|year)\W*\Z",
    re.IGNORECASE,
)
"""What the last word of a second column's name may be; of facts without a head it is rarely one: "Capital | Belmor"."""
_ASKED_OF_A_CELL = ("what", "definition", "which", "how much", "how many", "how long", "when", "who", "where")


def heads_of(found: Found) -> dict[Sentence, Sentence]:
    """For each row of a table the row at its head, where that was found; the head itself is not among them.

    A first row that is no head is a row like the rest, whose head is in a passage that was not found or nowhere.
    """
    return {row: head for head, rows, _ in _headed(found) for row in rows}


def heads_only(found: Found) -> set[Sentence]:
    """The heads that are surely nothing else, and answer no question. Of others a row is told, but they may be one."""
    return {head for head, _, is_sure in _headed(found) if is_sure}


def _headed(found: Found) -> Iterator[tuple[Sentence, list[Sentence], bool]]:
    """Each head with its rows, and whether it is sure that it is one."""
    for first, *rest in _tables((*found.sentences, *found.continued)):
        if rest:
            cells, rows = _cells(first), list(map(_cells, rest))
            is_sure = _is_head(cells, rows)
            if is_sure or (first.opens_table and _may_be_head(cells, rows)):
                yield first, rest, is_sure


def _may_be_head(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the row that opens a table may be its head: no cell begins with a value like those below it, and of two
    columns the second has a name, since facts without a head have two."""
    if NO_CELL in first or any(cell.endswith(".") for cell in first):
        return False
    if len(first) == 2 and not _NAMES_A_COLUMN.search(first[1]):
        return False
    return not any(
        (kind := _kind_of(cell)) and all(_kind_of(each) == kind for each in column)
        for cell, column in zip(first, zip(*rows, strict=True), strict=True)
    )


def _kind_of(cell: str) -> str:
    """What kind of value in figures, or time, a cell begins with; "" for words."""
    if _YEAR_OR_TWO.fullmatch(cell):
        return "date"
    if _CODE.fullmatch(cell):
        return "code"
    if cell.isdecimal():
        return "number"
    values = [*find_times(cell), *(each for each in find_values(cell) if _DIGIT.search(each.text))]
    return next((each.kind for each in values if not each.start and each.kind != "name"), "")


def _is_head(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a first row is a head by what it holds: its corner is empty, or it has years in a row, or no number while
    one of its columns has a number, or the first a code ("E02"), in each row below."""
    corner, *named = first
    if corner == NO_CELL:
        return NO_CELL not in named
    columns = list(zip(*rows, strict=True))
    if all(map(_YEAR.fullmatch, named)) and not _NUMBER.search(corner):
        steps = {int(later) - int(earlier) for earlier, later in pairwise(named)}
        in_a_row = len(steps) == 1 and (steps == {1} or (len(named) > 2 and min(steps) > 0))
        return in_a_row and not all(_YEAR.fullmatch(cell) for column in columns[1:] for cell in column)
    if any(map(_NUMBER.search, first)):
        return False
    coded = len(rows) > 1 and all(map(_CODE.fullmatch, columns[0])) and not _CODE.fullmatch(corner)
    return coded or any(all(map(_NUMBER.search, column)) for column in columns[1:])


def in_words(row: Sentence, head: Sentence) -> str:
    """The row as it would be told: "Ticket Adult: Single £7; Return £12" of "Adult | £7 | £12".

    The readers have learned from sentences, and know little of bars: with the names of its cells most rows that answer
    gain log odds of 2 to 5, and those that do not stay below 0.
    """
    (corner, *names), (label, *cells) = _cells(head), _cells(row)
    told = "; ".join(f"{name} {cell}" for name, cell in zip(names, cells, strict=True))
    return f"{label if corner == NO_CELL else f'{corner} {label}'}: {told}"


def cell_asked(question: Question, row: Sentence, head: Sentence) -> str:
    """The cell of the row that stands under what is asked for, or the only one that holds such a value; else ""."""
    if question.kind not in _ASKED_OF_A_CELL:
        return ""
    asked = set(terms(question.text))
    names = [set(terms(name)) for name in _cells(head)]
    common = set.intersection(*names[1:]) if len(names) > 2 else set()  # "C3" tells nothing of "C3 Basic", "C3 Trade"
    columns = [(named - common, cell) for named, cell in zip(names, _cells(row), strict=True)]
    if not asked.isdisjoint(terms(columns[0][1])):
        columns = columns[1:]  # It tells which row it is, and is not asked for.
    cells = [cell for named, cell in columns if named and named <= asked and not asked.issuperset(terms(cell))]
    if question.expected and not any(named & asked for named, _ in columns):
        cells = [cell for _, cell in columns if _answers(question, cell)]
    return cells[0] if len(cells) == 1 and (not question.expected or _answers(question, cells[0])) else ""


def _answers(question: Question, cell: str) -> bool:
    """Whether the cell holds a value of the kind asked for."""
    values = answering_values(question, cell)
    return any(question.kind != "how many" or value.kind in ("number", "percentage") for value in values)


def rows_named(best: Sentence, heads: dict[Sentence, Sentence], asked: frozenset[str]) -> list[Sentence]:
    """The rows of the best one's table that are called by what is asked for, if that one is: of two sizes both."""
    table = [row for row, head in heads.items() if head == heads[best]]
    labels = [set(terms(_cells(row)[0])) for row in table]
    common = set.intersection(*labels) if len(labels) > 1 else set()  # "bike" tells nothing of "Town bike", "E-bike"
    named = [row for row, label in zip(table, labels, strict=True) if (label - common) & asked]
    return named if best in named else []


def of_the_rows_asked_for(
    chosen: Sequence[Sentence], heads: dict[Sentence, Sentence], asked: frozenset[str]
) -> list[Sentence]:
    """What was chosen without each row of a table that holds less of what is asked than another of its rows."""
    held = {sentence: asked.intersection(terms(sentence.text)) for sentence in chosen if sentence in heads}
    return [
        sentence
        for sentence in chosen
        if not any(
            sentence in held and heads[sentence] == heads[row] and held[sentence] < terms_held
            for row, terms_held in held.items()
        )
    ]


def _tables(sentences: Iterable[Sentence]) -> list[list[Sentence]]:
    """The rows that follow each other and have as many cells. One that ends in a stop may be a sentence with a bar."""
    rows = [each for each in sentences if each.text.count(BETWEEN_CELLS) > each.text.endswith(".")]
    tables: list[list[Sentence]] = []
    for row in sorted(rows, key=lambda row: (row.passage.document_id, row.start)):
        table = tables[-1] if tables else []
        goes_on = table and row.follows(table[-1]) and len(_cells(row)) == len(_cells(table[0]))
        if goes_on and _cells(row)[0] != _cells(table[0])[0]:
            table.append(row)
        else:
            tables.append([row])
    return tables


def _cells(row: Sentence) -> list[str]:
    return [cell.strip(" |") for cell in row.text.split(BETWEEN_CELLS)]
