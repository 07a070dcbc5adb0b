"""The panel of saved conversations: a search, and a list in which each is opened, renamed, exported or deleted.

The listing sends `select`, `edit` (with a `title`) and `delete`, each with the id of a `conversation`; `clear` to
delete the one that is shown, and `focus` when the tab is looked at again.
"""

# Annotations stay objects here: Gradio reads those of a handler to know that it wants the request or the event's data.

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from assistant.conversations import Summary
from assistant.errors import ConversationError
from assistant.web.conversation import Chat
from assistant.web.desk import Desk, user_of
from assistant.web.look import read_static
from assistant.web.markup import plain
from assistant.wording import count

if TYPE_CHECKING:
    import gradio

# The list is sent with every answer, so it must not grow without end.
_LISTED = 100
_FORMATS = (("md", "Markdown"), ("html", "HTML"), ("json", "JSON"))
_DAYS_AGO = 7


@dataclass(frozen=True, slots=True)
class ConversationsPanel:
    """What `build_conversations_panel(desk, chat)` gives to the page, which opens one, and deletes the one it shows."""

    search: "gradio.Textbox"
    listing: "gradio.HTML"


def build_conversations_panel(desk: Desk, chat: "gradio.State") -> ConversationsPanel:
    """Builds the panel where it is called, inside the page's blocks. `chat` holds what the tab shows."""
    import gradio as gr

    def look(shown: Chat, search: str, request: gr.Request) -> str:
        return saved_conversations(desk, user_of(request), shown, search)

    def rename(shown: Chat, search: str, event: gr.EventData, request: gr.Request) -> str:
        user = user_of(request)
        try:
            desk.conversations(user).rename(str(event.conversation), str(event.title))
        except ConversationError as error:
            return saved_conversations(desk, user, shown, search, str(error))
        return saved_conversations(desk, user, shown, search)

    def delete(shown: Chat, search: str, event: gr.EventData, request: gr.Request) -> str:
        user = user_of(request)
        try:
            desk.conversations(user).delete(str(event.conversation))
        except ConversationError as error:
            return saved_conversations(desk, user, shown, search, str(error))
        return saved_conversations(desk, user, shown, search)

    search = gr.Textbox(
        label="Search conversations", placeholder="Search", elem_id="find", container=False, type="text", max_lines=1
    )
    listing = gr.HTML("", elem_id="conversations", apply_default_css=False, js_on_load=read_static("panels.js"))
    listener: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    # Of its input Gradio tells only what was typed, not what was pasted or cut.
    looking = [search.change, listing.focus]
    gr.on(looking, look, inputs=[chat, search], outputs=listing, trigger_mode="multiple", **listener)
    listing.edit(rename, inputs=[chat, search], outputs=listing, **listener)
    listing.delete(delete, inputs=[chat, search], outputs=listing, **listener)
    return ConversationsPanel(search, listing)


def saved_conversations(desk: Desk, user: str, chat: Chat, search: str, problem: str = "") -> str:
    """What `user` has saved, as far as `search` finds it; `problem` is what just went wrong."""
    try:
        found = desk.conversations(user).list(search)
    except ConversationError as error:
        return _problem(str(error))
    return _problem(problem) + render_conversations(found, chat.id, search, datetime.now(UTC))


def render_conversations(summaries: Sequence[Summary], current: str, search: str, now: datetime) -> str:
    """The list, newest first as it is given; `current` is the id of the one that is shown."""
    nav = f'<nav aria-label="Conversations" data-current="{plain(current)}" data-search="{plain(search)}">'
    if not summaries:
        nothing = "No conversation has these words." if search.strip() else "Your questions will be kept here."
        return f'{nav}<p class="hint">{nothing}</p></nav>'
    rows = "".join(_row(each, each.id == current, now) for each in summaries[:_LISTED])
    older = '<p class="hint">Older ones are found by their words.</p>' if len(summaries) > _LISTED else ""
    return f"{nav}<ul>{rows}</ul>{older}</nav>"


def _problem(text: str) -> str:
    return f'<p class="problem" role="alert">{plain(text)}</p>' if text else ""


def _row(summary: Summary, current: bool, now: datetime) -> str:
    identity, title = plain(summary.id), plain(summary.title)
    shown = ' aria-current="page"' if current else ""
    exports = "".join(
        f'<a href="/export/{identity}.{suffix}" download aria-label="Export as {name}">{name}</a>'
        for suffix, name in _FORMATS
    )
    return (
        f'<li data-conversation="{identity}">'
        f'<button type="button" class="title" data-leaves data-do="select" dir="auto" title="{title}"{shown}>'
        f"{title}</button>"
        f'<p class="when"><time datetime="{summary.updated.isoformat()}">{ago(summary.updated, now)}</time>'
        f" · {count(summary.turns, 'question')}</p>"
        f'<details><summary aria-label="More: {title}">⋯</summary><div class="actions">'
        '<button type="button" data-do="edit">Rename</button><button type="button" data-do="delete">Delete</button>'
        f'<p class="exports"><span>Export:</span>{exports}</p></div></details></li>'
    )


def ago(then: datetime, now: datetime) -> str:
    """How long ago `then` was, up to a week; its date after that."""
    past = max(now - then, timedelta(0))
    if past < timedelta(minutes=1):
        return "just now"
    if past < timedelta(hours=1):
        return f"{past.seconds // 60} min ago"
    if past < timedelta(days=1):
        return f"{past.seconds // 3600} h ago"
    if past < timedelta(days=_DAYS_AGO):
        return "yesterday" if past.days == 1 else f"{past.days} days ago"
    return f"{then.day} {then:%B}" if then.year == now.year else f"{then.day} {then:%B %Y}"
