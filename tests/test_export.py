"""Exported conversations: every quote with its source, and no text of anyone's becomes markup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import category

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, sync_playwright

from assistant import Answer, Citation, Conflict, Document, Hit, Passage, Statement
from assistant.conversations import Conversation, SavedTurn
from assistant.conversations.export import to_html, to_json, to_markdown
from assistant.conversations.export.parts import SINCE
from assistant.conversations.files import read_conversations
from tests.chromium import launched

TEXT = "It was signed in 1953. It took effect\nin 1954. Both sides are bound."
#       0..22                  23..46                   47..68
TREATY = Document("treaty", "Treaty", TEXT, "1953-10-01", "Yale Law School", "https://example.org/treaty?a=1&b=2")
ASKED = datetime(2026, 11, 22, 15, 4, tzinfo=timezone(timedelta(hours=9)))


def cite(number: int, start: int, end: int) -> Citation:
    return Citation(number, "treaty", "Treaty", start, end, TEXT[start:end], 3)


def turns(*answers: Answer) -> Conversation:
    return Conversation("c", "The treaty", tuple(SavedTurn(each, answer, ASKED) for each, answer in enumerate(answers)))


SIGNED = Answer(
    "When was it signed?",
    "When was the treaty signed?",
    "It was signed in 1953. [1] It took effect in 1954. [2]",
    (
        Statement("It was signed in 1953.", (cite(1, 0, 22),), "quoted"),
        Statement("It took effect in 1954.", (cite(2, 23, 46),), "partly"),
    ),
    (cite(1, 0, 22), cite(2, 23, 46)),
    short="1953",
)
DISPUTED = Answer(
    "Who is bound?",
    "Who is bound?",
    "Both. [1] Neither. [2]",
    (Statement("Both.", (cite(1, 47, 68),), "supported"), Statement("Neither.", (cite(2, 23, 46),), "quoted")),
    (cite(1, 47, 68), cite(2, 23, 46)),
    (
        Conflict(
            (Statement("Both.", (cite(1, 47, 68),), "supported"), Statement("Neither.", (cite(2, 23, 46),), "quoted"))
        ),
    ),
)
REFUSED = Answer(
    "Who painted it?",
    "Who painted it?",
    "The sources do not say.",
    hits=tuple(Hit(Passage("treaty", "Treaty", f"Article {n}", 0, 22, TEXT[:22]), 0.5) for n in range(5)),
)
ALL = turns(SIGNED, DISPUTED, REFUSED)


class Page(HTMLParser):
    """What a page says, the tags it is made of, and the ids and addresses in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.values: dict[str, list[str]] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.values.setdefault(name, []).append(value or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return seen("".join(self.words))


def seen(text: str) -> str:
    """`text` as a reader sees it: blanks are alike, and what is no character is a replacement for one."""
    kept = (each if each in "\t\n\r" or category(each) not in ("Cc", "Cs") else "\ufffd" for each in text)
    return " ".join("".join(kept).split())


class TestMarkdown:
    def test_tells_every_turn_and_source(self) -> None:
        assert to_markdown(ALL, [TREATY]) == (
            "# The treaty\n\n"
            "## When was it signed?\n\n"
            "*Asked 2026-11-22 06:04 UTC*\n\n"
            "Searched for: “When was the treaty signed?”\n\n"
            "**1953**\n\n"
            "It was signed in 1953.[^1] It took effect in 1954.[^2] *(only partly supported)*\n\n"
            "## Who is bound?\n\n"
            "*Asked 2026-11-22 06:04 UTC*\n\n"
            "**The source disagrees with itself.**\n\n"
            "- Both.[^3]\n"
            "- Neither.[^2]\n\n"
            "## Who painted it?\n\n"
            "*Asked 2026-11-22 06:04 UTC*\n\n"
            "**The sources do not say.**\n\n"
            "The closest passages, which probably do not answer it:\n\n"
            "- Treaty – Article 0: “It was signed in 1953.”\n"
            "- Treaty – Article 1: “It was signed in 1953.”\n"
            "- Treaty – Article 2: “It was signed in 1953.”\n\n"
            "[^1]: “It was signed in 1953.” – *Treaty*, Yale Law School, 1953-10-01, page 3. "
            "<https://example.org/treaty?a=1&b=2>\n\n"
            "[^2]: “It took effect in 1954.” – *Treaty*, Yale Law School, 1953-10-01, page 3. "
            "<https://example.org/treaty?a=1&b=2>\n\n"
            "[^3]: “Both sides are bound.” – *Treaty*, Yale Law School, 1953-10-01, page 3. "
            "<https://example.org/treaty?a=1&b=2>\n"
        )

    @pytest.mark.parametrize(
        ("now", "says"),
        [
            ([replace(TREATY, text=f"Article I. {TEXT}")], "has these words in another place"),
            ([replace(TREATY, text="Repealed.")], "these are its words as they were"),
            ([], "no longer among the sources"),
        ],
    )
    def test_says_when_the_document_is_another_by_now(self, now: list[Document], says: str) -> None:
        for exported in (to_markdown(ALL, now), Page(to_html(ALL, now)).text):
            assert exported.count(says) == 3
            assert "Both sides are bound." in exported

    def test_says_nothing_of_documents_that_cannot_be_read(self) -> None:
        for exported in (to_markdown(ALL, None), Page(to_html(ALL, None)).text):
            assert "Both sides are bound." in exported
            assert not any(said in exported for said in SINCE.values())

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "https://example.org/a b", "https://x/><script>", "file:///etc"]
    )
    def test_an_address_that_is_none_is_left_out(self, url: str) -> None:
        page = MarkdownIt("commonmark").render(to_markdown(ALL, [replace(TREATY, url=url)]))

        assert "<a" not in page
        assert "script" not in page

    def test_a_conversation_without_turns_is_its_title(self) -> None:
        assert to_markdown(turns(), []) == "# The treaty\n"


