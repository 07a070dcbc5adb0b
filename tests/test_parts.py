"""A question that asks for several things is taken apart, and each of them is answered or said not to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant, Turn
from assistant.answer.parts import standalone_parts
from assistant.search.hybrid import join
from tests.found import found_in

SEVERAL = [
    ("How old is the tower, and who built it?", ("How old is the tower?", "who built the tower?")),
    ("Where did Ada Lorne live and when did she die?", ("Where did Ada Lorne live?", "when did Ada Lorne die?")),
    ("What is a sluice? How does it work?", ("What is a sluice?", "How does a sluice work?")),
    ("What is a sluice; and is it dangerous?", ("What is a sluice?", "is a sluice dangerous?")),
    ("Who runs the mill? Does the mill pay tax?", ("Who runs the mill?", "Does the mill pay tax?")),
    ("What is X? Is it new? Who made it?", ("What is X?", "Is X new?", "Who made X?")),
    ("List the mills and who runs the mills", ("List the mills?", "who runs the mills")),
]
ONE = [
    "Who founded it and why?",
    "When and where was the treaty signed?",
    "Which countries and which years are named?",
    "Under which treaty and in which year did they meet?",
    "What did the ECDC and WHO regional office ask for?",
    "What is known of bats and how they carry viruses?",
    "What is the treaty that was signed in 1953 and which is still in force?",
    'Who wrote "What is to be done? What is next"?',
    "Did the troops leave in June, and did it matter?",
    "It was agreed in 1953. When was it signed?",
]


@pytest.mark.parametrize(("question", "parts"), SEVERAL)
def test_questions_that_follow_each_other_are_told_apart_and_completed(question: str, parts: tuple[str, ...]) -> None:
    assert standalone_parts(question, []) == parts


@pytest.mark.parametrize("question", ONE)
def test_one_question_stays_whole(question: str) -> None:
    assert standalone_parts(question, []) == (question,)


def test_each_part_is_completed_from_the_conversation_and_from_the_parts_before_it() -> None:
    history = [Turn("Who was Ada Lorne?", "A miller.")]
    assert standalone_parts("When did she die, and where is she buried?", history) == (
        "When did Ada Lorne die?",
        "where is Ada Lorne buried?",
    )


@given(st.text(max_size=200) | st.lists(st.sampled_from([each for each, _ in SEVERAL]), max_size=9).map(" and ".join))
def test_whatever_is_typed_makes_one_to_four_parts(question: str) -> None:
    assert 1 <= len(standalone_parts(question, [])) <= 4


def test_what_was_found_for_several_parts_is_there_once_and_in_its_place() -> None:
    one = found_in("Who built it?", ("The tower is old.", "Ada Lorne built it."), ("Bees collect nectar.",))
    both = join([one, one])
    assert both.query == "Who built it? Who built it?"
    assert both.hits == one.hits
    assert both.sentences == one.sentences
    assert all(both.hits[sentence.rank].passage == sentence.passage for sentence in both.sentences)


def test_every_part_is_answered_with_a_quote_of_its_own(assistant: Assistant) -> None:
    answer = assistant.ask("How many USFK troops are mentioned, and which installation is the largest?")
    assert "37,000" in answer.text
    assert "Camp Humphreys" in answer.text
    assert len({citation.document_id for citation in answer.citations}) == 2
    assert answer.note == ""


def test_a_part_that_the_sources_do_not_answer_is_named_and_the_others_are_answered(assistant: Assistant) -> None:
    answer = assistant.ask("When was the Mutual Defense Treaty signed? Who is the best baker in Busan?")
    assert "October 1, 1953" in answer.text
    assert answer.note == "The sources do not say: “Who is the best baker in Busan?”"
    *growing, last = assistant.stream("When was the Mutual Defense Treaty signed? Who is the best baker in Busan?")
    assert last.note == answer.note
    assert all(last.text.startswith(each.text) for each in growing)


def test_where_no_part_is_answered_it_is_a_refusal(assistant: Assistant) -> None:
    answer = assistant.ask("Who is the best baker in Busan? What does she charge for a loaf?")
    assert answer.refused
    assert answer.note == ""
    assert answer.hits
