"""Logging in and out as a person does, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.served import ADA, Served


@pytest.fixture
def page(browser: Browser, locked: Served) -> Iterator[Page]:
    """A tab of a browser in which nobody has logged in. It fails on a request to elsewhere and on an error."""
    opened = browser.new_context(base_url=locked.address, reduced_motion="reduce")
    opened.set_default_timeout(20_000)
    requests: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("weberror", lambda error: errors.append(str(error.error)))
    yield opened.new_page()
    opened.close()
    assert {urlsplit(url).netloc for url in requests if url.startswith("http")} == {urlsplit(locked.address).netloc}
    assert errors == []


def test_the_keyboard_alone_logs_in_where_one_wanted_to_go_and_a_button_out(page: Page) -> None:
    page.goto("/?conversation=nothing")
    expect(page).to_have_title("Log in – Ask the sources")
    visited: list[str] = []
    page.on("framenavigated", lambda frame: visited.append(frame.url))
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type(ADA[0])
    page.keyboard.press("Tab")
    for password in ("a wrong password", ADA[1]):
        expect(page.get_by_label("Password")).to_be_focused()
        page.keyboard.type(password)
        page.keyboard.press("Enter")
        if password != ADA[1]:
            expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    expect(page.get_by_label("Question")).to_be_visible()
    # The page itself then leaves a conversation that there is not.
    assert any(url.endswith("/?conversation=nothing") for url in visited)
    page.get_by_role("tab", name="Settings").click()
    expect(page.get_by_text("Logged in as ada.")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_title("Log in – Ask the sources")
    page.goto("/")
    expect(page).to_have_title("Log in – Ask the sources")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_login_page_is_for_everyone(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto("/login")
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Password").fill("a wrong password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["help"]) for each in found] == []
