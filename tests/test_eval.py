"""The evaluation: cases are checked, measures are right by hand, results have the agreed form, exit codes tell."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from embedders import HashingEmbedder
from hypothesis import given
from hypothesis import strategies as st

from assistant import (
    Answer,
    Assistant,
    Citation,
    Conflict,
    Document,
    Hit,
    Passage,
    Settings,
    Statement,
    Turn,
    build_index,
)
from assistant.answer.reader import Reader
from assistant.search.store import Store
from eval.cases import Case, CaseError, Span, load_cases, load_corpus
from eval.measures import MEASURES, Mean, Outcome, measure
from eval.run import failures, load_baseline, results, run_cases, shortfalls, write_results

ROOT = Path(__file__).parent.parent
DOCUMENTS = {"d": Document("d", "Notes", "x" * 100)}
CASE: dict[str, Any] = {
    "id": "one",
    "question": "When was it signed?",
    "history": [{"question": "What is the treaty?", "answer": "A pact."}],
    "answerable": True,
    "evidence": [{"document_id": "d", "start": 10, "end": 20}],
    "answers": ["1953"],
}


def lines(path: Path, *rows: object) -> Path:
    """A file with a JSON value a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


class TestCases:
    def test_a_case_is_read(self, tmp_path: Path) -> None:
        row = {**CASE, "facts": [["1953", "fifty-three"]], "conflict": ["1953", "1954"], "tags": ["when"]}

        (case,) = load_cases(lines(tmp_path / "cases.jsonl", row), DOCUMENTS)

        assert (case.id, case.question, case.answerable) == ("one", "When was it signed?", True)
        assert case.history[0].question == "What is the treaty?"
        assert case.evidence == (Span("d", 10, 20),)
        assert (case.answers, case.facts, case.conflict) == (("1953",), (("1953", "fifty-three"),), ("1953", "1954"))
        assert case.tags == ("when",)

    def test_a_label_serves_as_tag(self, tmp_path: Path) -> None:
        (case,) = load_cases(lines(tmp_path / "cases.jsonl", {**CASE, "label": "partial"}), DOCUMENTS)

        assert case.tags == ("partial",)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"evidence": []}, "is answerable and has no evidence"),
            ({"evidence": [{"document_id": "e", "start": 1, "end": 2}]}, "unknown document 'e'"),
            ({"evidence": [{"document_id": "d", "start": 90, "end": 101}]}, "90..101 of 'd', which has 100 characters"),
            ({"evidence": [{"document_id": "d", "start": 5, "end": 5}]}, "cites 5..5"),
            ({"evidence": [{"document_id": "d", "start": -1, "end": 5}]}, "cites -1..5"),
            ({"evidence": [{"document_id": "d", "start": "1", "end": 5}]}, "'1' is not of type int"),
            ({"evidence": [{"document_id": "d", "start": 1}]}, "KeyError('end')"),
            ({"evidence": None}, "is not a case"),
            ({"question": None}, "None is not of type str"),
            ({"answerable": "no"}, "'no' is not of type bool"),
            ({"answers": "1953"}, "'1953' is not of type list"),
            ({"history": [{"question": "Why?", "answer": None}]}, "None is not of type str"),
            ({"facts": [["("]]}, "is not a case"),
            ({"facts": ["1953"]}, "'1953' is not of type list"),
        ],
    )
    def test_a_fault_is_told_with_its_line(self, tmp_path: Path, change: dict[str, Any], message: str) -> None:
        path = lines(tmp_path / "cases.jsonl", CASE, {**CASE, "id": "two", **change})

        with pytest.raises(CaseError) as raised:
            load_cases(path, DOCUMENTS)

        assert str(raised.value).startswith("Line 2 of ")
        assert message in str(raised.value)

    def test_two_cases_may_not_share_an_id(self, tmp_path: Path) -> None:
        with pytest.raises(CaseError, match="has the id 'one', which an earlier case has"):
            load_cases(lines(tmp_path / "cases.jsonl", CASE, CASE), DOCUMENTS)

    @pytest.mark.parametrize("name", sorted(CASE))
    def test_no_field_may_be_left_out(self, tmp_path: Path, name: str) -> None:
        row = {key: value for key, value in CASE.items() if key != name}

        with pytest.raises(CaseError, match=f"KeyError.'{name}'"):
            load_cases(lines(tmp_path / "cases.jsonl", row), DOCUMENTS)

    @pytest.mark.parametrize(
        ("content", "message"),
        [(b"{", "is not JSON"), (b"[1]", "is not a JSON object"), (b'{"id": "\xff"}', "is not UTF-8")],
    )
    def test_a_file_of_something_else_is_told(self, tmp_path: Path, content: bytes, message: str) -> None:
        path = tmp_path / "cases.jsonl"
        path.write_bytes(content)

        with pytest.raises(CaseError, match=message):
            load_cases(path, DOCUMENTS)

    def test_a_missing_file_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(CaseError, match="cannot be read"):
            load_cases(tmp_path / "none.jsonl", DOCUMENTS)

    def test_a_corpus_is_read_whatever_line_ends_its_texts_hold(self, tmp_path: Path) -> None:
        text = "One\u2028two\u0085three\x0cfour\nfive."
        path = lines(
            tmp_path / "corpus.jsonl",
            {"id": "a", "title": "A", "text": text, "date": "1953-10-01"},
            {"id": "b", "title": "", "text": "B"},
        )
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")

        assert load_corpus(path) == (Document("a", "A", text, "1953-10-01"), Document("b", "", "B"))

    @pytest.mark.parametrize(
        ("row", "message"),
        [({"id": "a", "title": "A"}, "lacks 'text'"), ({"id": 1, "title": "A", "text": "B"}, "1 is not of type str")],
    )
    def test_a_fault_of_a_corpus_is_told(self, tmp_path: Path, row: dict[str, Any], message: str) -> None:
        with pytest.raises(CaseError, match=message):
            load_corpus(lines(tmp_path / "corpus.jsonl", row))

    def test_the_shipped_cases_are_sound(self, documents: tuple[Document, ...]) -> None:
        assert load_cases(ROOT / "eval" / "cases.jsonl", {document.id: document for document in documents})


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        ((0, 10), (5, 30), True),  # overlap 5, half of 10
        ((0, 10), (6, 30), False),  # overlap 4, less than half of 10
        ((0, 100), (40, 44), True),  # the shorter lies within
        ((0, 10), (10, 20), False),  # they only touch
    ],
)
def test_spans_meet_by_half_of_the_shorter(one: tuple[int, int], other: tuple[int, int], meets: bool) -> None:
    assert Span("d", *one).meets(Span("d", *other)) is meets
    assert Span("d", *other).meets(Span("d", *one)) is meets
    assert not Span("d", *one).meets(Span("e", *other))


