"""A conversation as a page. Whatever comes from a person or a document goes through `_text` and stays text."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from assistant.answer.conflicts.wording import told
from assistant.conversations.export.parts import (
    SINCE,
    Footnote,
    Footnotes,
    closest,
    moment,
    readable,
    stopped,
)
from assistant.conversations.records import Conversation, SavedTurn
from assistant.types import Conflict, Statement
from assistant.wording import REMARKS, searched_for, undisputed

_STYLE = Path(__file__).with_name("page.css")


def html_of(conversation: Conversation, footnotes: Footnotes) -> str:
    """The whole page."""
    style = _STYLE.read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = _text(conversation.title) or "Conversation"
    mentioned: set[int] = set()
    turns = "\n".join("\n".join(_turn(turn, footnotes, mentioned)) for turn in conversation.turns)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1 dir="auto">{title}</h1>
{turns}
{_endnotes(footnotes.all())}</main>
</body>
</html>
"""


def _turn(turn: SavedTurn, footnotes: Footnotes, mentioned: set[int]) -> Iterator[str]:
    answer = turn.answer
    yield "<article>"
    yield f'<h2 dir="auto">{_text(answer.question)}</h2>'
    yield f'<p class="asked">Asked <time datetime="{turn.asked.isoformat()}">{moment(turn.asked)}</time></p>'
    if searched := searched_for(answer):
        yield f'<p class="searched">Searched for: <q dir="auto">{_text(searched)}</q></p>'
    if turn.stopped:
        yield f'<p class="stopped"><em>{stopped(turn)}</em></p>'
    if turn.says_nothing:
        pass
    elif answer.refused:
        yield f'<p class="refusal"><strong>{_text(answer.text)}</strong></p>'
        if passages := closest(answer):
            yield "<p>The closest passages, which probably do not answer it:</p>"
            yield f"<ul>{''.join(_passage(where, excerpt) for where, excerpt in passages)}</ul>"
    else:
        if answer.short:
            yield f'<p class="short" dir="auto"><strong>{_text(answer.short)}</strong></p>'
        yield _statements(undisputed(answer), footnotes, mentioned)
        for conflict in answer.conflicts:
            yield _conflict(conflict, footnotes, mentioned)
    if answer.note and not turn.says_nothing:
        yield f'<p class="note" dir="auto"><em>{_text(answer.note)}</em></p>'
    yield "</article>"


def _statements(statements: Sequence[Statement], footnotes: Footnotes, mentioned: set[int]) -> str:
    return "\n".join(
        f'<p class="statement" dir="auto">{_text(statement.text)}'
        + "".join(_marker(note, mentioned) for note in footnotes.of(statement))
        + (f' <em class="remark">({REMARKS[statement.verdict]})</em>' if statement.verdict in REMARKS else "")
        + "</p>"
        for statement in statements
    )


def _marker(note: Footnote, mentioned: set[int]) -> str:
    # The footnote leads back to where it was mentioned first.
    identity = "" if note.number in mentioned else f' id="mention-{note.number}"'
    mentioned.add(note.number)
    return (
        f'<sup><a href="#note-{note.number}"{identity} role="doc-noteref" aria-label="Quote {note.number}">'
        f"[{note.number}]</a></sup>"
    )


def _conflict(conflict: Conflict, footnotes: Footnotes, mentioned: set[int]) -> str:
    values = "".join(f"<li>{_statements([each], footnotes, mentioned)}</li>" for each in conflict.statements)
    return f'<div class="conflict"><p><strong>{_text(told(conflict))}</strong></p><ul>{values}</ul></div>'


def _passage(where: str, excerpt: str) -> str:
    return f'<li><cite dir="auto">{_text(where)}</cite><blockquote dir="auto">{_text(excerpt)}</blockquote></li>'


def _endnotes(notes: Sequence[Footnote]) -> str:
    if not notes:
        return ""
    items = "\n".join(_endnote(note) for note in notes)
    return (
        '<section role="doc-endnotes" aria-labelledby="quotes">\n<h2 id="quotes">Quotes</h2>\n'
        f"<ol>\n{items}\n</ol>\n</section>\n"
    )


def _endnote(note: Footnote) -> str:
    origin = "".join(f', <span dir="auto">{_text(part)}</span>' for part in note.origin)
    url = f' <a href="{_text(note.url)}" rel="noreferrer">{_text(note.url)}</a>' if note.url else ""
    since = f' <em class="remark">{SINCE[note.change]}</em>' if note.change in SINCE else ""
    back = f'<a href="#mention-{note.number}" role="doc-backlink" aria-label="Back to mention {note.number}">↩</a>'
    return (
        f'<li id="note-{note.number}"><blockquote dir="auto">{_text(note.citation.quote)}</blockquote>'
        f'<p><cite dir="auto">{_text(note.title)}</cite>{origin}.{url}{since} {back}</p></li>'
    )


def _text(text: str) -> str:
    """`text` as HTML that shows exactly its characters, in an element or in a quoted attribute."""
    return escape(readable(text), quote=True)