hostile = st.one_of(
    st.text(max_size=60),
    st.text("`*_~[]()<>#+-=|\\!&;:\"'^$@{}. \n\t1a", max_size=40),
    st.sampled_from(
        [
            *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt; &amp; &#x3c;", "]]>", "--><!--"),
            *("# Heading", "- item", "+ item", "1. item", "12345) item", "> quote", "    code", "```\ncode", "~~~"),
            *("***", "---", "- - -", "===", "a\n===", "| a | b |\n|---|---|", "![x](http://x)", "[x](javascript:a)"),
            *("[^1]: note", "[^1]", "[x]: http://x", "<http://x>", "`code`", "**bold**", "__bold__", "_it_", "~~no~~"),
            *("a  \nb", "a\\", "\\", "text!", "text:", "</style></main>", '" onclick="x', "$x$", ":+1:", "\ud800"),
            "\x00\x1b[31m\u202e",
        ]
    ),
)  # fmt: skip
# A text of nothing that is seen would be an element without any.
words = hostile.map(lambda text: text if any(map(str.isalnum, text)) else f"{text}a")


def made_of(words: list[str]) -> tuple[Conversation, Document]:
    """A conversation with these texts wherever a text of others may stand."""
    title, asked, searched, short, first, second, quote, name, heading, body, publisher, date = words
    cited = Citation(1, "d", name, 0, len(quote), quote, 2)
    statements = (Statement(first, (cited,), "quoted"), Statement(second, (cited,), "unchecked"))
    answer = Answer(
        asked, f"searched {searched}", "x", statements, (cited,), (Conflict(statements),), (), 0.1, short, 0.5
    )
    passage = Passage("d", name, heading, 0, len(body), body)
    refused = Answer(asked, asked, second, hits=(Hit(passage, 0.5),))
    document = Document("d", name, quote, date, publisher, "https://example.org/")
    return replace(turns(answer, refused), title=title), document


class TestHostileText:
    @given(st.lists(words, min_size=12, max_size=12))
    def test_is_text_when_the_markdown_is_rendered(self, texts: list[str]) -> None:
        conversation, document = made_of(texts)
        harmless, of_harmless = made_of(["x"] * 12)

        exported = to_markdown(conversation, [document])

        exported.encode()
        for preset in ("commonmark", "default"):
            renderer = MarkdownIt(preset, {"html": True})
            page = Page(renderer.render(exported))
            assert page.tags == Page(renderer.render(to_markdown(harmless, [of_harmless]))).tags
            assert set(page.values.get("href", [])) == {"https://example.org/"}
            for text in texts:
                assert seen(text) in page.text

    @given(st.lists(words, min_size=12, max_size=12))
    def test_is_text_in_the_page(self, texts: list[str]) -> None:
        conversation, document = made_of(texts)
        harmless, of_harmless = made_of(["x"] * 12)

        exported = to_html(conversation, [document])

        exported.encode()
        page = Page(exported)
        assert page.tags == Page(to_html(harmless, [of_harmless])).tags
        assert set(page.values) == set(Page(to_html(harmless, [of_harmless])).values)
        for text in texts:
            assert seen(text) in page.text


