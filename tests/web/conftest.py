"""A real server with documents and suggestions, and a real browser that nothing leaves."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from assistant import Assistant
from assistant.conversations import Conversations
from assistant.settings import LOCAL_USER
from assistant.suggest import suggest_questions
from tests.chromium import launched
from tests.served import Served, served
from tests.web.browsing import open_page, tab
from tests.web.slow import served_slowly


@pytest.fixture(scope="session")
def suggesting(store: Path, assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shared index with questions to suggest."""
    copy = shutil.copytree(store, tmp_path_factory.mktemp("suggesting") / "store")
    suggest_questions(assistant, limit_per_document=4, seconds=4).save(copy)
    return copy


@pytest.fixture(scope="session")
def server(suggesting: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(suggesting, tmp_path_factory.mktemp("data"), "--questions", "600") as running:
        yield running


@pytest.fixture(scope="session")
def other_address(suggesting: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for tests that add documents, or ask what takes its time."""
    with served_slowly(suggesting, tmp_path_factory.mktemp("other")) as address:
        yield address


@pytest.fixture
def adding(other_address: str, context: BrowserContext) -> str:
    """Its address, once no document is left that was added before."""
    page = open_page(context, other_address)
    tab(page, "Documents")
    expect(page.locator("#documents li").first).to_be_visible()
    added = page.locator("#documents li").filter(has_text="added by you")
    for left in range(added.count() - 1, -1, -1):
        added.first.locator("summary").click()
        added.first.get_by_role("button", name="Remove").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        expect(added).to_have_count(left)
    return other_address


@pytest.fixture
def conversations(server: Served) -> Conversations:
    """What the server has saved: at the beginning of a test, nothing."""
    held = Conversations(server.data / "conversations.sqlite", LOCAL_USER)
    for each in held.list():
        held.delete(each.id)
    return held


# While Playwright runs, the thread has its event loop: tests of other modules, which may come between, could run none.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright, launched(playwright) as opened:
        yield opened


class Visits:
    """Browser sessions by their options, kept from test to test, so that the page's scripts are fetched once."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}
        self.requests: list[str] = []
        self.errors: list[str] = []

    def browse(self, width: int = 1280, height: int = 800, **options: Any) -> BrowserContext:
        """A session in windows of this size. Nothing moves: a colour on its way to another is not one that is read."""
        key = repr((width, height, sorted(options.items())))
        if key not in self._contexts:
            context = self._browser.new_context(
                viewport={"width": width, "height": height}, reduced_motion="reduce", **options
            )
            context.set_default_timeout(15_000)
            context.on("request", lambda request: self.requests.append(request.url))
            context.on("weberror", lambda error: self.errors.append(str(error.error)))
            self._contexts[key] = context
        return self._contexts[key]

    def end(self) -> None:
        """Closes every page, forgets what servers stored, and holds that nothing went elsewhere and nothing broke."""
        for context in self._contexts.values():
            for page in context.pages:
                page.close()
            context.clear_cookies()
        requests, self.requests = self.requests, []
        errors, self.errors = self.errors, []
        hosts = {urlsplit(url).hostname for url in requests if urlsplit(url).scheme in ("http", "https", "ws", "wss")}
        assert hosts == {"127.0.0.1"}
        assert errors == []


@pytest.fixture(scope="module")
def visits(browser: Browser) -> Visits:
    return Visits(browser)


@pytest.fixture
def browse(visits: Visits) -> Iterator[Callable[..., BrowserContext]]:
    yield visits.browse
    visits.end()


@pytest.fixture
def context(browse: Callable[..., BrowserContext]) -> BrowserContext:
    return browse()


@pytest.fixture
def page(context: BrowserContext, server: Served) -> Page:
    return open_page(context, server.address)
