"""The panel of documents: what is chosen, how it is drawn, and how files get into a library."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant, Document, Settings
from assistant.conversations import Conversations
from assistant.errors import LibraryError
from assistant.library import Added, Libraries
from assistant.web.conversation import SOURCES, Chat
from assistant.web.desk import Desk
from assistant.web.panels.adding import Adding, add_files
from assistant.web.panels.documents import choice, render_adding, render_documents, render_scope, shown
from assistant.web.view import View

HOSTILE = "<img src=x onerror=alert(1)> \"'&"
DOCUMENTS = [Document("a", "Alpha", "A."), Document(HOSTILE, HOSTILE, "B.", HOSTILE)]


@pytest.mark.parametrize(
    ("chosen", "searched"),
    [
        (["a"], {"a"}),
        (["a", "b"], {"a", "b"}),
        (["a", "gone"], {"a"}),
        (["a", "b", "c"], None),  # all of them: no restriction
        ([], None),
        (["gone"], None),
    ],
)
def test_what_is_searched(chosen: list[str], searched: set[str] | None) -> None:
    assert choice(["a", "b", "c"], chosen) == searched


def test_the_line_above_the_list_says_what_is_searched() -> None:
    assert "All 3 documents are searched." in render_scope(None, 3)
    assert "The document is searched." in render_scope(None, 1)
    assert "1 of 3 documents is searched." in render_scope(frozenset("a"), 3)
    assert "2 of 3 documents are searched." in render_scope(frozenset("ab"), 3)


def test_each_document_has_a_row_and_only_the_chosen_are_checked() -> None:
    drawn = render_documents(DOCUMENTS, {"a": 1200}, {"a"}, 2, frozenset("a"))

    assert drawn.count("<li ") == 2
    assert drawn.count(" checked>") == 1
    assert "1,200 passages · added by you" in drawn
    assert "2 shipped documents removed." in drawn
    assert "data-all>" in drawn
    everything = render_documents(DOCUMENTS, {}, (), 0, None)
    assert everything.count(" checked>") == 2
    assert "data-all hidden>" in everything
    assert "data-restore" not in everything


def test_names_and_titles_stay_text() -> None:
    drawn = render_documents(DOCUMENTS, {}, {HOSTILE}, 0, None)
    drawn += render_adding(Adding(results=(Added(HOSTILE, None, HOSTILE), Added(HOSTILE, "x")), finished=True))
    drawn += render_adding(Adding(0.5, HOSTILE)) + render_adding(Adding(problem=HOSTILE, finished=True))

    assert "<img" not in drawn
    assert "onerror=alert(1)> \"'" not in drawn
    assert drawn.count("&lt;img src=x onerror=alert(1)&gt; &quot;&#x27;&amp;") >= 8


def test_files_are_added_in_the_background_and_stay_for_whoever_uploaded_the_same(
    assistant: Assistant, tmp_path: Path
) -> None:
    libraries = Libraries(assistant, tmp_path / "libraries")
    good, bad = tmp_path / "owl.txt", tmp_path / "film.mp4"
    good.write_text("The owl hunts at night. " * 30)
    bad.write_text("x")

    first, *_, last = add_files(libraries.of("ann"), [good, bad])

    assert first == Adding()
    assert last.finished
    assert [(each.name, bool(each.document_id)) for each in last.results] == [("owl.txt", True), ("film.mp4", False)]
    assert good.exists()
    assert bad.exists()
    assert libraries.of("ann").documents[-1].title == "owl"
    libraries.close()


def test_what_keeps_a_library_from_being_written_is_told(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "libraries").write_text("not a folder")
    libraries = Libraries(assistant, tmp_path / "libraries")
    file = tmp_path / "owl.txt"
    file.write_text("The owl hunts at night.")

    *_, last = add_files(libraries.of("ann"), [file])

    assert last.finished
    assert "cannot be written" in last.problem
    with pytest.raises(LibraryError):
        libraries.of("ann").remove("mutual-defense-treaty")
    libraries.close()


def test_a_library_that_cannot_be_read_is_told_wherever_it_is_shown(assistant: Assistant, tmp_path: Path) -> None:
    libraries = Libraries(assistant, tmp_path / "libraries")
    desk = Desk(libraries, lambda user: Conversations(tmp_path / "c.sqlite", user), tmp_path, Settings())
    (tmp_path / "libraries/ann").mkdir(parents=True)
    (tmp_path / "libraries/ann/library.json").write_text("{")
    view = View(desk, "ann")

    for said in (
        view.start(None),
        view.pane(Chat(), SOURCES),
        view.transcript(Chat()),
        *shown(libraries.of("ann"), None)[1:],
    ):
        assert "library.json&#x27; cannot be read" in said
    assert "cannot be read" not in View(desk, "bob").pane(Chat(), SOURCES)
    libraries.close()
