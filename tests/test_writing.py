"""Answers in a language model's words: what it is shown, what is made of its reply, and what becomes of its faults."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain, count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Assistant, Document, Settings, Turn, build_index
from assistant.answer.writing.draft import Written, finished, repeats_itself, take_apart
from assistant.answer.writing.orders import addresses_a_model
from assistant.answer.writing.support import Source, verdict_on
from assistant.answer.writing.write import INSTEAD, NOTHING_SUPPORTED
from assistant.search.embed import Embedder
from assistant.search.terms import terms
from tests import statements
from tests.models import Refusal, Reply, ScriptedModel, scripted_model

JUDGED = Path(__file__).parent.parent / "eval" / "statements.jsonl"
SIGNED = "When was the Mutual Defense Treaty signed?"
RIGHT = "It was signed on October 1, 1953."
WRONG = "It was signed in Seoul by Syngman Rhee."
BAKER = "Who is the best baker in Busan?"


class Desk:
    """One assistant over the shipped sources, and the model that writes for it, which replies what it is told to."""

    def __init__(self, assistant: Assistant, model: ScriptedModel) -> None:
        self.assistant = assistant
        self.model = model

    def ask(self, reply: Reply, question: str = SIGNED, history: Sequence[Turn] = (), **settings: Any) -> Answer:
        self.replies(reply)
        return self.assistant.adjusted(**settings).ask(question, history)

    def replies(self, reply: Reply) -> None:
        self.model.reply = reply
        self.model.requests.clear()
        self.model.left.clear()


@pytest.fixture(scope="module")
def desk(store: Path) -> Iterator[Desk]:
    with (
        scripted_model() as model,
        closing(Assistant.open(store, Settings(llm_seconds=5), llm=model.spec)) as assistant,
    ):
        yield Desk(assistant, model)


def supported(pairs: Sequence[tuple[str, str, str]]) -> int:
    """How many of the statements pass, each given as in `statements`: what stands around, the quote, the statement."""
    verdicts = [verdict_on(statement, Source(quote, around)) for around, quote, statement in pairs]
    return sum(verdict in ("quoted", "supported") for verdict in verdicts)


class TestSupport:
    @pytest.mark.parametrize(("around", "quote", "statement"), statements.SUPPORTED)
    def test_what_a_quote_says_in_its_own_words(self, around: str, quote: str, statement: str) -> None:
        assert verdict_on(statement, Source(quote, around)) in ("quoted", "supported")

    @pytest.mark.parametrize(("around", "quote", "statement"), statements.SUPPORTED_IN_OTHER_WORDS)
    def test_what_it_says_in_other_words_or_another_order_counts_partly(
        self, around: str, quote: str, statement: str
    ) -> None:
        assert verdict_on(statement, Source(quote, around)) == "partly"

    @pytest.mark.parametrize(("quote", "statement"), statements.TWISTS)
    def test_a_quotes_own_words_made_to_say_something_else(self, quote: str, statement: str) -> None:
        assert verdict_on(statement, Source(quote, "")) in ("partly", "unsupported")

    @pytest.mark.parametrize(("quote", "statement"), statements.SHORTER)
    def test_a_quotes_own_words_that_say_no_more_than_it_does(self, quote: str, statement: str) -> None:
        assert verdict_on(statement, Source(quote, "")) in ("quoted", "supported")

    def test_twists_that_it_does_not_see(self) -> None:
        """Known limits, kept in view: one that is seen some day belongs among the others."""
        seen = [verdict_on(statement, Source(quote, "")) for quote, statement in statements.UNSEEN_TWISTS]

        assert seen == ["supported"] * len(seen)

    @pytest.mark.parametrize(("around", "quote", "statement"), statements.NOT_SUPPORTED)
    def test_what_a_quote_does_not_say(self, around: str, quote: str, statement: str) -> None:
        assert verdict_on(statement, Source(quote, around)) in ("partly", "unsupported")

    def test_pairs_that_nothing_was_tuned_on(self) -> None:
        """At least 9 of 11 and 23 of 31 are found supported, and at least 12 of 15 and 33 of 36 not."""
        assert supported(statements.SUPPORTED_APART) >= 9
        assert supported(statements.NOT_SUPPORTED_APART) <= 3
        assert supported([("", *pair) for pair in statements.SHORTER_APART]) >= 23
        assert supported([("", *pair) for pair in statements.TWISTS_APART]) <= 3

    def test_a_sentence_word_for_word_is_quoted(self) -> None:
        around, quote = statements.BRIDGE

        assert verdict_on(quote, Source(quote, around)) == "quoted"
        assert verdict_on(f"“{quote.rstrip('.')}”", Source(quote, around)) == "quoted"

    @given(st.text(min_size=1), st.integers(0, 18))
    def test_what_is_put_in_place_of_a_word_and_is_not_the_sources_is_not_supported(self, put: str, place: int) -> None:
        around, quote = statements.SIGNED
        said = quote.split()
        said[place] = put
        verdict = verdict_on(" ".join(said), Source(quote, around))

        assert set(terms(put)) <= set(terms(f"{quote} {around}")) or verdict in ("partly", "unsupported")

    def test_none_that_was_judged_otherwise_by_hand(self, documents: tuple[Document, ...]) -> None:
        named = {document.id: document for document in documents}
        judged = [json.loads(line) for line in JUDGED.read_text("utf-8").splitlines()]

        assert len(judged) >= 100
        for each in judged:
            if quote := each["quote"]:
                document = named[quote["document_id"]]
                assert document.text[quote["start"] : quote["end"]] == quote["quote"]
                verdict = verdict_on(each["statement"], Source(quote["quote"], document.title))
                right = each["hand"] == "supported" or verdict in ("partly", "unsupported")
                assert right or each["remark"] == "breaks off"


class TestDraft:
    @pytest.mark.parametrize(
        ("reply", "written"),
        [
            ("One [1]. Two [2].", [("One.", {1}), ("Two.", {2})]),
            ("One. [1] Two. [2]", [("One.", {1}), ("Two.", {2})]),
            ("One.[1][3] Two [1, 2].", [("One.", {1, 3}), ("Two.", {1, 2})]),
            ("One [passage 2]. Two 【3】.", [("One.", {2}), ("Two.", {3})]),
            ("## One\n\n- **Two** [1].\n- `Three`.", [("One", set()), ("Two.", {1}), ("Three.", set())]),
            ("![One](http://example.org/1.png) [two](http://example.org) [1].", [("two.", {1})]),
            ("<think>Let me see. [9]</think>One [1].", [("One.", {1})]),
            ("<think>It never ends", []),
            ("I see. [9]</think>One [1].", [("One.", {1})]),
            ("One [Passages 1 and 2]. Two [1-3].", [("One.", {1, 2}), ("Two.", {1, 3})]),
            ("One (Passage 2).", [("One.", {2})]),
            ("Answer: One.", [("One.", set())]),
            ("One. One. Two.", [("One.", set()), ("Two.", set())]),
            ("It grows [", [("It grows", set())]),
            ("", []),
            ("[1] [2]", []),
            ("One\u0007 \x1b[31mtwo.", [("One [31mtwo.", set())]),
        ],
    )
    def test_sentences_and_markers(self, reply: str, written: list[tuple[str, set[int]]]) -> None:
        expected = tuple(Written(text, frozenset(numbers)) for text, numbers in written)

        assert take_apart(reply) == expected

    @pytest.mark.parametrize(
        "reply",
        [
            "The passages do not say.",
            "The provided text does not mention who signed it.",
            "There is no information about that in the passages.",
            "I cannot answer the question.",
            "This is not mentioned in the documents.",
        ],
    )
    def test_a_reply_that_finds_no_answer(self, reply: str) -> None:
        assert all(each.declines for each in take_apart(reply))

    @pytest.mark.parametrize(
        ("reply", "left"),
        [
            ("One. Two. The treaty promotes", ["One.", "Two."]),
            ("- One\n- Two", ["One", "Two"]),
            ("October 1, 1953", ["October 1, 1953"]),
            ("", []),
        ],
    )
    def test_a_last_sentence_that_breaks_off_is_no_statement(self, reply: str, left: list[str]) -> None:
        assert [each.text for each in finished(take_apart(reply))] == left

    @pytest.mark.parametrize(
        "reply", ["The treaty does not name a base.", "It does not include Wales.", "It is not included.", RIGHT]
    )
    def test_a_reply_that_denies_is_no_refusal(self, reply: str) -> None:
        assert not any(each.declines for each in take_apart(reply))

    def test_a_reply_that_goes_round_in_circles(self) -> None:
        sentence = "The treaty has also been used to enhance the presence of forces. "

        assert repeats_itself(sentence * 3)
        assert not repeats_itself(sentence * 2)

    @given(st.text())
    def test_any_reply_is_taken_apart(self, reply: str) -> None:
        for each in take_apart(reply):
            assert each.text.isprintable()
            assert "\n" not in each.text


class TestOrders:
    @pytest.mark.parametrize(
        "text",
        [
            "Between 1953 and 1991 the treaty was amended twice.",
            "The council must answer within a month. Members say that it never does.",
            "New Directions won the competition; he would write that song again.",
            "AI systems should be tested before they are sold.",
            "The secret instructions to the ambassador were found.",
            "The new instructions to the customs officers took effect.",
            "The original rules of golf were written in 1744.",
            "See the statute for the instructions that apply to ships.",
        ],
    )
    def test_what_speaks_to_readers(self, text: str) -> None:
        assert not addresses_a_model(text)


class TestAnswer:
    def test_is_in_the_models_words_with_the_characters_that_support_it(self, desk: Desk) -> None:
        answer = desk.ask(f"{RIGHT[:-1]} [1].")

        (citation,) = answer.citations
        document = desk.assistant.document(citation.document_id)
        assert answer.text == f"{RIGHT} [1]"
        assert [each.verdict for each in answer.statements] == ["supported"]
        assert document.text[citation.start : citation.end] == citation.quote
        assert "October 1, 1953" in citation.quote
        assert answer.short == "October 1, 1953"
        assert answer.note == ""

    def test_leaves_out_what_no_source_supports_and_says_so(self, desk: Desk) -> None:
        answer = desk.ask(f"{RIGHT} [1] {WRONG} [1]")

        assert answer.text == f"{RIGHT} [1]"
        assert answer.note == "1 sentence is left out: the sources do not support it, or it does not answer."

    def test_marks_it_where_the_settings_say_so(self, desk: Desk) -> None:
        answer = desk.ask(f"{RIGHT} [1] {WRONG} [1]", llm_policy="mark")

        assert [(each.text, each.verdict, bool(each.citations)) for each in answer.statements] == [
            (RIGHT, "supported", True),
            (WRONG, "unsupported", False),
        ]
        assert answer.text == f"{RIGHT} [1] {WRONG} (not supported)"
        assert answer.note == ""

    @pytest.mark.parametrize("policy", ["strict", "mark"])
    @pytest.mark.parametrize("reply", [WRONG, "?", "Yes.", "October 11, 1953."])
    def test_is_extracted_and_said_to_be_if_nothing_remains(self, desk: Desk, reply: str, policy: str) -> None:
        answer = desk.ask(reply, llm_policy=policy)
        extracted = desk.ask(reply, written=False)

        assert answer.statements == extracted.statements
        assert {each.verdict for each in answer.statements} == {"quoted"}
        assert answer.note.startswith("The sources support nothing that the language model wrote in answer.")
        assert extracted.note == ""

    def test_a_part_that_the_sources_do_not_answer_is_named_whoever_writes(self, desk: Desk) -> None:
        question, unsaid = f"{SIGNED} {BAKER}", f"“{BAKER}” The sources do not say."
        assert desk.ask(f"{RIGHT} [1]", question).note == unsaid
        instead = desk.ask(WRONG, question).note
        assert instead == f"{NOTHING_SUPPORTED} {INSTEAD} {unsaid}"

    def test_what_answers_one_part_of_the_question_answers(self, desk: Desk) -> None:
        question = f"{SIGNED} Which bases in South Korea are named?"
        bases = "Key installations include Osan Air Base, Camp Humphreys, and Kunsan Air Base."
        answer = desk.ask(f"{RIGHT} {bases}", question)
        assert [each.text for each in answer.statements] == [RIGHT, bases]

    @pytest.mark.parametrize("marker", ["[2]", "[7]", "[999]", ""])
    def test_a_marker_that_names_no_passage_or_the_wrong_one_is_put_right(self, desk: Desk, marker: str) -> None:
        answer = desk.ask(f"{RIGHT} {marker}")

        assert [each.quote.startswith("It was signed on October 1, 1953") for each in answer.citations] == [True]
        assert answer.text.endswith("[1]")

    def test_two_sentences_on_one_quote_share_its_marker(self, desk: Desk) -> None:
        answer = desk.ask("It was signed on October 1, 1953. It was signed shortly after the ceasefire.")

        assert len(answer.statements) == 2
        assert len(answer.citations) == 1
        assert answer.text.count("[1]") == 2

    def test_off_topic_is_refused_without_asking_the_model(self, desk: Desk) -> None:
        assert desk.ask("Leonardo painted it.", "Who painted the Mona Lisa?").refused
        assert desk.model.requests == []

    def test_a_model_that_finds_no_answer_does_not_hide_one_that_is_likely(self, desk: Desk) -> None:
        answer = desk.ask("The passages do not say.")

        assert not answer.refused
        assert answer.note.startswith("The language model found no answer in the passages.")

    def test_grows_as_something_that_is_not_checked(self, desk: Desk) -> None:
        desk.replies([f"{RIGHT} ", 0.2, WRONG, 0.2, " End."])
        *before, last = desk.assistant.stream(SIGNED)
        asked = desk.assistant.ask(SIGNED)

        assert any(each.provisional and each.text.startswith(RIGHT) for each in before)
        assert not any(each.citations for each in before)
        assert not any(each.refused for each in before if each.statements)
        assert not last.provisional
        assert last.statements == asked.statements
        assert Answer.from_dict(last.to_dict()) == last

    def test_is_quoted_where_sources_disagree(self, embedder: Embedder, tmp_path: Path) -> None:
        documents = [
            Document("a", "The mill at Arden", "The mill at Arden was built in 1911 by Ida Rask."),
            Document("b", "Arden", "The mill at Arden was built in 1934 by Ida Rask."),
        ]
        build_index(documents, tmp_path / "store", embedder=embedder)

        with (
            scripted_model("It was built in 1911.") as model,
            closing(Assistant.open(tmp_path / "store", llm=model.spec)) as assistant,
        ):
            assert assistant.ask("When was the mill at Arden built?").conflicts
            assert model.requests == []

    def test_none_is_written_where_the_settings_say_so(self, desk: Desk) -> None:
        assert desk.ask(RIGHT, written=False).statements[0].verdict == "quoted"
        assert desk.model.requests == []


class TestPrompt:
    def test_holds_rules_passages_the_question_and_what_is_wanted(self, desk: Desk) -> None:
        desk.ask(RIGHT)

        rules, asked = desk.model.requests[0]["messages"]
        assert rules["role"] == "system"
        assert "[1]" in rules["content"]
        assert asked["content"].startswith('<passage number="1" from="Mutual Defense Treaty')
        assert re.search(rf"Question: {re.escape(SIGNED)}\n\nAnswer [^\n]+:$", asked["content"])
        assert asked["content"].count("<passage") == 4

    def test_a_small_window_drops_the_last_passages_whole(self, desk: Desk, store: Path) -> None:
        desk.ask(RIGHT)
        many = desk.model.requests[0]["messages"][-1]["content"]
        with closing(Assistant.open(store, Settings(llm_window=1000), llm=desk.model.spec)) as assistant:
            desk.replies(RIGHT)
            assistant.ask(SIGNED)
        few = desk.model.requests[0]["messages"][-1]["content"]

        assert 1 <= few.count("<passage") < many.count("<passage")
        assert many.startswith(few.partition("\n\nQuestion:")[0])

    def test_a_window_too_small_for_a_passage_is_said(self, desk: Desk, store: Path) -> None:
        with closing(Assistant.open(store, Settings(llm_window=300), llm=desk.model.spec)) as assistant:
            answer = assistant.ask(SIGNED)

        assert "takes 300 tokens at a time, which is too few for one passage" in answer.note
        assert answer.statements[0].verdict == "quoted"

    def test_what_was_said_before_is_there_within_its_share(self, desk: Desk) -> None:
        turn = Turn("What is the Mutual Defense Treaty?", "A treaty.")
        long = Turn("What is an alliance?", "It is a relationship. " * 2000)
        asked = []
        for history in ([turn], [long, turn]):
            desk.ask(RIGHT, "When was it signed?", history)
            asked.append([(each["role"], each["content"][:30]) for each in desk.model.requests[0]["messages"]])

        assert asked[0] == asked[1]
        assert asked[0][1:3] == [("user", "What is the Mutual Defense Tre"), ("assistant", "A treaty.")]

    def test_an_earlier_answer_is_no_evidence(self, desk: Desk) -> None:
        history = [Turn("What is the Mutual Defense Treaty?", f"A treaty. {WRONG}")]

        assert {each.verdict for each in desk.ask(WRONG, "When was it signed?", history).statements} == {"quoted"}


class TestFaults:
    @pytest.mark.parametrize(
        ("reply", "said"),
        [
            (ScriptedModel.HANG, "5 s"),
            ([f"{RIGHT} ", ScriptedModel.HANG], "5 s"),
            ([f"{RIGHT} ", ScriptedModel.CUT], "scripted"),
            (b"not json", "scripted"),
            (500, "answered with an error. "),
            (404, "is not there. "),
            ("", "scripted"),
        ],
    )
    def test_the_sources_are_quoted_instead_and_it_says_why(self, desk: Desk, reply: Reply, said: str) -> None:
        answer = desk.ask(reply)

        assert {each.verdict for each in answer.statements} == {"quoted"}
        assert said in answer.note
        assert answer.note.endswith("These sentences are quoted from the sources instead.")

    def test_where_the_server_is_and_what_it_says_is_for_those_who_run_it(
        self, desk: Desk, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer = desk.ask(Refusal(404, "nothing at /srv/models/secret"))

        assert "secret" not in answer.note
        assert "127.0.0.1" not in answer.note
        assert "at 'http://127.0.0.1:" in caplog.text
        assert "nothing at /srv/models/secret" in caplog.text

    def test_one_that_goes_on_and_on_is_stopped_when_it_has_said_enough(self, desk: Desk) -> None:
        desk.replies(chain([f"{RIGHT} "], (f"Of {number} there is more. " for number in count(1))))

        assert [each.text for each in desk.assistant.ask(SIGNED).statements] == [RIGHT]

    def test_one_may_think_for_long_before_it_answers(self, desk: Desk) -> None:
        thoughts = " ".join(f"Of {number} I am not sure." for number in range(150))

        assert desk.ask(f"<think>{thoughts}</think>{RIGHT}").statements[0].text == RIGHT
        assert desk.model.requests[0]["max_tokens"] > 1000

    def test_endless_repetition_is_cut_off(self, desk: Desk) -> None:
        answer = desk.ask([f"{RIGHT} "] * 10_000)

        assert desk.model.left.wait(5)
        assert answer.text == f"{RIGHT} [1]"

    def test_a_reader_who_stops_cancels_the_request(self, desk: Desk) -> None:
        desk.replies(ScriptedModel.HANG)
        growing = desk.assistant.stream(SIGNED)
        while not desk.model.requests:
            next(growing)
        growing.close()  # type: ignore[attr-defined]

        assert desk.model.left.wait(5)


def test_the_model_is_left_to_who_opened_the_assistant(desk: Desk) -> None:
    desk.replies(RIGHT)
    desk.assistant.adjusted(statements=1).close()

    assert desk.assistant.ask(SIGNED).text == f"{RIGHT} [1]"
