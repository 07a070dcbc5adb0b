"""The settings that a reader may change, and that they count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from assistant.settings import LOCAL_USER, Settings
from assistant.web.preferences import Preferences
from tests.served import Served
from tests.web.browsing import IN_SEVERAL, KNOWN, ask, open_page, tab


@pytest.fixture(autouse=True)
def _defaults(server: Served) -> Iterator[None]:
    yield
    Preferences.forget(server.data / "preferences", LOCAL_USER)


def said(page: Page) -> Locator:
    return page.locator("#settings [role=status]")


def test_a_change_counts_from_the_next_question_and_in_every_tab(page: Page, server: Served) -> None:
    expect(ask(page, IN_SEVERAL).locator(".statement")).not_to_have_count(1)
    tab(page, "Settings")
    page.get_by_label("Sentences in an answer").fill("1")
    expect(said(page)).to_contain_text("Kept")
    expect(ask(page, IN_SEVERAL).locator(".statement")).to_have_count(1)
    other = open_page(page.context, server.address)
    tab(other, "Settings")
    expect(other.get_by_label("Sentences in an answer")).to_have_value("1")
    expect(ask(other, IN_SEVERAL).locator(".statement")).to_have_count(1)


def test_more_certainty_leaves_more_unanswered_until_the_defaults_are_back(page: Page) -> None:
    tab(page, "Settings")
    defaults = page.get_by_role("button", name="Use the defaults")
    expect(defaults).to_be_disabled()
    certainty = page.get_by_label("How sure it must be")
    certainty.focus()
    certainty.press("End")
    expect(page.locator("#settings output").first).to_have_text("100%")
    expect(said(page)).to_contain_text("Kept")
    expect(certainty).to_be_focused()
    expect(ask(page, KNOWN).locator(".refusal")).to_be_visible()
    defaults.click()
    expect(page.locator("#settings output").first).to_have_text(f"{Settings().certainty:.0%}")
    expect(certainty).to_have_value(f"{Settings().certainty:g}")
    expect(ask(page, KNOWN).locator(".marker").first).to_be_visible()


def test_a_slider_takes_every_key_however_fast_they_come(page: Page) -> None:
    tab(page, "Settings")
    certainty = page.get_by_label("How sure it must be")
    certainty.focus()
    for _ in range(20):
        certainty.press("ArrowRight")
    expect(said(page)).to_contain_text("Kept")
    moved = Settings().certainty + 0.2
    expect(certainty).to_have_value(f"{moved:g}")
    expect(page.locator("#settings output").first).to_have_text(f"{moved:.0%}")
    # What was moved just before it is left is kept too.
    certainty.press("ArrowRight")
    with page.expect_response("**/gradio_api/**"):
        certainty.press("Tab")
    page.reload()
    tab(page, "Settings")
    expect(certainty).to_have_value(f"{moved + 0.01:g}")


def test_without_a_language_model_nothing_is_offered_to_write(page: Page) -> None:
    tab(page, "Settings")
    expect(page.locator("#settings")).to_contain_text("Answers are quoted from the sources. This server has no")
    expect(page.get_by_role("radio")).to_have_count(0)


def test_each_setting_says_what_it_does(page: Page) -> None:
    tab(page, "Settings")
    for name in ("How sure it must be", "Sentences in an answer", "Passages to look at"):
        expect(page.get_by_label(name)).to_have_accessible_description(re.compile(r"\w+\. Default: \d+%?\.$"))


@pytest.mark.parametrize(("passages", "statements", "certainty"), [(0, 4, 0.5), (9, 99, 0.5), (9, 4, 1.5)])
def test_only_values_that_the_settings_allow_are_preferences(passages: int, statements: int, certainty: float) -> None:
    with pytest.raises(ValueError, match="than or equal to"):
        Preferences(passages, statements, certainty)


def test_preferences_are_kept_for_each_person_and_a_damaged_file_means_defaults(tmp_path: Path) -> None:
    settings = Settings()
    chosen = Preferences(3, 2, 0.5)
    chosen.save(tmp_path, "ann")
    assert Preferences.load(tmp_path, "ann", settings) == chosen
    assert Preferences.load(tmp_path, "bob", settings) == Preferences.of(settings)
    for damage in ("", "[]", '{"passages": "x"}', '{"passages": 3, "statements": 2, "certainty": 7}', '{"colour": 1}'):
        (tmp_path / "ann.json").write_text(damage)
        assert Preferences.load(tmp_path, "ann", settings) == Preferences.of(settings)
    older = Settings(written=False, llm_policy="mark")
    (tmp_path / "ann.json").write_text('{"passages": 3, "statements": 2, "certainty": 0.5}')
    assert Preferences.load(tmp_path, "ann", older) == Preferences(3, 2, 0.5, written=False, llm_policy="mark")
    Preferences.forget(tmp_path, "ann")
    assert not list(tmp_path.iterdir())


def test_what_is_moved_while_answers_are_on_their_way_is_kept(page: Page) -> None:
    tab(page, "Settings")
    certainty = page.get_by_label("How sure it must be")
    waiting: list[Route] = []
    page.route("**/gradio_api/run/**", lambda route: waiting.append(route) if len(waiting) < 3 else route.continue_())
    for steps in range(1, 4):
        certainty.press("ArrowRight")
        while len(waiting) < steps:
            page.wait_for_timeout(50)
    certainty.press("ArrowRight")
    # One by one, the first last: each draws the form anew, as it was when it was sent.
    for route in (waiting[1], waiting[2], waiting[0]):
        with page.expect_response("**/gradio_api/run/**"):
            route.continue_()
        certainty.press("ArrowRight")
    moved = f"{Settings().certainty + 0.07:g}"
    expect(certainty).to_have_attribute("value", moved)  # as the server keeps it
    expect(certainty).to_have_value(moved)
    page.reload()
    tab(page, "Settings")
    expect(certainty).to_have_value(moved)
