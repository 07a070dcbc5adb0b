"""The HTML of answers and sources, and the texts that a reader takes along."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from time import process_time
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from assistant import Answer, Citation, Conflict, Document, Hit, Passage, Statement
from assistant.ingest.blocks import find_blocks
from assistant.library.pictures import Box, Picture
from assistant.types import VERDICTS, Verdict
from assistant.web.answer import render_answer
from assistant.web.conversation import Exchange
from assistant.web.copied import answer_with_footnotes, quote_with_reference
from assistant.web.highlight import highlighted
from assistant.web.layout import Span, render_text
from assistant.web.render import render_conversation, render_exchange, render_start
from assistant.web.source import render_pane, render_sources
from assistant.wording import clip, sureness

HOSTILE = (
    "<script>document.title='hacked'</script>",
    "<img src=x onerror=\"document.title='hacked'\">",
    "![x](https://example.org/x.png) [y](javascript:alert(1)) **bold** # title",
    "$$\\frac{1}{2}$$ \\(x\\) `code` ${1+1} {{7*7}} {% raw %}",
    "</article></section></textarea><h1>out & over</h1> \" ' > &amp;",
    "emoji 👩‍👩‍👧 \u202eright to left\u202c שלום",
)
TEXT = "The bridge\n\nIt was begun in 1924. It opened in 1932. It is 503 m long."
OPENED = "It opened in 1932."
BRIDGE = Document("d", "The bridge", TEXT, date="2020-05-01", publisher="Press", url="https://example.org/bridge")
DOCUMENTS = {"d": BRIDGE}


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

    def all(self, **attributes: str) -> list[dict[str, str | None]]:
        """The elements whose attributes are these; `_` in a name is `-`, and one class of several is enough."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for _, element in self.elements
            if all(
                value in (element.get(name) or "").split() or element.get(name) == value
                for name, value in wanted.items()
            )
        ]

    def values(self, name: str) -> list[str]:
        return [element[name] or "" for _, element in self.elements if name in element]


def parts(text: str) -> str:
    """`text` without its blank space, which HTML does not keep."""
    return "".join(text.split())


def cited(number: int, quote: str = OPENED, document: Document = BRIDGE) -> Citation:
    start = max(0, document.text.find(quote))
    return Citation(number, document.id, document.title, start, start + len(quote), quote, document.page_at(start))


def stated(number: int, text: str = OPENED, verdict: Verdict = "quoted", document: Document = BRIDGE) -> Statement:
    return Statement(text, (cited(number, text if text in document.text else OPENED, document),), verdict)


def answer_of(*statements: Statement, question: str = "q", searched_for: str = "q", short: str = "") -> Answer:
    citations = tuple(each for statement in statements for each in statement.citations)
    return Answer(question, searched_for, "", statements, citations, short=short)


def refusal_of(count: int = 1) -> Answer:
    hits = tuple(Hit(Passage("d", "The bridge", "Heading", 0, 10, TEXT[:10]), 1.0) for _ in range(count))
    return Answer("q", "q", "The sources do not say.", hits=hits, certainty=0.04)


def exchange(answer: Answer | None = None, **changes: object) -> Exchange:
    return replace(Exchange("q", answer, finished=True, saved_as=0), **changes)


def shown(exchange: Exchange, documents: Mapping[str, Document] = DOCUMENTS, *, last: bool = True) -> Parsed:
    return Parsed(render_exchange(exchange, 0, documents, last=last))


def pane(
    reference: str,
    conversation: Sequence[Exchange],
    documents: Mapping[str, Document] = DOCUMENTS,
    *,
    pictured: bool = False,
) -> Parsed:
    return Parsed(render_pane(reference, conversation, documents, find_blocks, lambda _: pictured))


# Hostile text


