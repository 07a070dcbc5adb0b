"""`python -m eval`: builds an index of a corpus, asks its cases, prints and writes the measures."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, track
from rich.table import Table

from assistant import Assistant, AssistantError, Document, Settings, build_index, load_sources
from assistant.cli.terminal import complain, messages, output, plain
from assistant.settings import load_settings
from assistant.wording import count
from eval.cases import CaseError, load_cases, load_corpus
from eval.measures import Mean, Outcome, measure
from eval.run import failures, load_baseline, results, run_cases, shortfalls, write_results

HERE = Path(__file__).parent
SOURCES = HERE.parent / "sources"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def evaluate(
    corpus: Annotated[
        Path | None, typer.Option(help="Documents to ask about, a JSON object a line. Default: the shipped sources.")
    ] = None,
    cases: Annotated[
        Path | None, typer.Option(help="Cases to ask, a JSON object a line. Default: eval/cases.jsonl.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only the first so many cases.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for results.json and the index.")] = HERE / "out",
    baseline: Annotated[
        Path | None, typer.Option(help="Least accepted values. Default for the shipped cases: eval/baseline.json.")
    ] = None,
) -> None:
    """Measure facts, citations and refusal. Exit 1 if a case fails or a measure is below the baseline."""
    if (corpus is None) != (cases is None):
        raise typer.BadParameter("--corpus and --cases go together: the spans of cases are of one corpus.")
    if cases is None and baseline is None and limit is None:
        baseline = HERE / "baseline.json"
    least = load_baseline(baseline) if baseline else {}
    console = output()
    documents = load_corpus(corpus) if corpus else _shipped()
    asked = load_cases(cases or HERE / "cases.jsonl", {each.id: each for each in documents})[:limit]
    settings = load_settings()
    store = out / "store"
    _build(documents, store, settings)
    with closing(Assistant.open(store, settings)) as assistant:
        answered = run_cases(assistant, asked)
        outcomes = list(track(answered, "Asking", total=len(asked), console=messages(), transient=True))
    means = measure(outcomes)
    made_with = settings.model_dump(mode="json") | {"version": version("conversational-retrieval-assistant")}
    write_results(out / "results.json", results(outcomes, means, made_with))
    console.print(_summary(outcomes, means, f"{count(len(asked), 'case')} on {count(len(documents), 'document')}"))
    if any(case.tags for case in asked):
        console.print(_by_tag(outcomes))
    console.print(f"Written to {out / 'results.json'}", soft_wrap=True)
    wrong = [*failures(outcomes), *shortfalls(means, least)]
    for sentence in wrong:
        console.print(plain(sentence), style="bold red", soft_wrap=True)
    if wrong:
        raise typer.Exit(1)


def _shipped() -> tuple[Document, ...]:
    sources = load_sources(SOURCES)
    if sources.problems:
        raise CaseError(" ".join(sources.problems))
    return sources.documents


def _build(documents: tuple[Document, ...], store: Path, settings: Settings) -> None:
    with Progress(console=messages(), transient=True) as bar:
        task = bar.add_task("Indexing", total=None)
        build_index(
            documents, store, settings, progress=lambda done, total, _: bar.update(task, completed=done, total=total)
        )


def _summary(outcomes: Sequence[Outcome], means: Mapping[str, Mean], title: str) -> Table:
    """Every measure that applies, with the count it was taken over."""
    table = Table("measure", title=title, title_justify="left")
    table.add_column("value", justify="right")
    table.add_column("over", justify="right", style="dim")
    for name, mean in means.items():
        if mean.value is not None:
            table.add_row(name, f"{mean.value:.3f}", str(mean.count))
    milliseconds = sorted(1000 * outcome.answer.seconds for outcome in outcomes if outcome.answer)
    if milliseconds:
        table.add_row("median ms", f"{milliseconds[len(milliseconds) // 2]:.0f}", str(len(milliseconds)))
    table.add_row("errors", str(sum(outcome.error is not None for outcome in outcomes)), str(len(outcomes)))
    return table


def _by_tag(outcomes: Sequence[Outcome]) -> Table:
    """The main measures for the cases of each tag."""
    columns = ("recall@5", "accuracy", "citation recall", "citation precision", "answer rate", "refusal recall")
    table = Table("tag")
    for name in ("cases", *columns):
        table.add_column(name.replace(" ", "\n"), justify="right", vertical="bottom")
    for tag in dict.fromkeys(tag for outcome in outcomes for tag in outcome.case.tags):
        tagged = [outcome for outcome in outcomes if tag in outcome.case.tags]
        means = measure(tagged)
        values = (means[name].value for name in columns)
        table.add_row(plain(tag), str(len(tagged)), *("" if value is None else f"{value:.2f}" for value in values))
    return table


def main() -> None:
    """Runs the command; an error that a person can mend is one sentence, not a traceback."""
    try:
        app(prog_name="python -m eval")
    except AssistantError as error:
        complain(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
