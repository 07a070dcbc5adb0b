"""The panel of a person's documents: choose which are searched, open one to read, add some, remove one.

The listing sends `input` with the ids of the documents that are `chosen` and of all that are `listed`, `delete` with
the id of a `document`, `undo` for the shipped documents that were removed, and `select` with the `reference` of a
document to read.
"""

# Annotations stay objects here: Gradio reads those of a handler to know that it wants the request or the event's data.

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.ingest.readers import ENDINGS
from assistant.library import Library
from assistant.library.uploads import FILE_BYTES, FILES_AT_ONCE
from assistant.types import Document
from assistant.web.conversation import document_reference
from assistant.web.desk import Desk
from assistant.web.look import read_static
from assistant.web.markup import plain
from assistant.web.panels import DocumentsPanel
from assistant.web.panels.adding import Adding, add_files
from assistant.wording import count

Chosen = frozenset[str] | None
"""Ids of the documents that are searched; None for all of them, also for those that will be added."""


def build_documents_panel(desk: Desk) -> DocumentsPanel:
    """Builds the panel where it is called, inside the page's blocks."""
    import gradio as gr

    def fill(request: gr.Request) -> tuple[str, str]:
        return shown(desk.library_of(request), None)

    def choose(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        try:
            held = [each.id for each in desk.library_of(request).documents]
        except AssistantError as error:
            return gr.skip(), render_problem(str(error))
        # One that was added since the list was drawn is searched, as it would be without the choice.
        picked = choice(held, {*event.chosen, *set(held).difference(event.listed)})
        return picked, render_scope(picked, len(held))

    def add(files: list[str], request: gr.Request) -> Iterator[tuple[Any, ...]]:
        for report in add_files(desk.library_of(request), [Path(file) for file in files]):
            if report.finished:
                added = frozenset(each.document_id for each in report.results if each.document_id)
                yield gr.File(None, interactive=True), render_adding(report), added
            else:
                yield gr.File(interactive=False), render_adding(report), gr.skip()

    def remove(event: gr.EventData, request: gr.Request) -> str:
        try:
            desk.library_of(request).remove(str(event.document))
        except AssistantError as error:
            return render_problem(str(error))
        return ""

    def restore(request: gr.Request) -> str:
        try:
            desk.library_of(request).restore()
        except AssistantError as error:
            return render_problem(str(error))
        return ""

    # An event of its own, which reads anew what is searched: it may have been changed while files were indexed.
    def draw(chosen: Any, version: int, added: Any, request: gr.Request) -> tuple[Any, ...]:
        library, version = desk.library_of(request), version + 1
        try:
            held = [each.id for each in library.documents]
        except AssistantError as error:
            return chosen, version, frozenset(), "", render_problem(str(error))
        # Whoever adds a document wants to ask about it.
        picked = choice(held, chosen | added) if chosen is not None else None
        return picked, version, frozenset(), *shown(library, picked, version)

    asked = gr.State(None)
    changed = gr.State(0)
    added = gr.State(frozenset())
    upload = gr.File(
        label="Add documents",
        show_label=False,
        file_count="multiple",
        file_types=list(ENDINGS),
        elem_id="add-documents",
    )
    gr.HTML(render_limits(), elem_id="limits", apply_default_css=False, js_on_load=read_static("adding.js"))
    said = gr.HTML("", elem_id="adding", apply_default_css=False, js_on_load=None)
    scope = gr.HTML("", elem_id="scope", apply_default_css=False, js_on_load=None)
    listing = gr.HTML("", elem_id="documents", apply_default_css=False, js_on_load=read_static("documents.js"))

    listener: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    # Queued: only of such events does Gradio tell the page that a state has changed.
    # "multiple": of quick clicks "always_last" may lose the last.
    listing.input(choose, outputs=[asked, scope], trigger_mode="multiple", **listener)
    for done in (
        upload.upload(add, inputs=upload, outputs=[upload, said, added], **listener),
        listing.delete(remove, outputs=said, **listener),
        listing.undo(restore, outputs=said, **listener),
    ):
        done.then(draw, inputs=[asked, changed, added], outputs=[asked, changed, added, scope, listing], **listener)
    return DocumentsPanel(asked, listing, changed, fill, (scope, listing))


def choice(held: Sequence[str], chosen: Collection[str]) -> Chosen:
    """Which of the documents `held` are searched when these are chosen: None for all, and where none is left."""
    picked = frozenset(chosen).intersection(held)
    return picked if picked and len(picked) < len(held) else None


def shown(library: Library, chosen: Chosen, version: int = 0) -> tuple[str, str]:
    """The line that says what is searched, and the list; instead of them, what keeps the library from being read.

    `version` makes the browser take up the list although nothing in it changed.
    """
    try:
        documents, passages = library.documents, library.passages
        own, removed = {each.id for each in library.added}, len(library.removed)
    except AssistantError as error:
        return "", render_problem(str(error))
    return render_scope(chosen, len(documents)), render_documents(documents, passages, own, removed, chosen, version)


def render_scope(chosen: Chosen, held: int) -> str:
    """What questions are searched in."""
    if chosen is None:
        text = f"All {held:,} documents are searched." if held > 1 else "The document is searched."
    elif len(chosen) == 1:
        text = f"1 of {count(held, 'document')} is searched. At least one must stay."
    else:
        text = f"{len(chosen):,} of {count(held, 'document')} are searched."
    return f'<p role="status">{text}</p>'


def render_documents(
    documents: Sequence[Document],
    passages: Mapping[str, int],
    own: Collection[str],
    removed: int,
    chosen: Chosen,
    version: int = 0,
) -> str:
    """The list; `own` are the ids of those that the person added, `removed` how many shipped ones are left out."""
    rows = "".join(
        _row(each, passages.get(each.id, 0), each.id in own, chosen is None or each.id in chosen) for each in documents
    )
    restore = (
        f'<p class="removed">{count(removed, "shipped document")} removed. '
        '<button type="button" class="plain" data-restore>Restore the shipped documents</button></p>'
        if removed
        else ""
    )
    everything = (
        f'<button type="button" class="plain" data-all{" hidden" if chosen is None else ""}>Search all</button>'
    )
    return (
        f'<section aria-label="Documents" tabindex="-1" data-version="{version}">{everything}'
        f'<ul aria-label="Documents to search">{rows}</ul>{restore}</section>'
    )


def _row(document: Document, passages: int, own: bool, checked: bool) -> str:
    identity, title = plain(document.id), plain(document.title)
    about = " · ".join(
        [
            count(passages, "passage"),
            *([plain(document.date)] if document.date else []),
            *(["added by you"] if own else []),
        ]
    )
    fate = "It is deleted for good." if own else "It leaves your documents, not those of others, and can be restored."
    return (
        f'<li data-document="{identity}">'
        f'<input type="checkbox" aria-label="Search: {title}"{" checked" if checked else ""}>'
        f'<div><button type="button" class="title" data-leaves data-open="{plain(document_reference(document.id))}" '
        f'dir="auto">{title}</button><p class="when">{about}</p></div>'
        f'<details><summary aria-label="Remove: {title}">⋯</summary><div class="actions"><p>{fate}</p>'
        f'<button type="button" data-remove{"=for-good" if own else ""} aria-label="Remove {title}">Remove</button>'
        "</div></details></li>"
    )


def render_adding(report: Adding) -> str:
    """How far the adding is, or what became of each file."""
    if report.problem:
        return render_problem(report.problem)
    if not report.finished:
        title = f": {plain(report.title)}" if report.title else " …"
        return (
            f'<div class="progress"><label for="adding-progress" dir="auto">Indexing{title}</label>'
            f'<progress id="adding-progress" value="{report.share:.3f}" max="1"></progress></div>'
        )
    rows = "".join(
        f'<li class="{"problem" if each.problem else "added"}" dir="auto">'
        f"{plain(each.problem or f'{each.name} is added.')}</li>"
        for each in report.results
    )
    return f'<div role="status"><ul aria-label="What became of the files">{rows}</ul></div>'


def render_problem(text: str) -> str:
    """What went wrong, in a sentence."""
    return f'<p class="problem" role="alert">{plain(text)}</p>'


def render_limits() -> str:
    """What can be added, for the reader and for the script that says so of each file before it is sent."""
    return (
        f'<p class="hint" data-kinds="{" ".join(ENDINGS)}" data-bytes="{FILE_BYTES}" data-files="{FILES_AT_ONCE}">'
        f"Text, Markdown, HTML or PDF; at most {FILES_AT_ONCE} files of {FILE_BYTES // 1_000_000} MB at once. "
        'Only you see what you add.</p><div role="status"><ul aria-label="Files that were not sent"></ul></div>'
    )
