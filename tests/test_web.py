"""The web chat: its HTML as pure functions, and the real page in a real browser."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from assistant import Answer, Assistant, Citation, Conflict, Document, Hit, Passage, Statement
from assistant.errors import ServeError
from assistant.ingest.blocks import find_blocks
from assistant.web.app import serve
from assistant.web.conversation import Exchange, Place, find_place, history
from assistant.web.examples import example_questions
from assistant.web.render import render_answer, render_exchange, render_start
from assistant.web.source import render_source, render_sources
from assistant.wording import clip

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()

KNOWN = "When was the Mutual Defense Treaty signed?"
OTHER = "Which joint exercises do the two forces hold?"
OFF_TOPIC = "Who won the 1998 football world cup?"

HOSTILE = (
    "<script>document.title='hacked'</script>",
    "<img src=x onerror=\"document.title='hacked'\">",
    "![x](https://example.org/x.png) [y](javascript:alert(1)) **bold** # title",
    "$$\\frac{1}{2}$$ \\(x\\) `code` ${1+1} {{7*7}} {% raw %}",
    "</article></section><h1>out & over</h1> \" ' > &amp;",
    "emoji 👩‍👩‍👧 \u202eright to left\u202c שלום",
)


# HTML


class Parsed(HTMLParser):
    """The elements and the text of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marked: list[str] = []
        self._in_mark = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "mark":
            self._in_mark = True
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_mark = self._in_mark and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_mark:
            self.marked[-1] += data

    def with_attribute(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.elements if name in attributes]


def parts(text: str) -> str:
    """`text` without its blank space, which HTML does not keep."""
    return "".join(text.split())


def citation(number: int, quote: str, title: str = "Title", document_id: str = "d") -> Citation:
    return Citation(number, document_id, title, 0, len(quote), quote)


def answer_of(*statements: Statement, question: str = "q", searched_for: str = "q", short: str = "") -> Answer:
    cited = tuple(each for statement in statements for each in statement.citations)
    return Answer(question, searched_for, "", statements, cited, short=short)


