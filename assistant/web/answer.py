"""Turns one answer into HTML: statements with markers and verdicts, a conflict, a refusal, or what is being written."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.answer.conflicts.wording import told
from assistant.conversations.changes import Change
from assistant.ingest.split import place_of
from assistant.types import Answer, Citation, Conflict, Document, Hit, Statement, Verdict
from assistant.web.conversation import citation_reference, passage_reference
from assistant.web.markup import hidden, origin, plain, sign
from assistant.web.since import SINCE, change_of
from assistant.wording import BEING_WRITTEN, CLOSEST, clip, sureness, undisputed

_PASSAGE_CHARACTERS = 320
_VERDICTS: dict[Verdict, tuple[str, str, str]] = {
    "quoted": ("“”", "Quoted", "Quoted word for word"),
    "supported": ("✓", "Supported", "Supported by the source"),
    "partly": ("~", "Partly supported", "Only partly supported by the source"),
    "unsupported": ("✕", "Not supported", "Not supported by the source"),
    "unchecked": ("?", "Not checked", "Not checked against the source"),
}

_SAID_EACH = 4
"""Of so many sentences each has its verdict beside it, also where all have the same."""


def render_answer(answer: Answer, turn: int, documents: Mapping[str, Document]) -> str:
    """An answer with its markers, or the refusal with the closest passages; a note on it below."""
    if answer.refused:
        return _refusal(answer, turn)
    short = f'<p class="short" dir="auto">{plain(answer.short)}</p>' if answer.short else ""
    conflicts = "".join(_conflict(each, turn, documents) for each in answer.conflicts)
    stated = undisputed(answer)
    # What is said of every item of a long list is said once.
    at_once = len(stated) > _SAID_EACH and all(each.verdict == "quoted" for each in stated)
    statements = "".join(_statement(each, turn, documents, judged=not at_once) for each in stated)
    if at_once:
        statements += f"<p>{_verdict('quoted')}</p>"
    cards = "".join(_card(each, turn, documents) for each in answer.citations)
    return f'<div class="answer">{short}{conflicts}{statements}{_below(answer)}</div><div class="cards">{cards}</div>'


def render_written(answer: Answer) -> str:
    """What a language model has written so far. Nothing in it looks like what was checked."""
    statements = "".join(f'<p class="statement" dir="auto">{plain(each.text)}</p>' for each in answer.statements)
    return f'<div class="answer written"><p class="state">{sign("✎")} {BEING_WRITTEN}</p>{statements}</div>'


def _statement(statement: Statement, turn: int, documents: Mapping[str, Document], *, judged: bool) -> str:
    verdict = _verdict(statement.verdict) if judged else ""
    return (
        f'<p class="statement {statement.verdict}" dir="auto">{_with_markers(statement, turn, documents)} '
        f"{verdict}{_since(statement, documents)}</p>"
    )


def _with_markers(statement: Statement, turn: int, documents: Mapping[str, Document]) -> str:
    markers = "".join(_marker(each, turn, change_of(each, documents)) for each in statement.citations)
    # The last word and its markers stay on one line.
    *before, last = statement.text.rsplit(" ", 1)
    words = f"{plain(before[0])} " if before else ""
    return f'{words}<span class="together">{plain(last)}{markers}</span>'


def _marker(citation: Citation, turn: int, change: Change) -> str:
    name = f"Source {citation.number}: {citation.title}{f' ({SINCE[change].short})' if change in SINCE else ''}"
    return (
        f'<button type="button" class="marker {change}" data-open="{citation_reference(turn, citation.number)}" '
        f'aria-label="{plain(name)}" aria-describedby="{_card_id(turn, citation.number)}">{citation.number}</button>'
    )


def _card_id(turn: int, number: int) -> str:
    return f"card-{turn}-{number}"


def _card(citation: Citation, turn: int, documents: Mapping[str, Document]) -> str:
    """What hovering over a marker shows, and a screen reader says after its name."""
    from_where = "".join(
        f'<span dir="auto">{plain(each)}</span>' for each in origin(documents.get(citation.document_id), citation.page)
    )
    change = change_of(citation, documents)
    since = f'<p class="since">{sign("△")} {SINCE[change].long}</p>' if change in SINCE else ""
    return (
        f'<div class="card" popover="manual" role="tooltip" id="{_card_id(turn, citation.number)}">'
        f'<blockquote class="quote" dir="auto">{plain(citation.quote)}</blockquote>'
        f'<p class="from"><cite dir="auto">{plain(citation.title)}</cite>{from_where}</p>{since}</div>'
    )


def _verdict(verdict: Verdict) -> str:
    character, words, long = _VERDICTS[verdict]
    return f'<span class="verdict {verdict}" title="{long}">{sign(character)} {words}</span>'


def _since(statement: Statement, documents: Mapping[str, Document]) -> str:
    """In the answer itself only what may make the statement wrong: not that its quote has moved."""
    changes = {change_of(each, documents) for each in statement.citations}
    said = [SINCE[each].short for each in ("changed", "gone") if each in changes]
    return f' <span class="since">{sign("△")} {" · ".join(said)}</span>' if said else ""


def _below(answer: Answer) -> str:
    """Where it is from, how sure it is, and what the reader should know of how it came about."""
    note = f'<p class="note" dir="auto">{sign("ℹ")} {plain(answer.note)}</p>' if answer.note else ""
    return _footer(answer) + note


def _footer(answer: Answer) -> str:
    titles = list(dict.fromkeys(citation.title for citation in answer.citations))
    named = " and ".join(f'<cite dir="auto">{plain(title)}</cite>' for title in titles)
    sources = f"From {named if len(titles) <= 2 else f'{len(titles)} sources'}." if titles else ""
    said = " ".join(part for part in (sources, _sure(answer)) if part)
    return f'<p class="footer">{said}</p>' if said else ""


def _sure(answer: Answer) -> str:
    said = sureness(answer)
    why = "How probable it is that the sources answer the question, estimated before it was answered"
    return f'<span class="sure" title="{why}">{plain(said)}</span>' if said else ""


def _conflict(conflict: Conflict, turn: int, documents: Mapping[str, Document]) -> str:
    values = "".join(_value(each, turn, documents) for each in conflict.statements)
    return (
        f'<section class="conflict" aria-label="{told(conflict)}">'
        f'<p class="label">{sign("≠")} {told(conflict)}</p><ul class="values">{values}</ul></section>'
    )


def _value(statement: Statement, turn: int, documents: Mapping[str, Document]) -> str:
    """One of the values, with where and when each of its sources says so."""
    verdict = "" if statement.verdict == "quoted" else _verdict(statement.verdict)
    from_where = "".join(_cited_from(each, documents) for each in statement.citations)
    return (
        f'<li><blockquote class="{statement.verdict}" dir="auto">{_with_markers(statement, turn, documents)}'
        f"</blockquote>{verdict}{_since(statement, documents)}{from_where}</li>"
    )


def _cited_from(citation: Citation, documents: Mapping[str, Document]) -> str:
    parts = origin(documents.get(citation.document_id), citation.page)
    where = "".join(f'<span dir="auto">{plain(each)}</span>' for each in parts)
    return f'<p class="from"><cite dir="auto">{plain(citation.title)}</cite>{where}</p>'


def _refusal(answer: Answer, turn: int) -> str:
    """That the sources do not answer; or, where it has no certainty, that the question leaves open what it is about."""
    asks_back = answer.certainty is None
    passages = "".join(_passage(hit, turn, rank) for rank, hit in enumerate(answer.hits[:CLOSEST]))
    remark = "" if asks_back else " <span>– which probably do not answer it</span>"
    closest = f'<p class="label">Closest passages{remark}</p><ul class="passages">{passages}</ul>' if passages else ""
    return (
        f'<div class="refusal{" asking" if asks_back else ""}">'
        f'<p class="says" dir="auto">{sign("?" if asks_back else "∅")} {plain(answer.text)}</p>'
        f"{_below(answer)}{closest}</div>"
    )


def _passage(hit: Hit, turn: int, rank: int) -> str:
    passage = hit.passage
    where = place_of(passage.title, passage.heading)
    quote = clip(" ".join(passage.text.split()), _PASSAGE_CHARACTERS)
    return (
        f'<li><blockquote dir="auto">{plain(quote)}</blockquote>'
        f'<button type="button" class="where" dir="auto" data-open="{passage_reference(turn, rank)}">'
        f"{hidden('Open the passage in ')}{plain(where)}</button></li>"
    )
