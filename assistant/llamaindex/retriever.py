"""The assistant's search as LlamaIndex's retriever."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from llama_index.core.callbacks import CallbackManager
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.assistant import Assistant
from assistant.llamaindex.nodes import node_of_hit


class AssistantRetriever(BaseRetriever):
    """Finds passages by hybrid search, ranked anew by what the reader makes of their sentences, best first.

    There are as many as the assistant's setting `passages` says.

    A node's metadata has `document_id`, `title` and `heading`, and where known `page`, `date`, `publisher`
    and `url`. Its id stays the same for as long as its place in the document does.
    """

    def __init__(
        self,
        assistant: Assistant,
        *,
        documents: Collection[str] | None = None,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        """Searches the documents with the ids `documents` alone if these are given."""
        super().__init__(callback_manager=callback_manager)
        self._assistant = assistant
        self._documents = documents

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        _, hits = self._assistant.search(query_bundle.query_str, documents=self._documents)
        return [node_of_hit(hit, self._assistant.document(hit.passage.document_id)) for hit in hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)
