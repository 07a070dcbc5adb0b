"""The judge: what a model replies becomes a score or a counted failure, and its key goes nowhere else."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from sklearn.metrics import cohen_kappa_score

from assistant import Turn
from eval.cases import Case, Span
from eval.judge import GIVEN_UP, Finding, Judge, Judged, JudgeError, Score, findings, judge_table, open_judge
from eval.judge.agreement import kappa
from eval.measures import value_of
from eval.rows import Quote, Row
from eval.statistics import Estimate
from tests.models import Messages, Reply, ScriptedModel, running

ROOT = Path(__file__).parent.parent
KEY = "sk-a-secret-that-no-one-may-read"
EVIDENCE = Span("d", 0, 20)


def row(name: str = "one", text: str = "It was 1953.", cited: Span | None = EVIDENCE, **case: object) -> Row:
    """An answer that cites `cited`, to a question with a reference and a fact."""
    fields = {"answers": ("1953",), "facts": (("1953",),), "answerable": True, **case}
    citations = () if cited is None else (Quote(cited, f"{text} So they say.", 0, "quoted"),)
    asked = Case(name, "When was it signed?", (), evidence=(EVIDENCE,), **fields)
    return Row(asked, ("1953",), text=text, statements=((text, "quoted"),), citations=citations)


class JudgingModel(ScriptedModel):
    """`correctness` and `faithfulness` are the replies to a judge's two questions, in order; the last one stays."""

    def __init__(self) -> None:
        super().__init__()
        self.correctness: list[Reply] = ["4.5\nIt agrees."]
        self.faithfulness: list[Reply] = ["YES"]

    def reply_to(self, messages: Messages) -> Reply:
        asked = "\n".join(message["content"] for message in messages)
        replies = self.correctness if "Generated Answer" in asked else self.faithfulness
        return replies.pop(0) if len(replies) > 1 else replies[0]


@pytest.fixture
def model() -> Iterator[JudgingModel]:
    with running(JudgingModel()) as server:
        yield server


@pytest.fixture
def judge(model: JudgingModel) -> Judge:
    return Judge(model.address, "scripted", KEY, seconds=20)


class TestScores:
    def test_an_answer_is_graded_and_held_against_its_quotes(self, judge: Judge, model: JudgingModel) -> None:
        scores = judge.scores(row())

        assert scores == {"correctness": Score(4.5, "It agrees."), "faithfulness": Score(1.0, "YES")}
        correctness, faithfulness = (str(request["messages"]) for request in model.requests)
        assert all(text in correctness for text in ("When was it signed?", "It was 1953.", "Reference Answer\\n1953"))
        assert "Information: It was 1953." in faithfulness
        assert "Context: It was 1953. So they say." in faithfulness
        assert {(request["model"], request["temperature"]) for request in model.requests} == {("scripted", 0)}

    @pytest.mark.parametrize(
        ("reply", "value", "reason"),
        [
            ("4", 4.0, ""),
            ("3.5\n\nOne of two.", 3.5, "One of two."),
            ("**Score: 2/5**\nWrong.", 2.0, "Wrong."),
            ("Score: 5.0\n", 5.0, ""),
        ],
    )
    def test_a_grade_is_read(self, judge: Judge, model: JudgingModel, reply: str, value: float, reason: str) -> None:
        model.correctness = [reply]

        assert judge.scores(row())["correctness"] == Score(value, reason)

    @pytest.mark.parametrize(
        ("reply", "value"),
        [
            ("YES, it does.", 1.0),
            ("Answer: **Yes**", 1.0),
            ("NO", 0.0),
            # "yes" is in "yesterday", which LlamaIndex alone takes for a yes.
            ("No. It says yesterday.", 0.0),
        ],
    )
    def test_a_yes_or_no_is_read(self, judge: Judge, model: JudgingModel, reply: str, value: float) -> None:
        model.faithfulness = [reply]

        assert judge.scores(row())["faithfulness"] == Score(value, reply)

    def test_a_follow_up_is_shown_with_what_was_said_before(self, judge: Judge, model: JudgingModel) -> None:
        history = (Turn("What is the treaty?", "A pact."),)
        said = row()
        follow_up = Row(
            Case("two", "And when?", history, True, (EVIDENCE,), ("1953", "In 1953.")),
            said.gold,
            text="So.",
            short="1953",
        )

        assert list(judge.scores(follow_up)) == ["correctness"]
        (request,) = model.requests
        asked = request["messages"][-1]["content"]
        assert "What is the treaty?\n(A pact.)\nAnd when?" in asked
        assert "## Reference Answer\n1953\nIn 1953." in asked
        assert "## Generated Answer\n1953 So." in asked

    @pytest.mark.parametrize("name", ["llama3:8b", "o1-mini"])
    def test_a_model_that_llamaindex_treats_apart_is_asked_the_same(self, model: JudgingModel, name: str) -> None:
        Judge(model.address, name, KEY).scores(row())

        assert "Information: It was 1953." in model.requests[-1]["messages"][-1]["content"]

    def test_nothing_is_asked_where_there_is_nothing_to_judge(self, judge: Judge, model: JudgingModel) -> None:
        answered = row()

        assert judge.scores(Row(answered.case, answered.gold, refused=True, text="The sources do not say.")) == {}
        assert judge.scores(Row(answered.case, answered.gold, error="It broke.")) == {}
        assert judge.scores(row(cited=None, answers=())) == {}
        assert judge.scores(row(cited=None, answerable=False)) == {}
        assert model.requests == []