def pages_of(text: str) -> list[str]:
    """Every page, with `text` wherever something from outside is shown."""
    document = Document(
        text, text, text, date=text, publisher=text, licence=text, url=f"https://example.org/{text}", pages=(0,)
    )
    citation = Citation(1, text, text, 0, len(text), text, 1)
    elsewhere = Citation(2, "gone", text, 0, len(text), text)
    partly, other = Statement(text, (citation,), "partly"), Statement("plain", (elsewhere,), "quoted")
    hits = (Hit(Passage(text, text, text, 0, len(text), text), 1.0),)
    citations = (citation, elsewhere)
    answer = Answer(
        text, text + "?!x", text, (partly, other), citations, (Conflict((partly, other)),), hits, 0, text, note=text
    )
    unchecked = Answer(text, text, text, (Statement(text, (), "unchecked"),), hits=hits)
    talk = (
        Exchange(text, answer, finished=True, note=text, saved_as=0),
        Exchange(text, Answer(text, text, text, hits=hits), finished=True),
        Exchange(text, problem=text, finished=True),
        Exchange(text, answer, finished=True, stopped=True),
        Exchange(text, unchecked),
        Exchange(text, unchecked, finished=True, stopped=True),
    )
    documents = {text: document}
    opened = [
        render_pane(reference, talk, documents, find_blocks, lambda _: True)
        for reference in ("sources", f"document:{text}", "citation:0:1", "citation:0:2", "passage:1:0")
    ]
    return [render_start(1, [text]), *(render_exchange(each, 0, documents) for each in talk), *opened,
            render_conversation(talk, documents, [text])]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_everywhere(text: str) -> None:
    for page in pages_of(text):
        parsed = Parsed(page)
        assert parts(text) in parts(parsed.text)


@given(st.text(alphabet=st.sampled_from(list("<>&\"'`=/ ab\n\u202eא$%{}")), min_size=1, max_size=40))
def test_no_text_becomes_markup(text: str) -> None:
    # No element or attribute that a harmless text does not have, but for those of paragraphs.
    for page, harmless in zip(pages_of(f"x{text}x"), pages_of("xyz"), strict=True):
        allowed = {(tag, name) for tag, element in Parsed(harmless).elements for name in ("", *element)}
        found = {(tag, name) for tag, element in Parsed(page).elements for name in ("", *element)}
        assert found <= allowed | {("h3", ""), ("h3", "class"), ("h3", "dir"), ("p", "")}
        assert not [name for _, name in found if name.startswith("on")]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org"])
def test_only_web_addresses_become_links(url: str) -> None:
    document = Document("d", "Title", "Text.", url=url)
    assert not pane("document:d", (), {"d": document}).values("href")
    assert not Parsed(render_sources([document])).values("href")


# Statements


def test_each_marker_names_its_source_and_is_described_by_its_card() -> None:
    parsed = Parsed(render_answer(answer_of(stated(1)), 3, DOCUMENTS))
    (marker,) = parsed.all(class_="marker")
    assert marker["data-open"] == "citation:3:1"
    assert marker["aria-label"] == "Source 1: The bridge"
    (card,) = parsed.all(role="tooltip")
    assert card["id"] == marker["aria-describedby"]
    assert card["popover"] == "manual"


def test_a_card_holds_quote_title_publisher_date_and_page() -> None:
    paged = replace(BRIDGE, pages=(0, 12))
    html = render_answer(answer_of(stated(1, document=paged)), 0, {"d": paged})
    assert Parsed(html.partition('class="cards"')[2]).text == f">{OPENED}The bridgePress2020-05-01page 2"


def test_cards_of_a_conversation_have_names_of_their_own() -> None:
    talk = [exchange(answer_of(stated(1), stated(2))) for _ in range(3)]
    names = Parsed(render_conversation(talk, DOCUMENTS)).values("id")
    assert len(names) == len(set(names)) == 3 * (2 + 2)


