"""The gate: it catches an assistant that was broken in any of four ways, and lets chance pass."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import Assistant, Document, Settings
from assistant.answer.reading.reader import Reader
from assistant.search.embed import Embedder
from assistant.search.lexical import LexicalIndex
from assistant.search.store import Store
from eval.cases import Case, CaseError, Span, load_cases
from eval.compare.baseline import Baseline, read_baseline, write_baseline
from eval.compare.gate import GATED, accept, check, check_comparable
from eval.results import Run
from eval.rows import Quote, Ranked, Row, row_of
from tests.readers import Indifferent

ROOT = Path(__file__).parent.parent


class WordlessStore(Store):
    """A store whose word index knows no word: no passage is found by BM25, and no word is rarer than another."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.lexical = LexicalIndex.build([""] * len(self.splits))


@pytest.fixture(scope="module")
def whole(documents: tuple[Document, ...], store: Path, embedder: Embedder, reader: Reader) -> Run:
    """The assistant as it is, on every fourth shipped case: where much is lost that is enough."""
    return run_of(Assistant(Store(store), embedder, reader, Settings()), shipped(documents)[::4])


@pytest.fixture(scope="module")
def accepted(whole: Run) -> Baseline:
    return accept(whole)


def shipped(documents: Iterable[Document]) -> list[Case]:
    return load_cases(ROOT / "eval" / "cases.jsonl", {each.id: each for each in documents})


def run_of(assistant: Assistant, asked: Sequence[Case]) -> Run:
    documents = {each.id: each for each in assistant.documents}
    with closing(assistant):
        answers = [(case, assistant.ask(case.question, case.history)) for case in asked]
    return Run("assistant", tuple(row_of(case, documents, answer, answer.seconds, None) for case, answer in answers))


def found(run: Run, baseline: Baseline) -> dict[str, str]:
    """The sentence of each measure that the gate finds worse."""
    return {each.measure: each.sentence for each in check(run, baseline)}


class TestBreakages:
    def test_the_unbroken_assistant_passes(self, whole: Run) -> None:
        """As the evaluation is checked on every change: against what was accepted of these cases."""
        baseline = read_baseline(ROOT / "eval" / "baseline.json")
        of_these = replace(baseline, cases={row.case.id: baseline.cases[row.case.id] for row in whole.rows})

        assert set(baseline.measures) == set(GATED)
        assert found(whole, of_these) == {}

    def test_dropping_bm25_is_caught(self, documents: tuple[Document, ...], store: Path, embedder: Embedder) -> None:
        cases = shipped(documents)[::2]
        unbroken, broken = (
            run_of(Assistant(each, embedder, Indifferent(), Settings()), cases)
            for each in (Store(store), WordlessStore(store))
        )

        assert "nDCG@10" in found(broken, accept(unbroken))

    def test_citations_of_other_cases_are_caught(self, whole: Run, accepted: Baseline) -> None:
        citations = [row.citations for row in whole.rows]
        # Neighbours in the file are often about the same paragraph.
        moved = np.random.default_rng(4).permutation(len(citations))
        shuffled = [replace(row, citations=citations[at]) for row, at in zip(whole.rows, moved, strict=True)]

        assert {"citation recall", "citation precision"} <= found(replace(whole, rows=tuple(shuffled)), accepted).keys()

    @pytest.mark.parametrize(
        ("certainty", "refused", "worse"),
        [
            (0, False, {"refusal recall", "balanced accuracy"}),
            (1, True, {"answer rate", "accuracy", "citation recall"}),
        ],
        ids=["never", "always"],
    )
    def test_refusing_never_or_always_is_caught(
        self,
        store: Path,
        embedder: Embedder,
        reader: Reader,
        whole: Run,
        accepted: Baseline,
        certainty: float,
        refused: bool,
        worse: set[str],
    ) -> None:
        cases = [row.case for row in whole.rows]
        broken = run_of(Assistant(Store(store), embedder, reader, Settings(certainty=certainty)), cases)

        assert all(row.refused is refused for row in broken.rows)
        assert worse <= found(broken, accepted).keys()


def row(number: int, *, right: bool = True, refused: bool = False, **fields: Any) -> Row:
    """An answerable case with a fact, found and cited first if `right` and not at all otherwise."""
    case = Case(f"case {number}", f"Question {number}?", (), True, (Span("d", 0, 9),), ("1953",), (("1953",),))
    at = Span("d", 0, 9) if right else Span("d", 50, 59)
    citations = () if refused else (Quote(at, "x" * 9, 0, "quoted"),)
    text = "The sources do not say." if refused else "In 1953." if right else "In 1950."
    answer = Row(case, ("x" * 9,), refused=refused, text=text, citations=citations, hits=(Ranked(at, 1.0),))
    return replace(answer, **fields)


def run(rows: Iterable[Row]) -> Run:
    return Run("assistant", tuple(rows))


