"""Where everything stands on the page: the rail with its panels, the conversation, the source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from assistant.web.conversation import SOURCES, Chat
from assistant.web.desk import Desk
from assistant.web.look import read_static
from assistant.web.panels import DocumentsPanel
from assistant.web.panels.conversations import ConversationsPanel, build_conversations_panel
from assistant.web.panels.settings import SettingsPanel, build_settings_panel

if TYPE_CHECKING:
    import gradio

TITLE = "Ask the sources"
_TABS = f"""<div role="tablist" aria-label="Panels">{
    "".join(
        f'<button type="button" role="tab" id="tab-{name.lower()}" data-tab="{name.lower()}" '
        f'aria-controls="panel-{name.lower()}">{name}</button>'
        for name in ("Conversations", "Documents", "Settings")
    )
}</div><button type="button" id="close-rail" aria-label="Close the menu">×</button>"""
_MENU = '<button type="button" id="menu" aria-controls="rail" aria-expanded="false">Menu</button>'
_LISTENED_TO = '<div role="status">${value}</div>'
_BOX_LINES = 12


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts that the page fills and listens to. `chat` and `opened` hold what the tab shows, and in the pane."""

    chat: gradio.State
    opened: gradio.State
    fresh: gradio.Button
    saved: ConversationsPanel
    documents: DocumentsPanel
    settings: SettingsPanel
    welcome: gradio.HTML
    transcript: gradio.HTML
    notice: gradio.HTML
    scope: gradio.HTML
    box: gradio.Textbox
    send: gradio.Button
    stop: gradio.Button
    pane: gradio.HTML


def build_frame(desk: Desk) -> Frame:
    """Builds it where it is called, inside the page's blocks."""
    import gradio as gr

    from assistant.web.panels.documents import build_documents_panel

    html = partial(gr.HTML, apply_default_css=False, js_on_load=None)
    chat, opened = gr.State(Chat()), gr.State(SOURCES)
    with gr.Row(elem_id="frame"):
        with gr.Row(elem_id="masthead"):
            html('<a id="skip" href="#question">Skip to the question</a>')
            html(f"{_MENU}<h1>{TITLE}</h1>", elem_id="name")
            fresh = gr.Button("New conversation", elem_id="fresh", size="sm", scale=0)
        with gr.Column(elem_id="rail"):
            html(_TABS, elem_id="tabs", js_on_load=read_static("panels.js"))
            with gr.Column(elem_id="panel-conversations"):
                saved = build_conversations_panel(desk, chat)
            with gr.Column(elem_id="panel-documents"):
                documents = build_documents_panel(desk)
            with gr.Column(elem_id="panel-settings"):
                settings = build_settings_panel(desk)
        with gr.Column(elem_id="left"):
            welcome = html("", elem_id="welcome", js_on_load=read_static("answer.js"))
            transcript = html("", elem_id="transcript", js_on_load=read_static("answer.js"))
            with gr.Row(elem_id="composer"):
                notice = html("", elem_id="notice", html_template=_LISTENED_TO)
                scope = html("", elem_id="searched")
                box = gr.Textbox(
                    label="Question",
                    placeholder="Ask about the documents",
                    elem_id="question",
                    container=False,
                    max_lines=_BOX_LINES,
                )
                send = gr.Button("Ask", elem_id="send", variant="primary", scale=0)
                stop = gr.Button("Stop", elem_id="stop", scale=0)
        with gr.Column(elem_id="right"):
            pane = html("", elem_id="pane", js_on_load=read_static("source.js"))
    return Frame(
        chat, opened, fresh, saved, documents, settings, welcome, transcript, notice, scope, box, send, stop, pane
    )