def test_every_verdict_is_said_in_words_and_with_a_sign_of_its_own() -> None:
    seen = set()
    for verdict in VERDICTS:
        parsed = Parsed(render_answer(answer_of(stated(1, verdict=verdict)), 0, DOCUMENTS))
        assert parsed.all(class_="statement")[0]["class"] == f"statement {verdict}"
        assert len(parsed.all(class_="verdict")) == 1
        match = re.search(r"1932\.1 (\S+) (Quoted|Supported|Partly supported|Not supported|Not checked)", parsed.text)
        assert match
        seen.add(match.groups())
    assert len({sign for sign, _ in seen}) == len({words for _, words in seen}) == len(VERDICTS)


def test_each_statement_has_its_own_verdict() -> None:
    answer = answer_of(stated(1, "It was begun in 1924."), stated(2, verdict="partly"))
    assert re.search(r"1924\.1.*Quoted.*1932\.2.*Partly supported", Parsed(render_answer(answer, 0, DOCUMENTS)).text)


def test_that_all_of_a_long_list_is_quoted_is_said_once() -> None:
    def verdicts(*given: Verdict) -> int:
        answer = answer_of(*(stated(number, verdict=each) for number, each in enumerate(given, 1)))
        return len(Parsed(render_answer(answer, 0, DOCUMENTS)).all(class_="verdict"))

    assert verdicts(*["quoted"] * 4) == 4
    assert verdicts(*["quoted"] * 9) == 1
    assert verdicts(*["quoted"] * 8, "supported") == 9


def test_the_short_answer_comes_before_the_sentences() -> None:
    assert Parsed(render_answer(answer_of(stated(1), short="1932"), 0, DOCUMENTS)).text.startswith("1932It opened")


def test_conflicting_values_stand_with_their_markers_sources_and_dates() -> None:
    other = Document("o", "A guide", "It opened in 1933.", date="1950", publisher="Guides")
    first, second = stated(1), stated(2, "It opened in 1933.", document=other)
    third = stated(3, "It was begun in 1924.")
    answer = replace(answer_of(first, second, third), conflicts=(Conflict((first, second)),))
    parsed = Parsed(render_answer(answer, 0, {**DOCUMENTS, "o": other}))
    sides = "It opened in 1932.1The bridgePress2020-05-01It opened in 1933.2A guideGuides1950"
    assert f"≠ The sources disagree.{sides}It was begun in 1924.3" in parsed.text
    assert parsed.values("data-open") == ["citation:0:1", "citation:0:2", "citation:0:3"]
    assert len(parsed.all(role="tooltip")) == 3


def test_a_source_that_disagrees_with_itself_is_said_to() -> None:
    sides = stated(1), stated(2, "It was begun in 1924.")
    answer = replace(answer_of(*sides), conflicts=(Conflict(sides),))
    assert "The source disagrees with itself." in render_answer(answer, 0, DOCUMENTS)


@pytest.mark.parametrize("certainty", [0.97, 0.02])
def test_how_sure_the_answer_is_is_said_in_words(certainty: float) -> None:
    for answer in (replace(answer_of(stated(1)), certainty=certainty), replace(refusal_of(), certainty=certainty)):
        assert Parsed(render_answer(answer, 0, DOCUMENTS)).text.count(sureness(answer)) == 1
    assert not Parsed(render_answer(answer_of(stated(1)), 0, DOCUMENTS)).all(class_="sure")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT, None),
        (f"New. {TEXT}", "The document has changed since; the quote now stands in another place."),
        ("All new.", "The document has changed since; this is the quote as it was."),
        (None, "The document is no longer here; this is the quote as it was."),
    ],
)
def test_a_quote_whose_document_changed_is_marked(text: str | None, said: str | None) -> None:
    documents = {} if text is None else {"d": replace(BRIDGE, text=text)}
    parsed = Parsed(render_answer(answer_of(stated(1)), 0, documents))
    (marker,) = parsed.all(class_="marker")
    assert (marker["aria-label"] == "Source 1: The bridge") is (said is None)
    assert len(re.findall(r"The document (?:has|is)", parsed.text)) == (said is not None)
    assert said is None or said in parsed.text


# Refusals


