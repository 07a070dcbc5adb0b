"""Asking in the browser: from the question to the words of the source, and what can be done with an answer."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from assistant.conversations import Conversations
from docs.screenshots import STRENGTH, STRENGTH_QUESTION, add
from tests.served import Served
from tests.web.barriers import expect_no_barrier
from tests.web.browsing import (
    FOLLOW_UP,
    KNOWN,
    OFF_TOPIC,
    OTHER,
    ask,
    box,
    expect_quote_shown,
    finished,
    marker_of,
    more,
    open_page,
    saved,
    usable,
)
from tests.web.slow import SECONDS, SLOWLY

Browse = Callable[..., BrowserContext]

LONG = "Tell me about the alliance between the two countries. " * 30


class TestAnswers:
    def test_a_marker_opens_the_source_at_the_quote(self, page: Page) -> None:
        exchange = ask(page, KNOWN)
        expect(exchange.locator(".statement").first).to_contain_text("1953")
        marker = marker_of(exchange)
        marker.click()
        expect_quote_shown(page, marker)

    def test_markers_of_earlier_answers_still_open_their_quotes(self, page: Page) -> None:
        first = ask(page, KNOWN)
        marker_of(ask(page, OTHER)).click()
        marker_of(first).click()
        expect_quote_shown(page, marker_of(first))

    def test_a_follow_up_says_what_was_searched_for(self, page: Page) -> None:
        ask(page, KNOWN)
        expect(ask(page, FOLLOW_UP).locator(".searched")).to_contain_text("Mutual Defense Treaty")

    def test_what_the_sources_do_not_say_is_refused_with_the_closest_passages(self, page: Page) -> None:
        exchange = ask(page, OFF_TOPIC)
        expect(exchange.locator(".refusal")).to_be_visible()
        expect(exchange.locator(".marker")).to_have_count(0)
        exchange.locator(".passages [data-open]").first.click()
        expect(page.locator("#pane mark").first).to_be_in_viewport()

    def test_suggestions_can_be_asked_before_and_after(self, page: Page) -> None:
        for turn, suggestions in enumerate(("#welcome [data-ask]", ".follow-ups [data-ask]")):
            suggestion = page.locator(suggestions).first
            question = suggestion.text_content() or ""
            suggestion.click()
            exchange = finished(page, turn)
            expect(exchange.locator(".question")).to_have_text(question)
            expect(exchange.locator(".marker").first).to_be_visible()
        expect(page.locator("#welcome")).to_be_hidden()

    def test_markup_in_a_question_stays_text(self, page: Page) -> None:
        question = "<img src=x onerror=\"document.title='hacked'\"> **bold** $x$ Who signed it?"
        expect(ask(page, question).locator(".question")).to_have_text(question)
        expect(page.locator(".exchange img")).to_have_count(0)
        expect(page).not_to_have_title("hacked")

    def test_any_source_can_be_opened_to_read(self, page: Page) -> None:
        source = page.locator("#pane .documents button").last
        title = source.text_content() or ""
        source.click()
        expect(page.locator("#pane h2")).to_have_text(title)
        expect(page.locator("#pane mark")).to_have_count(0)
        page.get_by_role("button", name="All sources").click()
        expect(page.locator("#pane .documents li")).to_have_count(3)

    def test_sources_that_disagree_stand_side_by_side(self, context: BrowserContext, adding: str) -> None:
        page = open_page(context, adding)
        add(page, "strength-report.md", "text/markdown", STRENGTH.encode())
        conflict = ask(page, STRENGTH_QUESTION).locator(".conflict")
        expect(conflict).to_have_attribute("aria-label", re.compile("disagree"))
        sides = conflict.locator("li")
        expect(sides).to_have_count(2)
        expect(sides.filter(has_text="28,500").locator("cite")).to_have_text("Strength report")
        expect(sides.filter(has_text="37,000").locator("cite")).not_to_have_text("Strength report")
        left, right = (side.bounding_box() for side in sides.all())
        assert left
        assert right
        assert left["y"] == right["y"]
        assert left["x"] + left["width"] <= right["x"]
        for side in sides.all():
            marker_of(side).click()
            expect_quote_shown(page, marker_of(side))
        expect_no_barrier(page)

    def test_a_question_that_leaves_open_what_it_is_about_is_asked_back(self, page: Page) -> None:
        asked_back = ask(page, "How much is it?").locator(".refusal.asking .says")
        expect(asked_back).to_contain_text("?")
        expect(page.locator(".marker")).to_have_count(0)

    def test_an_empty_question_is_a_sentence_and_is_not_saved(self, page: Page, conversations: Conversations) -> None:
        expect(ask(page, "  ?! ").locator(".problem")).to_contain_text("The question has no words")
        assert conversations.list() == ()

    def test_enter_in_a_blank_box_leaves_the_conversation_as_it_is(self, page: Page) -> None:
        ask(page, KNOWN)
        for blank in ("", "   "):
            box(page).fill(blank)
            box(page).press("Enter")
            page.wait_for_timeout(1000)  # there is nothing to wait for: nothing is to change
            expect(page.locator(".exchange")).to_have_count(1)
        expect(ask(page, OTHER)).to_be_visible()


class TestBox:
    def test_shift_and_enter_break_the_line_and_enter_asks(self, page: Page) -> None:
        box(page).fill("When was the treaty")
        box(page).press("Shift+Enter")
        box(page).press_sequentially("signed?")
        expect(box(page)).to_have_value("When was the treaty\nsigned?")
        box(page).press("Enter")
        expect(finished(page, 0).locator(".question")).to_have_text("When was the treaty\nsigned?")
        expect(box(page)).to_have_value("")
        expect(box(page)).to_be_focused()

    def test_it_grows_with_a_long_text_and_stays_within_the_window(self, page: Page) -> None:
        low = (box(page).bounding_box() or {})["height"]
        box(page).fill(LONG)
        page.wait_for_timeout(200)
        high = (box(page).bounding_box() or {})["height"]
        assert 3 * low < high < 0.5 * 800
        expect(page.locator("#send")).to_be_in_viewport()

    def test_it_has_the_focus_from_the_beginning(self, page: Page) -> None:
        expect(box(page)).to_be_focused()

    def test_what_is_typed_while_an_answer_grows_is_kept(self, page: Page) -> None:
        box(page).fill(KNOWN)
        box(page).press("Enter")
        expect(box(page)).to_have_value("")
        box(page).press_sequentially("And the next")
        finished(page, 0)
        expect(box(page)).to_have_value("And the next")

    def test_enter_that_ends_the_composition_of_a_word_asks_nothing(self, page: Page) -> None:
        box(page).focus()
        keyboard = page.context.new_cdp_session(page)
        keyboard.send("Input.imeSetComposition", {"text": "条約", "selectionStart": 2, "selectionEnd": 2})
        expect(box(page)).to_have_value("条約")
        # What a browser sends for a key that the input method takes.
        keyboard.send(
            "Input.dispatchKeyEvent",
            {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229},
        )
        keyboard.send("Input.insertText", {"text": "条約"})
        box(page).press_sequentially(" 1953")
        box(page).press("Enter")
        expect(finished(page, 0).locator(".question")).to_have_text("条約 1953")

    def test_on_a_touch_screen_it_gives_the_room_of_the_keyboard_back(self, browse: Browse, server: Served) -> None:
        page = open_page(browse(390, 844, has_touch=True, is_mobile=True), server.address)
        for _ in range(2):
            box(page).tap()
            ask(page, KNOWN)
            expect(box(page)).not_to_be_focused()
            page.locator("#fresh").tap()
            expect(page.locator(".exchange")).to_have_count(0)


class TestAgain:
    def test_the_last_answer_gives_way_to_a_new_one(self, page: Page, conversations: Conversations) -> None:
        ask(page, KNOWN)
        (before,) = conversations.list()
        page.locator("[data-retry]").click()
        wait_until(lambda: conversations.list()[0].updated > before.updated)
        finished(page, 0)
        expect(page.locator(".exchange")).to_have_count(1)
        assert [(each.id, each.turns) for each in conversations.list()] == [(before.id, 1)]

    def test_the_last_question_can_be_changed(self, page: Page, conversations: Conversations) -> None:
        ask(page, OTHER)
        change_question(page, 0, KNOWN)
        expect(page.locator(".question")).to_have_text([KNOWN])
        expect(finished(page, 0).locator(".statement").first).to_contain_text("1953")
        assert [each.turns for each in conversations.list()] == [1]

    def test_changing_an_earlier_question_goes_on_in_a_new_conversation(
        self, page: Page, conversations: Conversations
    ) -> None:
        for question in (KNOWN, FOLLOW_UP, OTHER):
            ask(page, question)
        first = page.url
        change_question(page, 1, "Who signed it?")
        expect(page.locator(".question")).to_have_text([KNOWN, "Who signed it?"])
        expect(page.get_by_role("status").filter(has_text="new conversation")).to_be_visible()
        expect(page).not_to_have_url(first)
        expect(saved(page)).to_have_count(2)
        page.goto(first)
        expect(page.locator(".question")).to_have_text([KNOWN, FOLLOW_UP, OTHER])
        assert sorted(each.turns for each in conversations.list()) == [2, 3]


class TestFeedback:
    def test_a_rating_and_a_note_are_kept(self, page: Page, conversations: Conversations) -> None:
        ask(page, KNOWN)
        thumb = page.locator('[data-rate="down"]')
        thumb.click()
        expect(thumb).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="Add a note").click()
        page.locator('[data-form="note"] textarea').fill("The <b>month</b> is missing")
        page.locator('[data-form="note"] [type="submit"]').click()
        wait_until(lambda: rated(conversations) == ("down", "The <b>month</b> is missing"))
        page.reload()
        expect(page.locator('[data-rate="down"]')).to_have_attribute("aria-pressed", "true")
        page.locator('[data-rate="down"]').click()
        wait_until(lambda: rated(conversations)[0] is None)

    def test_one_that_cannot_be_kept_does_not_look_kept(self, page: Page, conversations: Conversations) -> None:
        ask(page, KNOWN)
        wait_until(lambda: len(conversations.list()) == 1)
        conversations.delete(conversations.list()[0].id)  # as another tab may
        thumb = page.locator('[data-rate="up"]')
        for _ in ("once", "once more"):
            thumb.click()
            expect(page.locator("#notice")).not_to_be_empty()
            expect(thumb).to_have_attribute("aria-pressed", "false")


class TestStop:
    def test_an_answer_is_stopped_at_once_and_the_next_can_be_asked(
        self, context: BrowserContext, other_address: str
    ) -> None:
        page = open_page(context, other_address)
        box(page).fill(f"{SLOWLY}: {KNOWN}")
        box(page).press("Enter")
        asked = time.perf_counter()
        page.locator("#stop").click()
        expect(finished(page, 0).locator(".stopped")).to_contain_text("Stopped")
        assert time.perf_counter() - asked < SECONDS
        expect(page.locator("#send")).to_be_visible()
        expect(box(page)).to_be_focused()
        expect(ask(page, KNOWN).locator(".statement").first).to_contain_text("1953")
        # What was stopped does not come after all, and stays what it was.
        page.wait_for_timeout(1000 * max(0, asked + SECONDS + 0.5 - time.perf_counter()))
        for _ in ("shown", "reloaded"):
            expect(page.locator(".question")).to_have_count(2)
            expect(page.locator(".exchange").first.locator(".stopped")).to_have_text(re.compile("Stopped before"))
            expect(page.locator(".exchange").first.locator(".statement, .thumb")).to_have_count(0)
            page.reload()

    def test_what_is_rated_meanwhile_stays_rated(self, context: BrowserContext, other_address: str) -> None:
        page = open_page(context, other_address)
        thumb = ask(page, OTHER).locator('[data-rate="up"]')
        begin_to_answer(page, KNOWN)
        thumb.click()
        finished(page, 1)
        expect(thumb).to_have_attribute("aria-pressed", "true")
        # And the conversation is listened to as before.
        suggestion = page.locator(".follow-ups [data-ask]").first
        question = suggestion.text_content() or ""
        suggestion.click()
        expect(finished(page, 2).locator(".question")).to_have_text(question)

    def test_the_list_shows_what_is_searched_for_when_the_answer_comes(
        self, context: BrowserContext, other_address: str
    ) -> None:
        page = open_page(context, other_address)
        begin_to_answer(page)
        page.get_by_label("Search conversations").fill("zeppelins")
        expect(page.locator("#conversations")).to_contain_text("No conversation has these words")
        finished(page, 0)
        page.wait_for_timeout(500)  # for the list that came with the answer
        expect(page.locator("#conversations")).to_contain_text("No conversation has these words")

    def test_what_is_deleted_meanwhile_stays_deleted(self, context: BrowserContext, other_address: str) -> None:
        page = open_page(context, other_address)
        ask(page, KNOWN)
        others = saved(page).count() - 1
        begin_to_answer(page)
        asked = time.perf_counter()
        more(page).get_by_role("button", name="Delete").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(saved(page)).to_have_count(others)
        page.wait_for_timeout(1000 * max(0, asked + SECONDS + 0.5 - time.perf_counter()))
        expect(page.locator(".exchange")).to_have_count(0)
        page.reload()
        usable(page)
        expect(saved(page)).to_have_count(others)


def begin_to_answer(page: Page, question: str = OTHER) -> None:
    """Asks what takes SECONDS to answer, and waits until the page shows that it has begun."""
    box(page).fill(f"{SLOWLY}: {question}")
    box(page).press("Enter")
    expect(page.locator('.exchange[aria-busy="true"]')).to_be_visible()


def rated(conversations: Conversations) -> tuple[str | None, str]:
    (summary,) = conversations.list()
    (turn,) = conversations.read(summary.id).turns
    return turn.rating, turn.note


def change_question(page: Page, turn: int, question: str) -> None:
    exchange = page.locator(f'.exchange[data-turn="{turn}"]')
    exchange.get_by_role("button", name="Edit question").click()
    exchange.locator('[data-form="edit"] textarea').fill(question)
    exchange.locator('[data-form="edit"] textarea').press("Enter")


def wait_until(holds: object, seconds: float = 10) -> None:
    assert callable(holds)
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