def case(answerable: bool = True, **fields: Any) -> Case:
    evidence = (Span("d", 10, 20),) if answerable else ()
    return Case("c", "When?", (), answerable, evidence, **fields)


def answer(*cited: int, hits: tuple[int, ...] = (), text: str = "", short: str = "", conflicts: int = 0) -> Answer:
    """Cites ten characters from each start in `cited`, found ten from each in `hits`; refused without citations."""
    citations = tuple(Citation(n, "d", "Notes", start, start + 10, "x" * 10) for n, start in enumerate(cited, 1))
    statements = tuple(Statement("It is so.", (citation,), "quoted") for citation in citations)
    found = tuple(Hit(Passage("d", "Notes", "", start, start + 10, "x" * 10), -rank) for rank, start in enumerate(hits))
    return Answer("When?", "When?", text, statements, citations, (Conflict(statements),) * conflicts, found, 0.0, short)


def value_of(name: str, *outcomes: Outcome) -> Mean:
    return measure(outcomes)[name]


class TestMeasures:
    """The evidence is 10..20: a span at 10 or 15 meets it, one at 16 or 50 does not."""

    def test_recall_and_mean_reciprocal_rank(self) -> None:
        outcomes = [
            Outcome(case(), answer(hits=(10, 50))),  # rank 1
            Outcome(case(), answer(hits=(50, 16, 15))),  # rank 3
            Outcome(case(), answer(hits=(50,) * 10 + (10,))),  # rank 11, beyond ten
            Outcome(case(), None, "It failed."),  # found nothing
            Outcome(case(False), answer(hits=(10,))),  # does not count
        ]

        # One of four at rank 1; two of four within five and ten; (1 + 1/3 + 0 + 0) / 4 = 1/3.
        assert value_of("recall@1", *outcomes) == Mean(0.25, 4)
        assert value_of("recall@5", *outcomes) == Mean(0.5, 4)
        assert value_of("recall@10", *outcomes) == Mean(0.5, 4)
        assert value_of("MRR@10", *outcomes) == Mean(pytest.approx(1 / 3), 4)

    def test_citations(self) -> None:
        outcomes = [
            Outcome(case(), answer(10, 50)),  # one of two is right
            Outcome(case(), answer(50)),  # none of one
            Outcome(case(), answer()),  # refused: missed, and no citation to be wrong
            Outcome(case(False), answer(50)),  # does not count
        ]

        assert value_of("citation recall", *outcomes) == Mean(pytest.approx(1 / 3), 3)
        assert value_of("citation precision", *outcomes) == Mean(pytest.approx(1 / 3), 3)

    def test_accuracy_wants_every_fact_in_any_wording(self) -> None:
        asked = case(facts=(("1953", "fifty-three"), ("october",)))
        outcomes = [
            Outcome(asked, answer(10, text="In October fifty-three. [1]")),  # both
            Outcome(asked, answer(10, text="In October. [1]", short="1953")),  # both, one in the short answer
            Outcome(asked, answer(10, text="In 1953. [1]")),  # one lacks
            Outcome(asked, answer(text="October 1953")),  # refused
            Outcome(case(), answer(10)),  # names no facts: does not count
        ]

        assert value_of("accuracy", *outcomes) == Mean(0.5, 4)

    def test_short_answers_match_as_words(self) -> None:
        outcomes = [
            Outcome(
                case(answers=("The U.S. Army",)), answer(10, text="It was a u s army!")
            ),  # but for case and articles
            Outcome(case(answers=("Kim", "195")), answer(10, text="In 1953, by Kimberley.")),  # only parts of words
            Outcome(
                case(answers=("one two three four five six seven eight nine",)), answer(10)
            ),  # too long: not counted
            Outcome(case(answers=("the",)), answer(10, text="the")),  # nothing left of it: not counted
            Outcome(case(answers=("1953",)), answer(text="1953")),  # refused
        ]

        assert value_of("short-answer match", *outcomes) == Mean(pytest.approx(1 / 3), 3)

    def test_refusal(self) -> None:
        outcomes = [
            *[Outcome(case(), answer(10))] * 3,  # answered rightly
            Outcome(case(), answer()),  # refused wrongly
            Outcome(case(False), answer()),  # refused rightly
            Outcome(case(False), answer(10)),  # answered wrongly
            Outcome(case(False), None, "It failed."),  # neither
        ]

        # Answered 3 of 4 answerable; refused 1 of 3 unanswerable; 1 of 2 refused were unanswerable.
        assert value_of("answer rate", *outcomes) == Mean(0.75, 4)
        assert value_of("refusal recall", *outcomes) == Mean(pytest.approx(1 / 3), 3)
        assert value_of("refusal precision", *outcomes) == Mean(0.5, 2)
        # (3/4 + 1/3) / 2 = 13/24
        assert value_of("balanced accuracy", *outcomes) == Mean(pytest.approx(13 / 24), 7)

    def test_conflicts(self) -> None:
        asked = case(conflict=("37,000", "28,500"))
        both = "37,000 in one, 28,500 in the other."
        outcomes = [
            Outcome(asked, answer(10, text=both, conflicts=1)),  # shown
            Outcome(asked, answer(10, text=both)),  # both values, not shown as a conflict
            Outcome(asked, answer(10, text="37,000", conflicts=1)),  # one value lacks
            Outcome(asked, None, "It failed."),
            Outcome(case(), answer(10, text=both, conflicts=1)),  # none in dispute: does not count
        ]

        assert value_of("conflicts shown", *outcomes) == Mean(0.25, 4)

    def test_what_applies_nowhere_has_no_value(self) -> None:
        assert set(measure([])) == {*MEASURES, "balanced accuracy"}
        assert set(measure([]).values()) == {Mean(None, 0)}
        assert value_of("balanced accuracy", Outcome(case(), answer(10))) == Mean(None, 0)

    @given(
        st.lists(
            st.builds(
                Outcome,
                st.builds(
                    case,
                    st.booleans(),
                    answers=st.just(()) | st.just(("so",)),
                    facts=st.just(()) | st.just((("so",),)),
                    conflict=st.just(()) | st.just(("so", "x")),
                ),
                st.none()
                | st.builds(
                    lambda cited, hits, text, conflicts: answer(
                        *cited, hits=tuple(hits), text=text, conflicts=conflicts
                    ),
                    st.lists(st.integers(0, 50), max_size=4),
                    st.lists(st.integers(0, 50), max_size=12),
                    st.sampled_from(["", "so", "It is so x."]),
                    st.integers(0, 1),
                ),
            ),
            max_size=8,
        )
    )
    def test_every_measure_is_between_nothing_and_one(self, outcomes: list[Outcome]) -> None:
        means = measure(outcomes)

        assert all(mean.value is None or 0 <= mean.value <= 1 for mean in means.values())
        assert all((mean.value is None) == (mean.count == 0) for mean in means.values())
        recalls = [means[name].value or 0.0 for name in ("recall@1", "MRR@10", "recall@10")]
        assert recalls == sorted(recalls)


