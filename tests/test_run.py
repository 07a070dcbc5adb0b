"""A run: every case is a row, a defect is a row too, what was interrupted goes on, results.json is lossless."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from embedders import HashingEmbedder
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Assistant, Citation, Document, Settings, Turn, build_index
from assistant.answer.reading.reader import Reader
from assistant.search.store import Store
from eval.cases import Case, CaseError, Span
from eval.journal import Journal
from eval.judge import Kind, Score
from eval.record import identity, peak_memory, surroundings
from eval.results import Results, Run, read_results, write_results
from eval.rows import Quote, Ranked, Row, from_json, row_of, to_json
from eval.run import failures, run_cases
from eval.systems import System

TEXT = "The treaty was signed in 1953. It binds both sides. The port of Busan opened in 1876. Trade grew."
DOCUMENTS = {"d": Document("d", "Notes", TEXT)}


def case(question: str = "When was the treaty signed?", name: str = "one", history: tuple[Turn, ...] = ()) -> Case:
    return Case(name, question, history, True, (Span("d", 0, 30),))


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, reader: Reader) -> Iterator[System]:
    """An assistant over one document that answers whenever it has a candidate."""
    path = tmp_path_factory.mktemp("run") / "store"
    embedder = HashingEmbedder()
    build_index(DOCUMENTS.values(), path, embedder=embedder)
    store = Store(path)
    yield Assistant(store, embedder, reader, Settings(certainty=0.0)).ask
    store.close()


class Asked:
    """A system that remembers what it was asked."""

    def __init__(self, system: System, breaks_at: str | None = None) -> None:
        self.questions: list[tuple[str, int]] = []
        self._system, self._breaks_at = system, breaks_at

    def __call__(self, question: str, history: Sequence[Turn]) -> Answer | str:
        self.questions.append((question, len(history)))
        if question == self._breaks_at:
            raise KeyboardInterrupt
        return self._system(question, history)


def run(system: System, *cases: Case, journal: Path, resume: bool = False, made_with: str = "this") -> list[Row]:
    """The rows of a run that comes to its end."""
    with Journal(journal, {"code": made_with}, resume) as opened:
        rows = list(run_cases(system, "assistant", cases, DOCUMENTS, opened))
        opened.finish()
    return rows


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "new" / "rows.jsonl"


class TestRows:
    def test_an_answer_is_a_row(self, ask: System, journal: Path) -> None:
        (row,) = run(ask, case(), journal=journal)

        assert (row.error, row.refused, row.answered) == (None, False, True)
        assert row.gold == ("The treaty was signed in 1953.",)
        assert row.citations[0] == Quote(Span("d", 0, 30), "The treaty was signed in 1953.", 0, "quoted")
        assert row.statements[0] == ("The treaty was signed in 1953.", "quoted")
        assert row.certainty is not None
        assert row.seconds is not None
        assert row.meets(row.hits[0].span)
        assert row.alone is None

    def test_an_error_of_the_question_is_its_message(self, ask: System, journal: Path) -> None:
        row, other = run(ask, case(""), case(name="two"), journal=journal)

        assert row.error == "The question has no words. Type a question about the documents."
        assert (row.answered, row.refused, row.text) == (False, False, "")
        assert other.error is None
        assert failures([row, other]) == [f"Case 'one' failed: {row.error}"]

    def test_a_defect_is_a_row_too(self, ask: System, journal: Path) -> None:
        def breaking(question: str, history: Sequence[Turn]) -> Answer | str:
            return str(1 / 0) if "break" in question else ask(question, history)

        row, other = run(breaking, case("Where is the break?"), case(name="two"), journal=journal)

        assert row.error == "ZeroDivisionError: division by zero"
        assert other.error is None

    def test_a_wrong_quote_is_an_error_of_its_case(self, ask: System, journal: Path) -> None:
        def misquoting(question: str, history: Sequence[Turn]) -> Answer:
            right = ask(question, history)
            assert isinstance(right, Answer)
            if "short" in question:
                return replace(right, short="nowhere")
            place = "d" if "place" in question else "unknown"
            return replace(right, citations=(Citation(1, place, "Notes", 0, 10, "x" * 10),))

        asked = [case("A place?"), case("The short treaty?", "two"), case("Another?", "three")]

        assert [row.error for row in run(misquoting, *asked, journal=journal)] == [
            "Citation 1 does not quote 'd' at 0.",
            "The short answer 'nowhere' is in no quote.",
            "Citation 1 does not quote 'unknown' at 0.",
        ]

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"certainty": float("nan")}, "ValueError: The certainty nan is not between 0 and 1."),
            ({"certainty": 1.5}, "ValueError: The certainty 1.5 is not between 0 and 1."),
            ({"certainty": np.float32(0.5)}, "TypeError: Object of type float32 is not JSON serializable"),
            ({"text": "half \ud800"}, "UnicodeEncodeError"),
        ],
    )
    def test_what_cannot_be_written_down_is_an_error_of_its_case(
        self, ask: System, journal: Path, wrong: dict[str, Any], error: str
    ) -> None:
        def odd(question: str, history: Sequence[Turn]) -> Answer:
            right = ask(question, history)
            assert isinstance(right, Answer)
            return replace(right, **wrong)

        (row,) = run(odd, case(), journal=journal)

        assert row.error is not None
        assert row.error.startswith(error)

    def test_a_system_that_leaves_is_an_error_of_its_case(self, journal: Path) -> None:
        def leaving(_question: str, _history: Sequence[Turn]) -> str:
            sys.exit(3)

        (row,) = run(leaving, case(), journal=journal)

        assert row.error == "SystemExit: 3"

    def test_a_plain_text_is_an_answer_and_an_empty_one_a_refusal(self, journal: Path) -> None:
        def talking(question: str, _: Sequence[Turn]) -> str:
            return "In 1953." if "treaty" in question else "  "

        row, other = run(talking, case(), case("Who won?", "two"), journal=journal)

        assert (row.text, row.answered, row.citations, row.certainty) == ("In 1953.", True, (), None)
        assert other.refused

    def test_a_follow_up_is_asked_without_its_history_too(self, ask: System, journal: Path) -> None:
        asked = Asked(ask)
        history = (Turn("What was signed in 1953?", "The treaty."),)

        (row,) = run(asked, case("And when did the port open?", history=history), journal=journal)

        assert [turns for _, turns in asked.questions] == [1, 0]
        assert row.alone is not None
        assert row.alone.searched_for == "And when did the port open?"
        assert row.alone.case == row.case

    def test_only_ten_hits_are_kept(self) -> None:
        from assistant import Hit, Passage

        hits = tuple(Hit(Passage("d", "", "", start, start + 1, "x"), 1.0) for start in range(12))

        row = row_of(case(), DOCUMENTS, Answer("", "", "", hits=hits), 0.1, None)

        assert [hit.span.start for hit in row.hits] == list(range(10))


class TestJournal:
    def test_what_was_interrupted_goes_on(self, ask: System, journal: Path) -> None:
        cases = [case(name="one"), case("Did trade grow?", "two"), case("When did the port open?", "three")]
        with pytest.raises(KeyboardInterrupt):
            run(Asked(ask, breaks_at="Did trade grow?"), *cases, journal=journal)
        again = Asked(ask)

        rows = run(again, *cases, journal=journal, resume=True)

        assert [row.case.id for row in rows] == ["one", "two", "three"]
        assert [question for question, _ in again.questions] == ["Did trade grow?", "When did the port open?"]
        assert [row.text for row in rows] == [row.text for row in run(ask, *cases, journal=journal)]

    def test_a_half_written_line_is_asked_again(self, ask: System, journal: Path) -> None:
        cases = [case(name="one"), case("Did trade grow?", "two")]
        run(ask, *cases, journal=journal)
        journal.write_text(journal.read_text("utf-8")[:-60], "utf-8")
        again = Asked(ask)

        assert len(run(again, *cases, journal=journal, resume=True)) == 2
        assert again.questions == [("Did trade grow?", 0)]
        assert [*map(json.loads, journal.read_text("utf-8").splitlines())][-1] == {"finished": True}

    def test_another_run_is_not_resumed(self, ask: System, journal: Path) -> None:
        run(ask, case(), journal=journal)
        before = journal.read_text("utf-8")

        with pytest.raises(CaseError, match=r"cannot be resumed: it was made with another code\."):
            run(ask, case(), journal=journal, resume=True, made_with="that")

        assert journal.read_text("utf-8") == before

    @pytest.mark.parametrize("content", [b'{"code": "this"}\n{"row": {}}\n', b"\xff\n", b"[\n", b"[1]\n"])
    def test_something_else_is_not_resumed(self, ask: System, journal: Path, content: bytes) -> None:
        journal.parent.mkdir()
        journal.write_bytes(content)

        with pytest.raises(CaseError, match="is no journal of a run"):
            run(ask, case(), journal=journal, resume=True)

        assert journal.read_bytes() == content

    def test_what_was_interrupted_is_not_overwritten(self, ask: System, journal: Path) -> None:
        cases = [case(), case("Did trade grow?", "two")]
        with pytest.raises(KeyboardInterrupt):
            run(Asked(ask, breaks_at="Did trade grow?"), *cases, journal=journal)
        before = journal.read_text("utf-8")

        with pytest.raises(CaseError, match=r"holds a run that was interrupted\. Go on with --resume"):
            run(ask, *cases, journal=journal)

        assert journal.read_text("utf-8") == before

    def test_after_a_finished_run_another_begins_anew(self, ask: System, journal: Path) -> None:
        run(ask, case(), journal=journal)
        again = Asked(ask)

        run(again, case(), journal=journal)

        assert len(again.questions) == 1

    def test_failed_cases_are_asked_again(self, ask: System, journal: Path) -> None:
        def down(question: str, history: Sequence[Turn]) -> Answer | str:
            if "trade" in question or not history:
                raise ConnectionError("down")
            return ask(question, history)

        history = (Turn("What was signed?", "The treaty."),)
        cases = [case(name="one", history=history), case("Did trade grow?", "two"), case(name="three", history=history)]
        rows = run(down, *cases, journal=journal)
        assert [row.error for row in rows] == [None, "ConnectionError: down", None]
        assert failures(rows) == [
            "Case 'two' failed: ConnectionError: down",
            "Case 'one' failed without its history: ConnectionError: down",
            "Case 'three' failed without its history: ConnectionError: down",
        ]
        again = Asked(ask)

        rows = run(again, *cases, journal=journal, resume=True)

        assert failures(rows) == []
        assert len(again.questions) == 5
        assert failures(run(Asked(ask), *cases, journal=journal, resume=True)) == []

    def test_judgements_are_kept(self, journal: Path) -> None:
        scores: dict[Kind, Score] = {"correctness": Score(4.0, "Right."), "faithfulness": Score(None, "", "timeout")}
        with Journal(journal, {"code": "this"}, resume=False) as opened:
            opened.add_scores("assistant", "here#model", "one", scores)

        with Journal(journal, {"code": "this"}, resume=True) as opened:
            assert opened.scores("assistant", "here#model", "one") == scores
            assert opened.scores("assistant", "here#other", "one") is None

    def test_a_place_that_cannot_be_written_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")

        with pytest.raises(CaseError, match="cannot be written"):
            Journal(tmp_path / "file" / "rows.jsonl", {}, resume=False)


_texts = st.text('añ \n"', min_size=1, max_size=8).filter(str.strip)
_spans = st.builds(Span, _texts, st.integers(0, 9), st.integers(10, 20))
_cases = st.builds(
    Case,
    _texts,
    _texts,
    st.lists(st.builds(Turn, _texts, _texts), max_size=2).map(tuple),
    st.booleans(),
    st.lists(_spans, max_size=2).map(tuple),
    st.lists(_texts, max_size=2).map(tuple),
    st.lists(st.lists(st.sampled_from(["a", "[0-9]+"]), max_size=2).map(tuple), max_size=2).map(tuple),
    st.lists(_texts, max_size=2).map(tuple),
    st.lists(_texts, max_size=2).map(tuple),
)


def _rows(alone: st.SearchStrategy[Row | None]) -> st.SearchStrategy[Row]:
    numbers = st.none() | st.floats(0, 1)
    return st.builds(
        Row,
        _cases,
        st.lists(_texts, max_size=2).map(tuple),
        _texts,
        st.booleans(),
        _texts,
        _texts,
        numbers,
        numbers,
        st.lists(st.tuples(_texts, st.sampled_from(["quoted", "partly"])), max_size=2).map(tuple),
        st.lists(st.builds(Quote, _spans, _texts, st.integers(0, 3), _texts), max_size=2).map(tuple),
        st.lists(st.builds(Ranked, _spans, st.floats(-1, 1)), max_size=2).map(tuple),
        st.integers(0, 2),
        st.none() | _texts,
        alone,
    )


class TestResults:
    @given(_rows(_rows(st.none()) | st.none()))
    def test_a_row_is_lossless_as_json(self, row: Row) -> None:
        assert from_json(json.loads(json.dumps(to_json(row)))) == row

    def test_results_are_lossless_and_have_the_agreed_form(self, ask: System, journal: Path, tmp_path: Path) -> None:
        rows = tuple(run(ask, case(), case("", "two"), journal=journal))
        made = Results(Run("assistant", rows, {"passages": 10}, {"peak MiB": 1.5}), {"seed": 7}, (Run("bm25", rows),))
        path = tmp_path / "other" / "results.json"

        write_results(path, made)

        assert read_results(path) == made
        written = json.loads(path.read_text("utf-8"))
        assert written["settings"] == {"passages": 10}
        assert written["metrics"]["recall@1"]["value"] == 0.5
        assert written["metrics"]["recall@1"]["count"] == 2
        answered, failed = written["cases"]
        keys = "id question searched_for refused text short seconds error citations hits conflicts".split()
        assert set(keys) <= set(answered)
        assert set(keys) <= set(failed)
        for citation in answered["citations"]:
            assert TEXT[citation["start"] : citation["end"]] == citation["quote"]
            assert citation["verdict"] == "quoted"
        assert {"document_id", "start", "end", "score"} <= set(answered["hits"][0])
        assert answered["conflicts"] == 0
        assert (failed["refused"], failed["text"], failed["citations"]) == (False, "", [])

    @pytest.mark.parametrize("content", ["{", "[]", "{}", '{"system": "assistant", "cases": [{}]}', "[" * 100_000])
    def test_what_is_no_results_file_is_told(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "results.json"
        path.write_text(content, "utf-8")

        with pytest.raises(CaseError, match=r"is no results\.json of this version"):
            read_results(path)

    def test_a_missing_one_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(CaseError, match="cannot be read"):
            read_results(tmp_path / "none.json")


class TestRecord:
    def test_what_the_rows_depend_on_is_in_the_identity(self) -> None:
        documents, settings = list(DOCUMENTS.values()), Settings()
        made: dict[str, Any] = identity(documents, [case()], settings, ["assistant"])

        def differs(other: dict[str, Any]) -> set[str]:
            return {key for key in made if made[key] != other[key]}

        assert json.loads(json.dumps(made)) == made
        assert differs(identity(documents, [case()], Settings(store=Path("elsewhere")), ["bm25"])) == set()
        for change in ({"text": "Other."}, {"date": "1953"}):
            assert differs(identity([replace(documents[0], **change)], [case()], settings, [])) == {"documents"}
        assert differs(identity(documents, [case("Why?")], settings, [])) == {"cases"}
        assert differs(identity(documents, [case()], Settings(certainty=0.1), [])) == {"settings"}

    def test_the_code_of_a_function_is_in_the_identity(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "asked.py").write_text("def answer(question, history): return ''\n")
        before = identity([], [], Settings(), ["asked:answer"])["functions"]
        (tmp_path / "asked.py").write_text("def answer(question, history): return 'yes'\n")

        assert identity([], [], Settings(), ["asked:answer"])["functions"] != before

    def test_times_depend_on_the_machine(self) -> None:
        found = surroundings()

        assert found["cores"] >= 1
        assert found["started"].endswith("+00:00")
        used = peak_memory()
        assert used is None or used > 50
