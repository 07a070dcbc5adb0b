"""The panels of the rail. Each module builds its own slot, inside the page's `gr.Blocks`, from the desk.

Each returns what the page joins together: components whose events it listens to, states that it reads, and
what shows a person what is theirs as soon as the page is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio


@dataclass(frozen=True, slots=True)
class DocumentsPanel:
    """What `build_documents_panel(desk)` gives to the page.

    `asked` holds the ids of the documents that questions are restricted to, None for all of them.
    `listing` sends `select` with a `reference` (see `document_reference`) when a document is to be read.
    `changed` holds a number that grows when documents were added or removed: the page listens to its change.
    `fill` takes the request and gives the values of `filled`; the page calls it when it is loaded.
    """

    asked: gradio.State
    listing: gradio.HTML
    changed: gradio.State
    fill: Callable[[gradio.Request], Any]
    filled: tuple[gradio.components.Component, ...]
