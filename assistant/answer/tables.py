"""Tables among the sentences that were found: what heads their rows, and the cell that a question asks for.

A row says nothing without the row at the table's head, which tells what its cells are. So a reader is shown the
head where it is shown the sentence before of any other text, and the head is quoted with the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from assistant.answer.question import Question
from assistant.ingest.blocks import BETWEEN_CELLS
from assistant.search.hybrid import Found, Sentence
from assistant.search.terms import terms


def heads_of(found: Found) -> dict[Sentence, Sentence]:
    """For each row of a table its first row, as far as that was found; the first row itself is not among them."""
    heads: dict[Sentence, Sentence] = {}
    rows = sorted(_rows((*found.sentences, *found.continued)), key=lambda row: (row.passage.document_id, row.start))
    for above, row in pairwise(rows):
        if row.follows(above) and len(_cells(row)) == len(_cells(above)):
            heads[row] = heads.get(above, above)
    return heads


def cell_asked(question: Question, row: Sentence, head: Sentence) -> str:
    """The cell of the row that stands under what the question asks for; "" unless it is just one."""
    asked = set(terms(question.text))
    columns = zip(map(terms, _cells(head)), _cells(row), strict=True)
    cells = [cell for named, cell in columns if named and asked.issuperset(named) and not asked.issuperset(terms(cell))]
    return cells[0] if len(cells) == 1 else ""


def held_weight(row: Sentence, weights: Mapping[str, float]) -> float:
    """How much of a question, by the idf of its terms, stands in the row itself: what tells it from the other rows."""
    return sum(weights.get(term, 0.0) for term in set(terms(row.text)))


def _rows(sentences: Iterable[Sentence]) -> Iterable[Sentence]:
    return (sentence for sentence in sentences if BETWEEN_CELLS in sentence.text)


def _cells(row: Sentence) -> list[str]:
    return [cell.strip(" |") for cell in row.text.split(BETWEEN_CELLS)]