def test_a_refusal_shows_the_three_closest_passages_as_such() -> None:
    parsed = Parsed(render_answer(refusal_of(5), 2, DOCUMENTS))
    assert re.search(r"∅ The sources do not say\..*Closest passages – which probably do not answer it", parsed.text)
    assert parsed.values("data-open") == ["passage:2:0", "passage:2:1", "passage:2:2"]
    assert not parsed.all(class_="marker")


def test_a_question_that_leaves_open_what_it_is_about_looks_different() -> None:
    asked_back = replace(refusal_of(), text="I do not know what “it” refers to.", certainty=None)
    parsed = Parsed(render_answer(asked_back, 0, DOCUMENTS))
    assert "? I do not know what “it” refers to.Closest passages" in parsed.text
    assert "not an answer" not in parsed.text
    assert parsed.all(class_="asking")
    assert not Parsed(render_answer(refusal_of(), 0, DOCUMENTS)).all(class_="asking")


def test_a_refusal_without_passages_promises_none() -> None:
    assert "Closest" not in render_answer(refusal_of(0), 0, DOCUMENTS)


def test_the_place_of_a_passage_is_said_once() -> None:
    passage = Passage("d", "The bridge", "The bridge", 0, 5, "Text.")
    answer = Answer("q", "q", "No.", hits=(Hit(passage, 1.0),))
    assert Parsed(render_answer(answer, 0, DOCUMENTS)).text.count("The bridge") == 1


# Exchanges


@pytest.mark.parametrize(
    ("searched_for", "said"),
    [("When was it signed?", False), ("when was it  signed", False), ("When was the treaty signed?", True)],
)
def test_what_was_searched_for_is_shown_when_it_differs(searched_for: str, said: bool) -> None:
    parsed = shown(exchange(Answer("When was it signed?", searched_for, "No.")))
    assert ("Searched for:" in parsed.text) is said


def test_an_unfinished_answer_without_statements_is_not_a_refusal() -> None:
    assert "Searching the sources" in shown(Exchange("q", Answer("q", "q", ""))).text


WRITTEN = replace(answer_of(Statement("It opened early.", (), "unchecked")), text="It opened early.", certainty=0.9)


def test_what_is_being_written_is_said_to_be_and_looks_like_nothing_checked() -> None:
    parsed = shown(Exchange("q", WRITTEN))
    assert "Being written; not checked yet" in parsed.text
    assert "It opened early." in parsed.text
    for part in ("marker", "verdict", "refusal", "footer", "unchecked", "actions"):
        assert not parsed.all(class_=part)


def test_what_is_waited_for_is_said() -> None:
    assert "Waiting for the language model" in shown(Exchange("q", replace(WRITTEN, text="", statements=()))).text
    assert "Searching the sources" in shown(Exchange("q", replace(refusal_of(), certainty=0.1))).text


def test_what_was_stopped_before_it_was_checked_is_never_like_a_checked_answer() -> None:
    parsed = shown(exchange(WRITTEN, stopped=True))
    assert "Not checked" in parsed.text
    assert "it was not checked against the sources" in parsed.text
    assert "answers the question" not in parsed.text
    assert not parsed.all(class_="written")
    assert "It opened early. (not checked)" in answer_with_footnotes(WRITTEN, DOCUMENTS)


@pytest.mark.parametrize("answer", [answer_of(stated(1)), refusal_of()])
def test_a_note_is_shown_and_copied(answer: Answer) -> None:
    noted = replace(answer, note="One sentence is left out.")
    assert shown(exchange(noted)).text.count("One sentence is left out.") == 1
    assert "\n\nOne sentence is left out." in answer_with_footnotes(noted, DOCUMENTS)
    assert not shown(exchange(answer)).all(class_="note")


def test_a_stopped_answer_is_marked_and_never_a_refusal() -> None:
    begun, nothing = exchange(answer_of(stated(1)), stopped=True), exchange(Answer("q", "q", ""), stopped=True)
    assert "Stopped. This is as far as the answer came." in shown(begun).text
    assert "Stopped before there was an answer." in shown(nothing).text
    assert "do not say" not in shown(nothing).text


