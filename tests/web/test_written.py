"""Answers that a language model writes, in the browser: while they are written, checked, marked, stopped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assistant.conversations import Conversations
from assistant.settings import LOCAL_USER
from assistant.web.preferences import Preferences
from docs.screenshots import STATES, WRITTEN_REPLY, reach
from tests.models import ScriptedModel, scripted_model
from tests.served import Served, served
from tests.web.barriers import expect_no_barrier
from tests.web.browsing import KNOWN, OFF_TOPIC, ask, box, finished, marker_of, open_page, tab

RIGHT = "The Mutual Defense Treaty was signed on October 1, 1953 [1]."
WRONG = "It was signed in Rome by 12 kings."
STOPS_WITHIN = 1.5


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with scripted_model() as running:
        yield running


@pytest.fixture(scope="module")
def writing(store: Path, model: ScriptedModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose answers the model writes."""
    data = tmp_path_factory.mktemp("writing")
    with served(store, data, "--llm", model.spec, "--questions", "600") as running:
        yield running


@pytest.fixture(autouse=True)
def _afresh(writing: Served, model: ScriptedModel) -> None:
    Preferences.forget(writing.data / "preferences", LOCAL_USER)
    model.requests.clear()
    model.left.clear()


@pytest.fixture
def page(context: BrowserContext, writing: Served) -> Page:
    return open_page(context, writing.address)


def begin(page: Page) -> None:
    """Asks, and does not wait."""
    box(page).fill(KNOWN)
    box(page).press("Enter")


def choose(page: Page, name: str | re.Pattern[str]) -> None:
    tab(page, "Settings")
    page.get_by_role("radio", name=name).check()
    expect(page.locator("#settings [role=status]")).to_contain_text("Kept")


def test_an_answer_is_provisional_and_then_checked(page: Page, model: ScriptedModel) -> None:
    model.reply = [f"{RIGHT} ", "And ", 3.0, "so on."]
    begin(page)
    exchange = page.locator(".exchange")
    expect(exchange.locator(".written")).to_contain_text("Being written; not checked yet")
    expect(exchange.locator(".written")).to_contain_text("October 1, 1953")
    expect(exchange).to_have_attribute("aria-busy", "true")
    expect(exchange.locator(".marker, .verdict, .refusal, .actions")).to_have_count(0)
    # A region that is listened to hears that it is written, and none of the words.
    expect(page.get_by_role("status").filter(has_text="Being written")).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="1953")).to_have_count(0)
    expect(finished(page, 0).locator(".statement")).to_have_text(re.compile("October 1, 1953.*Supported"))
    expect(marker_of(exchange)).to_be_visible()
    expect(exchange.locator(".written")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text=re.compile("^Answered.*left out"))).to_have_count(1)


def test_a_note_says_what_was_left_out_also_after_a_reload_and_in_exports(
    page: Page, model: ScriptedModel, writing: Served
) -> None:
    model.reply = f"{RIGHT} {WRONG}"
    note = "1 sentence is left out: the sources do not support it, or it does not answer."
    exchange = ask(page, KNOWN)
    expect(exchange.locator(".note")).to_contain_text(note)
    expect(exchange).not_to_contain_text("Rome")
    page.reload()
    expect(page.locator(".exchange .note")).to_contain_text(note)
    page.locator("#conversations summary").first.click()
    for name in ("Markdown", "HTML", "JSON"):
        link = page.locator("#conversations .exports a", has_text=name).first.get_attribute("href")
        assert note in page.request.get(f"{writing.address}{link}").text()


def test_a_model_that_fails_is_said_and_the_sources_are_quoted(page: Page, model: ScriptedModel) -> None:
    model.reply = 401
    exchange = ask(page, KNOWN)
    expect(exchange.locator(".note")).to_contain_text("The language model 'scripted' may not be used. These")
    expect(exchange.locator(".note")).not_to_contain_text("127.0.0.1")
    expect(exchange.locator(".statement .verdict").first).to_contain_text("Quoted")


