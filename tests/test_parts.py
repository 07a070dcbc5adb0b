"""A question that asks for several things is taken apart, and each of them is answered or said not to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from found import found_in
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Assistant, Document, Turn, build_index
from assistant.answer.asking.dialogue import standalone
from assistant.answer.asking.parts import standalone_parts
from assistant.search.embed import Embedder
from assistant.search.hybrid import join, join_hits
from assistant.search.terms import terms
from assistant.wording import sureness

SEVERAL = [
    ("What is a sluice? How does it work?", ("What is a sluice?", "How does a sluice work?")),
    ("What is a sluice; and is it dangerous?", ("What is a sluice?", "Is a sluice dangerous?")),
    ("what is a sluice and what is it for", ("What is a sluice?", "What is a sluice for?")),
    ("Who was Ada Lorne and when did she die?", ("Who was Ada Lorne?", "When did Ada Lorne die?")),
    ("Where did Ada Lorne live and when did she die?", ("Where did Ada Lorne live?", "When did Ada Lorne die?")),
    ("What is X?  Is it new? Who made it?", ("What is X?", "Is X new?", "Who made X?")),
    (
        "When was the pact signed and how much did it cost?",
        ("When was the pact signed?", "How much did the pact cost?"),
    ),
    ("Where is the largest base and who runs it?", ("Where is the largest base?", "Who runs the largest base?")),
    (
        "When was the Arvel Pact signed and who broke it?",
        ("When was the Arvel Pact signed?", "Who broke the Arvel Pact?"),
    ),
    ("How old is the mill and how big is it?", ("How old is the mill?", "How big is the mill?")),
    ("Who runs the mill? Does the mill pay tax?", ("Who runs the mill?", "Does the mill pay tax?")),
    (
        "Who is Ada Lorne, and how many mills are there in Arvel?",
        ("Who is Ada Lorne?", "How many mills are there in Arvel?"),
    ),
    ("When was the pact signed, and where?", ("When was the pact signed?", "Where was the pact signed?")),
    ("Why did Ada Lorne leave and when?", ("Why did Ada Lorne leave?", "When did Ada Lorne leave?")),
    ("Who signed the pact, and who can end the pact?", ("Who signed the pact?", "Who can end the pact?")),
]
WHOLE = [
    # One question, with several objects or clauses.
    "Who founded it and why?",
    "When and where was the treaty signed?",
    "When did the war begin and end and where?",
    "Can it be said when and how?",
    "Which countries and which years are named?",
    "How many soldiers and how many civilians died?",
    "Under which treaty and in which year did they meet?",
    "What household item and what hunting device are the two lobes likened to?",
    "What did the ECDC and WHO regional office ask for?",
    "What is known of bats and how they carry viruses?",
    "What is the treaty that was signed in 1953 and which is still in force?",
    "What is the difference between what Korea pays and what the US pays?",
    "Who was the general who commanded the forces and who was dismissed by Truman?",
    'Who wrote "What is to be done? What is next"?',
    "What do supporters of the pact and what do its critics say?",
    "What do supporters, and what do critics say about the bill?",
    "What did the north and what did the south demand of Seoul?",
    "What does Article 5 and what does Article 6 say?",
    "When will Korea and when will Japan close the bases?",
    "What has Korea and what has Japan paid so far?",
    "Who is Ada Lorne and who was there with Ada Lorne?",
    # Alone, what follows would not say what it is about.
    "What is dengue and what are the early symptoms?",
    "During the war, who commanded the UN forces and who commanded the Chinese forces?",
    "If my child has a fever, what should I give the child and how long should the child rest?",
    "How many soldiers does Seoul have, and how many does Pyongyang?",
    "How many troops are in Korea and how many are in Japan?",
    "What is the capital of Korea and how many people live there?",
    "When was it signed, and who signed it?",
    # What a pronoun is for cannot be told.
    "Did the troops leave in June, and did it matter?",
    "Who built the tower and when was he born?",
    "What is the name of the king and when did he die?",
    "Who killed Caesar and why did they do it?",
    "When was the pact on the mill signed and who broke it?",
    "When was the war declared and when did he die?",
    "When was the museum robbed and were they caught?",
    "When was the president elected and where was it held?",
    "When were the workers paid and how much did it cost?",
    "Why was Nixon impeached and when did it happen?",
    "When was Seoul bombed and who ordered it?",
    # "It" is what happened, the time or the weather.
    "When was the city bombed and how did it happen?",
    "When was the bank robbed and who did it?",
    "How is the battery replaced and how long does it take?",
    "How tall is the tower and how far is it?",
    "When did the game start and was it raining?",
    "When was the company sold and what did it do?",
    "Where was the body found and when was it reported?",
    "Why is the sky blue and how high is it?",
    "Where is the base near the river and when was it built?",
    "Why did Seoul want the treaty, and why did Washington agree to it?",
    "Where is the biggest American post and has it grown?",
    "How many American soldiers were tried, and what did it cost?",
    "What keeps Seoul's pride alive, and what endangers it?",
    "Who was Ada? " * 5 + "Who was Bea Lorne?",
]


@pytest.mark.parametrize(("question", "parts"), SEVERAL)
def test_questions_that_follow_each_other_are_told_apart_and_completed(question: str, parts: tuple[str, ...]) -> None:
    assert standalone_parts(question, []) == parts


@pytest.mark.parametrize("question", WHOLE)
def test_a_question_stays_whole_where_its_parts_may_not_stand_alone(question: str) -> None:
    assert standalone_parts(question, []) == (question,)


@pytest.mark.parametrize(
    "question",
    [
        "What do the supporters and what do the critics say?",
        "What can tenants and what can landlords do about damp?",
        "How many troops are in Korea and how many are in Japan?",
    ],
)
def test_what_is_no_question_by_itself_is_never_cut_off(question: str) -> None:
    assert standalone_parts(question, [], leaning=True) == (question,)


LEANING = [
    (
        "How much is a return? When does the first ferry leave?",
        ("How much is a return?", "When does the first ferry leave?"),
    ),
    (
        "When was the pact signed and what is the largest base?",
        ("When was the pact signed?", "What is the largest base?"),
    ),
]


@pytest.mark.parametrize(("question", "parts"), LEANING)
def test_a_part_that_does_not_say_what_it_is_about_is_cut_off_where_it_may_lean(
    question: str, parts: tuple[str, ...]
) -> None:
    assert standalone_parts(question, []) == (question,)
    assert standalone_parts(question, [], leaning=True) == parts


def test_parts_are_completed_from_the_conversation_and_from_the_parts_before_them() -> None:
    history = [Turn("Who was Ada Lorne?", "A miller.")]
    asked = "When did she die, and where is she buried?"
    assert standalone_parts(asked, history) == ("When did Ada Lorne die?", "Where is Ada Lorne buried?")
    # Completed by a guess, the first part would mislead the second.
    asked = "Where is the mill and when did she buy it?"
    assert standalone_parts(asked, history) == (standalone(asked, history),)


def test_a_noun_of_the_question_comes_before_the_conversation_where_only_it_can_be_meant() -> None:
    history = [Turn("Who painted the Mona Lisa?", "The sources do not say.")]
    asked = "When was the pact signed and how much did it cost?"
    assert standalone_parts(asked, history) == ("When was the pact signed?", "How much did the pact cost?")
    history = [Turn("What is diabetes?", "")]
    asked = "What are the symptoms and how is it treated?"
    assert standalone_parts(asked, history) == ("What are the symptoms and how is diabetes treated?",)


def test_a_follow_up_leans_on_the_last_part() -> None:
    searched = "What is diabetes? How is diabetes treated?"
    history = [Turn("What is diabetes, and how is it treated?", Answer("", searched, ""))]
    assert standalone("What causes it?", history) == "What causes diabetes?"
    assert standalone("Why?", history) == "Why is diabetes treated?"


@given(st.text(max_size=200) | st.lists(st.sampled_from([each for each, _ in SEVERAL]), max_size=6).map(" and ".join))
def test_no_word_is_lost(question: str) -> None:
    kept = {term for part in standalone_parts(question, []) for term in terms(part)}
    assert set(terms(question)) <= kept


def test_what_was_found_for_several_parts_is_there_once_with_its_passage() -> None:
    tower, bees = ("The tower is old.", "Ada Lorne built it."), ("Bees collect nectar.",)
    one, other = found_in("Who built it?", tower, bees), found_in("What do bees collect?", tower, bees)
    other = replace(
        other,
        hits=other.hits[::-1],
        sentences=tuple(replace(each, rank=1 - each.rank, cosine=0.9) for each in other.sentences[::-1]),
    )
    both = join([one, other])
    assert both.query == "Who built it? What do bees collect?"
    assert both.hits == one.hits
    assert [each.text for each in both.sentences] == [*tower, *bees]
    assert all(both.hits[sentence.rank].passage == sentence.passage for sentence in both.sentences)


def test_the_passages_of_several_parts_take_turns() -> None:
    first, second, third = found_in("", ("One.",), ("Two.",), ("Three.",)).hits
    assert join_hits([[first, second], [third, first]]) == (first, third, second)


class TestAnswer:
    def test_every_part_has_a_quote_of_its_own(self, assistant: Assistant) -> None:
        answer = assistant.ask("How many USFK troops are mentioned? And which bases in South Korea are named?")
        assert answer.searched_for.count("?") == 2
        assert "37,000" in answer.text
        assert "Osan" in answer.text
        assert len(answer.statements) <= assistant.settings.statements
        assert len(answer.hits) == assistant.settings.passages
        assert answer.note == ""

    def test_a_part_that_the_sources_do_not_answer_is_named(self, assistant: Assistant) -> None:
        question = "When was the Mutual Defense Treaty signed? Who is the best baker in Busan?"
        *growing, answer = assistant.stream(question)
        assert "October 1, 1953" in answer.text
        assert answer.unanswered == ("Who is the best baker in Busan?",)
        assert answer.note == "“Who is the best baker in Busan?” The sources do not say."
        assert " the rest of the question (" in sureness(answer)
        assert all(answer.text.startswith(each.text) for each in growing)
        some = assistant.ask(question, documents=["mutual-defense-treaty"])
        assert some.note.endswith("does not say. The others were not searched.")

    def test_where_no_part_is_answered_it_is_a_refusal(self, assistant: Assistant) -> None:
        answer = assistant.ask("Who is the best baker in Busan? What does the best baker in Busan charge for a loaf?")
        assert answer.searched_for.count("?") == 2
        assert answer.refused
        assert answer.note == ""
        assert 0 < len(answer.hits) <= assistant.settings.passages

    def test_a_part_that_leans_is_answered_only_beside_the_one_it_leans_on(self, assistant: Assistant) -> None:
        answer = assistant.ask("When was the Special Measures Agreement signed and what is the largest base?")
        assert answer.searched_for.endswith(" signed? What is the largest base?")
        assert "1978" in answer.text
        assert "Camp Humphreys" in answer.text
        answer = assistant.ask("Who is the mayor of Busan and what is the largest base?")
        assert answer.searched_for == answer.question
        assert answer.refused

    def test_a_pronoun_that_an_earlier_part_fills_leaves_nothing_open(self, assistant: Assistant) -> None:
        answer = assistant.ask("What is the Combined Forces Command and what is it for?")
        assert answer.searched_for == "What is the Combined Forces Command? What is the Combined Forces Command for?"
        assert answer.certainty is not None

    def test_the_passages_alone_are_those_of_the_answer(self, assistant: Assistant) -> None:
        question = "Who was Syngman Rhee? When was the Mutual Defense Treaty signed?"
        answer = assistant.ask(question)
        assert assistant.search(question) == (answer.searched_for, answer.hits)


@contextmanager
def over(texts: Mapping[str, str], path: Path, embedder: Embedder) -> Iterator[Assistant]:
    """An assistant over documents with these ids, which are their titles, and texts."""
    build_index([Document(each, each, text) for each, text in texts.items()], path, embedder=embedder)
    with closing(Assistant.open(path)) as opened:
        yield opened


@pytest.fixture(scope="module")
def houses(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    texts = {
        "arvel": "The Arvel museum opens at 9 am. Tickets for the Arvel museum cost 4 crowns.",
        "borden": "The Borden gallery opens at noon. The largest room is the Hall of Clocks.",
    }
    with over(texts, tmp_path_factory.mktemp("houses"), embedder) as opened:
        yield opened


class TestLeaning:
    def test_is_answered_where_the_first_part_is(self, houses: Assistant) -> None:
        answer = houses.ask("When does the Borden gallery open? What is the largest room?")
        assert "noon" in answer.text
        assert "Hall of Clocks" in answer.text
        assert answer.unanswered == ()

    def test_is_not_answered_of_something_else(self, houses: Assistant) -> None:
        answer = houses.ask("When does the Arvel museum open? What is the largest room?")
        assert answer.searched_for == answer.question
        assert "Hall of Clocks" not in answer.text


@pytest.fixture(scope="module")
def disputed(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    texts = {
        "a": "The Kestrel tower was built in 1853. The Kestrel tower has 40 steps.",
        "b": "The Kestrel tower was built in 1902. The Kestrel tower has 52 steps.",
    }
    with over(texts, tmp_path_factory.mktemp("disputed"), embedder) as opened:
        yield opened


class TestConflicts:
    def test_of_every_part_are_told_one_after_the_other(self, disputed: Assistant) -> None:
        answer = disputed.ask("When was the Kestrel tower built, and how many steps does the Kestrel tower have?")
        years, steps = ({each.text for each in conflict.statements} for conflict in answer.conflicts)
        assert years == {"The Kestrel tower was built in 1853.", "The Kestrel tower was built in 1902."}
        assert steps == {"The Kestrel tower has 40 steps.", "The Kestrel tower has 52 steps."}
        first, second = answer.text.split("The sources disagree.")[1:]
        assert all(text in first for text in years)
        assert all(text in second for text in steps)

    def test_that_share_a_side_are_one(self, disputed: Assistant) -> None:
        answer = disputed.ask("When was the Kestrel tower built? In which year was the Kestrel tower built?")
        (conflict,) = answer.conflicts
        assert len(conflict.statements) == 2
        assert answer.text.count("The sources disagree.") == 1