class TestPage:
    def test_every_mention_has_its_quote_and_back(self) -> None:
        page = Page(to_html(ALL, [TREATY]))

        identities, addresses = page.values["id"], page.values["href"]
        assert len(identities) == len(set(identities))
        assert {each[1:] for each in addresses if each.startswith("#")} == set(identities) - {"quotes"}
        assert [each for each in addresses if not each.startswith("#")] == [TREATY.url] * 3
        assert page.values["datetime"] == ["2026-11-22T15:04:00+09:00"] * 3

    def test_the_quote_is_exact(self) -> None:
        assert f'<blockquote dir="auto">{TEXT[23:46]}</blockquote>' in to_html(ALL, [TREATY])

    def test_an_address_that_could_run_something_is_left_out(self) -> None:
        page = to_html(ALL, [replace(TREATY, url="javascript:alert(1)")])

        assert "javascript" not in page

    def test_it_asks_for_nothing(self) -> None:
        page = Page(to_html(ALL, [TREATY]))

        assert not {"script", "link", "img", "iframe", "form", "object", "base"} & set(page.tags)
        assert not {"src", "style", "onclick", "srcset"} & set(page.values)
        (policy,) = (each for each in page.values["content"] if "-src" in each)
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy


class TestStopped:
    CUT = Conversation(
        "c",
        "Cut short",
        (
            SavedTurn(0, SIGNED, ASKED, stopped=True),
            SavedTurn(1, Answer("Who painted it?", "Who painted it?", "", hits=REFUSED.hits), ASKED, stopped=True),
        ),
    )

    def test_is_said_and_is_no_refusal(self) -> None:
        for exported in (to_markdown(self.CUT, [TREATY]), Page(to_html(self.CUT, [TREATY])).text):
            assert exported.count("The answer was stopped before it was whole.") == 1
            assert exported.count("Stopped before there was an answer.") == 1
            assert "It was signed in 1953." in exported
            assert "closest passages" not in exported

    def test_before_it_was_checked_is_said(self) -> None:
        written = replace(SIGNED, statements=(Statement("It was signed early.", (), "unchecked"),), citations=())
        cut = Conversation("c", "Cut short", (SavedTurn(0, written, ASKED, stopped=True),))
        for exported in (to_markdown(cut, [TREATY]), Page(to_html(cut, [TREATY])).text):
            assert "stopped before it was whole, and before it was checked against the sources." in exported
            assert "(not checked)" in exported

    def test_before_its_first_words_is_no_answer_to_read_back(self, tmp_path: Path) -> None:
        (tmp_path / "exported.json").write_text(to_json(self.CUT, [TREATY]), "ascii")

        assert read_conversations(tmp_path / "exported.json") == ((SIGNED,),)


@pytest.mark.parametrize("answer", [SIGNED, DISPUTED, REFUSED])
def test_a_note_on_an_answer_is_in_every_form(answer: Answer) -> None:
    noted = turns(replace(answer, note="One *sentence* is left out."))
    assert to_markdown(noted, []).count("*One \\*sentence\\* is left out.*") == 1
    assert Page(to_html(noted, [])).text.count("One *sentence* is left out.") == 1
    assert json.loads(to_json(noted, []))[0]["note"] == "One *sentence* is left out."


class TestJson:
    def test_is_the_form_of_saved_conversations(self, tmp_path: Path) -> None:
        path = tmp_path / "exported.json"
        path.write_text(to_json(ALL, [TREATY]), "ascii")

        assert read_conversations(path) == ((SIGNED, DISPUTED, REFUSED),)

    def test_is_json(self) -> None:
        assert [Answer.from_dict(each) for each in json.loads(to_json(ALL, []))] == [SIGNED, DISPUTED, REFUSED]

    def test_of_no_turns_is_an_empty_list(self, tmp_path: Path) -> None:
        (tmp_path / "exported.json").write_text(to_json(turns(), []), "ascii")

        assert json.loads(to_json(turns(), [])) == []
        assert read_conversations(tmp_path / "exported.json") == ()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright) as opened:
        yield opened


class TestBrowser:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_it_can_be_read_by_everyone(self, browser: Browser, tmp_path: Path, scheme: str) -> None:
        path = tmp_path / "exported.html"
        path.write_text(to_html(ALL, []), "utf-8")
        page = browser.new_page(color_scheme=scheme, viewport={"width": 360, "height": 640})
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.on("request", lambda request: problems.append(request.url) if request.url != path.as_uri() else None)
        page.goto(path.as_uri())

        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        page.locator("sup a").first.click()

        assert problems == []
        assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 28)"}[scheme]
        assert overflow <= 0
        assert page.evaluate("document.querySelector(':target').textContent").startswith("It was signed in 1953.")
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["impact"]) for each in found] == []
        page.close()