def test_a_problem_is_said_and_can_be_tried_again() -> None:
    parsed = shown(exchange(problem="Too long.", saved_as=None))
    assert "! Too long." in parsed.text
    assert parsed.all(data_retry="") == []
    assert [element for _, element in parsed.elements if "data-retry" in element]
    assert not parsed.values("data-copy") + parsed.values("data-rate")


def test_a_very_long_question_is_shown_in_part() -> None:
    html = render_exchange(Exchange("word " * 20_000, problem="Too long.", finished=True), 0, DOCUMENTS)
    assert len(html) < 2_000


def test_only_the_last_question_is_asked_again_and_any_can_be_edited() -> None:
    for last in (True, False):
        parsed = shown(exchange(answer_of(stated(1)), question="What & when?"), last=last)
        assert bool(parsed.values("data-retry")) is last
        assert "edit" in parsed.values("data-form")
        assert "What & when?" in parsed.text.partition("The question, asked instead")[2]


def test_feedback_shows_what_was_kept_and_needs_a_saved_answer() -> None:
    kept = shown(exchange(answer_of(stated(1)), rating="down", note="Wrong\nyear."))
    pressed = {each["data-rate"]: each["aria-pressed"] for _, each in kept.elements if "data-rate" in each}
    assert pressed == {"up": "false", "down": "true"}
    assert "Change note" in kept.text
    assert kept.text.count("Wrong\nyear.") == 2
    assert not shown(exchange(answer_of(stated(1)), saved_as=None)).values("data-rate")


def test_an_unfinished_answer_offers_nothing() -> None:
    growing = Exchange("q", answer_of(stated(1)))
    assert not shown(growing).all(class_="actions")
    assert "follow-ups" not in render_conversation((growing,), DOCUMENTS, ["And when?"])


def test_questions_that_might_follow_can_be_asked() -> None:
    parsed = Parsed(render_conversation((exchange(answer_of(stated(1))),), DOCUMENTS, ["And when?"]))
    assert parsed.text.endswith("You could ask nextAnd when?")
    assert len([element for _, element in parsed.elements if "data-ask" in element]) == 1


def test_every_button_and_field_has_a_name() -> None:
    for page in pages_of("words"):
        named = re.findall(r"<button([^>]*)>(.*?)</button>", page, re.DOTALL)
        assert all(
            'aria-label="' in attributes or re.sub("<[^>]*>", "", inside).strip() for attributes, inside in named
        )
        assert page.count("<textarea") == page.count("<label>")


# What is copied


def test_a_quote_is_copied_on_one_line_with_what_is_known_of_it() -> None:
    quote = "It opened\n in 1932."
    assert quote_with_reference(quote, "The bridge", BRIDGE, 3) == (
        "“It opened in 1932.” — The bridge, Press, 2020-05-01, page 3, https://example.org/bridge"
    )
    assert quote_with_reference(quote, "The bridge", None, None) == "“It opened in 1932.” — The bridge"


def test_an_answer_is_copied_with_a_footnote_for_every_marker() -> None:
    sides = stated(3), stated(4)
    answer = replace(
        answer_of(stated(1, "It was begun in 1924."), stated(2, "It is old.", "unsupported"), *sides),
        question="When?",
        conflicts=(Conflict(sides),),
    )
    reference = "The bridge, Press, 2020-05-01, https://example.org/bridge"
    assert answer_with_footnotes(answer, DOCUMENTS) == (
        "When?\n\n"
        "The source disagrees with itself.\n"
        "- It opened in 1932. [3] (2020-05-01)\n- It opened in 1932. [4] (2020-05-01)\n\n"
        "It was begun in 1924. [1] It is old. [2] (not supported)\n\n"
        f"[1] “It was begun in 1924.” — {reference}\n" + "\n".join(f"[{n}] “{OPENED}” — {reference}" for n in (2, 3, 4))
    )


