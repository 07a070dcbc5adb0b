"""The types refuse what cannot be, and come back from JSON as they were; every error is in the tree of errors."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Citation, Conflict, Document, Hit, Passage, Statement, errors
from assistant.types import VERDICTS

_numbers = st.integers(0, 10_000)
_words = st.text(max_size=30)
_passages = st.builds(
    lambda start, text, title, heading: Passage("d", title, heading, start, start + len(text), text),
    _numbers,
    _words,
    _words,
    _words,
)
_citations = st.builds(
    lambda number, start, quote, page: Citation(number, "d", "t", start, start + len(quote), quote, page),
    st.integers(1, 9),
    _numbers,
    _words,
    st.none() | st.integers(1, 99),
)
_statements = st.builds(Statement, _words, st.lists(_citations, max_size=3).map(tuple), st.sampled_from(VERDICTS))
_answers = st.builds(
    Answer,
    question=_words,
    searched_for=_words,
    text=_words,
    statements=st.lists(_statements, max_size=3).map(tuple),
    citations=st.lists(_citations, max_size=3).map(tuple),
    conflicts=st.lists(st.builds(Conflict, st.lists(_statements, max_size=2).map(tuple)), max_size=2).map(tuple),
    hits=st.lists(st.builds(Hit, _passages, st.floats(allow_nan=False, allow_infinity=False)), max_size=3).map(tuple),
    seconds=st.floats(0, 1e6),
    short=_words,
    certainty=st.none() | st.floats(0, 1),
    note=_words,
    unanswered=st.lists(_words, max_size=2).map(tuple),
)


def test_the_tree_of_errors_is_whole() -> None:
    for name, value in vars(errors).items():
        if isinstance(value, type):
            assert re.search(rf"\b{name}\b", errors.__doc__ or ""), name


@given(_answers)
def test_an_answer_comes_back_from_json_as_it_was(answer: Answer) -> None:
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


def test_a_real_answer_comes_back_from_json_as_it_was(assistant) -> None:
    answer = assistant.ask("When was the treaty signed?")

    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


def test_from_dict_refuses_what_is_not_an_answer() -> None:
    with pytest.raises(KeyError):
        Answer.from_dict({"question": "Why?"})


@given(_answers)
def test_an_answer_without_citations_is_refused(answer: Answer) -> None:
    said = any(statement.citations for statement in answer.statements)
    assert answer.refused == (not answer.provisional and not said)
    assert answer.to_dict()["refused"] is answer.refused


def test_spans_must_be_as_long_as_their_text() -> None:
    with pytest.raises(ValueError, match=r"0\.\.3"):
        Passage("d", "t", "", 0, 3, "four")
    with pytest.raises(ValueError, match=r"0\.\.5"):
        Citation(1, "d", "t", 0, 5, "four")


def test_a_verdict_is_one_of_five() -> None:
    with pytest.raises(ValueError, match="'sure'"):
        Statement("It is so.", (), "sure")  # type: ignore[arg-type]  # the mistake under test


def test_page_at_counts_from_one() -> None:
    document = Document("d", "t", "0123456789", pages=(0, 4, 4, 8))  # the second page is empty

    assert [document.page_at(offset) for offset in (0, 3, 4, 7, 8, 9)] == [1, 1, 3, 3, 4, 4]
    assert Document("d", "t", "text").page_at(2) is None
    assert Document("d", "t", "text", pages=()).page_at(2) is None


@given(st.lists(st.integers(1, 50), min_size=1, max_size=10), st.data())
def test_page_at_finds_the_page_that_holds_a_character(lengths: list[int], data: st.DataObject) -> None:
    starts = tuple(sum(lengths[:i]) for i in range(len(lengths)))
    document = Document("d", "t", "x" * sum(lengths), pages=starts)
    offset = data.draw(st.integers(0, sum(lengths) - 1))

    page = document.page_at(offset)

    assert page is not None
    assert starts[page - 1] <= offset < starts[page - 1] + lengths[page - 1]
