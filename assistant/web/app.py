"""The web chat's page: which event leads to what.

What a tab shows lives in its session on the server; the browser sends questions and the names of places, and
gets finished HTML. `assistant.web.frame` says where everything stands, `assistant.web.asking` what becomes of a
conversation, `assistant.web.view` how it looks.
"""

# Annotations stay objects here: Gradio reads those of a handler to know that it wants the request or the event's
# data, and `gr` is a local name because importing Gradio takes seconds.

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.web.conversation import SOURCES, Chat
from assistant.web.desk import Desk, user_of
from assistant.web.frame import TITLE, build_frame
from assistant.web.panels.conversations import saved_conversations
from assistant.web.view import View, notice

if TYPE_CHECKING:
    import gradio

AT_ONCE = 200
"""So many answers, of everybody together, may grow at once: most of the time they wait for a language model."""
_CHARACTERS_A_SECOND = 1_000_000
"""Of the conversation, which is sent whole whenever its last answer grows."""
_LOOK_UP = 1.0
"""Seconds after which it is looked whether somebody still waits for the next words."""


def build_app(desk: Desk) -> "gradio.Blocks":
    """The page. Whoever mounts it adds `assistant.web.look.page_head`, which gives it its look."""
    import gradio as gr

    # What was uploaded is in a library within the hour, or nowhere.
    app = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=(600, 3600))
    with app:
        frame = build_frame(desk)

    def view(request: gr.Request) -> View:
        return View(desk, user_of(request))

    def listed(chat: Chat, find: str, request: gr.Request) -> str:
        return saved_conversations(desk, user_of(request), chat, find)

    def shown(chat: Chat, find: str, request: gr.Request) -> tuple[Chat, str, str, str]:
        return chat, view(request).transcript(chat), listed(chat, find, request), notice(chat.notice)

    def growing(chats: Iterator[Chat], find: str, request: gr.Request, emptied: Any) -> Iterator[tuple[Any, ...]]:
        # The box is emptied once: whatever is typed while the answer grows is the next question.
        sent, told = "", time.monotonic()
        # Gradio clears the outputs of a generator that yields nothing, and a blank question yields nothing.
        unchanged = (gr.skip(),) * 5
        yield unchanged
        for chat in chats:
            if not chat.growth:
                yield *shown(chat, find, request), emptied
            elif time.monotonic() - told < len(sent) / _CHARACTERS_A_SECOND:
                continue
            # What looks the same, as when passages are found, would only keep the browser from the first words.
            elif (seen := view(request).transcript(chat)) != sent:
                yield chat, seen, gr.skip(), notice(chat.notice), emptied
                sent, told = seen, time.monotonic()
            elif time.monotonic() - told >= _LOOK_UP:
                # Gradio sees that the page was closed, and lets go of a model that writes, only when it gets something.
                yield unchanged
                told = time.monotonic()
            emptied = gr.skip()

    def ask(typed: str, chat: Chat, only: Any, find: str, event: gr.EventData, request: gr.Request) -> Iterator[Any]:
        offered = event.target in (frame.welcome, frame.transcript)
        question, emptied = (str(event.question), gr.skip()) if offered else (typed, "")
        yield from growing(desk.asking(request, only).ask(chat, question), find, request, emptied)

    def ask_again(chat: Chat, only: Any, find: str, event: gr.EventData, request: gr.Request) -> Iterator[Any]:
        question = getattr(event, "question", None)
        chats = desk.asking(request, only).ask_again(chat, int(event.turn), question)
        yield from growing(chats, find, request, gr.skip())

    def stop(chat: Chat, find: str, request: gr.Request) -> tuple[Any, ...]:
        return shown(desk.asking(request).stop(chat), find, request)

    def rate(chat: Chat, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        rating = event.rating if event.rating in ("up", "down") else None
        rated = desk.asking(request).rate(chat, int(event.turn), rating, str(event.note))
        if rated.growth:  # What the tab shows is being written by the answer that grows.
            return gr.skip(), gr.skip(), notice(rated.notice)
        seen = view(request).transcript(rated)
        if rated.notice:
            # The thumb looks pressed already, and the page is drawn anew only by what it did not get before.
            seen += f"<!-- {time.monotonic_ns()} -->"
        return rated, seen, notice(rated.notice)

    def open_source(chat: Chat, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        reference = str(event.reference)
        return reference, view(request).pane(chat, reference)

    def open_chat(chat: Chat, find: str, request: gr.Request) -> tuple[Any, ...]:
        return *shown(chat, find, request), SOURCES, view(request).pane(chat, SOURCES)

    def open_saved(chat: Chat, find: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        asking = desk.asking(request)
        asking.stop(chat)
        return open_chat(asking.open(str(event.conversation)), find, request)

    def start_again(chat: Chat, find: str, request: gr.Request) -> tuple[Any, ...]:
        desk.asking(request).stop(chat)
        return open_chat(Chat(), find, request)

    def delete_shown(chat: Chat, find: str, request: gr.Request) -> tuple[Any, ...]:
        return open_chat(desk.asking(request).delete(chat), find, request)

    def load(find: str, only: Any, request: gr.Request) -> tuple[Any, ...]:
        named = request.query_params.get("conversation", "")
        chat = desk.asking(request).open(named) if named else Chat()
        return *open_chat(chat, find, request), view(request).start(only), frame.settings.fill(request)

    def refresh(only: Any, chat: Chat, opened: str, request: gr.Request) -> tuple[str, ...]:
        seen = view(request)
        return seen.start(only), seen.transcript(chat), seen.pane(chat, opened), seen.scope(only)

    # None of these is an endpoint for programs, and the page shows progress in its own way. A question may come while
    # Gradio has not noticed yet that the one before was stopped, hence "multiple".
    listener: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    at_once = {**listener, "queue": False}
    chat, find, documents = frame.chat, frame.saved.search, frame.documents
    talk = [chat, frame.transcript, frame.saved.listing, frame.notice]
    everything = [*talk, frame.opened, frame.pane]
    with app:
        asking = gr.on(
            [frame.box.submit, frame.send.click, frame.welcome.submit, frame.transcript.submit],
            ask,
            inputs=[frame.box, chat, documents.asked, find],
            outputs=[*talk, frame.box],
            trigger_mode="multiple",
            api_name="converse",  # "ask" is the endpoint for programs
            **listener,
        )
        again = gr.on(
            [frame.transcript.retry, frame.transcript.edit],
            ask_again,
            inputs=[chat, documents.asked, find],
            outputs=[*talk, frame.box],
            trigger_mode="multiple",
            **listener,
        )
        for answered in (asking, again):
            # What is searched for in the list may have changed while the answer grew.
            answered.then(listed, inputs=[chat, find], outputs=frame.saved.listing, **listener)
        leaving = {"cancels": [asking, again], **at_once}
        stopping = frame.stop.click(stop, inputs=[chat, find], outputs=talk, **leaving)
        # What the answer had sent at that very moment may arrive after it, and would stay.
        stopping.then(stop, inputs=[chat, find], outputs=talk, **listener)
        frame.fresh.click(start_again, inputs=[chat, find], outputs=everything, **leaving)
        frame.saved.listing.select(open_saved, inputs=[chat, find], outputs=everything, **leaving)
        frame.saved.listing.clear(delete_shown, inputs=[chat, find], outputs=everything, **leaving)
        frame.transcript.like(rate, inputs=chat, outputs=[chat, frame.transcript, frame.notice], **at_once)
        gr.on(
            [frame.transcript.select, frame.pane.select, documents.listing.select],
            open_source,
            inputs=chat,
            outputs=[frame.opened, frame.pane],
            trigger_mode="multiple",
            **at_once,
        )
        gr.on(
            [documents.changed.change, documents.asked.change],
            refresh,
            inputs=[documents.asked, chat, frame.opened],
            outputs=[frame.welcome, frame.transcript, frame.pane, frame.scope],
            **at_once,
        )
        filled = [*everything, frame.welcome, frame.settings.form]
        app.load(load, inputs=[find, documents.asked], outputs=filled, **at_once)
        app.load(documents.fill, outputs=list(documents.filled), **at_once)
    # Gradio's default is one answer at a time for everybody, and 40 of anything.
    app.max_threads = AT_ONCE
    app.queue(default_concurrency_limit=None)
    return app