TEXT = "The treaty was signed in 1953. It binds both sides. The port of Busan opened in 1876. Trade grew."


class Misquoting(Assistant):
    """Answers like the assistant, but with characters or a short answer that stand nowhere."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        right = super().ask(question, history)
        if "short" in question:
            return replace(right, short="nowhere")
        return replace(right, citations=(Citation(1, "d", "Notes", 0, 10, "x" * 10),))


class Breaking(Assistant):
    """Has a defect that one question lays bare."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        if "break" in question:
            _ = 1 / 0
        return super().ask(question, history)


Parts = tuple[Store, HashingEmbedder, Reader, Settings]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """What an assistant over one document is made of that answers whenever it has a candidate."""
    path = tmp_path_factory.mktemp("eval") / "store"
    embedder = HashingEmbedder()
    build_index([Document("d", "Notes", TEXT)], path, embedder=embedder)
    store = Store(path)
    yield store, embedder, Reader(), Settings(certainty=0.0)
    store.close()


@pytest.fixture
def small(parts: Parts) -> Assistant:
    return Assistant(*parts)


def asked(question: str, identity: str = "one") -> Case:
    return Case(identity, question, (), True, (Span("d", 0, 30),))


class TestRun:
    def test_a_case_that_fails_is_a_row(self, small: Assistant) -> None:
        outcomes = list(run_cases(small, [asked(""), asked("When was the treaty signed?", "two")]))

        assert outcomes[0].answer is None
        assert outcomes[0].error == "The question is empty. Type a question about the documents."
        assert outcomes[1].answer is not None
        assert outcomes[1].error is None

    def test_a_defect_is_a_row_too(self, parts: Parts) -> None:
        cases = [asked("Where is the break?"), asked("When was the treaty signed?", "two")]

        outcomes = list(run_cases(Breaking(*parts), cases))

        assert outcomes[0].answer is None
        assert outcomes[0].error == "ZeroDivisionError: division by zero"
        assert outcomes[1].error is None
        assert failures(outcomes) == ["Case 'one' failed: ZeroDivisionError: division by zero"]

    def test_results_have_the_agreed_form(self, small: Assistant, tmp_path: Path) -> None:
        outcomes = list(run_cases(small, [asked("When was the treaty signed?"), asked("", "two")]))
        path = tmp_path / "new" / "results.json"

        write_results(path, results(outcomes, measure(outcomes), {"passages": 10}))
        written = json.loads(path.read_text("utf-8"))

        assert set(written) == {"settings", "metrics", "cases"}
        assert written["settings"] == {"passages": 10}
        assert written["metrics"]["recall@1"] == {"value": 0.5, "count": 2}
        assert written["metrics"]["refusal recall"] == {"value": None, "count": 0}
        answered, failed = written["cases"]
        keys = "id question searched_for refused text short seconds error citations hits conflicts"
        assert set(answered) == set(failed) == set(keys.split())
        assert answered["id"] == "one"
        assert answered["error"] is None
        for citation in answered["citations"]:
            assert set(citation) == {"document_id", "start", "end", "quote", "verdict"}
            assert TEXT[citation["start"] : citation["end"]] == citation["quote"]
            assert citation["verdict"] == "quoted"
        assert set(answered["hits"][0]) == {"document_id", "start", "end", "score"}
        assert answered["conflicts"] == 0
        assert failed["error"].startswith("The question is empty.")
        assert (failed["refused"], failed["text"], failed["citations"], failed["seconds"]) == (False, "", [], None)

    def test_only_ten_hits_are_written(self) -> None:
        outcome = Outcome(case(), answer(hits=tuple(range(12))))

        (row,) = results([outcome], {}, {})["cases"]

        assert [hit["start"] for hit in row["hits"]] == list(range(10))

    def test_a_wrong_quote_is_an_error_of_its_case(self, parts: Parts) -> None:
        cases = [asked("When was it signed?"), asked("The short treaty?")]

        outcomes = list(run_cases(Misquoting(*parts), cases))

        assert outcomes[0].error == "Citation 1 does not quote 'd' at 0."
        assert outcomes[1].error == "The short answer 'nowhere' is in no quote."


