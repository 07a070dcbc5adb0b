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
from eval.report.cases import Outcome, case_views, tags_of
from eval.report.charts import draw_charts
from eval.report.drawing import stroke_of
from eval.report.svg import variable
from eval.report.tables import judge_tables, measure_groups, outcome_shares, tag_table
from eval.results import Results

__all__ = ["render"]

_HERE = Path(__file__).parent
_FILTERS = (
    ("all", "all", tuple(Outcome)),
    ("wrong", "wrong", tuple(outcome for outcome in Outcome if not outcome.right)),
    (Outcome.REFUSED_WRONGLY.key, "refused wrongly", (Outcome.REFUSED_WRONGLY,)),
    (Outcome.ANSWERED_WRONGLY.key, "answered wrongly", (Outcome.ANSWERED_WRONGLY,)),
    (Outcome.ERROR.key, "errors", (Outcome.ERROR,)),
)


def render(results: Results, baseline: Mapping[str, float] | None = None) -> str:
    """The page. `baseline` holds the accepted value of each measure, to stand beside this run's."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style, script = ((_HERE / name).read_text("utf-8") for name in ("page.css", "page.js"))
    tagged = tags_of(results.run)
    return environment.get_template("page.html").render(
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        run=results.run,
        runs=results.runs,
        headline=_headline(results),
        made=list(_flat({**results.made_with, "settings": results.run.settings})),
        baseline=baseline or {},
        outcomes=list(Outcome),
        filters=_FILTERS,
        shares=[outcome_shares(run.rows) for run in results.runs],
        strokes=[stroke_of(position) for position in range(len(results.runs))],
        variable=variable,
        groups=measure_groups(results.runs, baseline or {}),
        charts=draw_charts(results.runs),
        tags=tag_table(tagged),
        judged=judge_tables(results.runs),
        cases=case_views(results.runs, list(tagged)),
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