def hostile_answer(text: str) -> Answer:
    cited = citation(1, text, title=text)
    passage = Passage("d", text, text, 0, len(text), text)
    statement = Statement(text, (cited,), "partly")
    other = Statement("plain", (citation(2, "plain"),), "quoted")
    return Answer(
        text,
        text + "?!x",
        text,
        (statement, other),
        (cited,),
        (Conflict((statement, other)),),
        (Hit(passage, 1.0),),
        0,
        text,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_everywhere(text: str) -> None:
    answer = hostile_answer(text)
    refusal = Answer(text, text, text, hits=answer.hits)
    document = Document("d", text, text, date=text, publisher=text, licence=text, url=f"https://example.org/{text}")
    pages = [
        render_start(1, [text]),
        render_exchange(Exchange(text, answer, finished=True), 0),
        render_exchange(Exchange(text, refusal, finished=True), 0),
        render_exchange(Exchange(text, problem=text, finished=True), 0),
        render_sources([Document(text, text, "x")]),
        render_source(document, find_blocks(text), 0, len(text), text),
    ]
    for page in pages:
        parsed = Parsed(page)
        assert parts(text) in parts(parsed.text)
        assert not {"script", "img", "h1", "em", "strong"} & {tag for tag, _ in parsed.elements}
        names = {name for _, attributes in parsed.elements for name in attributes}
        assert not [name for name in names if name.startswith("on")]
        assert all(href.startswith("https://example.org/") for href in parsed.with_attribute("href"))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_only_web_addresses_become_links(url: str) -> None:
    assert "href" not in render_source(Document("d", "Title", "Text.", url=url), [], 0, 5, "document:d")


def test_each_marker_names_its_source_and_holds_its_quote() -> None:
    statement = Statement("Signed in 1953.", (citation(1, "It was signed in 1953.", "The Treaty"),), "quoted")
    parsed = Parsed(render_answer(answer_of(statement), turn=3))
    assert [attributes for tag, attributes in parsed.elements if tag == "button"] == [
        {
            "type": "button",
            "class": "marker",
            "data-open": "citation:3:1",
            "aria-label": "Source 1: The Treaty",
            "title": "It was signed in 1953.",
        }
    ]
    assert "Quoted word for word from The Treaty" in parsed.text


def test_verdicts_are_said_in_words_each_where_they_differ() -> None:
    quoted = Statement("A.", (citation(1, "A."),), "quoted")
    partly = Statement("B.", (citation(2, "B or C."),), "partly")
    alone = Parsed(render_answer(answer_of(partly), 0)).text
    both = Parsed(render_answer(answer_of(quoted, partly), 0)).text
    assert alone.count("Only partly supported by the source") == 1
    assert re.search(r"A\.1.*Quoted word for word.*B\.2.*Only partly supported", both)


def test_the_short_answer_comes_before_the_sentences() -> None:
    statement = Statement("It was signed in 1953.", (citation(1, "It was signed in 1953."),), "quoted")
    assert Parsed(render_answer(answer_of(statement, short="1953"), 0)).text.startswith("1953It was")


def test_conflicting_values_are_listed_with_their_markers_sources_and_dates() -> None:
    first = Statement("28,500 troops.", (citation(1, "28,500 troops.", "A", "a"),), "quoted")
    second = Statement("37,000 troops.", (citation(2, "37,000 troops.", "B", "b"),), "quoted")
    answer = Answer("q", "q", "", (first,), first.citations, (Conflict((first, second)),))
    parsed = Parsed(render_answer(answer, 0, {"b": "2004"}))
    assert "The sources disagree28,500 troops.1A37,000 troops.2B, 2004" in parsed.text
    assert parsed.with_attribute("data-open") == ["citation:0:1", "citation:0:1", "citation:0:2"]


@pytest.mark.parametrize(
    ("searched_for", "shown"),
    [("When was it signed?", False), ("when was it  signed", False), ("When was the treaty signed?", True)],
)
def test_what_was_searched_for_is_shown_when_it_differs(searched_for: str, shown: bool) -> None:
    exchange = Exchange("When was it signed?", Answer("When was it signed?", searched_for, "No."), finished=True)
    assert ("Searched for:" in render_exchange(exchange, 0)) is shown


def test_an_unfinished_answer_without_statements_is_not_a_refusal() -> None:
    exchange = Exchange("q", Answer("q", "q", ""))
    assert "Searching the sources" in render_exchange(exchange, 0)


def test_a_very_long_question_is_shown_in_part() -> None:
    assert len(render_exchange(Exchange("word " * 20_000, problem="Too long.", finished=True), 0)) < 2_000


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [("one two", 7, "one two"), ("one two three", 9, "one two …"), ("one", 2, "on …"), ("one two", 4, "one …")],
)
def test_a_text_is_cut_between_words(text: str, limit: int, shown: str) -> None:
    assert clip(text, limit) == shown


def test_the_place_of_a_passage_is_said_once() -> None:
    passage = Passage("d", "The bridge", "The bridge", 0, 5, "Text.")
    answer = Answer("q", "q", "No.", hits=(Hit(passage, 1.0),))
    assert Parsed(render_answer(answer, 0)).text.count("The bridge") == 1


@given(
    text=st.text(alphabet=st.sampled_from(list("ab. #-\n\t<&\"'\u05d0")), max_size=200),
    cut=st.tuples(*[st.integers(0, 200)] * 2),
)
def test_a_source_shows_every_character_and_marks_exactly_the_quote(text: str, cut: tuple[int, int]) -> None:
    start, end = sorted(min(each, len(text)) for each in cut)
    document = Document("d", "", text)
    parsed = Parsed(render_source(document, find_blocks(text), start, end, "r").split("full-text", 1)[1])
    assert parts(parsed.text.partition(">")[2]) == parts(text)
    assert parts("".join(parsed.marked)) == parts(text[start:end])


