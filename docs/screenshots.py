"""Makes the pictures in this folder: the web chat in each of its states, on the shipped sources.

    python -m docs.screenshots [STATE ...]

A state is a function that brings a page, open at the server's address and with nothing in its
conversations or added documents, to what its picture shows; the browser tests call the same functions.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from assistant.cli import main as command
from tests.chromium import launched
from tests.models import scripted_model
from tests.served import ADA, served
from tests.web.browsing import FOLLOW_UP, KNOWN, OFF_TOPIC, OTHER, ask, marker_of, open_page, tab

HERE = Path(__file__).parent
WIDE, PHONE = (1280, 800), (390, 844)
_COLOURS = 192
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
"""When a question was asked: the one thing that would be another each time that the pictures are made."""

GUIDE = """<html><head><title>Visitors' guide to the Harbour Library</title></head>
<body style="font: 15pt/1.5 serif; margin: 1cm 1.5cm">
<h1>Visitors' guide to the Harbour Library</h1>
<p>The Harbour Library stands at the end of Quay Street, where the fish market used to be. It was opened in 1911 and
holds 240,000 books, among them the logs of every ship that was built in the town. The tower, which can be seen from
the sea, was added twenty years later and holds the maps.</p>
<h2>Opening hours</h2>
<p>The library is closed on Sundays and on public holidays. The reading room opens at nine o'clock from Monday to
Friday and at eleven o'clock on Saturdays. The last books are lent half an hour before the library closes, and a bell
is rung in the tower a quarter of an hour later.</p>
<h2>Borrowing</h2>
<p>A reader's card costs four euros a year, and nothing for children and for sailors who are in the harbour. Books are
lent for three weeks, and a loan can be renewed twice unless somebody else is waiting for the book. The logs and the
maps are read in the reading room and do not leave the house.</p></body></html>"""
GUIDE_QUESTION = "When does the reading room of the Harbour Library open on Saturdays?"
NOTES = """# Notes on the ferry to Gull Island

## Timetable

The ferry to Gull Island leaves at half past seven in the morning. The crossing takes fifty minutes.

## Fares

A return ticket for the ferry to Gull Island costs twelve euros. Children under six travel free.
"""
NOTES_QUESTION = "How much is a return ticket for the ferry to Gull Island?"

STRENGTH = """# Strength report

## Troops

The 28,500 USFK troops serve at fifteen bases. Their number is agreed every year.
"""
STRENGTH_QUESTION = "How many USFK troops are there?"
WRITTEN_QUESTION = "What does the Mutual Defense Treaty commit the two countries to?"
WRITTEN_REPLY = (
    "Both nations are committed to mutual defense in the event of external aggression or attack [1]. "
    "The treaty ends in 2053."
)


@dataclass(frozen=True, slots=True)
class State:
    """How a state comes about, and the window it is seen in."""

    reach: Callable[[Page, str], object]
    window: tuple[int, int] = WIDE
    scheme: Literal["light", "dark"] = "light"
    login: bool = False
    adds: bool = False
    """Whether a document is added on the way."""
    writes: bool = False
    """Whether a language model writes: one that replies with `WRITTEN_REPLY`."""

    def look(self) -> dict[str, Any]:
        """What else the browser is told of the device."""
        return {"color_scheme": self.scheme, "has_touch": self.window == PHONE}


def first_page(page: Page, _: str) -> None:
    """What the page offers before anything is asked."""
    expect(page.locator(".examples button").first).to_be_visible()


def answer(page: Page, _: str) -> None:
    """An answer, and beside it the source, open at the quote."""
    open_quote(page, ask(page, KNOWN))


def written(page: Page, _: str) -> None:
    """An answer in a language model's words, without the one sentence that the sources do not support."""
    exchange = ask(page, WRITTEN_QUESTION)
    expect(exchange.locator(".note")).to_contain_text("1 sentence")
    open_quote(page, exchange)


def follow_up(page: Page, _: str) -> None:
    """A question that leans on the one before, with what was searched for, and what could be asked next."""
    ask(page, KNOWN)
    exchange = ask(page, FOLLOW_UP)
    expect(exchange.locator(".searched")).to_be_visible()
    page.locator(".follow-ups").scroll_into_view_if_needed()


def refusal(page: Page, _: str) -> None:
    """A question that the sources do not answer."""
    expect(ask(page, OFF_TOPIC).locator(".refusal")).to_be_visible()


def conflict(page: Page, _: str) -> None:
    """An added document that contradicts a shipped one."""
    add(page, "strength-report.md", "text/markdown", STRENGTH.encode())
    expect(ask(page, STRENGTH_QUESTION).locator(".conflict blockquote")).to_have_count(2)


def upload(page: Page, _: str) -> None:
    """A file that was added, and an answer from it."""
    add(page, "gull-island.md", "text/markdown", NOTES.encode())
    exchange = ask(page, NOTES_QUESTION)
    expect(exchange).to_contain_text("twelve euros")
    open_quote(page, exchange)