class TestFailures:
    @pytest.mark.parametrize(
        ("reply", "failure", "asked"),
        [
            ("I would say that it is fine.", "unparsable", 1),
            ("6\nSplendid.", "unparsable", 1),
            ("", "unparsable", 1),
            (b"<html>Busy</html>", "unparsable", 1),
            (b"{}", "unparsable", 1),
            (b"[]", "unparsable", 1),
            (401, "HTTP 401", 1),
            # What may pass is tried once more.
            (429, "HTTP 429", 2),
            (500, "HTTP 500", 2),
            (ScriptedModel.CUT, "no connection", 2),
        ],
    )
    def test_what_is_no_reply_is_no_score(
        self, judge: Judge, model: JudgingModel, reply: str | bytes | int, failure: str, asked: int
    ) -> None:
        model.correctness = model.faithfulness = [reply]

        scores = judge.scores(row())

        assert {kind: (score.value, score.failure) for kind, score in scores.items()} == {
            "correctness": (None, failure),
            "faithfulness": (None, failure),
        }
        assert len(model.requests) == 2 * asked

    def test_a_failure_that_passes_costs_nothing(self, judge: Judge, model: JudgingModel) -> None:
        model.correctness = [503, "4\nRight."]

        assert judge.scores(row())["correctness"] == Score(4.0, "Right.")

    def test_a_model_that_hangs_is_given_up(self, model: JudgingModel) -> None:
        model.correctness = [ScriptedModel.HANG]
        started = time.perf_counter()

        scores = Judge(model.address, "scripted", seconds=0.5).scores(row(cited=None))

        assert scores["correctness"] == Score(None, "There was no reply within 0.5 s.", "timeout")
        assert time.perf_counter() - started < 5

    def test_a_server_that_is_not_there_is_a_failure(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
            scores = Judge(address, "scripted").scores(row())

        assert {score.failure for score in scores.values()} == {"no connection"}

    def test_a_server_that_never_replies_is_asked_five_times(self, model: JudgingModel) -> None:
        model.correctness = [ScriptedModel.HANG]
        judge = Judge(model.address, "scripted", seconds=0.5)

        scores = {str(number): judge.scores(row(str(number), cited=None)) for number in range(7)}

        run = Judged(judge.server, judge.model, scores)
        assert run.failures("correctness") == {"timeout": 5, "not asked": 2}
        assert run.given_up
        assert scores["6"]["correctness"] == Score(None, GIVEN_UP, "not asked")
        # On a busy machine the judge may give up before its request has reached the server: five at the most arrive.
        assert 0 < len(model.requests) <= 5

    @pytest.mark.parametrize("reply", ["4\nRight.", "I would say that it is fine.", 500])
    def test_any_reply_is_a_sign_of_life(self, model: JudgingModel, reply: str | int) -> None:
        # What gives no reply, and HTTP 500, is tried twice.
        replies = [reply] * (2 if reply == 500 else 1)
        model.correctness = [*[ScriptedModel.CUT] * 8, *replies, ScriptedModel.CUT]
        judge = Judge(model.address, "scripted", seconds=20)

        failures = [judge.scores(row(cited=None))["correctness"].failure for _ in range(11)]

        assert [failure == "no connection" for failure in failures] == [True] * 4 + [False] + [True] * 5 + [False]
        assert failures[10] == "not asked"

    def test_a_long_reply_is_cut(self, judge: Judge, model: JudgingModel) -> None:
        model.correctness = ["4\n" + "because " * 1000]

        assert len(judge.scores(row())["correctness"].reason) < 700


class TestKey:
    def test_it_is_sent_and_never_kept(
        self, model: JudgingModel, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        model.correctness = [f"4\nYou hold {KEY}."]
        # The server repeats what it was sent.
        model.faithfulness = [500]

        judge = open_judge(f"{model.address}#scripted")
        judged = Judged(judge.server, judge.model, {"one": judge.scores(row())})

        assert set(model.keys) == {f"Bearer {KEY}"}
        kept = json.dumps(judged.to_json())
        assert "You hold [key]." in kept
        assert "You sent Bearer [key]." in kept
        shown = Console(width=200)
        shown.print(judge_table(judged, [row()]))
        assert KEY not in "".join((kept, repr(judge), *capfd.readouterr()))

    def test_none_is_needed(self, model: JudgingModel, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)

        scores = open_judge(f"{model.address}#scripted").scores(row())

        assert scores["correctness"].value == 4.5

    @pytest.mark.parametrize("before", ["user:sk-hidden@", "sk-hidden@"])
    def test_a_password_in_the_address_is_refused_and_not_repeated(self, before: str) -> None:
        with pytest.raises(JudgeError, match="OPENAI_API_KEY") as raised:
            open_judge(f"http://{before}127.0.0.1:8000/v1#model")

        assert "hidden" not in str(raised.value)


class TestAddress:
    @pytest.mark.parametrize(
        "setting",
        [
            "",
            "model",
            "http://127.0.0.1:8000/v1",
            "http://127.0.0.1:8000/v1#",
            "ftp://host/v1#m",
            "http:///v1#m",
            "http://[::1/v1#m",
        ],
    )
    def test_what_is_none_is_refused(self, setting: str) -> None:
        with pytest.raises(JudgeError) as raised:
            open_judge(setting)

        assert str(raised.value) == (
            f"{setting!r} is not the address of a judge. Give one as http://host:port/v1#model."
        )

    def test_server_and_model_are_taken_from_it(self) -> None:
        judge = open_judge("https://[::1]:8000/v1/#org/model:8b")

        assert (judge.server, judge.model) == ("https://[::1]:8000/v1/", "org/model:8b")

    def test_a_model_that_cannot_be_asked_is_refused(self) -> None:
        with pytest.raises(JudgeError, match=r"The model 'gpt-5.4-pro' cannot be a judge .* Choose another\."):
            open_judge("http://127.0.0.1:8000/v1#gpt-5.4-pro")

    def test_without_llamaindex_the_command_that_installs_it_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "llama_index.py").write_text("# A module of this name, and not the package.\n", "utf-8")
        code = "from eval.judge import open_judge; open_judge('http://127.0.0.1:8000/v1#model')"

        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))},
            capture_output=True,
            text=True,
        )

        assert 'Run: pip install -c constraints.txt -e ".[eval]"' in done.stderr.splitlines()[-1]


