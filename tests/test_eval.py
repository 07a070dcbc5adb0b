"""`python -m eval` as it is typed: what it prints, writes, refuses and ends with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.answer.writing.write import left_out_note
from assistant.cli import main as assistant_main
from eval.__main__ import main
from tests.models import scripted_model

# As long as these are open, their models need not be loaded again.
pytestmark = pytest.mark.usefixtures("embedder", "reader")

ROOT = Path(__file__).parent.parent
TEXT = "The treaty was signed in 1953. It binds both sides. The port of Busan opened in 1876. Trade grew."
CASE: dict[str, Any] = {
    "id": "one",
    "question": "When was the treaty signed?",
    "history": [],
    "answerable": True,
    "evidence": [{"document_id": "d", "start": 0, "end": 30}],
    "answers": ["1953"],
}
NOT_THERE = {"answerable": False, "evidence": [], "answers": []}
FAILING = {**CASE, **NOT_THERE, "id": "fails", "question": "?"}


def lines(path: Path, *rows: object) -> Path:
    """A file with a JSON value a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> list[object]:
    """Options for a corpus of one document and two cases."""
    corpus = lines(tmp_path / "corpus.jsonl", {"id": "d", "title": "Notes", "text": TEXT})
    unanswerable = {**CASE, **NOT_THERE, "id": "two", "question": "Who won the football match?", "tags": ["sport"]}
    return ["--corpus", corpus, "--cases", lines(tmp_path / "cases.jsonl", CASE, unanswerable)]


def command(*options: object) -> list[str]:
    return [sys.executable, "-m", "eval", *map(str, options)]


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


Evaluate = Callable[..., Done]


@pytest.fixture
def evaluate(capsys: pytest.CaptureFixture[str]) -> Evaluate:
    """Runs the command in this process."""

    def run(*options: object) -> Done:
        with pytest.raises(SystemExit) as end:
            main([str(option) for option in options])
        return Done(int(end.value.code or 0), *capsys.readouterr())

    return run


def ids(results: Path) -> list[str]:
    return [row["id"] for row in json.loads(results.read_text("utf-8"))["cases"]]