class TestCheck:
    def test_a_few_lost_cases_are_within_chance(self) -> None:
        before = run(row(n, right=n % 4 > 0) for n in range(100))
        # Two are lost and one is gained: of three fair coins two fall on one side more often than not.
        after = run(row(n, right=n == 4 or (n % 4 > 0 and n not in (1, 2))) for n in range(100))

        assert check(after, accept(before)) == []

    def test_many_are_not_and_the_sentence_names_them(self) -> None:
        before = run(row(n) for n in range(100))
        after = run(row(n, right=n >= 12) for n in range(100))

        regressions = {each.measure: each for each in check(after, accept(before))}

        assert set(regressions) == {"nDCG@10", "accuracy", "citation recall", "citation precision"}
        worse = regressions["accuracy"]
        assert (worse.difference.value_a, worse.difference.value_b) == (1.0, 0.88)
        assert [each.case.id for each in worse.worst] == [f"case {n}" for n in range(5)]
        # At 1 - 2 * .05 / 6 = 98.3 %, since 6 of the gated measures apply: 2.4 errors of sqrt(.12 * .88 / 100) = .0325.
        assert (worse.difference.low, worse.difference.high) == pytest.approx((-0.2, -0.04), abs=0.015)
        assert worse.sentence.startswith("accuracy is 0.880, and 1.000 was accepted: -0.120, interval -0.")
        assert worse.sentence.endswith(
            "It lost most on: " + "; ".join(f"case {n} (Question {n}?)" for n in range(5)) + "."
        )

    def test_what_gains_in_one_measure_may_lose_in_another(self) -> None:
        before = run(row(n, right=n >= 30) for n in range(100))
        # The wrong answers are refused, and ten of the right ones: precision gains.
        after = run(row(n, right=n >= 30, refused=n < 40) for n in range(100))

        assert set(found(after, accept(before))) == {"accuracy", "citation recall", "answer rate"}

    def test_an_improvement_is_no_regression(self) -> None:
        before = run(row(n, right=n % 2 == 0) for n in range(60))

        assert check(run(row(n) for n in range(60)), accept(before)) == []

    def test_the_case_that_costs_most_comes_first(self) -> None:
        wrong = Quote(Span("d", 50, 59), "x" * 9, 0, "quoted")
        before = run(row(n) for n in range(40))
        # Case n cites n wrong sentences more: of 860 citations 40 are right.
        after = run(replace(each, citations=(*each.citations, *[wrong] * n)) for n, each in enumerate(before.rows))

        (worse,) = check(after, accept(before))

        assert worse.measure == "citation precision"
        assert worse.difference.value_b == pytest.approx(40 / 820)
        assert [each.case.id for each in worse.worst] == [f"case {n}" for n in (39, 38, 37, 36, 35)]

    def test_changes_by_chance_seldom_fail(self) -> None:
        generator = np.random.default_rng(8)
        failed = 0
        for _ in range(20):
            # Of both runs .7 of the answers are right and .9 are given, whichever they are.
            before, after = (
                run(row(n, right=right < 0.7, refused=refused < 0.1) for n, (right, refused) in enumerate(draws))
                for draws in generator.random((2, 120, 2))
            )
            failed += bool(check(after, accept(before)))

        # At most 1 is expected.
        assert failed <= 3

    def test_other_cases_are_refused(self) -> None:
        accepted = accept(run(row(n) for n in range(4)))

        with pytest.raises(CaseError, match="1 case of the accepted run and this run differ; the first, 'case 3', is"):
            check(run(row(n) for n in range(3)), accepted)

    def test_so_is_another_system(self) -> None:
        before = run(row(n) for n in range(4))

        with pytest.raises(CaseError, match=r"^The baseline is of 'assistant', and this run of 'bm25': .* --accept\.$"):
            check(replace(before, system="bm25"), accept(before))

    def test_both_are_told_before_anything_is_asked(self) -> None:
        documents = {"d": Document("d", "Notes", "x" * 99)}
        cases = [row(n).case for n in range(4)]
        accepted = accept(run(row(n) for n in range(4)))

        check_comparable(accepted, "assistant", cases, documents)

        with pytest.raises(CaseError, match="The baseline is of 'assistant', and this run of 'bm25'"):
            check_comparable(accepted, "bm25", cases, documents)
        with pytest.raises(CaseError, match="1 case of the accepted run and this run differ; the first, 'case 3', is"):
            check_comparable(accepted, "assistant", cases[:3], documents)
        with pytest.raises(
            CaseError, match=r"4 cases .* differ; the first, 'case 0', has another .* or another document"
        ):
            check_comparable(accepted, "assistant", cases, {"d": Document("d", "Notes", "y" * 99)})

    def test_all_lost_is_worse_only_where_there_are_enough(self) -> None:
        def lost(cases: int) -> set[str]:
            before = run(row(n) for n in range(cases))
            after = run(row(n, right=False) for n in range(cases))
            return set(found(after, accept(before)))

        # Six measures apply, of which each is allowed .05 / 6 = .0083: 1 / 2^6 = .0156 is more, 1 / 2^7 = .0078 less.
        assert lost(6) == set()
        assert lost(7) == {"nDCG@10", "accuracy", "citation recall", "citation precision"}

    def test_a_measure_that_is_gone_is_named(self) -> None:
        before = run(row(n) for n in range(4))
        accepted = accept(before)
        renamed = replace(accepted, measures={"correctness": accepted.measures["accuracy"]})

        with pytest.raises(CaseError, match="holds 'correctness', which is no measure of this version"):
            check(before, renamed)