# Six answers. The judge scored five; accuracy applies to all six, and so does citation recall.
ROWS = [
    row("a"),
    row("b"),
    row("c", text="It was 1954."),
    row("d", cited=Span("d", 50, 60)),
    row("e", text="It was 1955.", cited=Span("d", 50, 60)),
    row("f"),
]
GRADES = {"a": 5.0, "b": 4.0, "c": 3.9, "d": 4.5, "e": 4.0}


def judged(grades: dict[str, float]) -> Judged:
    scores = {name: {"correctness": Score(value, "so")} for name, value in grades.items()}
    return Judged("http://127.0.0.1:8000/v1", "scripted", {**scores, "f": {"correctness": Score(None, "?", "timeout")}})


def told(run: Judged, rows: list[Row]) -> dict[str, Finding]:
    return {each.name: each for each in findings(run, rows)}


class TestAgreement:
    def test_it_is_as_worked_by_hand(self) -> None:
        # Judge, 4 or more is right:  a yes  b yes  c no   d yes  e yes
        # Accuracy, "1953" is said:   a yes  b yes  c no   d yes  e no    agree 4 of 5, p = .8
        #   e = 4/5 * 3/5 + 1/5 * 2/5 = .56;    kappa = (.8 - .56) / (1 - .56) = .24 / .44 = 6/11
        # Citation recall:            a yes  b yes  c yes  d no   e no    agree 2 of 5, p = .4
        #   e = 4/5 * 3/5 + 1/5 * 2/5 = .56;    kappa = (.4 - .56) / .44 = -4/11
        found = told(judged(GRADES), ROWS)

        accuracy, recall = (found[f"kappa with {name}"].estimate for name in ("accuracy", "citation recall"))
        assert (accuracy.value, accuracy.count) == (pytest.approx(6 / 11), 5)
        assert (recall.value, recall.count) == (pytest.approx(-4 / 11), 5)
        assert accuracy.low is not None
        assert accuracy.high is not None
        assert accuracy.low < 6 / 11 < accuracy.high

    def test_a_measure_that_does_not_apply_has_none(self) -> None:
        found = told(judged({"a": 5.0}), [row("a", facts=())])

        nothing = Estimate(None, 0, None, None)
        assert found["kappa with accuracy"].estimate == nothing
        # Both find the one answer right, as they would by chance.
        assert found["kappa with citation recall"].estimate == nothing

    def test_one_that_always_says_the_same_agrees_as_chance_does(self) -> None:
        # The judge finds both right, accuracy one: p = 1/2, e = 1 * 1/2 + 0 * 1/2 = 1/2, kappa = 0.
        found = told(judged({"a": 5.0, "c": 5.0}), ROWS)["kappa with accuracy"].estimate

        assert (found.value, found.count) == (0.0, 2)

    @given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12))
    def test_it_is_what_scikit_learn_computes(self, pairs: list[tuple[bool, bool]]) -> None:
        seen = np.array(pairs, np.float64)

        if len({said for pair in pairs for said in pair}) == 1:
            assert kappa(seen) is None
        else:
            assert kappa(seen) == pytest.approx(cohen_kappa_score(seen[:, 0], seen[:, 1]), abs=1e-12)


