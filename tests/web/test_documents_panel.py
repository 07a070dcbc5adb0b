"""A person's documents in the browser: added, asked about, chosen, opened, removed, restored."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.web.browsing import KNOWN, ask, expect_quote_shown, marker_of, open_page, tab
from tests.web.slow import SLOWLY

BRIDGE = "The Kestrel Bridge was opened to the public on 3 May 1987. It is 412 metres long and made of oak.\n"
QUESTION = "When was the Kestrel Bridge opened?"
HOSTILE = "<img src=x onerror=alert(1)>.txt"


@pytest.fixture
def page(context: BrowserContext, adding: str) -> Page:
    page = open_page(context, adding)
    tab(page, "Documents")
    return page


def row(page: Page, title: str) -> Locator:
    return page.locator("#documents li").filter(has_text=title)


def remove(page: Page, title: str) -> None:
    if not row(page, title).locator("details[open]").count():
        row(page, title).locator("summary").click()
    row(page, title).get_by_role("button", name="Remove").click()


def test_a_document_is_added_asked_about_and_removed(page: Page, tmp_path: Path) -> None:
    kept = ask(page, KNOWN)
    (tmp_path / "kestrel.txt").write_text(BRIDGE)
    (tmp_path / "empty.txt").write_text("")
    page.locator("#add-documents input[type=file]").set_input_files([tmp_path / "kestrel.txt", tmp_path / "empty.txt"])
    expect(page.locator("#adding li")).to_contain_text("kestrel.txt is added")
    expect(page.locator("#limits li")).to_contain_text("empty.txt")
    expect(row(page, "kestrel")).to_contain_text("added by you")
    # The running conversation was not disturbed.
    expect(kept.locator(".statement").first).to_contain_text("1953")
    exchange = ask(page, QUESTION)
    expect(exchange.locator(".statement").first).to_contain_text("3 May 1987")
    marker_of(exchange).click()
    expect_quote_shown(page, marker_of(exchange))
    remove(page, "kestrel")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Remove “kestrel”? It cannot be brought back.")
    dialog.get_by_role("button", name="Cancel").click()
    expect(ask(page, QUESTION).locator(".statement").first).to_contain_text("3 May 1987")
    remove(page, "kestrel")
    dialog.get_by_role("button", name="Remove").click()
    expect(row(page, "kestrel")).to_have_count(0)
    expect(exchange).to_contain_text("source no longer here")
    expect(ask(page, QUESTION).locator(".refusal")).to_be_visible()


def test_questions_can_be_restricted_to_some(page: Page) -> None:
    chosen = page.locator("#documents li").last
    offered = page.locator("#welcome [data-ask]").all_text_contents()
    title = chosen.locator(".title").text_content() or ""
    for other in page.locator("#documents li input").all()[:-1]:
        other.uncheck()
    expect(page.locator("#scope")).to_contain_text("1 of 3 documents is searched")
    expect(page.locator("#searched")).to_have_text("Only 1 of your 3 documents will be searched.")
    # What is offered can be answered by what is searched.
    expect(page.locator("#welcome [data-ask]")).not_to_contain_text(offered)
    exchange = ask(page, "What is the alliance?")
    expect(exchange.locator(".marker, .passages [data-open]").first).to_be_visible()
    exchange.locator(".marker, .passages [data-open]").first.click()
    expect(page.locator("#pane h2")).to_have_text(title)
    page.get_by_role("button", name="Search all").click()
    expect(page.locator("#scope")).to_contain_text("All 3 documents")
    expect(page.locator("#searched")).to_be_hidden()


def test_the_last_that_is_searched_stays_so(page: Page) -> None:
    boxes = page.locator("#documents li input")
    for place in range(3):
        boxes.nth(place).click()
    expect(page.get_by_role("status").filter(has_text="At least one document is searched")).to_have_count(1)
    expect(boxes.nth(2)).to_be_checked()
    for place in range(2):
        expect(boxes.nth(place)).not_to_be_checked()
    expect(page.locator("#scope")).to_contain_text("1 of 3 documents is searched. At least one must stay.")


def test_a_shipped_document_is_removed_and_restored(page: Page) -> None:
    title = page.locator("#documents .title").first.text_content() or ""
    remove(page, title)
    expect(page.locator("#documents .title")).to_have_count(2)
    expect(page.locator("#pane .documents li")).to_have_count(2)
    page.get_by_role("button", name="Restore the shipped documents").click()
    expect(page.locator("#documents .title")).to_have_count(3)
    expect(page.locator("#pane .documents li")).to_have_count(3)


def test_the_boxes_show_what_is_searched_after_another_was_removed(page: Page) -> None:
    titles = page.locator("#documents .title").all_text_contents()
    row(page, titles[1]).locator("input").uncheck()
    expect(page.locator("#scope")).to_contain_text("2 of 3 documents")
    remove(page, titles[0])
    expect(page.locator("#documents .title")).to_have_text(titles[1:])
    expect(row(page, titles[1]).locator("input")).not_to_be_checked()
    expect(row(page, titles[2]).locator("input")).to_be_checked()
    page.get_by_role("button", name="Restore the shipped documents").click()
    expect(page.locator("#documents .title")).to_have_count(3)


def test_what_is_searched_may_change_while_files_are_indexed(page: Page, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text(f"{SLOWLY}: {BRIDGE}" * 60)
    page.locator("#add-documents input[type=file]").set_input_files(tmp_path / "long.txt")
    expect(page.locator("#adding progress")).to_be_visible()
    page.locator("#documents li input").first.uncheck()
    expect(page.locator("#scope")).to_contain_text("2 of 3 documents")
    expect(page.locator("#adding li")).to_contain_text("long.txt is added", timeout=60_000)
    expect(page.locator("#scope")).to_contain_text("3 of 4 documents")
    expect(page.locator("#documents li input").first).not_to_be_checked()
    remove(page, "long")
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.locator("#documents .title")).to_have_count(3)


def test_one_that_was_added_since_the_list_was_drawn_is_searched(page: Page) -> None:
    boxes = page.locator("#documents li input")
    expect(boxes).to_have_count(3)
    boxes.last.evaluate("box => box.closest('li').remove()")
    boxes.first.uncheck()
    expect(page.locator("#scope")).to_contain_text("2 of 3 documents")


def test_any_can_be_opened_to_read(page: Page) -> None:
    title = page.locator("#documents .title").nth(1)
    for _ in range(2):  # It stays open when it is opened once more.
        title.click()
        expect(page.locator("#pane h2")).to_have_text(title.text_content() or "")


def test_escape_closes_what_can_be_done_with_one(page: Page) -> None:
    menu = page.locator("#documents summary").first
    menu.click()
    button = page.get_by_role("button", name="Remove")
    expect(button).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(button).to_be_hidden()
    expect(menu).to_be_focused()


def test_names_and_text_of_files_stay_text(page: Page, tmp_path: Path) -> None:
    (tmp_path / HOSTILE).write_text("<script>document.title = 'hacked'</script> The Merlin Bridge opened in 1990.\n")
    page.locator("#add-documents input[type=file]").set_input_files(tmp_path / HOSTILE)
    expect(page.locator("#adding li")).to_contain_text("is added")
    expect(page.locator("#documents .title")).to_have_count(4)
    page.locator("#documents .title").last.click()
    expect(page.locator("#pane .full-text")).to_contain_text("<script>")
    expect(page.locator("#rail img, #pane .full-text :is(img, script)")).to_have_count(0)
    expect(page).not_to_have_title("hacked")