def test_a_quote_within_one_paragraph_is_one_mark_verbatim() -> None:
    text = "Heading\nFirst sentence. The  second\tone. Third.\nNext paragraph."
    start = text.index("The")
    end = text.index(" Third")
    assert Parsed(render_source(Document("d", "T", text), find_blocks(text), start, end, "r")).marked == [
        text[start:end]
    ]


def test_the_page_of_the_quote_is_named() -> None:
    document = Document("d", "T", "one. two.", publisher="P", date="2020", pages=(0, 5))
    assert "P · 2020 · page 2" in Parsed(render_source(document, [], 5, 9, "r")).text


# What a browser may open


def test_places_are_found_only_among_what_was_answered() -> None:
    passage = Passage("d", "T", "", 7, 9, "xy")
    cited = Answer("q", "q", "", (Statement("s", (citation(2, "abc"),), "quoted"),), (citation(2, "abc"),))
    conversation = (Exchange("q", cited, finished=True), Exchange("r", Answer("r", "r", "", hits=(Hit(passage, 1),))))
    assert find_place(conversation, "citation:0:2") == Place("d", 0, 3)
    assert find_place(conversation, "passage:1:0") == Place("d", 7, 9)
    assert find_place(conversation, "document:d") == Place("d")
    for wrong in (
        "", "citation", "citation:0", "citation:0:1", "citation:2:1", "citation:-1:2", "citation:0:²", "passage:1:1",
        "passage:0:0", "file:0:0", f"citation:{'9' * 5000}:1", "citation:0:2:3",
    ):  # fmt: skip
        assert find_place(conversation, wrong) is None


def test_problems_and_unfinished_answers_are_no_history() -> None:
    answer = Answer("q", "q", "No.")
    conversation = (
        Exchange("q", answer, finished=True),
        Exchange("", problem="Empty.", finished=True),
        Exchange("r", answer),
    )
    assert [turn.question for turn in history(conversation)] == ["q"]


def test_example_questions_are_answered_by_the_documents(assistant: Assistant) -> None:
    questions = example_questions(assistant)
    assert 2 <= len(questions) <= 4
    assert len(set(questions)) == len(questions)
    assert not any(assistant.ask(question).refused for question in questions)


# The server


def test_a_port_in_use_is_a_sentence_said_before_anything_is_loaded() -> None:
    def never() -> Assistant:
        raise AssertionError("opened although the port is in use")

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=rf"port {port}: Address already in use\. .*--port"):
            serve(never, port=port)


@pytest.mark.parametrize("host", ["999.1.1.1", "192.0.2.1"])
def test_a_host_that_is_not_here_is_a_sentence(host: str) -> None:
    with pytest.raises(ServeError, match=rf"{re.escape(host)}.*--host"):
        serve(lambda: pytest.fail("opened"), host=host, port=0)


def start(store: Path) -> subprocess.Popen[str]:
    """The real chat in a process of its own, on a port that is free. Its first line says where."""
    code = (
        "import sys; from assistant import Assistant; from assistant.web.app import serve; "
        "serve(lambda: Assistant.open(sys.argv[1]), port=0)"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, store], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    assert found, line + process.stdout.read()
    return found[0]


# The browser


@pytest.fixture(scope="module")
def address(store: Path) -> Iterator[str]:
    """Where the chat listens. When interrupted it ends in silence, although a page's connection is still open."""
    with start(store) as process:
        try:
            address = address_of(process)
            with urlopen(f"{address}/gradio_api/heartbeat/a-page"):
                yield address
                process.send_signal(signal.SIGINT)
                said, _ = process.communicate(timeout=30)
            assert (process.returncode, said) == (0, "")
        finally:
            process.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"The browser tests need {CHROMIUM}. Install it with: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A fresh browser session that fails the test on a request to elsewhere and on an error of the page."""
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    opened.set_default_timeout(20_000)
    requests: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("weberror", lambda error: errors.append(str(error.error)))
    yield opened
    opened.close()
    assert requests
    assert [url for url in requests if urlsplit(url).scheme.startswith("http") and not url.startswith(address)] == []
    assert errors == []


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    return open_chat(context, address)