def pdf_page(page: Page, _: str) -> None:
    """The picture of a PDF's page with the lines of the quote marked."""
    with page.context.new_page() as printer:
        printer.set_content(GUIDE)
        content = printer.pdf(format="A4")
    add(page, "harbour-library.pdf", "application/pdf", content)
    exchange = ask(page, GUIDE_QUESTION)
    expect(exchange).to_contain_text("eleven")
    marker_of(exchange).click()
    page.locator("#pane [data-view=page]").click()
    picture = page.locator("#pane .page img")
    expect(picture).to_be_visible()
    page.wait_for_function("picture => picture.complete && picture.naturalWidth > 0", arg=picture.element_handle())


def conversations(page: Page, _: str) -> None:
    """The list of saved conversations, with what can be done with one."""
    for question in (OTHER, OFF_TOPIC, KNOWN):
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".exchange")).to_have_count(0)
        ask(page, question)
    expect(page.locator("#conversations .title").nth(2)).to_be_visible()
    page.locator("#conversations summary").first.click()
    expect(page.locator("#conversations .actions").first).to_be_visible()


def documents(page: Page, _: str) -> None:
    """The documents, one of which is left out of the search."""
    tab(page, "Documents")
    page.locator("#documents input[type=checkbox]").first.click()
    expect(page.locator("#scope")).to_contain_text(re.compile(r"\d of \d"))


def settings(page: Page, _: str) -> None:
    """What a reader may change, with its effect."""
    tab(page, "Settings")
    expect(page.locator("#settings .field").first).to_be_visible()


def exported(page: Page, address: str) -> None:
    """A conversation as the HTML file that it is exported to."""
    ask(page, KNOWN)
    ask(page, FOLLOW_UP)
    page.locator("#conversations summary").first.click()
    link = page.locator("#conversations .exports a", has_text="HTML").first.get_attribute("href")
    file = page.request.get(f"{address}{link}")
    expect(file).to_be_ok()
    # Out of the page's own rules, as a reader has it who opens the file.
    page.goto("about:blank")
    page.set_content(_TIME.sub("2026-01-01 12:00 UTC", file.text()))
    expect(page.locator("body")).to_contain_text(KNOWN)


def login(page: Page, _: str) -> None:
    """What comes first where a login is asked for."""
    expect(page.get_by_label("Password")).to_be_visible()


STATES = {
    "first-page": State(first_page),
    "answer": State(answer),
    "written": State(written, writes=True),
    "follow-up": State(follow_up),
    "refusal": State(refusal),
    "conflict": State(conflict, adds=True),
    "upload": State(upload, adds=True),
    "pdf-page": State(pdf_page, adds=True),
    "documents": State(documents),
    "conversations": State(conversations),
    "settings": State(settings),
    "exported": State(exported),
    "phone": State(lambda page, _: ask(page, KNOWN), window=PHONE),
    "phone-source": State(answer, window=PHONE),
    "dark": State(answer, scheme="dark"),
    "login": State(login, login=True),
}


def add(page: Page, name: str, kind: str, content: bytes) -> None:
    """Adds a document, and waits until it can be asked about."""
    tab(page, "Documents")
    page.locator("#add-documents input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": content})
    expect(page.locator("#adding .added")).to_contain_text(name, timeout=30_000)


def open_quote(page: Page, exchange: Locator) -> None:
    """Opens the source of the first marker."""
    marker = marker_of(exchange)
    marker.click()
    expect(page.locator("#pane mark").first).to_be_in_viewport()
    page.mouse.move(0, 0)  # the quote's card has done its work


def reach(state: State, context: BrowserContext, address: str) -> Page:
    """A page of the context, brought to the state."""
    if state.login:
        page = context.new_page()
        page.goto(address)
    else:
        page = open_page(context, address)
    state.reach(page, address)
    return page


def picture_of(state: State, browser: Browser, address: str) -> bytes:
    """The state as a PNG, at the size of its window."""
    width, height = state.window
    with browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", **state.look()
    ) as context:
        return reach(state, context, address).screenshot(animations="disabled", caret="hide")


def small(png: bytes) -> bytes:
    """The picture with as few colours as its text and lines need, a third of the size."""
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    file = io.BytesIO()
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


@contextmanager
def chat(store: Path, state: State) -> Iterator[str]:
    """A server with nothing saved, at its address."""
    options, users = (["--login"], dict([ADA])) if state.login else ([], {})
    with tempfile.TemporaryDirectory() as data, scripted_model(WRITTEN_REPLY) as model:
        options += ["--llm", model.spec] if state.writes else []
        with served(store, Path(data), *options, users=users) as server:
            yield server.address


def main() -> None:
    """Makes the pictures of the states that are named, or of all."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("states", nargs="*", metavar="STATE", choices=[[], *STATES], help=", ".join(STATES))
    names = parser.parse_args().states or list(STATES)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, launched(playwright) as browser:
        store = Path(folder) / "store"
        index(store)
        for name in names:
            state = STATES[name]
            with chat(store, state) as address:
                picture = small(picture_of(state, browser, address))
            (HERE / f"{name}.png").write_bytes(picture)
            print(f"{name}.png  {len(picture) / 1000:.0f} kB")


def index(store: Path) -> None:
    """Indexes the shipped sources as the command does, suggestions included."""
    try:
        command(["index", str(HERE.parent / "sources"), "--store", str(store)])
    except SystemExit as end:
        if end.code:
            raise


if __name__ == "__main__":
    main()
