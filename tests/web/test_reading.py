"""Reading an answer in the browser: cards, moving between citations, copying, feedback, pages of a PDF, old quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fpdf import FPDF
from playwright.sync_api import BrowserContext, Locator, Page, expect

from assistant import Answer, Assistant
from assistant.conversations import Conversations
from assistant.library import Libraries
from assistant.settings import LOCAL_USER
from tests.served import Served, served
from tests.web.browsing import (
    IN_SEVERAL,
    KNOWN,
    OFF_TOPIC,
    OTHER,
    ask,
    box,
    expect_quote_shown,
    finished,
    marker_of,
    open_page,
)

BUILT = "The lighthouse of Marrow Point was built in 1887 by the engineer Ada Thornbury."
PAGES = (
    "This report tells of the lighthouse of Marrow Point, of its keepers and of its lamp.",
    f"{BUILT} Its tower of grey granite is 41 metres high. Forty masons worked on it for three years.",
    "Three keepers lived in the lighthouse at any time. The last of them left in 1963.",
)

Browse = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def server(store: Path, assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose only user has added a PDF of three pages."""
    folder = tmp_path_factory.mktemp("reading")
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    for text in PAGES:
        pdf.add_page()
        pdf.multi_cell(0, 8, text)
    pdf.output(str(folder / "lighthouse.pdf"))
    libraries = Libraries(assistant, folder / "data" / "libraries")
    (added,) = libraries.of(LOCAL_USER).add([("lighthouse.pdf", folder / "lighthouse.pdf")])
    assert not added.problem
    libraries.close()
    with served(store, folder / "data", "--questions", "600") as running:
        yield running


def card_of(page: Page, marker: Locator) -> Locator:
    return page.locator(f"#{marker.get_attribute('aria-describedby')}")


def position(page: Page) -> Locator:
    return page.locator("#pane .position")


class TestCards:
    def test_a_card_shows_the_quote_and_stays_while_the_pointer_is_on_it(self, page: Page) -> None:
        marker = marker_of(ask(page, KNOWN))
        card = card_of(page, marker)
        expect(card).to_be_hidden()
        marker.hover()
        expect(card).to_be_visible()
        expect(card.locator(".quote")).to_contain_text("1953")
        at = card.bounding_box()
        assert at
        assert at["x"] >= 0
        assert at["y"] >= 0
        assert at["x"] + at["width"] <= 1280
        assert at["y"] + at["height"] <= 800
        page.mouse.move(at["x"] + 40, at["y"] + 20, steps=5)
        page.wait_for_timeout(600)
        expect(card).to_be_visible()
        page.mouse.move(1270, 790)
        expect(card).to_be_hidden()

    def test_escape_takes_a_card_away_where_pointer_and_focus_stay(self, page: Page) -> None:
        marker = marker_of(ask(page, KNOWN))
        marker.hover()
        expect(card_of(page, marker)).to_be_visible()
        page.keyboard.press("Escape")
        expect(card_of(page, marker)).to_be_hidden()

    def test_the_focus_of_the_keyboard_shows_a_card(self, page: Page) -> None:
        exchange = ask(page, IN_SEVERAL)
        first, second = marker_of(exchange), marker_of(exchange, 1)
        first.focus()
        page.keyboard.press("Tab")
        expect(second).to_be_focused()
        expect(card_of(page, second)).to_be_visible()
        page.keyboard.press("Escape")
        expect(card_of(page, second)).to_be_hidden()
        expect(second).to_be_focused()

    def test_a_finger_opens_the_source_at_once(self, browse: Browse, server: Served) -> None:
        page = open_page(browse(390, 844, has_touch=True), server.address)
        marker = marker_of(ask(page, KNOWN))
        marker.tap()
        expect_quote_shown(page, marker)
        expect(card_of(page, marker)).to_be_hidden()


