"""The report: what it makes of rows, and the page itself in a real browser, opened from disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant import Turn
from assistant.answer.writing.write import INSTEAD, NOTHING_SUPPORTED, left_out_note
from eval.cases import Case, Span
from eval.judge import GIVEN_UP, Judged, Score
from eval.measures.retrieval import recall_curve
from eval.report import render
from eval.report.cases import Outcome, Piece, outcome_of, pieces
from eval.report.charts import draw_charts
from eval.results import Results, Run
from eval.rows import Quote, Ranked, Row, Writing
from eval.statistics.intervals import FEWEST_DOCUMENTS
from tests.chromium import launched

CSS = Path(__file__).parent.parent / "eval" / "report" / "page.css"

TEXT = "The dam was finished in 1953. It holds four million cubic metres. Nobody lives beside it now."
GOLD = Span("dam", 0, 29)
MADE_WITH = {"version": "0.1.0", "commit": "0123456789abcdef+", "packages": {"numpy": "2.4.6"}, "seed": 1979}

HOSTILE = (
    "<script>document.title='hacked'</script>",
    "</script><img src=x onerror=\"document.title='hacked'\">",
    "</style></details></li></ol><h1>out & over</h1> \" ' > &amp;",
    "{{ 7*7 }} {% raw %} ${1+1} <!-- --> ]]>",
    "--><svg onload=document.title='hacked'>",
)


def row(
    name: str,
    question: str = "When was the dam finished?",
    answerable: bool = True,
    facts: tuple[tuple[str, ...], ...] = (),
    tags: tuple[str, ...] = (),
    quoted: Span | None = GOLD,
    certainty: float | None = 0.8,
    seconds: float = 0.25,
) -> Row:
    """A case about the dam; answered by the quote, or refused without one."""
    evidence = (GOLD,) if answerable else ()
    case = Case(name, question, (), answerable, evidence, ("1953",) if answerable else (), facts, tags=tags)
    quote = TEXT[quoted.start : quoted.end] if quoted else ""
    return Row(
        case=case,
        gold=tuple(TEXT[span.start : span.end] for span in evidence),
        searched_for=question,
        refused=quoted is None,
        text=f"{quote} [1]" if quoted else "The sources do not say.",
        certainty=certainty,
        seconds=seconds,
        statements=((quote, "quoted"),) if quoted else (),
        citations=(Quote(quoted, quote, 0, "quoted"),) if quoted else (),
        hits=(Ranked(Span("dam", 30, 65), 2.0), Ranked(Span("dam", 0, 29), 1.0)),
    )


def text(name: str, said: str) -> Row:
    """A system that returns a text and nothing else was asked when the dam was finished."""
    return Row(row(name).case, (TEXT[:29],), refused=not said, text=said, seconds=0.1, grounded=False)


def failed(name: str) -> Row:
    case = Case(name, "Why?", (), True, (GOLD,))
    return Row(case, (TEXT[:29],), seconds=0.1, error="ValueError: no such index")


ELSEWHERE = Span("dam", 66, 93)
ROWS = (
    row("right", tags=("when", "tuned"), seconds=0.2),
    row("refused", "Who built it?", answerable=False, quoted=None, certainty=0.1, seconds=0.3),
    row("beside", "When was it built?", quoted=ELSEWHERE, tags=("when",), certainty=0.6, seconds=0.4),
    row("silent", "In which year?", quoted=None, tags=("tuned",), certainty=0.3, seconds=0.5),
    row("bold", "Who owns it?", answerable=False, quoted=ELSEWHERE, certainty=0.7, seconds=0.6),
    failed("broken"),
)
RUN = Run("assistant", ROWS, {"passages": 10}, {"passages a second": 49.2})


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(5000)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    results = Results(RUN, MADE_WITH, accepted={"answer rate": 0.9, "calibration error": 0.0})
    path.write_text(render(results), "utf-8")
    return path


def written(path: Path, results: Results) -> str:
    """The address of a report, written to disk."""
    file = path / "report.html"
    file.write_text(render(results), "utf-8")
    return file.as_uri()


def shown(page: Page) -> list[str]:
    """The ids of the cases that are on the page."""
    found: list[str] = page.eval_on_selector_all("#cases > li", "all => all.filter(e => !e.hidden).map(e => e.id)")
    return [each.removeprefix("case-") for each in found]


# What a case shows


@pytest.mark.parametrize(
    ("given_row", "outcome"),
    [
        (row("a"), Outcome.ANSWERED),
        (row("a", facts=(("1953",),)), Outcome.ANSWERED),
        # It cites the evidence and lacks the fact: the fact decides.
        (row("a", facts=(("1953",), ("million",))), Outcome.ANSWERED_WRONGLY),
        (row("a", quoted=ELSEWHERE), Outcome.ANSWERED_WRONGLY),
        (row("a", quoted=None), Outcome.REFUSED_WRONGLY),
        (row("a", answerable=False), Outcome.ANSWERED_WRONGLY),
        (row("a", answerable=False, quoted=None), Outcome.REFUSED),
        (replace(row("a"), error="It broke."), Outcome.ERROR),
        # It could have cited, and did not.
        (replace(row("a"), citations=(), text="In 1953."), Outcome.ANSWERED_WRONGLY),
        # A plain text cannot cite: the reference "1953" decides.
        (text("a", "In 1953."), Outcome.ANSWERED),
        (text("a", "In 1954."), Outcome.ANSWERED_WRONGLY),
    ],
)
def test_how_a_case_ended(given_row: Row, outcome: Outcome) -> None:
    assert outcome_of(given_row) is outcome


def test_marks_the_characters_that_both_spans_have() -> None:
    # "abcdef" at 10..16. 8..12 shares 10 and 11, 13..14 shares 13, 14..15 goes on from it; another document nothing.
    others = [Span("d", 8, 12), Span("d", 13, 14), Span("d", 14, 15), Span("e", 10, 16)]
    assert pieces("abcdef", Span("d", 10, 16), others) == (
        Piece("ab", True),
        Piece("c", False),
        Piece("de", True),
        Piece("f", False),
    )
    assert pieces("", Span("d", 3, 3), others) == ()


spans = st.builds(lambda start, size: Span("d", start, start + size), st.integers(0, 30), st.integers(1, 12))


@given(spans, st.lists(spans, max_size=4))
def test_marked_is_what_lies_in_any_other_span(span: Span, others: list[Span]) -> None:
    text = "".join(chr(97 + position % 26) for position in range(span.start, span.end))
    cut = pieces(text, span, others)
    assert "".join(piece.text for piece in cut) == text
    marked = [piece.marked for piece in cut for _ in piece.text]
    assert marked == [any(each.start <= at < each.end for each in others) for at in range(span.start, span.end)]


# Charts


def test_charts_carry_the_numbers_of_the_measures() -> None:
    charts = {chart.name: chart for chart in draw_charts([RUN])}
    assert list(charts) == ["recall", "reliability", "risk-coverage", "latency"]
    assert [float(value) for _, value in charts["recall"].numbers] == pytest.approx(recall_curve(ROWS), abs=5e-4)
    # Certainties 0.8 .1 .6 .3 .7, a bin each; answerable are those of 0.3, 0.6 and 0.8.
    assert charts["reliability"].numbers == (
        ("0.100", "0.000", "1", "assistant"),
        ("0.300", "1.000", "1", "assistant"),
        ("0.600", "1.000", "1", "assistant"),
        ("0.700", "0.000", "1", "assistant"),
        ("0.800", "1.000", "1", "assistant"),
    )
    # Of the seconds .1 .2 .3 .4 .5 .6 the median is .35.
    assert [numbers[1] for numbers in charts["latency"].numbers] == ["0.100", "0.350", "0.575", "0.600"]


def test_drawings_need_no_style_that_the_policy_forbids() -> None:
    charts = draw_charts([RUN, replace(RUN, system="$other$ <b>")])
    drawings = [ElementTree.fromstring(chart.svg) for chart in charts]
    elements = [element for drawing in drawings for element in drawing.iter()]
    assert not [element for element in elements if element.tag.endswith("style") or "style" in element.attrib]
    identities = [element.attrib["id"] for element in elements if "id" in element.attrib]
    assert len(identities) == len(set(identities))
    references = [element.attrib["href"].removeprefix("#") for element in elements if "href" in element.attrib]
    assert references
    assert set(references) <= set(identities)
    colours = {element.attrib.get(name) for element in elements for name in ("fill", "stroke")} - {None, "none"}
    assert all(colour.startswith("var(--") for colour in colours if colour)


def test_no_chart_of_what_there_is_nothing_of() -> None:
    plain = Run("plain", tuple(replace(each, certainty=None, seconds=None) for each in ROWS if each.case.answerable))
    assert [chart.name for chart in draw_charts([plain])] == ["recall"]
    assert draw_charts([Run("none", ())]) == []


# The page


def test_same_results_same_bytes() -> None:
    assert render(Results(RUN, MADE_WITH)) == render(Results(RUN, MADE_WITH))


def test_opens_from_disk_and_asks_for_nothing(page: Page, report: Path) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(report.as_uri(), wait_until="networkidle")
    assert asked == [report.as_uri()]
    assert said == []
    # Both the style and the script were let through by their hashes, and nothing else would be.
    expect(page.locator("#filters")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('#filters')).position") == "sticky"
    assert "default-src 'none'" in report.read_text("utf-8")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    assert page.evaluate("window.ran") is None


def test_head_and_how_it_was_made(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    expect(page.locator("h1")).to_have_text("assistant")
    expect(page.locator(".about")).to_contain_text("6 cases")
    expect(page.locator(".about")).to_contain_text("commit 0123456+")
    page.get_by_text("How it was made").click()
    for told in ("0123456789abcdef+", "packages › numpy", "settings › passages", "1979"):
        expect(page.locator(".made")).to_contain_text(told)


def test_a_measure_has_its_interval_count_and_accepted_value(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    rate = page.get_by_role("row", name="answer rate")
    # Of the answerable cases right, beside, silent and broken two were answered.
    expect(rate.locator(".value")).to_have_text("0.500")
    expect(rate.locator(".count")).to_have_text(["4", "0.900"])
    expect(rate.locator(".interval")).to_have_text(re.compile(r"^\d\.\d{3} to \d\.\d{3}$"))
    expect(rate.locator("svg .range")).to_have_count(1)
    # The bar goes from 0 to 1.
    expect(rate.locator("svg .accepted")).to_have_attribute("x1", "90.00")
    # A measure that was not accepted has nothing beside it.
    expect(page.get_by_role("row", name="refusal recall").locator(".count")).to_have_text(["2", ""])
    expect(page.get_by_role("row", name="passages a second")).to_contain_text("49")


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ("all", ["right", "refused", "beside", "silent", "bold", "broken"]),
        ("wrong", ["beside", "silent", "bold", "broken"]),
        ("refused wrongly", ["silent"]),
        ("answered wrongly", ["beside", "bold"]),
        ("errors", ["broken"]),
    ],
)
def test_filters_by_outcome(page: Page, report: Path, chosen: str, left: list[str]) -> None:
    page.goto(report.as_uri())
    page.get_by_role("radio", name=re.compile(f"^{chosen} {len(left)}$")).check()
    expect(page.locator("#shown")).to_have_text(f"{len(left)} of 6 cases")
    assert shown(page) == left


def test_filters_by_tag_and_by_text(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    page.get_by_role("combobox", name="Tag").select_option("tuned")
    assert shown(page) == ["right", "silent"]
    page.get_by_role("searchbox", name="Text").fill("WHICH year")
    expect(page.locator("#shown")).to_have_text("1 of 6 cases")
    assert shown(page) == ["silent"]
    page.get_by_role("searchbox", name="Text").fill("certainty")
    expect(page.get_by_text("No case is so.")).to_be_visible()
    page.locator("#filters").get_by_role("button", name="Clear").click()
    expect(page.locator("#shown")).to_have_text("6 of 6 cases")
    page.get_by_role("button", name="when").click()
    expect(page.locator("#shown")).to_have_text("2 of 6 cases")
    assert shown(page) == ["right", "beside"]


def test_three_thousand_cases_are_filtered_at_once(page: Page, report: Path, tmp_path: Path) -> None:
    html = report.read_text("utf-8")
    start, end = html.index('<li class="case"'), html.index('</ol>\n<p id="none"')
    many = tmp_path / "many.html"
    many.write_text(html[:start] + 500 * html[start:end] + html[end:], "utf-8")
    page.goto(many.as_uri())
    page.get_by_role("radio", name="wrong 4").check()
    expect(page.locator("#shown")).to_have_text("2000 of 3000 cases")
    page.get_by_role("searchbox", name="Text").fill("in which year")
    expect(page.locator("#shown")).to_have_text("500 of 3000 cases")
    page.get_by_role("button", name="Open all").click()
    expect(page.locator("#case-silent .body").first).to_be_visible()


def test_opens_all_that_are_shown(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    page.get_by_role("radio", name="wrong 4").check()
    page.get_by_role("button", name="Open all").click()
    expect(page.locator("#cases > li > details[open]")).to_have_count(4)
    page.get_by_role("button", name="Close all").click()
    expect(page.locator("#cases > li > details[open]")).to_have_count(0)


def test_a_link_to_a_case_opens_it(page: Page, report: Path) -> None:
    page.goto(f"{report.as_uri()}#case-silent")
    case = page.locator("#case-silent")
    expect(case.locator("summary").first).to_be_focused()
    expect(case.get_by_role("heading", name="Expected")).to_be_in_viewport()
    page.get_by_role("radio", name="errors 1").check()
    expect(case).to_be_hidden()
    page.evaluate("location.hash = 'case-right'")
    expect(page.locator("#case-right summary")).to_be_focused()
    expect(page.locator("#shown")).to_have_text("6 of 6 cases")


def test_the_keyboard_is_enough(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the cases")).to_be_focused()
    page.get_by_role("radio", name="all 6").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="wrong 4")).to_be_checked()
    expect(page.locator("#shown")).to_have_text("4 of 6 cases")
    # Tag, text, open all, close all, clear, and then the first case that is shown.
    for _ in range(6):
        page.keyboard.press("Tab")
    expect(page.locator("#case-beside summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#case-beside").get_by_role("heading", name="Expected")).to_be_visible()


def test_gold_that_is_quoted_is_marked_on_both_sides(page: Page, tmp_path: Path) -> None:
    # The quote is 4..65, the gold 0..29: they share 4..29.
    address = written(tmp_path, Results(Run("assistant", (row("a", quoted=Span("dam", 4, 65)),)), {}))
    page.goto(f"{address}#case-a")
    assert page.locator(".answer mark").all_inner_texts() == [TEXT[4:29]]
    assert page.locator(".expected mark").all_inner_texts() == [TEXT[4:29]]
    expect(page.locator(".answer blockquote p")).to_have_text(TEXT[4:65])
    expect(page.locator(".answer blockquote footer")).to_contain_text("✓ in the evidence")
    expect(page.locator(".expected blockquote footer")).to_have_text("dam 0–29")


def test_a_quote_that_does_not_stand_at_its_span_is_not_marked(page: Page, tmp_path: Path) -> None:
    made_up = replace(
        row("a"), citations=(Quote(GOLD, "It was never finished.", 0, "unsupported"),), error="Misquoted."
    )
    page.goto(f"{written(tmp_path, Results(Run('assistant', (made_up,)), {}))}#case-a")
    expect(page.get_by_text("It was never finished.")).to_be_visible()
    expect(page.locator(".failed")).to_have_text("Error. Misquoted.")
    expect(page.locator("mark")).to_have_count(0)


def test_a_follow_up_shows_what_was_said_and_searched_for(page: Page, tmp_path: Path) -> None:
    first = row("a", "And when?", facts=(("1953",), ("May", "June")))
    case = replace(first.case, history=(Turn("Is there a dam?", "There is one."),))
    follow_up = replace(first, case=case, searched_for="When was the dam finished?", alone=row("a", quoted=None))
    page.goto(f"{written(tmp_path, Results(Run('assistant', (follow_up,)), {}))}#case-a")
    expect(page.locator(".history")).to_contain_text("Is there a dam?There is one.")
    for told in ("When was the dam finished?", "✓ holds 1953", "✕ lacks May", "at rank 2", "Asked without the history"):
        expect(page.locator(".answer")).to_contain_text(told)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(page: Page, tmp_path: Path, hostile: str) -> None:
    span = Span(hostile, 0, len(hostile))
    case = Case(
        hostile,
        hostile,
        (Turn(hostile, hostile),),
        True,
        (span,),
        (hostile,),
        ((re.escape(hostile),),),
        tags=(hostile,),
    )
    answer = Row(
        case,
        (hostile,),
        searched_for=f"{hostile}?",
        text=hostile,
        short=hostile,
        certainty=0.5,
        seconds=0.1,
        statements=((f"{hostile}!", "quoted"),),
        citations=(Quote(span, hostile, 0, "quoted"),),
        hits=(Ranked(span, 1.0),),
        error=hostile,
    )
    judged = Judged(hostile, hostile, {hostile: {"correctness": Score(None, hostile, hostile)}})
    run = Run(hostile, (answer,), {hostile: hostile}, {hostile: 1.0}, judged=judged, complete=False)
    results = Results(run, {"commit": hostile, "started": hostile}, (replace(run, system=f"{hostile} 2"),))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = written(tmp_path, results)
    page.goto(address)
    page.get_by_role("button", name="Open all").click()
    assert asked == [address]
    assert page.title() == f"{hostile}: 1 case"
    assert page.locator("h1").count() == 1
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
    shown_as = (
        *(".case h3", ".identity a", ".tag", ".history dt", ".history dd", ".answer mark", ".expected mark"),
        *(".references li", ".short .said", "option:last-child", ".tags button", ".notice bdi >> nth=0"),
    )
    for place in shown_as:
        assert page.locator(place).first.text_content() == hostile, place
    assert page.locator(".answer .statement .said").first.text_content() == f"{hostile}!"
    page.locator(".identity a").click()
    expect(page.locator("#cases > li > details > summary")).to_be_focused()
    page.locator(".tags button").click()
    expect(page.locator("#shown")).to_have_text("1 of 1 cases")


def test_a_tag_has_its_measures_with_counts_and_intervals(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    columns = page.locator(".tags thead th").all_inner_texts()
    # Refusal recall applies to none of the tagged cases, and accuracy neither, for they name no facts.
    assert columns == ["Tag", "Cases", "Right", "recall@5", "citation recall", "citation precision", "answer rate"]
    tuned = page.locator(".tags tbody tr", has_text="tuned").locator("th, td")
    # Of right and silent, the one was answered.
    expect(tuned.nth(columns.index("answer rate"))).to_have_text(re.compile(r"^0\.50 2 \d\.\d\d to \d\.\d\d$"))
    # One answer, with one citation, which is right: 1 of 1 has the exact interval from .025.
    expect(tuned.nth(columns.index("citation precision"))).to_have_text(re.compile(r"^1\.00 1 0\.0[23] to 1\.00$"))


def test_says_that_few_documents_were_too_few_to_resample(page: Page, tmp_path: Path) -> None:
    told = page.get_by_text(f"fewer than {FEWEST_DOCUMENTS} documents")
    page.goto(written(tmp_path, Results(RUN, {})))
    expect(told).to_contain_text("not for other documents")
    # So many documents are enough for the run, and not for the tag that has three of them.
    many = tuple(
        about(f"dam {number}", row(str(number), tags=("a", "b") if number < 3 else ("a",)))
        for number in range(FEWEST_DOCUMENTS)
    )
    page.goto(written(tmp_path, Results(Run("assistant", many), {})))
    expect(told).to_have_text(re.compile("† These cases are about fewer than"))
    assert page.locator(".tags tbody td:nth-child(2)").all_inner_texts() == [f"{FEWEST_DOCUMENTS}", "3†"]
    # Unanswerable cases are in no document.
    page.goto(written(tmp_path, Results(Run("assistant", (row("x", answerable=False, quoted=None),)), {})))
    expect(told).to_have_count(0)


def about(document: str, of: Row) -> Row:
    """The row with its evidence in another document."""
    return replace(of, case=replace(of.case, evidence=(replace(GOLD, document_id=document),)))


EXTREMES = {
    "nothing": ((), []),
    "one case": (ROWS[:1], ["recall", "reliability", "risk-coverage", "latency"]),
    "instant": ((row("a", seconds=0.0),), ["recall", "reliability", "risk-coverage", "latency"]),
    "sure": ((row("a", certainty=1.0), row("b", certainty=0.0)), ["recall", "reliability", "risk-coverage", "latency"]),
    "refusals": (
        (row("a", quoted=None), row("b", answerable=False, quoted=None)),
        ["recall", "reliability", "risk-coverage", "latency"],
    ),
    "errors": ((failed("a"), failed("b")), ["recall", "latency"]),
    "unanswerable": ((row("a", answerable=False),), ["reliability", "risk-coverage", "latency"]),
    "texts": ((text("a", "In 1953."), text("b", ""), text("c", "In 1954.")), ["latency"]),
}


@pytest.mark.parametrize(("rows", "charts"), EXTREMES.values(), ids=EXTREMES)
def test_a_run_of_one_kind(page: Page, tmp_path: Path, rows: tuple[Row, ...], charts: list[str]) -> None:
    run = Run("assistant", rows)
    assert [chart.name for chart in draw_charts([run])] == charts
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(written(tmp_path, Results(run, {})))
    page.get_by_role("button", name="Open all").click()
    expect(page.locator("#shown")).to_have_text(f"{len(rows)} of {len(rows)} cases")
    expect(page.locator("figure")).to_have_count(len(charts))
    assert said == []
    assert not re.search(r"\bnan\b|\bNone\b", page.locator("main").inner_text())


def test_of_a_text_nothing_is_said_but_what_it_says(page: Page, tmp_path: Path) -> None:
    page.goto(written(tmp_path, Results(Run("texts", (text("a", "In 1953."), text("b", ""))), {})))
    assert page.locator(".case .outcome").all_inner_texts() == ["✓ Answered rightly", "✕ Refused wrongly"]
    named = page.locator(".measures tbody th[scope=row]").all_inner_texts()
    assert "answer rate" in named
    assert not [name for name in named if name.startswith(("recall@", "MRR", "nDCG", "citation"))]


def test_a_run_that_was_interrupted(page: Page, tmp_path: Path) -> None:
    page.goto(written(tmp_path, Results(Run("assistant", (), complete=False), {})))
    expect(page.locator(".notice")).to_contain_text("Interrupted. The run of assistant ended after 0 cases")
    judged = Judged("http://localhost", "small-model", {})
    page.goto(written(tmp_path, Results(Run("assistant", ROWS, judged=judged, complete=False), {})))
    expect(page.locator(".notice")).to_have_text("Interrupted. Not all answers of assistant were judged.")


def test_systems_stand_side_by_side_and_a_judge_apart(page: Page, tmp_path: Path) -> None:
    scores = {"right": {"correctness": Score(5.0, "Yes.")}, "bold": {"correctness": Score(None, "", "not asked")}}
    main = replace(RUN, judged=Judged("http://localhost", "small-model", scores))
    bare = tuple(replace(each, certainty=None, citations=(), statements=()) for each in ROWS[:4])
    page.goto(written(tmp_path, Results(main, {}, (Run("bm25", bare, complete=False),))))
    expect(page.locator("h1")).to_have_text("assistant, bm25")
    expect(page.locator("header .notice")).to_contain_text("The run of bm25 ended after 4 cases")
    # Of bm25's answerable cases right, beside and silent the last was refused.
    assert page.get_by_role("row", name="answer rate").locator(".value").all_inner_texts() == ["0.500", "0.667"]
    expect(page.locator(".legend li")).to_have_text(["assistant", "bm25"])
    expect(page.get_by_text("All of it is of assistant.")).to_be_visible()
    expect(page.get_by_text("go by assistant alone")).to_be_visible()
    judge = page.locator("section", has=page.get_by_role("heading", name="What a judge said"))
    expect(judge.get_by_role("row", name="correctness", exact=False).first).to_contain_text("5.000")
    expect(judge).to_contain_text("1 not asked")
    expect(judge.locator(".notice")).to_have_text(GIVEN_UP)
    page.locator("#case-right summary").first.click()
    expect(page.locator("#case-right .other")).to_contain_text("bm25")
    assert page.locator("#case-broken .other").count() == 0


def test_what_a_language_model_wrote_is_counted_with_why_it_did_not(page: Page, tmp_path: Path) -> None:
    notes = (left_out_note(2), f"{NOTHING_SUPPORTED} {INSTEAD}", f"{NOTHING_SUPPORTED} {INSTEAD}")
    rows = tuple(replace(ROWS[0], note=note, writing=Writing(1.0, 0.1)) for note in notes)
    page.goto(written(tmp_path, Results(RUN, {}, (Run("written", rows),))))
    section = page.locator("section", has=page.get_by_role("heading", name="What a language model wrote"))

    assert [row.inner_text().split("\t") for row in section.locator("tbody tr").all()] == [
        ["In the language model's words.", "1"],
        [NOTHING_SUPPORTED, "2"],
        ["Written, and 2 sentences left out.", "1"],
    ]
    page.goto(written(tmp_path, Results(RUN, {})))
    assert section.count() == 0


@pytest.mark.parametrize("width", [360, 1920])
def test_fits_the_window(page: Page, report: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(report.as_uri())
    page.get_by_role("button", name="Open all").click()
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_colours_have_contrast_in_light_and_dark() -> None:
    declared = re.findall(r"--(\w[\w-]*): light-dark\((#\w{6}), (#\w{6})\)", CSS.read_text("utf-8"))
    colours = {name: (light, dark) for name, light, dark in declared}
    for mode in (0, 1):
        for text in ("ink", "muted", "accent", "wrong"):
            for ground in ("paper", "sheet"):
                assert contrast(colours[text][mode], colours[ground][mode]) >= 4.5, (text, ground, mode)
        assert contrast(colours["ink"][mode], colours["mark"][mode]) >= 4.5
        # A drawing that tells something needs 3 to 1.
        assert contrast(colours["edge"][mode], colours["sheet"][mode]) >= 3


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: (lighter + 0.05) / (darker + 0.05) of the relative luminances."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