class TestRun:
    def test_it_measures_prints_and_writes(self, corpus: list[object], tmp_path: Path) -> None:
        options = [*corpus, "--out", tmp_path / "out", "--system", "assistant", "--system", "bm25"]
        done = subprocess.run(command(*options), cwd=ROOT, capture_output=True, text=True, timeout=240)

        assert (done.returncode, done.stderr.strip()) == (0, "")
        assert done.stdout.splitlines()[0].rstrip() == "2 cases; 95 % intervals in brackets"
        written = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
        assert ids(tmp_path / "out" / "results.json") == ["one", "two"]
        assert written["metrics"]["recall@1"]["value"] == 1.0
        assert written["settings"]["embedder"] == "minilm"
        assert [other["system"] for other in written["others"]] == ["bm25"]
        assert written["speed"]["passages/s"] > 0
        assert "Who won the football match?" in (tmp_path / "out" / "report.html").read_text("utf-8")

    def test_a_language_model_is_measured_beside_the_quoting_assistant(
        self, evaluate: Evaluate, corpus: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out, baseline = tmp_path / "out", tmp_path / "baseline.json"
        with scripted_model("The treaty was signed in 1953. It was signed by Ada.") as model:
            done = evaluate(*corpus, "--out", out, "--llm", model.spec, "--baseline", baseline, "--accept")
            alone = evaluate(*corpus, "--out", tmp_path / "alone", "--llm", model.spec, "--system", "written")

        assert (done.returncode, alone.returncode) == (0, 0), done.stderr + alone.stderr
        assert "written: what the language model wrote" in done.stdout
        results = json.loads((out / "results.json").read_text("utf-8"))
        assert (results["system"], [other["system"] for other in results["others"]]) == ("assistant", ["written"])
        assert results["made_with"]["settings"]["llm"] == "scripted"
        assert model.address not in (out / "results.json").read_text("utf-8")
        assert results["cases"][0]["writing"] is None
        assert results["others"][0]["cases"][0]["note"] == left_out_note(1)
        assert results["others"][0]["metrics"]["written rate"]["value"] == 1.0
        assert results["others"][0]["metrics"]["grounding p50"]["count"] == 1
        assert json.loads(baseline.read_text("utf-8"))["system"] == "assistant"
        assert "What a language model wrote" in (out / "report.html").read_text("utf-8")
        # The environment names a model, and the accepted run is held to all the same.
        monkeypatch.setenv("ASSISTANT_LLM", model.spec)
        held = evaluate(*corpus, "--out", tmp_path / "held", "--baseline", baseline)
        assert held.returncode == 0, held.stderr
        assert "no measure is worse" in held.stdout
        between = evaluate("compare", out, "--system", "assistant", "--system", "written")
        assert between.returncode == 0, between.stderr

    def test_a_folder_is_a_corpus(self, evaluate: Evaluate, tmp_path: Path) -> None:
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs" / "notes.txt").write_text(TEXT)
        evidence = [{"document_id": "notes.txt", "start": 0, "end": 30}]
        cases = lines(tmp_path / "cases.jsonl", {**CASE, "evidence": evidence})

        done = evaluate("--corpus", tmp_path / "docs", "--cases", cases, "--out", tmp_path / "out")

        assert done.returncode == 0, done.stderr
        assert "1 of 1 case came out right" in done.stdout
        assert "Gate: not held to an accepted run." in done.stdout

    def test_the_same_run_twice_gives_the_same_numbers(
        self, evaluate: Evaluate, corpus: list[object], tmp_path: Path
    ) -> None:
        def timeless(folder: str) -> Any:
            done = evaluate(*corpus, "--out", tmp_path / folder)
            assert done.returncode == 0, done.stderr
            written = json.loads((tmp_path / folder / "results.json").read_text("utf-8"))
            for row in written["cases"]:
                del row["seconds"]
            for name in ("seconds p50", "seconds p95"):
                del written["metrics"][name]
            return written["metrics"], written["cases"]

        assert timeless("first") == timeless("second")

    def test_an_interrupted_run_keeps_what_it_has_and_is_resumed(
        self, evaluate: Evaluate, corpus: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "slow.py").write_text(
            "import os, time\n\n\ndef answer(question, history):\n    if 'football' in question:\n"
            "        time.sleep(float(os.environ['SECONDS_TO_SLEEP']))\n        return ''\n    return 'In 1953.'\n"
        )
        options = [*corpus, "--out", tmp_path / "out", "--system", "slow:answer"]
        journal = tmp_path / "out" / "rows.jsonl"

        environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}", "SECONDS_TO_SLEEP": "60"}
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command(*options), cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True
        ) as running:
            until = time.monotonic() + 120
            while not (journal.exists() and len(journal.read_text("utf-8").splitlines()) == 2):
                assert time.monotonic() < until
                time.sleep(0.1)
            running.send_signal(signal.SIGINT)
            time.sleep(0.3)
            running.send_signal(signal.SIGINT)  # Of somebody impatient: what was found is written all the same.
            _, told = running.communicate(timeout=60)

        assert running.returncode == 130
        assert "'slow:answer' was interrupted after 1 of 2 cases. Go on with --resume." in told
        assert ids(tmp_path / "out" / "results.json") == ["one"]
        assert "Traceback" not in told

        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setenv("SECONDS_TO_SLEEP", "0")
        done = evaluate(*options, "--resume")

        assert (done.returncode, done.stderr.strip()) == (0, ""), done.stdout
        written = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
        assert [(row["id"], row["text"]) for row in written["cases"]] == [("one", "In 1953."), ("two", "")]
        assert written["complete"] is True

    def test_a_case_that_fails_ends_it_with_1(self, evaluate: Evaluate, corpus: list[object], tmp_path: Path) -> None:
        lines(tmp_path / "cases.jsonl", CASE, FAILING)

        done = evaluate(*corpus, "--out", tmp_path / "out")

        assert done.returncode == 1
        assert "Case 'fails' failed: The question has no words. Type a question about the documents.\n" in done.stdout
        assert ids(tmp_path / "out" / "results.json") == ["one", "fails"]

    def test_names_that_look_like_markup_are_shown_as_they_are(
        self, evaluate: Evaluate, corpus: list[object], tmp_path: Path
    ) -> None:
        lines(tmp_path / "cases.jsonl", {**FAILING, "id": "[/x]", "tags": ["[/x]", "[bold]tag\x1b[2J"]})

        done = evaluate(*corpus, "--out", tmp_path / "out")

        assert (done.returncode, done.stderr.strip()) == (1, "")
        assert "│ [/x] " in done.stdout
        assert "│ [bold]tag\N{REPLACEMENT CHARACTER}[2J " in done.stdout
        assert "Case '[/x]' failed" in done.stdout

    def test_a_mistake_is_one_sentence(self, evaluate: Evaluate, corpus: list[object], tmp_path: Path) -> None:
        lines(tmp_path / "cases.jsonl", {**CASE, "evidence": []})

        done = evaluate(*corpus, "--out", tmp_path / "out")

        assert done.returncode == 1
        assert done.stderr.startswith("Error: Line 1 of ")
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (["--corpus", "corpus.jsonl"], "--corpus needs --cases"),
            (["--limit", 1, "--accept"], "--accept needs --baseline FILE"),
            (["--llm", "ollama/none", "--system", "assistant"], "--llm is for the system 'written'"),
        ],
    )
    def test_options_that_do_not_fit_are_refused(self, evaluate: Evaluate, options: list[object], message: str) -> None:
        done = evaluate(*options)

        assert done.returncode == 2
        assert message in done.stderr

    def test_an_unknown_system_is_refused_by_name(
        self, evaluate: Evaluate, corpus: list[object], tmp_path: Path
    ) -> None:
        done = evaluate(*corpus, "--out", tmp_path / "out", "--system", "oracle")

        assert done.returncode == 1
        assert done.stderr.startswith("Error: There is no system 'oracle'.")

    def test_what_is_written_needs_a_language_model_that_can_be(
        self, evaluate: Evaluate, corpus: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ASSISTANT_LLM", "ollama/a")
        without = evaluate(*corpus, "--out", tmp_path / "out", "--system", "written")
        wrong = evaluate(*corpus, "--out", tmp_path / "out", "--llm", "somewhere")

        assert (without.returncode, wrong.returncode) == (1, 1)
        assert without.stderr.startswith("Error: The system 'written' needs a language model.")
        assert wrong.stderr.startswith("Error: 'somewhere' is not the address of a language model.")


class TestBaseline:
    def test_a_run_is_accepted_held_to_and_found_worse(
        self, evaluate: Evaluate, corpus: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        system = tmp_path / "asked.py"
        system.write_text("def answer(question, history):\n    return 'In 1953.'\n")
        monkeypatch.syspath_prepend(tmp_path)
        asked = "When was the treaty signed"
        many = [{**CASE, "id": str(number), "question": asked + "?" * number} for number in range(9)]
        lines(tmp_path / "cases.jsonl", *many)
        held = [*corpus, "--out", tmp_path / "out", "--baseline", tmp_path / "baseline.json"]

        def run(*options: object) -> Done:
            sys.modules.pop("asked", None)
            return evaluate(*held, "--system", "asked:answer", *options)

        accepted, again = run("--accept"), run()
        system.write_text("def answer(question, history):\n    return ''\n")
        worse = run()

        assert (accepted.returncode, again.returncode, worse.returncode) == (0, 0, 1), again.stdout
        assert "Gate: no measure is worse than in the accepted run" in again.stdout
        assert "Gate: worse than the accepted run" in worse.stdout
        assert "Accepted in" in accepted.stdout
        assert "answer rate is 0.000, and 1.000 was accepted" in worse.stdout

    def test_what_is_no_baseline_is_told(self, evaluate: Evaluate, corpus: list[object], tmp_path: Path) -> None:
        (tmp_path / "baseline.json").write_text("[]", "utf-8")

        done = evaluate(*corpus, "--out", tmp_path / "out", "--baseline", tmp_path / "baseline.json")

        assert done.returncode == 1
        assert "is no accepted run" in done.stderr


class TestOtherCommands:
    def test_two_runs_are_compared_and_a_report_made_again(
        self, evaluate: Evaluate, corpus: list[object], tmp_path: Path
    ) -> None:
        first, second = tmp_path / "first", tmp_path / "second"
        assert evaluate(*corpus, "--out", first).returncode == 0
        assert evaluate(*corpus, "--out", second, "--system", "bm25", "--system", "assistant").returncode == 0
        before = (first / "report.html").read_bytes()
        (first / "report.html").unlink()

        compared = evaluate("compare", first, second / "results.json")
        reported = evaluate("report", first)

        assert (compared.returncode, reported.returncode) == (0, 0), compared.stderr
        assert "Got worse: 1 case" in compared.stdout
        named = evaluate("compare", second, "--system", "bm25", "--system", "assistant")
        assert "Got better: 1 case" in named.stdout, named.stderr
        assert (first / "report.html").read_bytes() == before

    def test_a_run_is_not_compared_with_itself(self, evaluate: Evaluate, tmp_path: Path) -> None:
        done = evaluate("compare", tmp_path)

        assert done.returncode == 2
        assert "Name a second run" in done.stderr

    def test_a_missing_run_is_told(self, evaluate: Evaluate, tmp_path: Path) -> None:
        done = evaluate("compare", tmp_path, tmp_path)

        assert done.returncode == 1
        assert done.stderr.startswith("Error: The results ")

    def test_cases_are_checked(self, evaluate: Evaluate, corpus: list[object], tmp_path: Path) -> None:
        good = evaluate("check", *corpus)
        lines(tmp_path / "cases.jsonl")
        empty = evaluate("check", *corpus)
        lines(tmp_path / "cases.jsonl", {**CASE, "evidence": []}, {**CASE, "answers": "1953"})
        bad = evaluate("check", *corpus)

        assert (good.returncode, good.stdout) == (0, "2 cases without a fault.\n")
        assert empty.returncode == 1
        assert "holds no case" in empty.stderr
        assert bad.returncode == 1
        assert "Line 1 of" in bad.stderr
        assert "Line 2 of" in bad.stderr

    def test_an_answer_becomes_a_case(
        self, evaluate: Evaluate, corpus: list[object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert evaluate(*corpus, "--out", tmp_path / "out").returncode == 0
        lines(tmp_path / "cases.jsonl")
        with pytest.raises(SystemExit):
            assistant_main(["ask", CASE["question"], "--json", "--store", str(tmp_path / "out" / "store")])
        (tmp_path / "asked.json").write_text(capsys.readouterr().out, "utf-8")

        added = evaluate(
            "add", tmp_path / "asked.json", "--turn", 1, "--id", "one", *corpus, "--tag", "seen", "--fact", "19[0-9]3"
        )

        assert added.returncode == 0, added.stderr
        (row,) = map(json.loads, (tmp_path / "cases.jsonl").read_text("utf-8").splitlines())
        assert (row["question"], row["tags"], row["facts"]) == (CASE["question"], ["seen"], [["19[0-9]3"]])
        assert row["evidence"][0] == {"document_id": "d", "start": 0, "end": 30}
