"""Answers questions about documents, tying every sentence to the exact characters that support it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.errors import AssistantError
    from assistant.ingest.sources import load_sources
    from assistant.search.build import IndexReport, build_index
    from assistant.settings import Settings
    from assistant.types import Answer, Citation, Conflict, Document, Hit, Passage, Statement, Turn

_HOMES = {
    "Assistant": "assistant.assistant",
    "AssistantError": "assistant.errors",
    "load_sources": "assistant.ingest.sources",
    "IndexReport": "assistant.search.build",
    "build_index": "assistant.search.build",
    "Settings": "assistant.settings",
    **dict.fromkeys(
        ("Answer", "Citation", "Conflict", "Document", "Hit", "Passage", "Statement", "Turn"), "assistant.types"
    ),
}

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Citation",
    "Conflict",
    "Document",
    "Hit",
    "IndexReport",
    "Passage",
    "Settings",
    "Statement",
    "Turn",
    "build_index",
    "load_sources",
]


def __getattr__(name: str) -> Any:
    """Imports what is asked for, when it is: `import assistant` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
