"""The buttons under an answer: copy it, say whether it helped, ask its question again or another in its place.

Two of them open a popover with a form. What is typed there stays while the conversation grows around it.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.conversations.conversations import NOTE_CHARACTERS
from assistant.types import Answer, Document
from assistant.web.conversation import Exchange
from assistant.web.copied import answer_with_footnotes
from assistant.web.markup import plain

_LONGEST = 20_000
"""Characters of a question that can be edited: a longer one would be sent along whenever the conversation changes."""
_THUMB = (
    '<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M7 10.5 11.2 3c1.5 0 2.5 1.1 2.5 2.5V9h5.1'
    'c1.3 0 2.3 1.2 2 2.5l-1.5 7c-.2 1-1 1.6-2 1.6H7m0-9.6v9.6m0-9.6H3.4v9.6H7"/></svg>'
)


def render_actions(exchange: Exchange, turn: int, documents: Mapping[str, Document], *, last: bool) -> str:
    """What can be done with a finished exchange; asking the same again only with the last."""
    buttons = _copy(exchange.said, documents) if exchange.said else ""
    # Feedback is kept with the saved answer.
    if exchange.said and exchange.saved_as is not None:
        buttons += _feedback(exchange, turn)
    if len(exchange.question) <= _LONGEST:
        buttons += _edit(exchange.question, turn)
    if last:
        buttons += '<button type="button" class="action" data-retry>Try again</button>'
    return f'<div class="actions" role="group" aria-label="This answer">{buttons}</div>{_note_kept(exchange.note)}'


def _copy(answer: Answer, documents: Mapping[str, Document]) -> str:
    text = plain(answer_with_footnotes(answer, documents))
    return f'<button type="button" class="action" data-copy="{text}">Copy answer</button>'


def _feedback(exchange: Exchange, turn: int) -> str:
    thumbs = "".join(
        f'<button type="button" class="action thumb {rating}" data-rate="{rating}" aria-label="{label}" '
        f'title="{label}" aria-pressed="{str(exchange.rating == rating).lower()}">{_THUMB}</button>'
        for rating, label in (("up", "Good answer"), ("down", "Bad answer"))
    )
    name = "Change note" if exchange.note else "Add a note"
    form = _form(
        f"note-{turn}",
        "note",
        "What was good or wrong about this answer?",
        exchange.note,
        NOTE_CHARACTERS,
        "Save note",
    )
    return f'{thumbs}<button type="button" class="action" popovertarget="note-{turn}">{name}</button>{form}'


def _edit(question: str, turn: int) -> str:
    form = _form(f"edit-{turn}", "edit", "The question, asked instead", question, None, "Ask this instead")
    return f'<button type="button" class="action" popovertarget="edit-{turn}">Edit question</button>{form}'


def _form(identity: str, event: str, label: str, text: str, characters: int | None, done: str) -> str:
    most = f' maxlength="{characters}"' if characters else ""
    return (
        f'<form class="sheet" popover id="{identity}" data-form="{event}">'
        f'<label>{label}<textarea rows="3"{most} dir="auto">{_as_field(text)}</textarea></label>'
        f'<div><button type="submit" class="primary">{done}</button>'
        f'<button type="button" popovertarget="{identity}" popovertargetaction="hide">Cancel</button></div></form>'
    )


def _as_field(text: str) -> str:
    # The first line break in a text area is not part of its text.
    return f"\n{plain(text)}"


def _note_kept(note: str) -> str:
    return f'<p class="kept-note" dir="auto"><span>Your note:</span> {plain(note)}</p>' if note else ""
