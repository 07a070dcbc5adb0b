"""A conversation as CommonMark. Texts are escaped, so that whatever they hold is rendered as just those characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
from assistant.types import Statement
from assistant.wording import REMARKS, searched_for, undisputed

# Punctuation that makes markup, in CommonMark or as GitHub and Pandoc extend it, wherever it stands; what
# makes a list or a heading where a line begins; and what makes an image of the footnote after it.
_MARKUP = re.compile(r"""[\\`*_{}\[\]<>&#~|$^=@]|\A[-+:]|!\Z""")
_NUMBERED = re.compile(r"\A(\d+)([.)])")
_URL = re.compile(r"https?://[!-;=?-~]+", re.IGNORECASE)  # visible ASCII but < and >, which end it


def markdown_of(conversation: Conversation, footnotes: Footnotes) -> str:
    """The whole file."""
    blocks = [f"# {_text(conversation.title)}"]
    for turn in conversation.turns:
        blocks += _turn(turn, footnotes)
    blocks += [_footnote(note) for note in footnotes.all()]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _turn(turn: SavedTurn, footnotes: Footnotes) -> Iterator[str]:
    answer = turn.answer
    yield f"## {_text(answer.question)}"
    yield f"*Asked {moment(turn.asked)}*"
    if searched := searched_for(answer):
        yield f"Searched for: “{_text(searched)}”"
    if turn.stopped:
        yield f"*{stopped(turn)}*"
    if turn.says_nothing:
        return
    if answer.refused:
        yield _strong(answer.text)
        if passages := closest(answer):
            yield "The closest passages, which probably do not answer it:"
            yield "\n".join(f"- {_text(where)}: “{_text(excerpt)}”" for where, excerpt in passages)
        yield _emphasis(answer.note)
        return
    yield _strong(answer.short)
    yield _statements(undisputed(answer), footnotes)
    for conflict in answer.conflicts:
        yield _strong(told(conflict))
        yield "\n".join(f"- {_statements([each], footnotes)}" for each in conflict.statements)
    yield _emphasis(answer.note)


def _statements(statements: Sequence[Statement], footnotes: Footnotes) -> str:
    return " ".join(
        _text(statement.text)
        + "".join(f"[^{note.number}]" for note in footnotes.of(statement))
        + (f" *({REMARKS[statement.verdict]})*" if statement.verdict in REMARKS else "")
        for statement in statements
    )


def _footnote(note: Footnote) -> str:
    origin = "".join(f", {_text(part)}" for part in note.origin)
    source = f"[^{note.number}]: “{_text(note.citation.quote)}” – *{_text(note.title)}*{origin}."
    url = f" <{note.url}>" if note.url and _URL.fullmatch(note.url) else ""
    return source + url + (f" {SINCE[note.change]}" if note.change in SINCE else "")


def _strong(text: str) -> str:
    return f"**{words}**" if (words := _text(text)) else ""


def _emphasis(text: str) -> str:
    return f"*{words}*" if (words := _text(text)) else ""


def _text(text: str) -> str:
    """`text` as Markdown of one line that is rendered as the same words."""
    line = " ".join(readable(text).split())
    return _NUMBERED.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", line))
