"""The assistant's answer as LlamaIndex's response, and the query engine that gives it."""

from __future__ import annotations

import asyncio

from llama_index.core.base.response.schema import Response
from llama_index.core.query_engine import CustomQueryEngine

from assistant.assistant import Assistant
from assistant.llamaindex.nodes import node_of_citation
from assistant.types import Answer

_TOLD = ("refused", "short", "certainty", "searched_for", "conflicts", "note")


class AssistantQueryEngine(CustomQueryEngine):
    """Answers each question by itself, from the documents with the ids `documents` alone if these are given.

    The response's source nodes are the answer's citations, with `number` (the marker in the text), `verdict`,
    `document_id`, `title`, and where known `page`, `date`, `publisher` and `url` as metadata. The response's own
    metadata has `refused`, `short`, `certainty`, `searched_for`, `conflicts` and `note`, and the whole answer as
    `answer`.
    """

    assistant: Assistant
    documents: frozenset[str] | None = None

    def custom_query(self, query_str: str) -> Response:
        """As `Assistant.ask`."""
        return response_of(self.assistant.ask(query_str, documents=self.documents), self.assistant)

    async def acustom_query(self, query_str: str) -> Response:
        """As `Assistant.ask`, in a thread."""
        return await asyncio.to_thread(self.custom_query, query_str)


def response_of(answer: Answer, assistant: Assistant) -> Response:
    """The answer with its citations as source nodes; a refused one has none."""
    fields = answer.to_dict()
    nodes = [node_of_citation(each, assistant.document(each.document_id), answer) for each in answer.citations]
    return Response(answer.text, nodes, {**{name: fields[name] for name in _TOLD}, "answer": fields})
