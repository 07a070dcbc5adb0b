"""Turns a conversation into HTML. Pure functions: values in, markup out.

Whatever comes from a person or a document goes through `plain`, here and in `assistant.web.source`,
and so stays text. Such text carries `dir="auto"`: its own direction never turns the page around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType

from assistant.ingest.split import place_of
from assistant.types import Answer, Citation, Conflict, Hit, Statement, Verdict
from assistant.web.conversation import Exchange, citation_reference, passage_reference
from assistant.wording import clip

_QUESTION_CHARACTERS = 400
_PASSAGE_CHARACTERS = 320
_CLOSEST = 3
_NO_DATES: Mapping[str, str] = MappingProxyType({})
_VERDICTS: dict[Verdict, tuple[str, str]] = {
    "quoted": ("“”", "Quoted word for word"),
    "supported": ("✓", "Supported by the source"),
    "partly": ("~", "Only partly supported by the source"),
    "unsupported": ("✕", "Not supported by the source"),
    "unchecked": ("?", "Not checked against the source"),
}


def plain(text: str) -> str:
    """`text` as HTML that shows exactly its characters, in an element or in a quoted attribute."""
    return escape(text, quote=True)


def render_start(documents: int, examples: Sequence[str]) -> str:
    """What stands where the conversation will be."""
    sources = "one document" if documents == 1 else f"{documents:,} documents"
    buttons = "".join(f'<li><button type="button" data-ask dir="auto">{plain(each)}</button></li>' for each in examples)
    suggestions = f'<p class="label">For example</p><ul class="examples">{buttons}</ul>' if buttons else ""
    return (
        '<div class="start"><h2>What would you like to know?</h2>'
        f"<p>Answers come from {sources} and nothing else. The number after a sentence opens its source "
        "at the very words. What the sources do not say is not answered.</p>"
        f"{suggestions}</div>"
    )


def render_conversation(conversation: Sequence[Exchange], dates: Mapping[str, str]) -> str:
    """All exchanges, oldest first. `dates` holds the dates of documents by their ids, where known."""
    return "".join(render_exchange(each, turn, dates) for turn, each in enumerate(conversation))


def render_exchange(exchange: Exchange, turn: int, dates: Mapping[str, str] = _NO_DATES) -> str:
    """A question with its answer as far as it has come."""
    if exchange.problem:
        body = f'<p class="problem"><span aria-hidden="true">!</span> {plain(exchange.problem)}</p>'
    elif exchange.answer is None or not (exchange.finished or exchange.answer.statements):
        body = '<p class="searching">Searching the sources …</p>'
    else:
        body = render_answer(exchange.answer, turn, dates)
    searched = _searched_for(exchange.answer) if exchange.answer else ""
    question = plain(clip(exchange.question.strip(), _QUESTION_CHARACTERS)) or "<em>An empty question</em>"
    return (
        f'<article class="exchange" data-turn="{turn}" aria-busy="{str(not exchange.finished).lower()}">'
        f'<h2 class="question" dir="auto">{question}</h2>{searched}{body}</article>'
    )


def render_answer(answer: Answer, turn: int, dates: Mapping[str, str] = _NO_DATES) -> str:
    """An answer with its markers, or the refusal with the closest passages."""
    if answer.refused and not answer.conflicts:
        return _refusal(answer, turn)
    short = f'<p class="short" dir="auto">{plain(answer.short)}</p>' if answer.short else ""
    verdicts = {statement.verdict for statement in answer.statements}
    alike = verdicts.pop() if len(verdicts) == 1 else None
    statements = "".join(_statement(each, turn, verdict_shown=alike is None) for each in answer.statements)
    conflicts = "".join(_conflict(each, turn, dates) for each in answer.conflicts)
    footer = _footer(alike, answer.citations) if alike else ""
    return f'<div class="answer">{short}{statements}{conflicts}{footer}</div>'


def _searched_for(answer: Answer) -> str:
    if _folded(answer.searched_for) == _folded(answer.question):
        return ""
    return f'<p class="searched"><span>Searched for:</span> <q dir="auto">{plain(answer.searched_for)}</q></p>'


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(" ?.!")


def _statement(statement: Statement, turn: int, *, verdict_shown: bool) -> str:
    markers = "".join(_marker(citation, turn) for citation in statement.citations)
    # The last word and its markers stay on one line.
    *before, last = statement.text.rsplit(" ", 1)
    words = f"{plain(before[0])} " if before else ""
    verdict = f" {_verdict(statement.verdict)}" if verdict_shown else ""
    return f'<p class="statement" dir="auto">{words}<span class="together">{plain(last)}{markers}</span>{verdict}</p>'


def _marker(citation: Citation, turn: int) -> str:
    return (
        f'<button type="button" class="marker" data-open="{citation_reference(turn, citation.number)}" '
        f'aria-label="Source {citation.number}: {plain(citation.title)}" title="{plain(citation.quote)}">'
        f"{citation.number}</button>"
    )


def _verdict(verdict: Verdict) -> str:
    sign, words = _VERDICTS[verdict]
    return f'<span class="verdict {verdict}"><span aria-hidden="true">{sign}</span> {words}</span>'


def _footer(verdict: Verdict, citations: Sequence[Citation]) -> str:
    titles = list(dict.fromkeys(citation.title for citation in citations))
    named = " and ".join(f"<cite>{plain(title)}</cite>" for title in titles)
    sources = (f" from {named}" if len(titles) <= 2 else f" from {len(titles)} sources") if verdict == "quoted" else ""
    return f'<p class="footer">{_verdict(verdict)}{sources}</p>'


def _conflict(conflict: Conflict, turn: int, dates: Mapping[str, str]) -> str:
    values = "".join(
        f"<li>{_statement(each, turn, verdict_shown=False)}"
        f'<p class="where" dir="auto">{plain("; ".join(_dated(cited, dates) for cited in each.citations))}</p></li>'
        for each in conflict.statements
    )
    return (
        '<aside class="conflict" aria-label="The sources disagree">'
        f'<p class="label"><span aria-hidden="true">≠</span> The sources disagree</p><ul>{values}</ul></aside>'
    )


def _dated(citation: Citation, dates: Mapping[str, str]) -> str:
    date = dates.get(citation.document_id)
    return f"{citation.title}, {date}" if date else citation.title


def _refusal(answer: Answer, turn: int) -> str:
    passages = "".join(_passage(hit, turn, rank) for rank, hit in enumerate(answer.hits[:_CLOSEST]))
    closest = (
        '<p class="label">Closest passages <span>– related, but not an answer</span></p>'
        f'<ul class="passages">{passages}</ul>'
    )
    return f'<div class="refusal"><p class="says">{plain(answer.text)}</p>{closest if passages else ""}</div>'


def _passage(hit: Hit, turn: int, rank: int) -> str:
    passage = hit.passage
    where = place_of(passage.title, passage.heading)
    quote = clip(" ".join(passage.text.split()), _PASSAGE_CHARACTERS)
    return (
        f'<li><blockquote dir="auto">{plain(quote)}</blockquote>'
        f'<button type="button" class="where" dir="auto" data-open="{passage_reference(turn, rank)}">'
        f"{plain(where)}</button></li>"
    )
