"""The assistant in a LlamaIndex program: as a retriever, as a query engine and as a chat engine.

Importing this room imports LlamaIndex. Nothing else in the package imports this room.
"""

from __future__ import annotations

from assistant.llamaindex.chat_engine import AssistantChatEngine
from assistant.llamaindex.query_engine import AssistantQueryEngine
from assistant.llamaindex.retriever import AssistantRetriever

__all__ = ["AssistantChatEngine", "AssistantQueryEngine", "AssistantRetriever"]