@pytest.mark.parametrize("begun", [False, True])
def test_stopping_cancels_the_request_and_nothing_looks_checked(
    page: Page, model: ScriptedModel, writing: Served, begun: bool
) -> None:
    model.reply = [*(["It was signed in Rome. "] if begun else []), ScriptedModel.HANG]
    begin(page)
    waited_for = "It was signed in Rome." if begun else "Waiting for the language model"
    expect(page.locator(".exchange")).to_contain_text(waited_for)
    page.locator("#stop").click()
    assert model.left.wait(STOPS_WITHIN)
    said = "it was not checked against the sources" if begun else "Stopped before there was an answer"
    for _ in ("shown", "reloaded"):
        exchange = finished(page, 0)
        expect(exchange.locator(".stopped")).to_contain_text(said)
        expect(exchange.locator(".statement.unchecked .verdict")).to_have_text(["? Not checked"] if begun else [])
        expect(exchange.locator(".marker, .footer, .written, .refusal")).to_have_count(0)
        page.reload()
    held = Conversations(writing.data / "conversations.sqlite", LOCAL_USER)
    (turn,) = held.read(held.list()[0].id).turns
    assert turn.stopped
    assert [each.verdict for each in turn.answer.statements] == ["unchecked"] * begun


def test_closing_the_page_cancels_the_request(page: Page, model: ScriptedModel) -> None:
    model.reply = ScriptedModel.HANG
    begin(page)
    expect(page.locator(".waiting")).to_contain_text("language model")
    page.close()
    assert model.left.wait(5)


def test_answers_are_quoted_where_a_reader_wants_it_also_after_a_reload(page: Page, model: ScriptedModel) -> None:
    model.reply = RIGHT
    tab(page, "Settings")
    expect(page.get_by_role("radio", name="Written by scripted")).to_be_checked()
    choose(page, "Quoted from the sources")
    page.reload()
    tab(page, "Settings")
    quoted = page.get_by_role("radio", name="Quoted from the sources")
    expect(quoted).to_be_checked()
    expect(page.get_by_role("group", name="Answers are")).to_have_accessible_description(
        re.compile(r"takes longer.*Default: written by scripted\.$")
    )
    exchange = ask(page, KNOWN)
    expect(exchange.locator(".verdict").first).to_contain_text("Quoted")
    assert model.requests == []
    page.get_by_role("button", name="Use the defaults").click()
    expect(quoted).not_to_be_checked()
    expect(ask(page, KNOWN).locator(".verdict").first).to_contain_text("Supported")


def test_the_page_never_holds_the_address_of_the_model(page: Page, model: ScriptedModel, writing: Served) -> None:
    tab(page, "Settings")
    expect(page.get_by_role("radio", name="Written by scripted")).to_be_visible()
    for held in (page.content(), page.request.get(f"{writing.address}/config").text()):
        assert f":{model.server_port}" not in held


def test_what_is_not_supported_is_marked_where_a_reader_wants_it(page: Page, model: ScriptedModel) -> None:
    model.reply = f"{RIGHT} {WRONG}"
    choose(page, "Shown, and marked")
    exchange = ask(page, KNOWN)
    wrong = exchange.locator(".statement.unsupported")
    expect(wrong).to_contain_text("Rome")
    expect(wrong.locator(".verdict")).to_have_text("✕ Not supported")
    expect(wrong.locator(".marker")).to_have_count(0)
    expect(wrong).to_have_css("border-left-style", "dashed")
    expect_no_barrier(page)


def test_what_is_being_written_has_no_barrier(page: Page, model: ScriptedModel) -> None:
    model.reply = [f"{RIGHT} {WRONG}", ScriptedModel.HANG]
    begin(page)
    expect(page.locator(".written")).to_contain_text("Rome")
    tab(page, "Settings")
    expect_no_barrier(page)
    page.locator("#stop").click()
    finished(page, 0)


def test_who_waits_for_the_model_keeps_nobody_from_an_answer_without_it(
    context: BrowserContext, page: Page, model: ScriptedModel, writing: Served
) -> None:
    model.reply = ScriptedModel.HANG
    begin(page)
    expect(page.locator(".waiting")).to_contain_text("language model")
    with writing.client() as client:
        assert client.post("/api/ask", json={"question": OFF_TOPIC}).json()["refused"]
    other = open_page(context, writing.address)
    choose(other, "Quoted from the sources")
    expect(ask(other, KNOWN).locator(".verdict").first).to_contain_text("Quoted")
    expect(page.locator(".waiting")).to_be_visible()
    page.locator("#stop").click()


@pytest.mark.parametrize("name", [name for name, state in STATES.items() if state.writes])
def test_a_state_with_a_model_is_reached(
    name: str, browse: Callable[..., BrowserContext], writing: Served, model: ScriptedModel
) -> None:
    model.reply = WRITTEN_REPLY
    state = STATES[name]
    reach(state, browse(*state.window, **state.look()), writing.address)