def open_chat(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".examples button").first).to_be_visible()
    return page


def ask(page: Page, question: str) -> Locator:
    """Types the question, presses Enter, and waits for the finished exchange."""
    turn = page.locator(".exchange").count()
    page.get_by_label("Question").fill(question)
    page.get_by_label("Question").press("Enter")
    return finished(page, turn)


def finished(page: Page, turn: int) -> Locator:
    exchange = page.locator(f'.exchange[data-turn="{turn}"]')
    expect(exchange).to_have_attribute("aria-busy", "false")
    return exchange


def expect_quote_shown(page: Page, marker: Locator) -> None:
    mark = page.locator("#pane mark")
    expect(mark).to_have_count(1)
    expect(mark).to_have_text(marker.get_attribute("title") or "")
    expect(mark).to_be_in_viewport()
    expect(marker).to_have_attribute("aria-current", "true")


def test_a_click_on_a_marker_opens_the_source_at_the_quote(page: Page) -> None:
    exchange = ask(page, KNOWN)
    expect(exchange.locator(".statement").first).to_contain_text("1953")
    expect(exchange.locator(".footer")).to_contain_text("Quoted word for word")
    marker = exchange.locator(".marker").first
    marker.click()
    expect_quote_shown(page, marker)
    title = (marker.get_attribute("aria-label") or "").partition(": ")[2]
    expect(page.locator("#pane h2")).to_have_text(title)


def test_markers_of_earlier_answers_still_open_their_quotes(page: Page) -> None:
    first = ask(page, KNOWN).locator(".marker").first
    second = ask(page, OTHER).locator(".marker").first
    for marker in (second, first, second):
        marker.click()
        expect_quote_shown(page, marker)


def test_a_marker_clicked_again_brings_its_quote_back(page: Page) -> None:
    marker = ask(page, KNOWN).locator(".marker").first
    marker.click()
    expect_quote_shown(page, marker)
    page.locator("#pane .source").evaluate("pane => pane.scrollTo(0, pane.scrollHeight)")
    expect(page.locator("#pane mark")).not_to_be_in_viewport()
    marker.click()
    expect(page.locator("#pane mark")).to_be_in_viewport()


def test_a_follow_up_says_what_was_searched_for(page: Page) -> None:
    ask(page, KNOWN)
    follow_up = ask(page, "Why was it signed?")
    expect(follow_up.locator(".searched q")).to_contain_text("Treaty")


def test_a_refusal_shows_the_closest_passages_as_such(page: Page) -> None:
    refusal = ask(page, OFF_TOPIC).locator(".refusal")
    expect(refusal.locator(".says")).to_contain_text("sources do not")
    expect(refusal).to_contain_text("Closest passages – related, but not an answer")
    expect(refusal.locator("li")).to_have_count(3)
    expect(refusal.locator(".marker")).to_have_count(0)
    refusal.locator("button").first.click()
    expect(page.locator("#pane mark").first).to_be_in_viewport()


def test_markup_in_a_question_is_shown_and_not_executed(page: Page) -> None:
    for text in HOSTILE:
        exchange = ask(page, text)
        expect(exchange.locator(".question")).to_have_text(text)
    expect(page.locator("#transcript :is(img, script, h1, strong, code, math)")).to_have_count(0)
    expect(page).to_have_title("Ask the sources")


def test_a_question_that_cannot_be_searched_gives_a_message(page: Page) -> None:
    for question, message in (("", "empty"), ("?!", "empty"), ("words" * 20_000, "100,000")):
        expect(ask(page, question).locator(".problem")).to_contain_text(message)
    expect(ask(page, KNOWN).locator(".statement").first).to_contain_text("1953")


