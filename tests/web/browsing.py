"""What browser tests do on the page: ask, wait, look."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Locator, Page, expect

KNOWN = "When was the Mutual Defense Treaty signed?"
IN_SEVERAL = "How did the treaty influence military alliances in Asia?"  # answered by several sentences
OTHER = "Which joint exercises do the two forces hold?"
FOLLOW_UP = "Why was it signed?"
OFF_TOPIC = "Who won the 1998 football world cup?"


def open_page(context: BrowserContext, address: str) -> Page:
    """A tab with the page, as soon as it can be used."""
    page = context.new_page()
    page.goto(address)
    usable(page)
    return page


def usable(page: Page) -> None:
    expect(page.locator("#welcome h2, #transcript .exchange").first).to_be_attached()
    expect(page.locator("#conversations nav")).to_be_attached()


def box(page: Page) -> Locator:
    return page.locator("#question textarea")


def ask(page: Page, question: str) -> Locator:
    """Types the question, presses Enter, and waits for the finished exchange."""
    turn = page.locator(".exchange").count()
    box(page).fill(question)
    box(page).press("Enter")
    return finished(page, turn)


def finished(page: Page, turn: int) -> Locator:
    exchange = page.locator(f'.exchange[data-turn="{turn}"]')
    expect(exchange).to_have_attribute("aria-busy", "false")
    return exchange


def marker_of(exchange: Locator, at: int = 0) -> Locator:
    return exchange.locator(".marker").nth(at)


def expect_quote_shown(page: Page, marker: Locator) -> None:
    """The pane shows, in view and highlighted, just the words that the card of `marker` quotes."""
    card = page.locator(f"#{marker.get_attribute('aria-describedby')}")
    mark = page.locator("#pane mark:not(.also)")
    # The pane may still show what was opened before.
    page.wait_for_function(
        "quoted => quoted.includes(document.querySelector('#pane mark:not(.also)')?.textContent || undefined)",
        arg=card.text_content(),
    )
    expect(mark).to_have_count(1)
    expect(mark).to_be_in_viewport()
    expect(marker).to_have_attribute("aria-current", "true")


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def saved(page: Page) -> Locator:
    """The titles in the list of conversations."""
    return page.locator("#conversations .title")


def more(page: Page, at: int = 0) -> Locator:
    """What can be done with a conversation of the list, opened."""
    page.locator("#conversations summary").nth(at).click()
    return page.locator("#conversations .actions").nth(at)