class TestAccept:
    def test_a_run_with_errors_is_not_accepted(self) -> None:
        with pytest.raises(CaseError, match="cannot be accepted: 1 case failed, the first 'case 1'"):
            accept(run([row(0), row(1, error="No space left.")]))

    def test_nor_is_one_that_was_interrupted(self) -> None:
        with pytest.raises(CaseError, match="cannot be accepted: it was interrupted"):
            accept(replace(run([row(0)]), complete=False))

    def test_it_is_written_a_case_a_line_and_read_back(self, tmp_path: Path) -> None:
        accepted = accept(run(row(n, right=n % 2 == 0, refused=n % 3 == 0) for n in (2, 0, 1, 3)))
        path = tmp_path / "baseline.json"

        write_baseline(path, accepted)

        assert read_baseline(path) == accepted
        lines = path.read_text("utf-8").split("\n")
        assert [json.loads(f"{{{line.rstrip(',')}}}").popitem()[0] for line in lines if line.startswith('"case')] == [
            "case 0",
            "case 1",
            "case 2",
            "case 3",
        ]
        assert '"accuracy": {"count": 4, "value": 0.25},' in lines
        assert '"answer rate": [1, 1]' in next(line for line in lines if line.startswith('"case 1"'))
        assert json.loads(path.read_text("utf-8"))["measures"]["accuracy"]["value"] == 0.25

    def test_check_is_the_same_after_reading(self, tmp_path: Path) -> None:
        # Found at rank 2, nDCG is 1 / log2(3), which has no short form: every digit is kept.
        hits = (Ranked(Span("d", 50, 59), 2.0), Ranked(Span("d", 0, 9), 1.0))
        before = run(row(n, hits=hits) for n in range(30))
        write_baseline(tmp_path / "baseline.json", accept(before))

        accepted = read_baseline(tmp_path / "baseline.json")

        assert check(before, accepted) == []
        after = run(row(n, hits=hits[:1]) for n in range(30))
        assert check(after, accepted) == check(after, accept(before))
        assert set(found(after, accepted)) == {"nDCG@10"}

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("{", "is no accepted run"),
            ("[]", "is no accepted run"),
            ("[" * 100_000, "is no accepted run"),
            ('{"accuracy": 0.7}', r"is no accepted run \(KeyError\('measures'\)\). Make one with --accept"),
            ('{"measures": {}, "cases": {}}', r"is no accepted run \(KeyError\('system'\)\). Make one with --accept"),
            ('{"measures": {"accuracy": 0.7}, "cases": {}}', "is no accepted run"),
            ('{"measures": {"accuracy": {"value": 1, "count": 1}}, "cases": {}}', "accuracy is not the same number of"),
        ],
    )
    def test_another_file_is_refused_in_a_sentence(self, tmp_path: Path, content: str, message: str) -> None:
        path = tmp_path / "baseline.json"
        path.write_text(content, "utf-8")

        with pytest.raises(CaseError, match=message):
            read_baseline(path)

    def test_where_it_cannot_be_written_is_told(self, tmp_path: Path) -> None:
        accepted = accept(run([row(0)]))

        # A folder that is missing, and one that stands where the file should.
        for path in (tmp_path / "none" / "baseline.json", tmp_path):
            with pytest.raises(CaseError, match=r"^The baseline '.*' cannot be written \(.*\)\. Check the folder"):
                write_baseline(path, accepted)

    def test_it_does_not_replace_another_systems(self, tmp_path: Path) -> None:
        path = tmp_path / "baseline.json"
        accepted = accept(run([row(0)]))
        path.write_text("of an earlier version", "utf-8")
        write_baseline(path, accepted)
        write_baseline(path, accepted)

        with pytest.raises(
            CaseError, match=r"is the accepted run of 'assistant', and this run is of 'bm25'\. Name another"
        ):
            write_baseline(path, replace(accepted, system="bm25"))

        assert read_baseline(path) == accepted

    def test_so_is_a_missing_one(self, tmp_path: Path) -> None:
        with pytest.raises(CaseError, match=r"cannot be read .*Check the path"):
            read_baseline(tmp_path / "none.json")