def test_the_keyboard_alone_asks_opens_and_returns(page: Page) -> None:
    box = page.get_by_label("Question")
    expect(box).to_be_focused()
    page.keyboard.type("When was the treaty")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("signed?")
    expect(box).to_have_value("When was the treaty\nsigned?")
    page.keyboard.press("Enter")
    exchange = finished(page, 0)
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    last = exchange.locator(".marker").last
    page.keyboard.press("Shift+Tab")
    expect(last).to_be_focused()
    page.keyboard.press("Enter")
    expect_quote_shown(page, last)
    expect(page.locator("#pane h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(last).to_be_focused()


def test_an_example_is_asked_and_a_new_conversation_starts_empty(page: Page) -> None:
    example = page.locator(".examples button").first
    question = example.text_content() or ""
    example.click()
    expect(finished(page, 0).locator(".question")).to_have_text(question)
    expect(page.locator(".examples")).to_be_hidden()
    page.locator(".marker").first.click()
    expect(page.locator("#pane mark")).to_be_in_viewport()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".exchange")).to_have_count(0)
    expect(page.locator(".examples button").first).to_be_visible()
    expect(page.locator("#pane .documents li")).to_have_count(3)
    expect(page.get_by_label("Question")).to_be_focused()
    # Nothing of the conversation before is referred to.
    expect(ask(page, "Why was it signed?").locator(".searched")).to_have_count(0)


def test_any_source_can_be_opened_to_read(page: Page) -> None:
    source = page.locator("#pane .documents button").last
    title = source.text_content() or ""
    source.click()
    expect(page.locator("#pane h2")).to_have_text(title)
    expect(page.locator("#pane mark")).to_have_count(0)
    page.get_by_role("button", name="All sources").click()
    expect(page.locator("#pane .documents li")).to_have_count(3)


def test_two_tabs_do_not_disturb_each_other(context: BrowserContext, address: str) -> None:
    one, two = open_chat(context, address), open_chat(context, address)
    for page, question in ((one, KNOWN), (two, OTHER)):
        page.get_by_label("Question").fill(question)
    for page in (one, two):
        page.get_by_label("Question").press("Enter")
    for page, question in ((one, KNOWN), (two, OTHER)):
        exchange = finished(page, 0)
        expect(page.locator(".question")).to_have_text([question])
        marker = exchange.locator(".marker").first
        marker.click()
        expect_quote_shown(page, marker)


def test_on_a_phone_the_source_comes_below_with_a_way_back(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    marker = ask(page, KNOWN).locator(".marker").first
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    lefts = page.locator("#left, #right").evaluate_all("panes => panes.map(pane => pane.getBoundingClientRect().left)")
    assert lefts[0] == lefts[1]
    marker.click()
    expect_quote_shown(page, marker)
    expect(marker).not_to_be_in_viewport()
    page.get_by_role("button", name="Back to the answer").click()
    expect(marker).to_be_in_viewport()
    expect(marker).to_be_focused()


def test_both_colour_schemes_keep_the_contrast(browser: Browser, address: str) -> None:
    for scheme in ("light", "dark"):
        # Without motion: a colour on its way to another is not one that anybody reads.
        context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
        page = open_chat(context, address)
        marker = ask(page, KNOWN).locator(".marker").first
        marker.click()
        expect_quote_shown(page, marker)
        for selector in (
            ".question",
            ".statement",
            ".footer",
            ".marker",
            "#pane mark",
            "#pane .full-text p",
            ".quiet",
            "#send",
        ):
            assert contrast(page.locator(selector).first) >= 4.5, (scheme, selector)
        context.close()


def contrast(element: Locator) -> float:
    """The contrast ratio of an element's text to the ground behind it, as WCAG 2.2 defines it."""
    ink, ground = element.evaluate(
        """element => {
            const ink = getComputedStyle(element).color;
            let ground = "rgba(0, 0, 0, 0)";
            for (let at = element; at && ground === "rgba(0, 0, 0, 0)"; at = at.parentElement)
                ground = getComputedStyle(at).backgroundColor;
            return [ink, ground];
        }"""
    )
    lighter, darker = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (int(number) / 255 for number in re.findall(r"\d+", colour)[:3])
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
