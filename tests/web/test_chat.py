"""What a tab shows and what becomes of it, without a browser: places that can be opened, asking, saving."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from assistant import Answer, Assistant, Citation, Hit, Passage, Statement, Turn
from assistant.conversations import Conversations, Summary
from assistant.errors import LibraryError, QuestionError, TooManyRequests
from assistant.library import Libraries
from assistant.settings import Settings
from assistant.suggest import Suggestions
from assistant.web.asking import DELETED, FORKED, GONE, KEPT, RATED, Asking
from assistant.web.conversation import Chat, Exchange, Place, find_place, history
from assistant.web.panels.conversations import ago, render_conversations
from assistant.web.preferences import Preferences
from tests.web.browsing import FOLLOW_UP, KNOWN, OTHER

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


class ScriptedAssistant:
    """Answers every question with a sentence of its own, and at once."""

    def adjusted(self, **_: object) -> ScriptedAssistant:
        return self

    def stream(self, question: str, history: Sequence[Turn], **_: object) -> Iterator[Answer]:
        if not any(map(str.isalnum, question)):
            raise QuestionError("The question has no words.")
        yield Answer(question, question, "")
        said = f"{question} is answered after {len(history)} others."
        cited = (Citation(1, "d", "T", 0, len(said), said),)
        yield Answer(question, question, f"{said} [1]", (Statement(said, cited, "quoted"),), cited)


class ScriptedLibrary:
    """All that asking calls of a library."""

    suggestions = Suggestions()

    @contextmanager
    def assistant(self) -> Iterator[ScriptedAssistant]:
        yield ScriptedAssistant()


@pytest.fixture
def asking(tmp_path: Path) -> Asking:
    conversations = Conversations(tmp_path / "conversations.sqlite", "ann")
    library: Any = ScriptedLibrary()  # Asking names the class of the real one, of which it needs so little.
    return Asking(library, conversations, Preferences.of(Settings()))


@pytest.fixture
def reading(asking: Asking, assistant: Assistant, tmp_path: Path) -> Iterator[Asking]:
    """The same with the shipped sources, and answers that are found there."""
    with closing(Libraries(assistant, tmp_path / "libraries")) as libraries:
        yield replace(asking, library=libraries.of("ann"))


def last(chats: Iterator[Chat]) -> Chat:
    *_, chat = chats
    return chat


def said(asking: Asking, *questions: str) -> Chat:
    chat = Chat()
    for question in questions:
        chat = last(asking.ask(chat, question))
    return chat


def refuse() -> None:
    raise TooManyRequests("That is more than 5 questions in a minute. Try again in 5 s.", 5)


def questions(asking: Asking, identity: str) -> list[str]:
    return [turn.answer.question for turn in asking.conversations.read(identity).turns]


class TestPlaces:
    def test_places_are_found_only_among_what_was_answered(self) -> None:
        cited = Citation(2, "d", "T", 0, 3, "abc")
        passage = Passage("d", "T", "", 7, 9, "xy")
        conversation = (
            Exchange("q", Answer("q", "q", "", (Statement("s", (cited,), "quoted"),), (cited,)), finished=True),
            Exchange("r", Answer("r", "r", "", hits=(Hit(passage, 1),))),
        )
        assert find_place(conversation, "citation:0:2") == Place("d", 0, 3, "abc", "T")
        assert find_place(conversation, "passage:1:0") == Place("d", 7, 9, "xy", "T")
        assert find_place(conversation, "document:d") == Place("d")
        for wrong in (
            "", "citation", "citation:0", "citation:0:1", "citation:2:1", "citation:-1:2", "citation:0:²",
            "passage:1:1", "passage:0:0", "file:0:0", f"citation:{'9' * 5000}:1", "citation:0:2:3",
        ):  # fmt: skip
            assert find_place(conversation, wrong) is None

    def test_what_was_not_answered_is_no_history(self) -> None:
        answer = Answer("q", "q", "No.")
        conversation = (
            Exchange("q", answer, finished=True),
            Exchange("", problem="Empty.", finished=True),
            Exchange("s", Answer("s", "s", ""), finished=True, stopped=True),
            Exchange("r", answer),
        )
        assert [turn.question for turn in history(conversation)] == ["q"]


class TestAsking:
    def test_answers_are_saved_once_they_are_whole(self, asking: Asking) -> None:
        growing = asking.ask(Chat(), KNOWN)
        assert next(growing).exchanges[0].finished is False
        assert asking.conversations.list() == ()
        chat = last(growing)
        assert questions(asking, chat.id) == [KNOWN]
        assert asking.open(chat.id).exchanges == chat.exchanges

    @pytest.mark.parametrize(("words", "statements"), [(1, 0), (3, 1)])
    def test_what_was_stopped_is_saved_as_far_as_it_came(self, asking: Asking, words: int, statements: int) -> None:
        growing = asking.ask(Chat(), KNOWN)
        for _ in range(words):
            chat = next(growing)
        chat = asking.stop(chat)
        assert list(growing) == []
        (exchange,) = chat.exchanges
        assert (exchange.finished, exchange.stopped) == (True, True)
        assert exchange.answer
        assert len(exchange.answer.statements) == statements
        assert asking.stop(chat) == chat
        assert asking.open(chat.id).exchanges == chat.exchanges
        assert len(history(chat.exchanges)) == statements
        assert questions(asking, last(asking.ask(chat, OTHER)).id) == [KNOWN, OTHER]

    def test_what_nobody_waits_for_any_more_is_saved_as_stopped(self, asking: Asking) -> None:
        growing = asking.ask(Chat(), KNOWN)
        next(growing)
        growing.close()  # type: ignore[attr-defined]  # as Gradio does when the page is closed
        (summary,) = asking.conversations.list()
        assert [turn.stopped for turn in asking.conversations.read(summary.id).turns] == [True]

    @pytest.mark.parametrize("question", [None, OTHER])
    def test_what_was_to_replace_an_answer_and_is_stopped_leaves_it(self, asking: Asking, question: str | None) -> None:
        chat = asking.rate(said(asking, KNOWN), 0, "up", "")
        stopped = asking.stop(next(asking.ask_again(chat, 0, question)))
        assert (stopped.exchanges, stopped.notice) == (chat.exchanges, KEPT)
        assert asking.open(chat.id).exchanges == chat.exchanges

    @pytest.mark.parametrize(("question", "full", "problem"), [(None, True, "Try again"), ("?!", False, "no words")])
    def test_what_was_to_replace_an_answer_and_meets_a_problem_leaves_it(
        self, asking: Asking, question: str | None, full: bool, problem: str
    ) -> None:
        chat = asking.rate(said(asking, KNOWN, FOLLOW_UP), 0, "up", "")
        kept = last(replace(asking, admit=refuse if full else asking.admit).ask_again(chat, 1, question))
        assert (kept.exchanges, kept.growth) == (chat.exchanges, None)
        assert problem in kept.notice
        again = last(asking.ask_again(kept, 1, OTHER))
        assert (again.id, again.notice) == (chat.id, "")
        assert questions(asking, chat.id) == [KNOWN, OTHER]
        assert asking.open(chat.id).exchanges == again.exchanges

    def test_what_comes_first_counts_the_last_words_or_the_stop(self, asking: Asking) -> None:
        *_, growing, whole = asking.ask(Chat(), KNOWN)
        assert asking.stop(growing) == whole
        assert last(asking.ask(growing, OTHER)).id == whole.id
        assert questions(asking, whole.id) == [KNOWN, OTHER]

    def test_what_is_rated_while_a_later_answer_grows_shows_at_once(self, asking: Asking) -> None:
        growing = asking.ask(said(asking, KNOWN), OTHER)
        rated = asking.rate(next(growing), 0, "down", "Too short")
        assert rated.growth
        for chat in (rated, next(growing), last(growing)):
            assert [(each.rating, each.note) for each in chat.exchanges] == [("down", "Too short"), (None, "")]

    def test_a_conversation_deleted_while_its_answer_grows_stays_deleted(self, asking: Asking) -> None:
        growing = asking.ask(said(asking, KNOWN), OTHER)
        assert asking.delete(next(growing)) == Chat(notice=DELETED)
        assert list(growing) == []
        assert asking.conversations.list() == ()

    def test_what_cannot_be_deleted_stays_shown(self, asking: Asking) -> None:
        chat = said(asking, KNOWN)
        asking.conversations.path.write_text("This is no database, but something longer than its header would be.")
        shown = asking.delete(chat)
        assert shown.exchanges == chat.exchanges
        assert "no file of conversations" in shown.notice

    def test_one_answer_at_a_time(self, asking: Asking) -> None:
        growing = asking.ask(Chat(), KNOWN)
        busy = next(growing)
        assert list(asking.ask(busy, OTHER)) == []
        assert list(asking.ask_again(busy, 0)) == []

    def test_the_last_answer_is_replaced(self, asking: Asking) -> None:
        chat = said(asking, KNOWN, FOLLOW_UP)
        again = last(asking.ask_again(chat, 1, OTHER))
        assert again.id == chat.id
        assert questions(asking, chat.id) == [KNOWN, OTHER]

    @pytest.mark.parametrize(("rating", "note"), [("down", ""), (None, "The month is missing")])
    def test_the_last_answer_is_kept_if_it_was_rated(
        self, asking: Asking, rating: Literal["down"] | None, note: str
    ) -> None:
        chat = said(asking, KNOWN, FOLLOW_UP)
        asking.rate(chat, 1, rating, f" {note} ")  # in another tab: this one does not know
        again = last(asking.ask_again(chat, 1, OTHER))
        assert again.notice == RATED
        assert questions(asking, again.id) == [KNOWN, OTHER]
        assert [(each.rating, each.note) for each in asking.open(chat.id).exchanges] == [(None, ""), (rating, note)]

    def test_what_branches_off_and_meets_a_problem_does_so_when_it_is_answered(self, asking: Asking) -> None:
        chat = asking.rate(said(asking, KNOWN, FOLLOW_UP, OTHER), 0, "up", "")
        problem = last(asking.ask_again(chat, 1, "?!"))
        assert "not saved" in asking.rate(problem, 0, "down", "").notice
        again = last(asking.ask_again(problem, 1, OTHER))
        assert questions(asking, again.id) == [KNOWN, OTHER]
        assert asking.rate(again, 0, "down", "").exchanges[0].rating == "down"
        assert [each.rating for each in asking.open(chat.id).exchanges] == ["up", None, None]

    def test_from_an_earlier_turn_it_goes_on_elsewhere(self, asking: Asking) -> None:
        chat = asking.rate(said(asking, KNOWN, FOLLOW_UP, OTHER), 0, "up", "")
        other = last(asking.ask_again(chat, 1, "Who signed it?"))
        assert other.notice == FORKED
        assert last(asking.ask(other, OTHER)).notice == ""
        assert questions(asking, other.id) == [KNOWN, "Who signed it?", OTHER]
        assert questions(asking, chat.id) == [KNOWN, FOLLOW_UP, OTHER]
        assert asking.open(other.id).exchanges[:2] == other.exchanges

    def test_problems_between_answers_do_not_shift_what_is_rated(self, asking: Asking) -> None:
        chat = asking.rate(said(asking, KNOWN, "?!", OTHER), 2, "down", "")
        assert [turn.rating for turn in asking.conversations.read(chat.id).turns] == [None, "down"]
        assert "not saved" in asking.rate(chat, 1, "up", "").notice

    def test_what_was_deleted_elsewhere_does_not_come_back(self, asking: Asking) -> None:
        shown = [said(asking, KNOWN, OTHER) for _ in range(4)]
        for chat in shown:
            asking.conversations.delete(chat.id)
            assert "deleted meanwhile" in asking.rate(chat, 0, "up", "").notice
        changed = [last(asking.ask_again(chat, turn)) for turn, chat in enumerate(shown[:2])]
        changed += [last(asking.ask_again(shown[2], 0, OTHER)), last(asking.ask(shown[3], FOLLOW_UP))]
        for chat, question in zip(changed, (KNOWN, OTHER, OTHER, FOLLOW_UP), strict=True):
            assert chat.notice == GONE
            assert [each.question for each in chat.exchanges] == questions(asking, chat.id) == [question]
            assert last(asking.ask(chat, OTHER)).id == chat.id

    def test_what_cannot_be_saved_is_answered_all_the_same(self, asking: Asking) -> None:
        asking.conversations.path.write_text("This is no database, but something longer than its header would be.")
        chat = said(asking, KNOWN)
        assert chat.exchanges[0].answer
        assert chat.notice
        assert chat.id == ""
        assert asking.open("0" * 32).notice

    def test_a_library_that_cannot_be_opened_is_a_problem(self, asking: Asking) -> None:
        library: Any = ClosedLibrary()
        closed = replace(asking, library=library)
        (chat,) = closed.ask(Chat(), KNOWN)
        assert chat.exchanges == (Exchange(KNOWN, problem="The library cannot be read.", finished=True),)
        assert chat.growth is None

    def test_preferences_and_chosen_documents_count(self, reading: Asking, assistant: Assistant) -> None:
        few = replace(reading, preferences=Preferences(passages=3, statements=1, certainty=0))
        answer = said(few, KNOWN).exchanges[0].answer
        assert answer
        assert len(answer.statements) == 1
        assert len(answer.hits) <= 3
        for document in assistant.documents:
            answer = said(replace(reading, documents=[document.id]), KNOWN).exchanges[0].answer
            assert answer
            assert {hit.passage.document_id for hit in answer.hits} == {document.id}

    @pytest.mark.parametrize("turn", [-1, 1, 10**9])
    def test_turns_that_are_not_there_change_nothing(self, asking: Asking, turn: int) -> None:
        chat = said(asking, KNOWN)
        assert list(asking.ask_again(chat, turn)) == []
        assert asking.rate(chat, turn, "up", "") == chat


class ClosedLibrary:
    """A library whose folder cannot be read."""

    @contextmanager
    def assistant(self) -> Iterator[Assistant]:
        raise LibraryError("The library cannot be read.")
        yield


class TestList:
    @pytest.mark.parametrize(
        ("past", "words"),
        [
            ({"seconds": -5}, "just now"),
            ({"seconds": 59}, "just now"),
            ({"minutes": 59}, "59 min ago"),
            ({"hours": 23}, "23 h ago"),
            ({"hours": 30}, "yesterday"),
            ({"days": 6}, "6 days ago"),
            ({"days": 7}, "13 May"),
            ({"days": 365}, "20 May 2025"),
        ],
    )
    def test_dates_are_said_as_they_are_thought_of(self, past: dict[str, int], words: str) -> None:
        assert ago(NOW - timedelta(**past), NOW) == words

    def test_titles_and_ids_stay_text(self) -> None:
        html = render_conversations([Summary("<i>", '"><script>', NOW, 2)], '"><b>', "", NOW)
        assert not any(tag in html for tag in ("<i>", "<script>", "<b>"))
        assert "2 questions" in html

    def test_a_long_list_is_cut_and_says_how_to_find_the_others(self) -> None:
        hint = "Older ones are found by their words."
        for held, listed in ((100, 100), (101, 100)):
            summaries = [Summary(str(number), f"Question {number}", NOW, 1) for number in range(held)]
            html = render_conversations(summaries, "0", "", NOW)
            assert html.count("<li") == listed
            assert (hint in html) is (held > listed)