class TestBaseline:
    def test_only_what_is_below_falls_short(self) -> None:
        means = {"recall@5": Mean(0.9, 10), "accuracy": Mean(0.7, 10), "conflicts shown": Mean(None, 0)}
        baseline = {"recall@5": 0.9, "accuracy": 0.75, "conflicts shown": 0.5, "speed": 1.0}

        assert shortfalls(means, baseline) == [
            "accuracy is 0.700; the baseline accepts 0.750 or more.",
            "conflicts shown is not measured; the baseline accepts 0.500 or more.",
            "speed is not measured; the baseline accepts 1.000 or more.",
        ]

    @pytest.mark.parametrize("content", ["{", "[]", '{"accuracy": "high"}', '{"accuracy": true}'])
    def test_what_is_no_baseline_is_told(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "baseline.json"
        path.write_text(content, "utf-8")

        with pytest.raises(CaseError, match="The baseline"):
            load_baseline(path)

    def test_a_missing_baseline_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(CaseError, match="cannot be read"):
            load_baseline(tmp_path / "none.json")


class TestCommand:
    @pytest.fixture
    def corpus(self, tmp_path: Path) -> list[object]:
        """Options for a corpus of one document and three cases."""
        corpus = lines(tmp_path / "corpus.jsonl", {"id": "d", "title": "Notes", "text": TEXT})
        unanswerable = {"answerable": False, "evidence": [], "answers": [], "history": []}
        cases = lines(
            tmp_path / "cases.jsonl",
            {**CASE, "history": [], "question": "When was the treaty signed?"},
            {**CASE, **unanswerable, "id": "two", "question": "Who won the match?"},
            {**CASE, **unanswerable, "id": "three", "question": "?"},
        )
        return ["--corpus", corpus, "--cases", cases, "--out", tmp_path / "out"]

    def evaluate(self, *options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "eval", *map(str, options)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def test_it_measures_prints_and_writes(self, corpus: list[object], tmp_path: Path) -> None:
        done = self.evaluate(*corpus, "--limit", 2)

        assert (done.returncode, done.stderr.strip()) == (0, "")
        assert done.stdout.splitlines()[0].rstrip() == "2 cases on 1 document"
        written = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
        assert [row["id"] for row in written["cases"]] == ["one", "two"]
        assert written["metrics"]["recall@1"] == {"value": 1.0, "count": 1}
        assert written["settings"]["embedder"] == "minilm"

    def test_below_the_baseline_it_ends_with_1(self, corpus: list[object], tmp_path: Path) -> None:
        baseline = tmp_path / "baseline.json"
        baseline.write_text('{"recall@1": 1.0, "recall@5": 1.1}', "utf-8")

        done = self.evaluate(*corpus, "--baseline", baseline)

        assert done.returncode == 1
        assert "recall@5 is 1.000; the baseline accepts 1.100 or more.\n" in done.stdout
        assert "recall@1 is" not in done.stdout
        assert (tmp_path / "out" / "results.json").exists()

    def test_a_mistake_is_one_sentence(self, corpus: list[object], tmp_path: Path) -> None:
        lines(tmp_path / "cases.jsonl", {**CASE, "evidence": []})

        done = self.evaluate(*corpus)

        assert done.returncode == 1
        assert done.stderr.startswith("Error: Line 1 of ")
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "out").exists()

    def test_a_case_that_fails_ends_it_with_1(self, corpus: list[object]) -> None:
        done = self.evaluate(*corpus)

        assert done.returncode == 1
        assert "Case 'three' failed: The question is empty. Type a question about the documents.\n" in done.stdout

    def test_names_that_look_like_markup_are_shown_as_they_are(self, corpus: list[object], tmp_path: Path) -> None:
        row = {**CASE, "id": "[/x]", "history": [], "question": "?", "tags": ["[/x]", "[bold]tag\x1b[2J"]}
        lines(tmp_path / "cases.jsonl", row)
        lines(tmp_path / "baseline.json", {"[/y]": 1.0})

        done = self.evaluate(*corpus, "--baseline", tmp_path / "baseline.json")

        assert (done.returncode, done.stderr.strip()) == (1, "")
        assert "│ [/x] " in done.stdout
        assert "│ [bold]tag\N{REPLACEMENT CHARACTER}[2J " in done.stdout
        assert "Case '[/x]' failed" in done.stdout
        assert "[/y] is not measured" in done.stdout

    def test_a_corpus_without_cases_is_refused(self, corpus: list[object]) -> None:
        done = self.evaluate(*corpus[:2])

        assert done.returncode == 2
        assert "--corpus and --cases go together" in done.stderr
