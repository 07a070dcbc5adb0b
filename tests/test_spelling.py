"""Misspelt words of a question are mended where the documents have the right ones, and nothing else is touched."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant, Document
from assistant.search.lexical import LexicalIndex
from assistant.search.spelling import Spelling
from assistant.wording import searched_for

TEXTS = [
    "The guarantees of the Kestrel Treaty were signed by Gérard Maizière, and serve the alliance in many exercises.",
    "A quantitative report tells of the forms, of the guarantees and of combined exercises near Pyongyang.",
]
MENDED = [
    ("Which excercises are held?", "Which exercises are held?"),
    ("how do the guarentees help", "how do the guarantees help"),
    ("Who signed the Kestral Treaty?", "Who signed the Kestrel Treaty?"),
    ("What did Maiziere's report say?", "What did Maizière's report say?"),
    ("What lies near Pyongyong?", "What lies near Pyongyang?"),
    ("What is the aliance for?", "What is the alliance for?"),
]
LEFT = [
    # English words that the documents do not have, however near one of theirs is.
    "What is the qualitative answer?",
    "How many dorms are there?",
    "Who renounced the allegiance?",
    # A name is no common word, nor near one that is written otherwise in two letters.
    "When did Serva arrive?",
    "Who is Jestrol?",
    # Abbreviations, contractions, short and compound words.
    "What is a KESTRAL?",
    "Why didn't and doesn't they serve?",
    "What did O'Kestral say of the well-sined treaty?",
    "Who sigd it, and wich frm?",
    "Was bedeutet der Vertrag?",
]


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    documents = [Document(str(number), "", text) for number, text in enumerate(TEXTS)]
    return Spelling(documents, LexicalIndex.build(TEXTS))


@pytest.mark.parametrize(("question", "expected"), MENDED)
def test_a_misspelt_word_is_mended(spelling: Spelling, question: str, expected: str) -> None:
    assert spelling.mend(question) == expected
    assert spelling.mend(expected) == expected


@pytest.mark.parametrize("question", LEFT)
def test_what_may_be_meant_as_it_is_stays(spelling: Spelling, question: str) -> None:
    assert spelling.mend(question) == question


@given(st.text(max_size=100))
def test_only_words_change(text: str) -> None:
    spelling = Spelling([Document("", "", text) for text in TEXTS], LexicalIndex.build(TEXTS))
    mended = spelling.mend(text)
    assert [each for each in mended if not each.isalnum()] == [each for each in text if not each.isalnum()]


def test_several_may_ask_at_once(spelling: Spelling) -> None:
    wrong: list[str] = []

    def ask() -> None:
        wrong.extend(given for given, right in MENDED * 30 if spelling.mend(given) != right)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_answer_shows_what_was_searched_for(assistant: Assistant) -> None:
    answer = assistant.ask("Which joint excersises are named?")
    assert searched_for(answer) == "Which joint exercises are named?"
    assert "Ulchi Freedom Guardian" in answer.text
