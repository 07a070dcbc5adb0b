"""A plain pipeline: LlamaIndex's default retrieval, over the assistant's own Chroma collection and embedder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import Hit, Settings
from assistant.search.embed import Embedder, open_embedder
from assistant.search.store import Store, check_record, open_chroma, read_record
from eval.systems.base import HITS, System, SystemUnavailable, plain_pipeline

if TYPE_CHECKING:
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.embeddings import BaseEmbedding


@contextmanager
def open_llamaindex(path: Path, settings: Settings) -> Iterator[System]:
    """Ranks passages by the cosine of their vectors to the question's. Writes nothing to the store.

    Raises SystemUnavailable where LlamaIndex is not installed, and what `Assistant.open` raises.
    """
    embedder = open_embedder(settings.embedder)
    check_record(path, read_record(path), embedder.name, settings.passage_characters)
    with closing(Store(path)) as store, closing(open_chroma(path / store.record.generation / "chroma")) as client:
        retriever = _retriever(client.get_collection("passages", embedding_function=None), embedder)

        def find(question: str) -> Sequence[Hit]:
            # The collection holds no texts; the id of a node is the number of its passage.
            return [
                Hit(store.splits[int(each.node_id)].passage, each.get_score(raise_error=True))
                for each in retriever.retrieve(question)
            ]

        yield plain_pipeline(find, store.documents)


def _retriever(collection: Any, embedder: Embedder) -> BaseRetriever:
    try:
        from llama_index.core import VectorStoreIndex
        from llama_index.vector_stores.chroma import ChromaVectorStore
    except ImportError as error:
        raise SystemUnavailable(
            f"The system 'llamaindex' needs packages that are not installed ({error}). "
            'Run: pip install -c constraints.txt -e ".[eval]"'
        ) from error
    vectors = ChromaVectorStore(chroma_collection=collection)
    index = VectorStoreIndex.from_vector_store(vectors, embed_model=_embedding(embedder))
    return index.as_retriever(similarity_top_k=HITS)


def _embedding(embedder: Embedder) -> BaseEmbedding:
    """The embedder in the form that LlamaIndex asks for."""
    from llama_index.core.embeddings import BaseEmbedding

    class Wrapped(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            vector: list[float] = embedder.embed([query])[0].tolist()
            return vector

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_query_embedding(text)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    return Wrapped(model_name=embedder.name)