def test_a_refusal_is_copied_as_what_it_says() -> None:
    assert answer_with_footnotes(refusal_of(), DOCUMENTS) == "q\n\nThe sources do not say."


# The source pane


@given(
    text=st.text(alphabet=st.sampled_from(list("ab. #-\n\t<&\"'\u05d0")), max_size=200),
    cut=st.tuples(*[st.integers(0, 200)] * 6),
)
def test_a_source_shows_every_character_and_marks_exactly_the_quote(text: str, cut: tuple[int, ...]) -> None:
    edges = [min(each, len(text)) for each in cut]
    marked, *also = [Span(sorted(pair)) for pair in zip(edges[::2], edges[1::2], strict=True)]
    blocks = find_blocks(text)
    parsed = Parsed(render_text(text, blocks, marked, also))
    shown = list(text)
    for block in blocks:
        if block.kind == "heading" and (mark := re.search(r"#{1,6}[ \t]+$", text[: block.start])):
            shown[mark.start() : block.start] = [" "] * len(mark[0])
    assert parts(parsed.text) == parts("".join(shown))
    assert parts("".join(parsed.marked)) == parts("".join(shown[slice(*marked)]))


def test_the_pane_marks_the_quote_and_faintly_the_others_of_the_answer() -> None:
    talk = (exchange(answer_of(stated(1, "It was begun in 1924."), stated(2))),)
    html = render_pane("citation:0:2", talk, DOCUMENTS, find_blocks, lambda _: False)
    assert Parsed(html).marked == [OPENED]
    assert re.findall('class="also-quoted">([^<]*)<', html) == ["It was begun in 1924."]


def test_the_pane_names_title_publisher_date_and_page_and_copies_them() -> None:
    paged = replace(BRIDGE, pages=(0, 12), licence="CC BY 4.0")
    parsed = pane("citation:0:1", (exchange(answer_of(stated(1, document=paged))),), {"d": paged})
    assert "The bridgePress · 2020-05-01 · page 2 · CC BY 4.0 · original" in parsed.text
    assert parsed.values("data-copy") == [
        f"“{OPENED}” — The bridge, Press, 2020-05-01, page 2, https://example.org/bridge"
    ]


def test_the_pane_leads_to_the_citation_before_and_after() -> None:
    answer = answer_of(*(stated(number) for number in (1, 2, 3)))
    steps = {}
    for number in (1, 2, 3):
        parsed = pane(f"citation:0:{number}", (exchange(answer),))
        assert f"Citation {number} of 3: {OPENED}" in parsed.text
        steps[number] = [each.get("data-open") for each in parsed.all(class_="step")]
    assert steps == {
        1: [None, "citation:0:2"],
        2: ["citation:0:1", "citation:0:3"],
        3: ["citation:0:2", None],
    }


def test_the_pane_leads_through_the_closest_passages_of_a_refusal() -> None:
    parsed = pane("passage:0:1", (exchange(refusal_of(9)),))
    assert "Passage 2 of 3" in parsed.text
    assert parsed.marked


def test_where_there_is_one_citation_there_is_nowhere_to_go() -> None:
    assert not pane("citation:0:1", (exchange(answer_of(stated(1))),)).all(class_="step")


def test_a_document_opened_to_read_has_no_mark_and_no_steps() -> None:
    parsed = pane("document:d", (exchange(answer_of(stated(1))),))
    assert parsed.marked == []
    assert not parsed.all(class_="step")
    assert not parsed.values("data-copy")


def test_a_quote_that_moved_is_marked_where_it_stands_now() -> None:
    talk = (exchange(answer_of(stated(1))),)
    parsed = pane("citation:0:1", talk, {"d": replace(BRIDGE, text=f"A new beginning. {TEXT}")})
    assert parsed.marked == [OPENED]
    assert "now stands in another place" in parsed.text


