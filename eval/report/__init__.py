"""report.html: a run in one page that opens from disk, asks for nothing, and runs no script but its own.

Whatever a document, a question or a model says is text here and never markup.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.wording import count
from eval.judge import GIVEN_UP
from eval.report.cases import Outcome, case_views
from eval.report.charts import draw_charts
from eval.report.drawing import stroke_of
from eval.report.svg import variable
from eval.report.tables import few_documents, judge_tables, measure_groups, outcome_shares, tag_table, writing_tables
from eval.results import Results
from eval.statistics.intervals import FEWEST_DOCUMENTS

__all__ = ["render"]

_HERE = Path(__file__).parent
_FILTERS = (
    ("all", tuple(Outcome)),
    ("wrong", tuple(outcome for outcome in Outcome if not outcome.right)),
    ("refused wrongly", (Outcome.REFUSED_WRONGLY,)),
    ("answered wrongly", (Outcome.ANSWERED_WRONGLY,)),
    ("errors", (Outcome.ERROR,)),
)


def render(results: Results) -> str:
    """The page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style, script = ((_HERE / name).read_text("utf-8") for name in ("page.css", "page.js"))
    return environment.get_template("page.html").render(
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        run=results.run,
        runs=results.runs,
        headline=_headline(results),
        made=list(_flat({"settings": results.run.settings, **results.made_with})),
        accepted=bool(results.accepted),
        fewest_documents=FEWEST_DOCUMENTS,
        by_cases=any(few_documents(run.rows) for run in results.runs),
        filters=_FILTERS,
        shares=[outcome_shares(run.rows) for run in results.runs],
        strokes=[stroke_of(position) for position in range(len(results.runs))],
        variable=variable,
        groups=measure_groups(results.runs, results.accepted),
        charts=draw_charts(results.runs),
        tags=tag_table(results.run),
        written=writing_tables(results.runs),
        judged=judge_tables(results.runs),
        given_up=GIVEN_UP,
        cases=case_views(results.runs),
    )


def _headline(results: Results) -> list[str]:
    """What a reader asks first: how many, of what, when, and by which version."""
    made_with = results.made_with
    commit = str(made_with.get("commit") or "")
    documents = made_with.get("document_count")
    facts = (
        count(len(results.run.rows), "case"),
        count(documents, "document") if documents else "",
        str(made_with.get("started", "")).replace("T", " ").replace("+00:00", " UTC"),
        f"version {made_with['version']}" if "version" in made_with else "",
        # Seven digits name a commit; a "+" after them says that files differed from it.
        f"commit {commit[:7]}{'+' if commit.endswith('+') else ''}" if commit else "",
    )
    return [fact for fact in facts if fact]


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _flat(values: Mapping[str, Any], within: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Each value with the names that lead to it."""
    for name, value in values.items():
        path = (*within, str(name))
        if isinstance(value, Mapping):
            yield from _flat(value, path)
        else:
            yield " › ".join(path), str(value)
