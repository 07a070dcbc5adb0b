"""Asks every case and writes down what came back, in the form that other programs score."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant import Answer, Assistant, AssistantError
from eval.cases import Case, CaseError
from eval.measures import Mean, Outcome


def run_cases(assistant: Assistant, cases: Iterable[Case]) -> Iterator[Outcome]:
    """One outcome a case, in order. A case that fails is an outcome with an error, and the run goes on."""
    for case in cases:
        try:
            answer = assistant.ask(case.question, case.history)
            outcome = Outcome(case, answer, _misquote(answer, assistant))
        except AssistantError as error:
            outcome = Outcome(case, None, str(error))
        except Exception as error:  # A defect that one case lays bare must not lose what the others tell.
            outcome = Outcome(case, None, f"{type(error).__name__}: {error}")
        yield outcome


def failures(outcomes: Sequence[Outcome]) -> list[str]:
    """A sentence for each case that ended in an error."""
    return [f"Case {each.case.id!r} failed: {each.error}" for each in outcomes if each.error is not None]


def _misquote(answer: Answer, assistant: Assistant) -> str | None:
    """The promise that no answer may break: every quote stands at its span, and the short answer in a quote."""
    for citation in answer.citations:
        if assistant.document(citation.document_id).text[citation.start : citation.end] != citation.quote:
            return f"Citation {citation.number} does not quote {citation.document_id!r} at {citation.start}."
    if answer.short and not any(answer.short in citation.quote for citation in answer.citations):
        return f"The short answer {answer.short!r} is in no quote."
    return None


def results(outcomes: Sequence[Outcome], means: Mapping[str, Mean], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The content of results.json: settings, measures, and a row for each case."""
    return {
        "settings": dict(settings),
        "metrics": {name: {"value": mean.value, "count": mean.count} for name, mean in means.items()},
        "cases": [_row(outcome) for outcome in outcomes],
    }


def write_results(path: Path, content: Mapping[str, Any]) -> None:
    """Writes results.json, replacing an earlier one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def load_baseline(path: Path) -> dict[str, float]:
    """The least accepted value of each measure named in a JSON object. Raises CaseError when it is not one."""
    try:
        baseline = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CaseError(f"The baseline {str(path)!r} cannot be read ({error.strerror}). Check the path.") from error
    except ValueError as error:
        raise CaseError(f"The baseline {str(path)!r} is not JSON ({error}). Correct it.") from error
    if not isinstance(baseline, dict) or not all(type(value) in (int, float) for value in baseline.values()):
        raise CaseError(f"The baseline {str(path)!r} is not an object of numbers, one a measure. Correct it.")
    return baseline


def shortfalls(means: Mapping[str, Mean], baseline: Mapping[str, float]) -> list[str]:
    """A sentence for each measure that is below the least value the baseline accepts."""
    found = []
    for name, least in baseline.items():
        value = means[name].value if name in means else None
        if value is None or value < least:
            shown = "not measured" if value is None else f"{value:.3f}"
            found.append(f"{name} is {shown}; the baseline accepts {least:.3f} or more.")
    return found


def _row(outcome: Outcome) -> dict[str, Any]:
    answer = outcome.answer
    row: dict[str, Any] = {"id": outcome.case.id, "question": outcome.case.question, "error": outcome.error}
    if answer is None:
        nothing: dict[str, Any] = {"searched_for": "", "refused": False, "text": "", "short": "", "seconds": None}
        return {**row, **nothing, "citations": [], "hits": [], "conflicts": 0}
    return {
        **row,
        "searched_for": answer.searched_for,
        "refused": answer.refused,
        "text": answer.text,
        "short": answer.short,
        "seconds": answer.seconds,
        "citations": [
            {
                "document_id": citation.document_id,
                "start": citation.start,
                "end": citation.end,
                "quote": citation.quote,
                "verdict": statement.verdict,
            }
            for statement in answer.statements
            for citation in statement.citations
        ],
        "hits": [
            {
                "document_id": hit.passage.document_id,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "score": hit.score,
            }
            for hit in answer.hits[:10]
        ],
        "conflicts": len(answer.conflicts),
    }