class TestMoving:
    def test_buttons_lead_from_citation_to_citation_and_keep_the_focus(self, page: Page) -> None:
        exchange = ask(page, IN_SEVERAL)
        count = exchange.locator(".statement .marker").count()
        marker_of(exchange).click()
        expect(position(page)).to_contain_text(f"Citation 1 of {count}")
        onward = page.get_by_role("button", name="Next citation")
        for number in range(2, count + 1):
            onward.press("Enter")
            expect(position(page)).to_contain_text(f"Citation {number} of {count}")
            expect_quote_shown(page, marker_of(exchange, number - 1))
            expect(onward).to_be_focused()
        expect(onward).to_have_attribute("aria-disabled", "true")

    def test_keys_lead_through_citations_but_are_letters_in_a_field(self, page: Page) -> None:
        exchange = ask(page, IN_SEVERAL)
        marker_of(exchange).press("Enter")
        expect(page.locator("#pane h2")).to_be_focused()
        for key, number in (("j", 2), ("k", 1), ("]", 2), ("[", 1), ("Alt+ArrowDown", 2), ("Alt+ArrowUp", 1)):
            page.keyboard.press(key)
            expect(position(page)).to_contain_text(f"Citation {number} of")
        box(page).press_sequentially("jk")
        expect(box(page)).to_have_value("jk")
        expect(position(page)).to_contain_text("Citation 1 of")

    @pytest.mark.parametrize("key", ["j", "]"])
    def test_the_first_key_opens_the_last_answer(self, page: Page, key: str) -> None:
        ask(page, KNOWN)
        exchange = ask(page, OTHER)
        if key == "j":
            exchange.get_by_role("button", name="Copy answer").focus()
        else:
            page.evaluate("document.activeElement.blur()")
        page.keyboard.press(key)
        expect_quote_shown(page, marker_of(exchange))

    def test_the_closest_passages_of_a_refusal_are_led_through_too(self, page: Page) -> None:
        ask(page, OFF_TOPIC).locator("button.where").first.click()
        expect(position(page)).to_contain_text("Passage 1 of 3")
        page.get_by_role("button", name="Next passage").click()
        expect(position(page)).to_contain_text("Passage 2 of 3")
        expect(page.locator("#pane mark").first).to_be_in_viewport()


class TestCopying:
    def test_a_quote_is_copied_with_its_reference(self, browse: Browse, server: Served) -> None:
        page = open_page(browse(permissions=["clipboard-read", "clipboard-write"]), server.address)
        exchange = ask(page, "Who built the lighthouse of Marrow Point?")
        marker_of(exchange).click()
        page.get_by_role("button", name="Copy quote with reference").click()
        expect(page.locator("#pane [data-copy]")).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == f"“{BUILT}” — lighthouse, page 2"
        expect(page.locator("body > [role=status]")).to_have_text("Copied")
        expect(page.locator("#pane [data-copy]")).to_have_text("Copy quote with reference")

    def test_an_answer_is_copied_where_the_clipboard_is_kept_from_the_page(self, page: Page) -> None:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        copy = ask(page, "Who built the lighthouse of Marrow Point?").locator("[data-copy]")
        expect(copy).to_have_text("Copy answer")
        copy.click()
        expect(copy).to_have_text("Copied")
        expect(copy).to_be_focused()
        box(page).press("Control+v")
        expect(box(page)).to_have_value(
            f"Who built the lighthouse of Marrow Point?\n\n{BUILT} [1]\n\n[1] “{BUILT}” — lighthouse, page 2"
        )


