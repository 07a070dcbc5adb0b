"""Comparing two runs: the same cases or none, the differences, the cases that changed, and how it reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from assistant import Turn
from eval.cases import Case, CaseError, Span
from eval.compare import compare, run_of, show
from eval.compare.comparison import Comparison
from eval.results import Results, Run, read_results, write_results
from eval.rows import Quote, Row

FACTS = (("19 ?53",),)


def row(name: str, *, cited: bool = True, text: str = "It was 1953. [1]", **fields: Any) -> Row:
    """An answerable case with a fact, whose answer cites the evidence or nothing."""
    case = Case(name, f"When was {name}?", (), True, (Span("d", 0, 9),), ("1953",), FACTS)
    citations = (Quote(Span("d", 0, 9), "It was it", 0, "quoted"),) if cited else ()
    return replace(Row(case, ("It was it",), text=text, citations=citations, certainty=0.9, seconds=0.1), **fields)


def unanswerable(name: str, *, refused: bool) -> Row:
    case = Case(name, f"Who was {name}?", (), False, ())
    return Row(case, (), refused=refused, text="The sources do not say.", certainty=0.3, seconds=0.1)


def results(rows: Sequence[Row], **made_with: object) -> Results:
    return Results(Run("assistant", tuple(rows)), made_with)


def compared(a: Sequence[Row], b: Sequence[Row]) -> Comparison:
    return compare(Run("assistant", tuple(a)), Run("assistant", tuple(b)))


def compared_results(a: Results, b: Results) -> Comparison:
    return compare(a.run, b.run, (a.made_with, b.made_with))


def written(comparison: Comparison, width: int = 80, most: int = 10) -> str:
    """What a terminal of that width shows, without styles."""
    file = StringIO()
    Console(file=file, width=width, markup=False, emoji=False, highlight=False).print(show(comparison, most))
    return file.getvalue()


class TestSameCases:
    CASE = row("one").case

    @pytest.mark.parametrize(
        "change",
        [
            {"question": "When?"},
            {"history": (Turn("Who?", "Kim."),)},
            {"evidence": (Span("d", 0, 8),)},
            {"facts": (("1954",),)},
            {"answers": ("1954",)},
            {"conflict": ("1953", "1954")},
            {"answerable": False},
        ],
    )
    def test_a_case_that_changed_is_another(self, change: dict[str, Any]) -> None:
        other = row("one", case=replace(self.CASE, **change))

        with pytest.raises(
            CaseError, match=r"^1 case of the first run and the second differ; the first, 'one', has an"
        ):
            compared([row("one"), row("two")], [other, row("two")])

    def test_so_is_one_whose_document_changed(self) -> None:
        with pytest.raises(CaseError, match="or another document"):
            compared([row("one")], [row("one", gold=("It was 54",))])

    def test_tags_do_not_count_nor_what_it_is_about(self) -> None:
        other = row("one", case=replace(self.CASE, tags=("when",), document_id="d"))

        assert compared([row("one")], [other]).worse == ()

    def test_it_says_how_many_differ_and_the_first(self) -> None:
        with pytest.raises(CaseError, match=r"^2 cases .* differ; the first, 'two', is only in the first run\."):
            compared([row("one"), row("two"), row("three")], [row("one")])
        with pytest.raises(CaseError, match=r"^1 case .* 'two', is only in the second\."):
            compared([row("one")], [row("one"), row("two")])

    def test_their_order_does_not_count(self) -> None:
        a = [row("one"), row("two", text="It was 1950.")]

        assert compared(a, [row("two", text="It was 1950."), row("one")]).worse == ()


class TestDifferences:
    def test_each_measure_has_its_difference(self) -> None:
        a = [row(f"case {n}") for n in range(20)]
        b = [row(f"case {n}", cited=n >= 10) for n in range(20)]

        found = {each.name: each for each in compared(a, b).differences}

        recall = found["citation recall"]
        assert (recall.value_a, recall.value_b, recall.difference, recall.count_a) == (1.0, 0.5, -0.5, 20)
        # Ten of ten changes for the worse: 2 / 2^10.
        assert (recall.test, recall.p) == ("McNemar", pytest.approx(2 / 1024))
        # 1.97 standard errors of sqrt(.25 / 20) = .11 about -.5, in steps of one case in 20.
        assert (recall.low, recall.high) == pytest.approx((-0.72, -0.28), abs=0.051)
        assert found["accuracy"].difference == 0
        assert found["refusal recall"].value_a is None

    def test_times_are_shown_and_not_tested(self) -> None:
        found = compared([row("one"), row("two")], [row("one", seconds=0.4), row("two", seconds=0.3)])

        (median,) = [each for each in found.differences if each.name == "seconds p50"]
        assert median.difference == pytest.approx(0.25)
        assert (median.test, median.p) == ("", None)
        assert found.better == found.worse == ()

    def test_the_same_runs_give_the_same_numbers_from_their_files(self, tmp_path: Path) -> None:
        a = results([row(f"case {n}", seconds=n / 7) for n in range(9)], commit="a1")
        b = results([row(f"case {n}", cited=n % 3 == 0, seconds=n / 3) for n in range(9)], commit="b2")
        for name, each in (("a", a), ("b", b)):
            write_results(tmp_path / name, each)

        again = compared_results(read_results(tmp_path / "a"), read_results(tmp_path / "b"))

        assert again == compared_results(a, b)
        assert again.changed == (("commit", "a1", "b2"),)


class TestCases:
    def test_facts_decide_then_evidence_then_refusal(self) -> None:
        without_facts = replace(row("cited").case, facts=())
        a = [row("fact"), row("cited", case=without_facts), unanswerable("nobody", refused=True), row("same")]
        b = [
            row("fact", text="It was 1950."),
            row("cited", case=without_facts, cited=False),
            unanswerable("nobody", refused=False),
            row("same", cited=False),
        ]

        found = compared(a, b)

        assert [(pair.a.case.id, pair.measure, pair.score_a, pair.score_b) for pair in found.worse] == [
            ("fact", "accuracy", 1, 0),
            ("cited", "citation recall", 1, 0),
            ("nobody", "refusal recall", 1, 0),
        ]
        assert found.better == ()
        assert [pair.a.case.id for pair in compared(b, a).better] == ["fact", "cited", "nobody"]

    def test_a_case_that_failed_got_worse(self) -> None:
        (pair,) = compared([row("one")], [row("one", error="No space left.", text="")]).worse

        assert (pair.score_a, pair.score_b) == (1, 0)


class TestSystems:
    TEXTS = Run("talk\x1b[2J", tuple(row(f"case {n}", text="It was 1953.", grounded=False) for n in range(4)))

    def test_a_run_is_found_by_its_system(self) -> None:
        both = replace(results([row("one")]), others=(self.TEXTS,))

        assert run_of(both) == run_of(both, "assistant") == both.run
        assert run_of(both, self.TEXTS.system) == self.TEXTS

    def test_one_that_is_not_there_is_told(self) -> None:
        with pytest.raises(CaseError, match=r"^The results have no system 'bm25'\. They have assistant: name one"):
            run_of(results([row("one")]), "bm25")

    def test_both_are_named(self) -> None:
        mine = Run("assistant", tuple(row(f"case {n}") for n in range(4)))

        assert "A (assistant) and B (assistant) on 4 cases" in written(compare(mine, mine))
        assert "A (assistant) and B (talk\N{REPLACEMENT CHARACTER}[2J) on 4 cases" in written(compare(mine, self.TEXTS))

    def test_a_plain_text_is_held_to_the_reference(self) -> None:
        without_facts = replace(row("one").case, facts=())
        a, b = row("one", case=without_facts), row("one", case=without_facts, text="In 1950.", grounded=False)

        (pair,) = compared([a], [b]).worse

        assert (pair.measure, pair.score_a, pair.score_b) == ("short-answer match", 1, 0)


class TestShow:
    WORSE = compared(
        [row("signing", text="The treaty was signed on 1 October 1953. " * 3)] + [row(f"case {n}") for n in range(19)],
        [row("signing", text="It entered into force in 1954, after both had ratified it. " * 3)]
        + [row(f"case {n}", text="It was 1950.") for n in range(19)],
    )

    @pytest.mark.parametrize("width", [80, 120])
    def test_answers_stand_side_by_side(self, width: int) -> None:
        shown = written(self.WORSE, width)

        assert max(map(len, shown.split("\n"))) <= width
        assert re.search(r"^ *The treaty was signed on .* It entered into force in", shown, re.MULTILINE)
        assert "signing: accuracy 1 -> 0\nWhen was signing?" in shown

    @pytest.mark.parametrize("width", [80, 120])
    def test_the_measures_are_not_cut(self, width: int) -> None:
        line = next(line for line in written(self.WORSE, width).split("\n") if line.startswith("accuracy"))

        # Of 20 lost at least .025^(1/20) = .8316 are: 1 - 2 * .8316 = -.663.
        assert line.split() == ["accuracy", "1.000", "0.000", "20", "-1.000", "[-1.000,", "-0.663]", "<.001", "McNemar"]

    def test_it_says_in_words_what_differs(self) -> None:
        shown = " ".join(written(self.WORSE).split())

        assert "B is better, with an interval that leaves out 0, in: nothing." in shown
        assert "B is worse, with an interval that leaves out 0, in: accuracy, " in shown
        assert re.search(r"p < 0\.05 after Holm's correction for \d+ tests: accuracy, ", shown)
        assert "What was resampled and swapped: cases." in shown

    def test_eight_documents_are_enough_to_say_what_differs(self) -> None:
        # All 8 lost: the least p that swapping 8 documents can have is 2 / 2^8 = .008, too much for twenty tests.
        cases = [replace(row("").case, id=f"{n}", evidence=(Span(f"d{n % 8}", 0, 9),)) for n in range(40)]
        a, b = ([row("", case=case, text=text) for case in cases] for text in ("In 1953.", "In 1950."))

        shown = " ".join(written(compared(a, b)).split())

        assert "B is worse, with an interval that leaves out 0, in: accuracy, " in shown
        assert re.search(r"Holm's correction for \d+ tests: nothing\. What was resampled and swapped: documents", shown)

    def test_a_lower_error_is_better(self) -> None:
        a = [unanswerable(f"case {n}", refused=True) for n in range(12)] + [row(f"other {n}") for n in range(12)]
        sure = [replace(each, certainty=float(each.case.answerable)) for each in a]

        shown = " ".join(written(compared(a, sure)).split())

        assert re.search(r"B is better, with an interval that leaves out 0, in: [^.]*calibration error", shown)

    def test_what_is_too_much_is_counted(self) -> None:
        shown = written(self.WORSE, most=2)

        assert "Got worse: 20 cases" in shown
        assert "... and 18 more." in shown
        assert "Got better: 0 cases" in shown
        assert "case 1:" not in shown

    def test_refusals_and_failures_are_named(self) -> None:
        a = [row("one"), row("two")]
        b = [row("one", refused=True, text="The sources do not say."), row("two", error="No space left.", text="")]

        shown = written(compared(a, b), 120)

        assert "Refused: The sources do not say." in shown
        assert "Failed: No space left." in shown

    def test_text_of_a_document_is_harmless(self) -> None:
        hostile = "\x1b]0;owned\x07 [bold red]1953[/bold red] :smile: \u202eevil"
        case = replace(row("one").case, id="one\x1b[2J", question="When [link=file:///etc]was\x1b[0m it?")
        a = row("one", case=case, text=hostile)

        shown = written(compared([a], [replace(a, text="no")]), 120)

        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", shown)
        assert "[bold red]1953[/bold red] :smile:" in shown
        assert "[link=file:///etc]was" in shown

    def test_what_changed_in_the_making_is_told(self) -> None:
        a = results([row("one")], settings={"certainty": 0.45, "passages": 10}, commit="aaa")
        b = results([row("one")], settings={"certainty": 0.5, "passages": 10}, commit="aaa")

        shown = written(compared_results(a, b))

        assert "settings certainty: 0.45 -> 0.5" in shown
        assert "passages" not in shown
        assert "commit" not in shown
