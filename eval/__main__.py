"""`python -m eval`: asks systems the cases of a corpus, and says how well they answered and how sure that is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from assistant import AssistantError, Document, load_sources
from assistant.cli.terminal import complain, output, plain, warn
from assistant.conversations.files import read_conversations
from assistant.settings import LOCAL_USER, load_settings
from assistant.wording import count
from eval.add import add_case, case_from_answer, pick_turn
from eval.cases import CaseError, check_cases, load_cases, load_corpus
from eval.compare import Baseline, check_comparable, read_baseline, run_of, show, write_baseline
from eval.compare import accept as accept_run
from eval.compare import check as check_run
from eval.compare import compare as compare_runs
from eval.evaluate import JOURNAL, evaluate
from eval.feedback import feedback_table, pick_feedback, read_feedback
from eval.judge import judge_table, open_judge
from eval.report import render
from eval.report.cases import outcome_of
from eval.results import Results, Run, read_results, replace_file, write_results
from eval.run import failures
from eval.summary import by_tag, summary, writing_table
from eval.systems import ASSISTANT, WRITTEN

HERE = Path(__file__).parent
SOURCES = HERE.parent / "sources"
CASES = HERE / "cases.jsonl"
BASELINE = HERE / "baseline.json"
RESULTS, REPORT = "results.json", "report.html"
_EXTRA = ("ir_measures", "jinja2", "matplotlib", "rouge_score", "scipy", "sklearn")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

CorpusOption = Annotated[
    Path | None,
    typer.Option("--corpus", help="Documents: a folder, or a JSON object a line. Default: the shipped sources."),
]
CasesOption = Annotated[
    Path | None, typer.Option("--cases", help="Cases, a JSON object a line. Default: eval/cases.jsonl.")
]


@app.callback(invoke_without_command=True)
def run(
    context: typer.Context,
    corpus: CorpusOption = None,
    cases: CasesOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only the first so many cases.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for results.json, report.html and the index.")] = HERE / "out",
    system: Annotated[
        list[str] | None,
        typer.Option(
            help="What is asked: assistant (the default), written, bm25, llamaindex, MODULE:FUNCTION. Repeatable."
        ),
    ] = None,
    llm: Annotated[
        str | None,
        typer.Option(
            help="A language model that writes the answers of the system 'written', asked beside 'assistant': "
            "http://host:port/v1#model, ollama/NAME, openai/NAME or gguf:FILE."
        ),
    ] = None,
    judge: Annotated[
        str | None, typer.Option(help="A language model that judges too: http://host:port/v1#model.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="The accepted run. Default for the shipped cases: eval/baseline.json.")
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Write this run to the baseline, as accepted.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was interrupted.")] = False,
) -> None:
    """Measure how well documents are found, and questions answered, cited and refused.

    Exit 1 if a case fails or a measure is worse than in the accepted run by more than chance.
    """
    if context.invoked_subcommand is not None:
        return
    if cases is None and baseline is None and limit is None and system is None:
        baseline = BASELINE
    if accept and baseline is None:
        raise typer.BadParameter("--accept needs --baseline FILE, unless all shipped cases are asked.")
    documents = _documents(corpus, cases)
    accepted = read_baseline(baseline) if baseline and not accept else None
    asked = load_cases(cases or CASES, documents)[:limit]
    if not asked:
        raise CaseError(f"{str(cases)!r} holds no case. Add one: python -m eval add --help says how.")
    systems = tuple(dict.fromkeys(system or (ASSISTANT, *([WRITTEN] if llm else []))))
    if llm and WRITTEN not in systems:
        raise typer.BadParameter("--llm is for the system 'written'. Name that too: --system written.")
    if accepted:
        check_comparable(accepted, systems[0], asked, documents)
    if resume and not (out / JOURNAL).exists():
        warn(f"There is no run to resume in {str(out)!r}: it begins anew.")
    try:
        # What "assistant" and "written" mean is not to depend on the environment.
        settings = load_settings(llm=llm or "")
        results = evaluate(systems, asked, documents, out, settings, open_judge(judge) if judge else None, resume)
    except KeyboardInterrupt:
        complain("It was interrupted while something was being opened. What was asked before is kept: see --resume.")
        raise typer.Exit(130) from None
    if accepted:
        values = {name: each.value for name, each in accepted.measures.items() if each.value is not None}
        results = replace(results, accepted=values)
    write_results(out / RESULTS, results)
    replace_file(out / REPORT, render(results))
    _tell(results, out)
    last = results.runs[-1]
    if not last.complete:
        judging = len(last.rows) == len(asked)
        done = "while judging" if judging else f"after {len(last.rows)} of {len(asked)} cases"
        complain(f"{last.system!r} was interrupted {done}. Go on with --resume.")
        raise typer.Exit(130)
    failed = [sentence for each in results.runs for sentence in failures(each.rows)]
    for sentence in failed:
        output().print(plain(sentence), style="bold red", soft_wrap=True)
    if accept and baseline:
        write_baseline(baseline, accept_run(results.run))
        output().print(f"Accepted in {baseline}", soft_wrap=True)
    elif _is_worse(results.run, accepted) or failed:
        raise typer.Exit(1)


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(help="results.json of a run, or its folder.")],
    second: Annotated[
        Path | None, typer.Argument(help="Another run of the same cases. Default: the first, for another system of it.")
    ] = None,
    system: Annotated[
        list[str] | None,
        typer.Option(help="Which system of the runs, if there are several; twice, the first run's and the second's."),
    ] = None,
    cases: Annotated[int, typer.Option(min=0, help="How many cases that got worse, and better, are shown.")] = 10,
) -> None:
    """Say what the second run gained and lost over the first, and whether that may be chance.

    Two systems of one run: compare RUN --system bm25 --system assistant.
    """
    if second is None and len(set(system or ())) < 2:
        raise typer.BadParameter("Name a second run, or two systems of this one with --system.")
    of_first = _read(first)
    of_second = _read(second) if second else of_first
    named = (system[0], system[-1]) if system else (None, None)
    runs = run_of(of_first, named[0]), run_of(of_second, named[1])
    output().print(show(compare_runs(*runs, (of_first.made_with, of_second.made_with)), cases))


@app.command()
def report(
    run: Annotated[Path, typer.Argument(help="results.json of a run, or its folder.")] = HERE / "out",
) -> None:
    """Make report.html again, beside results.json."""
    path = (run if run.is_dir() else run.parent) / REPORT
    replace_file(path, render(_read(run)))
    output().print(f"Written to {path}", soft_wrap=True)


@app.command()
def check(corpus: CorpusOption = None, cases: CasesOption = None) -> None:
    """Say what is wrong with a file of cases, by line. Exit 1 if it cannot be used."""
    documents, path = _documents(corpus, cases), cases or CASES
    checked = check_cases(path, documents)
    for fault in checked.faults:
        complain(fault)
    for doubt in checked.doubts:
        warn(doubt)
    if not checked.cases and not checked.faults:
        complain(f"{str(path)!r} holds no case.")
    if checked.faults or not checked.cases:
        raise typer.Exit(1)
    output().print(f"{count(checked.cases, 'case')} without a fault.")


@app.command()
def add(
    conversation: Annotated[
        Path | None,
        typer.Argument(
            help="What `assistant chat --save`, `ask --json` or the web chat's JSON export wrote. "
            "With --feedback, the server's database; default: that of `assistant serve`."
        ),
    ] = None,
    turn: Annotated[
        int | None,
        typer.Option(min=1, help="The answer to take: counted from the file's first, or as --feedback lists."),
    ] = None,
    identity: Annotated[str | None, typer.Option("--id", help="The new case's id.")] = None,
    feedback: Annotated[
        bool,
        typer.Option("--feedback", help="Take an answer that was rated in the web chat; without --turn, list them."),
    ] = False,
    user: Annotated[str, typer.Option(help="With --feedback: whose ratings, where people log in.")] = LOCAL_USER,
    corpus: CorpusOption = None,
    cases: CasesOption = None,
    unanswerable: Annotated[bool, typer.Option("--unanswerable", help="The documents do not answer it.")] = False,
    citation: Annotated[list[int] | None, typer.Option(help="A citation that is right. Default: all.")] = None,
    quote: Annotated[list[str] | None, typer.Option(help="Words of a document that answer it.")] = None,
    document: Annotated[str | None, typer.Option(help="The id of the document that is quoted.")] = None,
    answer: Annotated[list[str] | None, typer.Option(help="A right answer. Default: the few words given.")] = None,
    fact: Annotated[
        list[str] | None, typer.Option(help="What a right answer holds, as a regular expression; accuracy counts it.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag of the case.")] = None,
) -> None:
    """Make a case of an answer in a saved conversation, and add it to a file of cases.

    Of an answer that was rated up the citations are evidence; of one that was rated down, say what is right.
    """
    if document and not quote:
        raise typer.BadParameter("--document names where the words of --quote stand. Give them too.")
    if feedback and turn is None:
        output().print(feedback_table(read_feedback(conversation, user)))
        return
    if conversation is None and not feedback:
        raise typer.BadParameter("Name a conversation, or take what was rated in the web chat with --feedback.")
    if turn is None or identity is None:
        raise typer.BadParameter("Name the --turn to take, and the new case's --id.")
    documents = _documents(corpus, cases)
    if feedback or conversation is None:
        corrected = bool(citation or quote or unanswerable)
        rated = pick_feedback(read_feedback(conversation, user), turn, corrected=corrected)
        taken, before = rated.turn.answer, rated.before
    else:
        taken, before = pick_turn(read_conversations(conversation), turn)
    case = case_from_answer(
        identity,
        taken,
        before,
        documents,
        unanswerable=unanswerable,
        citations=citation or (),
        quotes=quote or (),
        quoted_from=document,
        answers=answer or (),
        facts=tuple((each,) for each in fact or ()),
        tags=tag or (),
    )
    path = cases or CASES
    add_case(path, case, documents)
    added = f"{count(len(case.history), 'turn')} before it, {count(len(case.evidence), 'span')} of evidence"
    output().print(plain(f"Added {case.id!r} to {path}: {case.question!r}, {added}."), soft_wrap=True)


def _is_worse(run: Run, accepted: Baseline | None) -> bool:
    """Whether the run is worse than the accepted one by more than chance, and says so either way."""
    if accepted is None:
        output().print("Gate: not held to an accepted run. Name one with --baseline.", soft_wrap=True)
        return False
    regressions = check_run(run, accepted)
    if not regressions:
        output().print("Gate: no measure is worse than in the accepted run by more than chance.", soft_wrap=True)
        return False
    output().print("Gate: worse than the accepted run by more than chance.", style="bold red", soft_wrap=True)
    for each in regressions:
        output().print(plain(f"  {each.sentence}"), style="red", soft_wrap=True)
    output().print("Find the cause in the report; or accept this run with --accept.", soft_wrap=True)
    return True


def _documents(corpus: Path | None, cases: Path | None) -> dict[str, Document]:
    if corpus is not None and cases is None:
        raise typer.BadParameter("--corpus needs --cases: the shipped cases are of the shipped sources.")
    if corpus is not None and not corpus.is_dir():
        return {each.id: each for each in load_corpus(corpus)}
    sources = load_sources(corpus or SOURCES)
    if sources.problems:
        raise CaseError(" ".join(sources.problems))
    return {each.id: each for each in sources.documents}


def _read(path: Path) -> Results:
    return read_results(path / RESULTS if path.is_dir() else path)


def _tell(results: Results, out: Path) -> None:
    console = output()
    console.print(summary(results))
    if any(row.case.tags for row in results.run.rows):
        console.print(by_tag(results.run))
    for each in results.runs:
        if told := writing_table(each):
            console.print(told)
    for each in results.runs:
        if each.judged is not None:
            console.print(judge_table(each.judged, each.rows))
    right = sum(outcome_of(row).right for row in results.run.rows)
    console.print(f"{right} of {count(len(results.run.rows), 'case')} came out right; the report shows each.")
    console.print(f"Written to {out / RESULTS} and {out / REPORT}", soft_wrap=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command, by default what was typed, and exits; an error that a person can mend is one sentence."""
    missing = [name for name in _EXTRA if find_spec(name) is None]
    if missing and "--help" not in sys.argv:
        complain(
            f"The evaluation needs packages that are not installed ({', '.join(missing)}). "
            'Run: pip install -c constraints.txt -e ".[eval]"'
        )
        sys.exit(1)
    try:
        app(arguments, prog_name="python -m eval")
    except AssistantError as error:
        complain(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