class TestFeedback:
    def test_thumbs_and_notes_are_kept_and_taken_back(self, page: Page, conversations: Conversations) -> None:
        exchange = ask(page, KNOWN)
        up, down = (exchange.get_by_role("button", name=name) for name in ("Good answer", "Bad answer"))
        up.click()
        expect(up).to_have_attribute("aria-pressed", "true")
        exchange.get_by_role("button", name="Add a note").click()
        expect(page.get_by_label("What was good or wrong")).to_be_focused()
        page.keyboard.type("Just the year.")
        exchange.get_by_role("button", name="Save note").click()
        expect(exchange.locator(".kept-note")).to_have_text("Your note: Just the year.")
        down.click()
        expect(up).to_have_attribute("aria-pressed", "false")
        page.reload()
        expect(page.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
        (rated,) = conversations.rated()
        assert (rated.turn.rating, rated.turn.note) == ("down", "Just the year.")
        page.get_by_role("button", name="Bad answer").click()
        expect(page.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "false")
        page.reload()
        expect(page.locator(".kept-note")).to_have_text("Your note: Just the year.")
        assert conversations.rated() == ()

    def test_a_note_being_written_survives_the_next_answer(self, page: Page) -> None:
        exchange = ask(page, KNOWN)
        exchange.get_by_role("button", name="Add a note").click()
        note = page.locator("#note-0")
        expect(note.locator("textarea")).to_be_focused()
        page.keyboard.type("Half a thou")
        ask(page, OTHER)
        expect(note).to_be_visible()
        expect(note.locator("textarea")).to_have_value("Half a thou")
        note.locator("textarea").press("Escape")
        expect(note).to_be_hidden()

    def test_the_last_question_is_edited_where_it_stands(self, page: Page) -> None:
        exchange = ask(page, KNOWN)
        exchange.get_by_role("button", name="Edit question").click()
        expect(page.locator("#edit-0 textarea")).to_have_value(KNOWN)
        page.locator("#edit-0 textarea").fill(OTHER)
        page.keyboard.press("Enter")
        expect(page.locator(".question")).to_have_text([OTHER])
        finished(page, 0)
        expect(page.locator("#edit-0")).to_be_hidden()


class TestSources:
    def test_the_page_of_a_pdf_is_shown_and_turned(self, page: Page) -> None:
        marker = marker_of(ask(page, "Who built the lighthouse of Marrow Point?"))
        marker.click()
        expect_quote_shown(page, marker)
        page.get_by_role("button", name="Page", exact=True).click()
        picture = page.get_by_role("img", name="Page 2 of lighthouse, with the quote marked")
        expect(picture).to_be_visible()
        page.wait_for_function("picture => picture.naturalWidth > 500", arg=picture.element_handle())
        # Somewhere on it is the yellow of the marker.
        assert picture.evaluate(
            """picture => {
                const canvas = new OffscreenCanvas(picture.naturalWidth, picture.naturalHeight);
                const context = canvas.getContext("2d");
                context.drawImage(picture, 0, 0);
                const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
                for (let at = 0; at < data.length; at += 4)
                    if (data[at] === 255 && data[at + 1] === 231 && data[at + 2] === 154) return true;
                return false;
            }"""
        )
        page.get_by_role("button", name="Next page").click()
        expect(page.get_by_role("img", name="Page 3 of lighthouse")).to_be_visible()
        expect(page.locator(".leaf")).to_contain_text("Page 3 of 3")
        page.get_by_role("button", name="Text", exact=True).click()
        expect(page.locator("#pane mark")).to_be_in_viewport()

    def test_what_was_quoted_of_a_document_that_changed_is_shown_as_it_was(
        self, context: BrowserContext, server: Served, conversations: Conversations, assistant: Assistant
    ) -> None:
        identity = conversations.start()
        conversations.add(identity, _as_of_another_time(assistant.ask(KNOWN)))
        page = open_page(context, f"{server.address}/?conversation={identity}")
        exchange = page.locator(".exchange")
        expect(exchange.locator(".statement").first).to_contain_text("source changed since")
        marker_of(exchange).click()
        expect(page.locator("#pane .since")).to_contain_text("this is the quote as it was")
        expect(page.locator("#pane .as-it-was")).to_have_text("It was signed in 1852.")
        expect(page.locator("#pane mark")).to_have_count(0)
        expect(page.locator("#pane .full-text")).to_contain_text("1953")


def _as_of_another_time(answer: Answer) -> Answer:
    """`answer` as it would have been had its first sentence been another."""
    first = answer.statements[0]
    quote = "It was signed in 1852."
    cited = replace(first.citations[0], quote=quote, end=first.citations[0].start + len(quote))
    statement = replace(first, text=quote, citations=(cited,))
    return replace(answer, statements=(statement, *answer.statements[1:]), citations=(cited, *answer.citations[1:]))
