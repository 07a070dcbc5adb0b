"""What a reader takes along to another program: a quote with its reference, an answer with its footnotes, as text."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.answer.conflicts.wording import told
from assistant.types import Answer, Citation, Conflict, Document, Statement
from assistant.web.markup import is_web, origin
from assistant.wording import REMARKS, undisputed


def quote_with_reference(quote: str, title: str, document: Document | None, page: int | None) -> str:
    """One line: “quote” — title, publisher, date, page, address, as far as these are known."""
    parts = [_one_line(title), *origin(document, page)]
    if document and is_web(document.url):
        parts.append(document.url)
    return f"“{_one_line(quote)}” — {', '.join(parts)}"


def answer_with_footnotes(answer: Answer, documents: Mapping[str, Document]) -> str:
    """The question, what was answered and, for every marker in it, the quote with its reference."""
    parts = [answer.question]
    if answer.refused:
        parts.append(answer.text)
    parts += [_conflict(conflict, documents) for conflict in answer.conflicts]
    if others := undisputed(answer):
        parts.append(" ".join(map(_with_markers, others)))
    if answer.note:
        parts.append(answer.note)
    footnotes = [_footnote(each, documents) for each in answer.citations]
    return "\n\n".join([*parts, *(["\n".join(footnotes)] if footnotes else [])])


def _with_markers(statement: Statement) -> str:
    markers = "".join(f"[{citation.number}]" for citation in statement.citations)
    remark = f"({REMARKS[statement.verdict]})" if statement.verdict in REMARKS else ""
    return " ".join(part for part in (statement.text, markers, remark) if part)


def _conflict(conflict: Conflict, documents: Mapping[str, Document]) -> str:
    lines = [f"- {_with_markers(each)}{_dates(each, documents)}" for each in conflict.statements]
    return "\n".join([told(conflict), *lines])


def _dates(statement: Statement, documents: Mapping[str, Document]) -> str:
    cited = (documents.get(citation.document_id) for citation in statement.citations)
    dates = list(dict.fromkeys(document.date for document in cited if document and document.date))
    return f" ({', '.join(dates)})" if dates else ""


def _footnote(citation: Citation, documents: Mapping[str, Document]) -> str:
    document = documents.get(citation.document_id)
    return f"[{citation.number}] {quote_with_reference(citation.quote, citation.title, document, citation.page)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
