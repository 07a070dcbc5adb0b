"""The list of saved conversations: reopened, found, renamed, deleted, exported; and two tabs beside each other."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from assistant import Answer, Citation, Statement
from assistant.conversations import Conversations
from tests.served import Served
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

HOSTILE = '"><img src=x onerror=alert(1)> <script>document.title="hacked"</script> \u202eright to left\u202c'


@pytest.fixture(autouse=True)
def _nothing_saved(conversations: Conversations) -> None:
    """Each test begins with an empty list."""


class TestReopening:
    def test_a_reload_restores_it_with_citations_that_open(self, page: Page) -> None:
        for question in (KNOWN, OFF_TOPIC):
            ask(page, question)
        page.reload()
        expect(page.locator(".question")).to_have_text([KNOWN, OFF_TOPIC])
        expect(page.locator(".follow-ups [data-ask]").first).to_be_visible()
        marker = marker_of(page.locator(".exchange").first)
        marker.click()
        expect_quote_shown(page, marker)
        # What was said before is known again.
        expect(ask(page, FOLLOW_UP).locator(".searched")).to_be_visible()

    def test_the_list_opens_each_and_a_new_one_is_empty(self, page: Page) -> None:
        ask(page, KNOWN)
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".exchange")).to_have_count(0)
        expect(page.locator("#welcome h2")).to_be_visible()
        expect(box(page)).to_be_focused()
        expect(page).not_to_have_url(re.compile("conversation="))
        # Nothing of the conversation before is referred to.
        expect(ask(page, FOLLOW_UP).locator(".searched")).to_have_count(0)
        expect(saved(page)).to_have_text([FOLLOW_UP, KNOWN])
        saved(page).nth(1).click()
        expect(page.locator(".question")).to_have_text([KNOWN])
        expect(saved(page).nth(1)).to_have_attribute("aria-current", "page")

    @pytest.mark.parametrize("identity", ["0" * 32, "%22%3E%3Cimg%20src=x%3E", "../users"])
    def test_an_unknown_one_is_a_sentence_and_a_new_conversation(
        self, context: BrowserContext, server: Served, identity: str
    ) -> None:
        page = open_page(context, f"{server.address}/?conversation={identity}")
        expect(page.get_by_role("status").filter(has_text="There is no conversation")).to_be_visible()
        expect(page.locator("#welcome h2")).to_be_visible()
        expect(page).not_to_have_url(re.compile("conversation="))
        expect(page.locator("#notice img")).to_have_count(0)

    def test_a_quote_whose_document_is_gone_is_marked_and_still_shown(
        self, context: BrowserContext, server: Served, conversations: Conversations
    ) -> None:
        quote = "It was agreed in 1999."
        cited = Citation(1, "a-document-of-then", "Of then", 0, len(quote), quote)
        identity = conversations.start()
        conversations.add(identity, Answer("When?", "When?", quote, (Statement(quote, (cited,), "quoted"),), (cited,)))
        page = open_page(context, f"{server.address}/?conversation={identity}")
        expect(page.locator(".exchange")).to_contain_text("source no longer here")
        marker_of(page.locator(".exchange")).click()
        expect(page.locator("#pane")).to_contain_text(quote)

    def test_two_tabs_do_not_disturb_each_other(self, context: BrowserContext, server: Served) -> None:
        one, two = open_page(context, server.address), open_page(context, server.address)
        for page, question in ((one, KNOWN), (two, OTHER)):
            box(page).fill(question)
        for page in (one, two):
            box(page).press("Enter")
        for page, question in ((one, KNOWN), (two, OTHER)):
            exchange = finished(page, 0)
            expect(page.locator(".question")).to_have_text([question])
            marker_of(exchange).click()
            expect_quote_shown(page, marker_of(exchange))
            expect(page).to_have_url(re.compile("conversation="))
        assert one.url != two.url

    def test_one_that_another_tab_deleted_does_not_come_back(self, page: Page, conversations: Conversations) -> None:
        ask(page, KNOWN)
        (before,) = conversations.list()
        conversations.delete(before.id)
        box(page).fill(FOLLOW_UP)
        box(page).press("Enter")
        expect(page.locator("#notice")).to_contain_text("deleted meanwhile")
        expect(page.locator(".question")).to_have_text([FOLLOW_UP])
        (after,) = conversations.list()
        assert after.id != before.id
        assert [turn.answer.question for turn in conversations.read(after.id).turns] == [FOLLOW_UP]

    def test_an_answer_in_the_place_of_a_deleted_one_opens_its_own_source(
        self, page: Page, conversations: Conversations
    ) -> None:
        marker_of(ask(page, KNOWN)).click()
        (before,) = conversations.list()
        conversations.delete(before.id)
        box(page).fill(OTHER)
        box(page).press("Enter")
        expect(page.locator("#notice")).to_contain_text("deleted meanwhile")
        marker = marker_of(finished(page, 0))
        marker.click()
        expect_quote_shown(page, marker)


class TestList:
    @pytest.fixture
    def listed(self, context: BrowserContext, server: Served, conversations: Conversations) -> Page:
        """The page, with two conversations in the list."""
        for question, text in (("About bridges", "It is made of steel."), (HOSTILE, "It is not.")):
            conversations.add(conversations.start(), Answer(question, question, text))
        return open_page(context, server.address)

    def test_it_is_searched_as_one_types(self, listed: Page) -> None:
        expect(saved(listed)).to_have_count(2)
        listed.get_by_label("Search conversations").press_sequentially("stee")
        expect(saved(listed)).to_have_text(["About bridges"])
        listed.get_by_label("Search conversations").fill("nowhere")
        expect(listed.locator("#conversations")).to_contain_text("No conversation has these words")
        listed.get_by_label("Search conversations").fill("")
        expect(saved(listed)).to_have_count(2)

    def test_what_an_earlier_search_found_does_not_stay(self, listed: Page) -> None:
        late: list[Route] = []
        listed.route("**/gradio_api/run/**", lambda route: route.continue_() if late else late.append(route))
        listed.get_by_label("Search conversations").fill("steel")
        while not late:
            listed.wait_for_timeout(50)
        listed.get_by_label("Search conversations").fill("nowhere")
        nothing = listed.get_by_text("No conversation has these words")
        expect(nothing).to_be_visible()
        with listed.expect_response("**/gradio_api/run/**"):
            late[0].continue_()
        listed.wait_for_timeout(500)  # until it is drawn, and what it should have been is asked for again
        expect(nothing).to_be_visible()

    def test_titles_stay_text(self, listed: Page) -> None:
        expect(listed.locator("#conversations img, #conversations script")).to_have_count(0)
        expect(saved(listed).first).to_contain_text("<img src=x")
        more(listed).get_by_role("button", name="Delete").click()
        expect(listed.get_by_role("dialog")).to_contain_text("<script>")
        expect(listed.locator("dialog img, dialog script")).to_have_count(0)

    def test_one_is_renamed_in_place(self, listed: Page, conversations: Conversations) -> None:
        for key, expected in (("Escape", "About bridges"), ("Enter", "Steel & stone")):
            more(listed, 1).get_by_role("button", name="Rename").click()
            field = listed.get_by_label("New name")
            expect(field).to_be_focused()
            field.fill("Steel & stone")
            field.press(key)
            expect(field).to_have_count(0)
            expect(saved(listed).nth(1)).to_have_text(expected)
        assert conversations.list()[1].title == "Steel & stone"
        listed.reload()
        expect(saved(listed).nth(1)).to_have_text("Steel & stone")

    def test_one_is_deleted_once_that_is_confirmed(self, listed: Page, conversations: Conversations) -> None:
        saved(listed).nth(1).click()
        expect(listed.locator(".exchange")).to_have_count(1)
        delete = more(listed, 1).get_by_role("button", name="Delete")
        delete.click()
        listed.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        expect(delete).to_be_focused()
        delete.click()
        listed.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(saved(listed)).to_have_count(1)
        expect(listed.locator(".exchange")).to_have_count(0)
        assert "conversation=" not in listed.url
        assert len(conversations.list()) == 1

    def test_what_is_deleted_is_what_was_named_although_the_list_changed(
        self, listed: Page, conversations: Conversations
    ) -> None:
        more(listed, 1).get_by_role("button", name="Delete").click()
        conversations.add(conversations.list()[1].id, Answer("And wood?", "And wood?", "None of it."))
        listed.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(saved(listed).first).to_have_text("About bridges")
        listed.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(saved(listed)).to_have_count(1)
        assert [each.title for each in conversations.list()] != ["About bridges"]

    def test_what_was_typed_does_not_turn_up_in_another(self, page: Page) -> None:
        note = page.locator('[data-form="note"] textarea')
        ask(page, KNOWN)
        page.get_by_role("button", name="Add a note").click()
        note.fill("The month is missing")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".exchange")).to_have_count(0)
        ask(page, OTHER)
        for shown in (OTHER, KNOWN):
            expect(page.locator(".question")).to_have_text([shown])
            expect(note).to_have_value("")
            saved(page).nth(1).click()

    def test_each_export_opens(self, page: Page) -> None:
        ask(page, KNOWN)
        actions = more(page)
        for name, suffix, holds in (("Markdown", "md", "[^1]"), ("HTML", "html", "</html>"), ("JSON", "json", KNOWN)):
            with page.expect_download() as downloading:
                actions.get_by_role("link", name=f"Export as {name}").click()
            file = downloading.value
            assert file.suggested_filename.endswith(f".{suffix}")
            text = file.path().read_text("utf-8")
            assert "1953" in text
            assert holds in text


def test_what_was_open_is_open_after_going_back(page: Page, server: Served) -> None:
    ask(page, KNOWN)
    page.goto(f"{server.address}/gradio_api/app_id")
    page.go_back()
    usable(page)
    expect(page.locator(".question")).to_have_text([KNOWN])