class TestJudged:
    def test_failures_are_counted_and_not_averaged_in(self) -> None:
        run = judged(GRADES)

        mean = value_of(run.measure("correctness"), ROWS)

        # 5, 4, 3.9, 4.5 and 4 are 21.4, of which the fifth is 4.28; the timeout is none of them.
        assert (mean.value, mean.count) == (pytest.approx(4.28), 5)
        assert run.failures("correctness") == {"timeout": 1}
        assert value_of(run.measure("faithfulness"), ROWS).value is None

    def test_a_full_score_is_as_sure_as_it_is_often(self) -> None:
        # Of five scores at their limit of 5, that of 5 of 5 begins at .025^(1/5) = .478 of the way from 1.
        found = told(judged(dict.fromkeys(GRADES, 5.0)), ROWS)["correctness"].estimate

        assert (found.value, found.high) == (5, 5)
        assert found.low == pytest.approx(1 + 4 * 0.025 ** (1 / 5))

    def test_json_gives_the_same_back(self) -> None:
        run = judged(GRADES)

        assert Judged.from_json(json.loads(json.dumps(run.to_json()))) == run
        assert run.to_json()["scores"]["f"] == {"correctness": {"value": None, "reason": "?", "failure": "timeout"}}

    def test_scores_have_intervals(self) -> None:
        found = told(judged(GRADES), ROWS)

        correctness = found["correctness"]
        assert (correctness.estimate.count, correctness.failures) == (5, "1 timeout")
        assert correctness.estimate.low is not None
        assert correctness.estimate.high is not None
        # Of the grades 3.9 to 5 no resample has a mean beyond them.
        assert 3.9 <= correctness.estimate.low < 4.28 < correctness.estimate.high <= 5
        assert found["faithfulness"] == Finding("faithfulness", Estimate(None, 0, None, None), "")

    def test_the_table_shows_scores_failures_and_agreement(self) -> None:
        lines = printed(judged(GRADES))

        assert "Judged by scripted" in lines[0]
        name, value, over, failures = cells(lines, " correctness ")
        assert (name, over, failures) == ("correctness", "5", "1 timeout")
        assert re.fullmatch(r"4\.280 \[\d\.\d{3}, \d\.\d{3}\]", value)
        name, value, over, failures = cells(lines, "kappa with accuracy")
        assert (name, over, failures) == ("kappa with accuracy", "5", "")
        assert re.fullmatch(r"0\.545 \[-?\d\.\d{3}, \d\.\d{3}\]", value)
        assert GIVEN_UP not in "".join(lines)

    def test_the_table_says_that_the_judge_was_given_up(self) -> None:
        given_up = replace(judged({}), scores={"a": {"correctness": Score(None, GIVEN_UP, "not asked")}})

        lines = printed(given_up)

        assert cells(lines, " correctness ") == ["correctness", "", "0", "1 not asked"]
        assert GIVEN_UP in " ".join(" ".join(lines).split())


def printed(run: Judged) -> list[str]:
    console = Console(width=100, file=io.StringIO())
    console.print(judge_table(run, ROWS))
    return console.file.getvalue().splitlines()


def cells(lines: list[str], name: str) -> list[str]:
    (line,) = (line for line in lines if name in line)
    return [cell.strip() for cell in line.split("│")[1:-1]]