@pytest.mark.parametrize("documents", [{}, {"d": replace(BRIDGE, text="All of it is new.")}])
def test_a_quote_that_is_gone_is_shown_as_it_was(documents: Mapping[str, Document]) -> None:
    parsed = pane("citation:0:1", (exchange(answer_of(stated(1))),), documents)
    assert f"this is the quote as it was.{OPENED}" in parsed.text
    assert parsed.marked == []


@pytest.mark.parametrize(
    "reference", ["", "document:other", "document:", "citation:1:1", "citation:0:2", "passage:0:0"]
)
def test_what_was_not_shown_cannot_be_opened(reference: str) -> None:
    parsed = pane(reference, (exchange(answer_of(stated(1))),))
    assert "no longer open here" in parsed.text
    assert TEXT[:10] not in parsed.text


def test_a_page_can_be_looked_at_where_there_are_pictures() -> None:
    paged = replace(BRIDGE, id="a b/3.png", pages=(0, 12))
    talk = (exchange(answer_of(stated(1, document=paged))),)
    parsed = pane("citation:0:1", talk, {paged.id: paged}, pictured=True)
    (source,) = parsed.values("src")
    assert unquote(source) == f"/page/a b/3.png/2.png?quote={OPENED}"
    assert source.count("/") == 3
    assert parsed.values("alt") == ["Page 2 of The bridge, with the quote marked"]
    assert "Page 2 of 2" in parsed.text
    assert not pane("citation:0:1", talk, {paged.id: paged}).values("src")


def test_half_a_million_characters_are_laid_out_well_within_a_second() -> None:
    sentences = " ".join(
        f"In {year} the tower was painted once more, as in the years before." for year in range(1924, 1944)
    )
    long = Document("d", "Painting", "\n\n".join(f"Part {number}\n\n{sentences}" for number in range(400)))
    assert len(long.text) > 500_000
    talk = (exchange(answer_of(stated(1, sentences[:66], document=long))),)
    started = process_time()
    html = render_pane("citation:0:1", talk, {"d": long}, find_blocks, lambda _: False)
    assert process_time() - started < 0.8
    assert len(html) < 1.2 * len(long.text)


def test_the_list_opens_every_document() -> None:
    assert Parsed(render_sources([BRIDGE, replace(BRIDGE, id="x:1")])).values("data-open") == [
        "document:d",
        "document:x:1",
    ]


# Pictures


def test_the_quote_is_tinted_on_the_picture_and_the_ink_stays() -> None:
    page = Image.new("RGB", (200, 100), "white")
    page.paste((0, 0, 0), (50, 40, 60, 50))
    file = io.BytesIO()
    page.save(file, "PNG")
    marked = Image.open(io.BytesIO(highlighted(Picture(file.getvalue(), (Box(0.2, 0.35, 0.3, 0.2),)))))
    ink, line, outside = (marked.getpixel(at) for at in ((55, 45), (80, 45), (150, 45)))
    assert (ink, outside) == ((0, 0, 0), (255, 255, 255))
    assert line == (255, 231, 154)


def test_a_picture_without_the_quote_stays_as_it_is() -> None:
    assert highlighted(Picture(b"as it is", ())) == b"as it is"


@pytest.mark.parametrize(
    ("text", "limit", "said"),
    [("one two", 7, "one two"), ("one two three", 9, "one two …"), ("one", 2, "on …"), ("one two", 4, "one …")],
)
def test_a_text_is_cut_between_words(text: str, limit: int, said: str) -> None:
    assert clip(text, limit) == said


def test_headings_of_the_source_are_shown_without_their_marks() -> None:
    text = "# The bridge\n\nIt was opened in 1931.\n\n#hashtag\n\n## Its keepers ##\n\n# 5 came and stayed.\n"
    quoted = text.index("It was")

    html = render_text(text, find_blocks(text), (quoted, quoted + 22), [(0, 8)])

    assert '<h3 class="heading" dir="auto"><span class="also-quoted">The br</span>idge</h3>' in html
    assert "<mark>It was opened in 1931.</mark>" in html
    assert "#hashtag" in html
    assert '<h3 class="heading" dir="auto">Its keepers ##</h3>' in html
