"""What a question asks for, the values in a text, and the few words that answer."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest
from documents import texts
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.asking.question import QuestionKind, analyse, answering_values
from assistant.answer.short import short_answer
from assistant.answer.values import find_times, find_values, numbers_in


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("When was the treaty signed?", "when"),
        ("In what year did the war end?", "when"),
        ("on which date", "when"),
        ("How many troops are there?", "how many"),
        ("treaty signing date", "when"),
        ("Super Bowl 2021 location", "where"),
        ("combined forces commander?", "who"),
        ("defense budget", "how much"),
        ("Seoul population", "how many"),
        ("describe the city", "what"),
        ("What are the opening hours?", "when"),
        ("What are Ada's opening hours?", "when"),
        ("What is charged outside opening hours?", "definition"),
        ("I was called for jury duty and have nobody to look after the location", "what"),
        ("What is the number of bases?", "how many"),
        ("How far is the border?", "how many"),
        ("How much does it cost?", "how much"),
        ("What was the total budget?", "how much"),
        ("What does wheel truing cost?", "how much"),
        ("what does it cost to hire a van", "how much"),
        ("How long did the war last?", "how long"),
        ("How old is the alliance?", "how long"),
        ("How much notice do I need to give?", "how long"),
        ("how much lead time is needed", "how long"),
        ("For how many years was it valid?", "how long"),
        ("Who signed it?", "who"),
        ("By whom was it signed?", "who"),
        ("Which organization runs it?", "who"),
        ("Where is Camp Humphreys?", "where"),
        ("In which city is it?", "where"),
        ("Which states joined?", "which"),
        ("Name three bases.", "which"),
        ("Why did it fall?", "why"),
        ("What led to the war?", "why"),
        ("How come it fell?", "why"),
        ("How is it made?", "how"),
        ("What is habeas corpus?", "definition"),
        ("What does KATUSA stand for?", "definition"),
        ("Is Korea divided?", "yes or no"),
        ("May the parties end the treaty?", "yes or no"),
        ("What did the parties agree to do in the event of an attack?", "what"),
        ("", "what"),
    ],
)
def test_the_kind_of_a_question(text: str, kind: QuestionKind) -> None:
    assert analyse(text).kind == kind


def test_a_question_taken_apart() -> None:
    question = analyse("Which bases did South Korea open in 1953 for 37,000 troops?")

    assert question.numbers == {"1953", "37000"}
    assert question.several
    assert question.expected == ("name",)
    assert not question.asks_for_quantity


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("Which bases are named?", True),
        ("What are the side effects?", True),
        ("List the parties.", True),
        ("What kinds of aid are there?", True),
        ("What is the largest base?", False),
        ("What does Article 3 say?", False),
        ("Which has the most troops?", False),
        ("Which Texas city hosts the base?", False),
        ("Which James Bond film was the first?", False),
        ("What news was announced?", False),
        ("When was it signed?", False),
    ],
)
def test_some_questions_may_ask_for_several_items(text: str, several: bool) -> None:
    assert analyse(text).several is several


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("What percentage of the army is stationed abroad?", ("percentage",)),
        ("What is the share of women?", ("percentage",)),
        ("What was Tesla's revenue in Q3 2019?", ("money", "number")),
        ("At what temperature does it boil?", ("percentage", "number", "money", "duration")),
        ("What is the reported mortality rate of the virus?", ("percentage", "number", "money", "duration")),
        ("What's the population of Seoul?", ("percentage", "number", "money", "duration")),
        ("What is the effect of temperature on it?", ()),
        ("What is the relationship between price and demand?", ()),
        ("What does the price depend on?", ()),
        ("What is price discrimination?", ()),
        ("Why is the population of Seoul so large?", ()),
    ],
)
def test_what_is_measured_is_told_by_its_noun(text: str, kinds: tuple[str, ...]) -> None:
    assert analyse(text).expected == kinds
    assert analyse(text).asks_for_quantity is bool(kinds)


def test_only_quantities_are_asked_for_as_quantities() -> None:
    asking = ["When?", "How many?", "How much?", "How long?", "Who?", "Why?", "Where?", "What?"]

    assert [text for text in asking if analyse(text).asks_for_quantity] == asking[:4]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("on 1 October 1953 and October 1, 1953", [("date", "1 October 1953"), ("date", "October 1, 1953")]),
        ("in May 2020, from 1953–54", [("date", "May 2020"), ("date", "1953–54")]),
        ("from 2010 to 2012", [("date", "2010 to 2012")]),
        ("in the 1950s, on 1953-10-01", [("date", "1950s"), ("date", "1953-10-01")]),
        ("in the late 19th century", [("period", "late 19th century")]),
        ("$1.2 billion, €3.50 and ₩5", [("money", "$1.2 billion"), ("money", "€3.50"), ("money", "₩5")]),
        ("3 million won", [("money", "3 million won")]),
        ("5.5 percent or 10%", [("percentage", "5.5 percent"), ("percentage", "10%")]),
        ("two years, twenty-five days", [("duration", "two years"), ("duration", "twenty-five days")]),
        ("28,500 troops and two carriers", [("number", "28,500"), ("number", "two")]),
        ("1200 British soldiers", [("number", "1200"), ("name", "British")]),
        ("The treaty binds General Paul B. LaCamera.", [("name", "General Paul B. LaCamera")]),
        ("Nothing else. The end.", []),
        ("in Camp Humphreys, Osan Air Base", [("name", "Camp Humphreys"), ("name", "Osan Air Base")]),
        ("", []),
    ],
)  # fmt: skip
def test_the_values_of_a_text(text: str, values: list[tuple[str, str]]) -> None:
    found = sorted(find_values(text), key=lambda value: value.start)

    assert [(value.kind, value.text) for value in found] == values


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("It leaves at 18.15 on Sundays.", ["18.15", "Sundays"]),
        ("Tuesday to Friday 9.30–17.30, Saturday morning", ["Tuesday to Friday", "9.30–17.30", "Saturday morning"]),
        ("until 10 p.m., from 7am to 9:30 o’clock, 9 to 11 pm", ["10 p.m.", "7am to 9:30 o’clock", "9 to 11 pm"]),
        ("payable on the 3rd of each month, or on the 5th", ["the 3rd of each month", "the 5th"]),
        ("Noon on Saturday 12 July", ["Noon"]),
        ("At 18.15 it leaves. From 9.30 to 17.30, at 10.15 and 11.15", ["18.15", "9.30 to 17.30", "10.15 and 11.15"]),
        ("at 9.58 s, at 10.30 metres, after 3.11 update, Luke 2:14, score 3:21", []),
        ("at 3.50 dollars, at 2.25 percent, from 1.50 to 4.75 million, that 5.30 is, on the 3rd floor", []),
        ("at 25.10, at 17.75, 12.30.45", []),
    ],
)
def test_the_times_of_a_text(text: str, times: list[str]) -> None:
    assert [value.text for value in find_times(text)] == times


def test_numbers_are_compared_in_digits() -> None:
    assert numbers_in("37,000 troops in 1953, 3.5 per cent, 1\u202f000") == {"37000", "1953", "3.5", "1000"}


@pytest.mark.parametrize(
    ("question", "sentence", "short"),
    [
        ("When was it signed?", "It was signed on October 1, 1953, and in force from 1954.", "October 1, 1953"),
        (
            "When did the treaty enter into force?",
            "The treaty was signed on October 1, 1953, and entered into force on November 17, 1954.",
            "November 17, 1954",
        ),
        ("How many troops are stationed there?", "About 28,500 U.S. troops are stationed at 15 bases.", "28,500"),
        ("How many bases are there?", "About 28,500 U.S. troops are stationed at 15 bases.", "15"),
        ("How much did Korea pay?", "Korea paid 90 percent of the $10.8 billion.", "$10.8 billion"),
        ("How long is it valid?", "It is valid for five years.", "five years"),
        ("Where is Camp Humphreys?", "Camp Humphreys lies in Pyeongtaek.", "Pyeongtaek"),
        ("Which countries signed?", "The signatories are France, Germany, and the UK.", "France, Germany, and the UK"),
        ("Which countries signed?", "The signatories are France; Germany; and Italy.", "France; Germany; and Italy"),
        ("What percentage voted?", "Of 40 million, 75% went to vote.", "75%"),
        ("What is the population of Shandong?", "Shandong has a population of 94 million in 17 cities.", "94 million"),
        ("What was its revenue?", "It made 3 new models and a revenue of $6.3 billion.", "$6.3 billion"),
        ("What is the speed limit?", "Of the 12 members, one asked for a speed limit.", ""),
        ("When was it signed?", "It was signed in Washington.", ""),
        ("Where was it signed?", "It was signed in October in Washington.", "Washington"),
        ("How many bases were there in 1953?", "In 1953 there were 5 bases.", "5"),
        ("What time does the last ferry leave?", "On Sundays the last ferry leaves at 18.15.", "18.15"),
        ("When is the last Sunday ferry?", "On Sundays the last ferry leaves at 18.15.", "18.15"),
        ("When is the rent due?", "The rent is due on the 3rd of each month.", "the 3rd of each month"),
        ("When is the regatta?", "The date is Saturday 12 July.", "12 July"),
        ("When is it due?", "It is a deposit of five weeks' rent.", ""),
        ("When is it due?", "It is due after three months.", "three months"),
        ("When is it due?", "It is due after 300 km or three months.", "three months"),
        ("On which day is it due?", "It is due within 30 days.", ""),
        ("When must I pay?", "You must pay 30 days after delivery.", "30 days"),
        ("What time is the market?", "The market is on Friday at 9 am.", "9 am"),
        ("What year was it built?", "It was built at 9 am on a Friday.", ""),
        ("How many seats were added?", "In 2012 100 seats were added.", "100"),
        ("What was the mean age?", "Mean age was 36.8 years and 83% were women.", "36.8 years"),
        ("How long do the buns bake?", "Bake the buns for 6 to 8 minutes.", "6 to 8 minutes"),
        ("How much is the card?", "The card, which used to be £10, is free.", ""),
        ("How much is an adult?", "An adult is £7.40 instead of £6.90.", "£7.40"),
        ("What is the phone number?", "The phone number is 0117 496 0333.", ""),
        ("How many weeks must the tenants give?", "1.3 The tenants must give two weeks.", "two weeks"),
        ("How long is the bridge?", "The bridge, opened in 1932, is 500 m long.", ""),
        ("How long did the siege last?", "The siege began on 3 May 1911.", ""),
        ("How long have they been there?", "They have been there since 1953.", "1953"),
        ("When did the war of 1950 begin?", "The war of 1950 began at dawn.", ""),
        ("Why did it begin?", "It began in 1950 in Korea.", ""),
        ("When does the lease end?", "The lease begins on 1 October 2022 and runs for five years.", ""),
        ("When did the siege begin?", "It ended on 3 May 1453.", ""),
        ("When did the war end?", "The war, which began in 1950, ended in 1953.", "1953"),
        ("When does the course start?", "It starts on 3 March 2025 and finishes on 7 April 2025.", "3 March 2025"),
        ("When?", "", ""),
    ],
)  # fmt: skip
def test_the_few_words_that_answer(question: str, sentence: str, short: str) -> None:
    assert short_answer(analyse(question), sentence) == short


_QUESTIONS = st.text(max_size=80) | st.builds(
    "{} {}".format, st.sampled_from(["When", "How many", "How much", "How long", "Who", "Where", "Which"]), texts
)


@given(texts)
def test_values_stand_where_they_say_and_do_not_overlap(text: str) -> None:
    values = sorted(find_values(text), key=lambda value: value.start)

    assert all(value.text == text[value.start : value.end] != "" for value in values)
    assert all(a.end <= b.start for a, b in pairwise(values))


@given(_QUESTIONS, texts)
def test_a_short_answer_is_words_of_the_sentence_and_not_of_the_question(text: str, sentence: str) -> None:
    question = analyse(text)

    short = short_answer(question, sentence)

    assert short in sentence
    assert not short or answering_values(question, sentence)
    assert not short or f" {short.lower()} " not in f" {text.lower()} "


@pytest.mark.parametrize(
    "question", ["What are " + 60 * "-" + " these lines in the text?", "what is " + 4000 * "a" + " b"]
)
def test_no_question_takes_for_ever(question: str) -> None:
    # In a process of its own: a pattern that tries every way to cut a word cannot be interrupted.
    code = "import sys; from assistant.answer.asking.question import analyse; analyse(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, question], timeout=60, check=True)
