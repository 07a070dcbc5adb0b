"""Passages and citations as LlamaIndex's nodes.

A node's text is verbatim: it is that of the document between `start_char_idx` and `end_char_idx`. Embedders and
rerankers are given that text alone; a language model also reads where it is from.
"""

from __future__ import annotations

from typing import Any

from llama_index.core.schema import NodeRelationship, NodeWithScore, ObjectType, RelatedNodeInfo, TextNode

from assistant.types import VERDICTS, Answer, Citation, Document, Hit

_READ = ("title", "heading", "page", "date", "publisher")
"""What of a node's metadata a language model reads: it would only repeat ids and addresses."""


def node_of_hit(hit: Hit, document: Document) -> NodeWithScore:
    """The passage that was found, with its heading."""
    passage = hit.passage
    node = _node(document, passage.start, passage.end, passage.text, heading=passage.heading)
    return NodeWithScore(node=node, score=hit.score)


def node_of_citation(citation: Citation, document: Document, answer: Answer) -> NodeWithScore:
    """The quote, with its number, the weakest verdict of the statements that rest on it, and its passage's score."""
    verdicts = [statement.verdict for statement in answer.statements if citation in statement.citations]
    own = {"number": citation.number, "verdict": max(verdicts, key=VERDICTS.index)}
    scores = (hit.score for hit in answer.hits if _holds(hit, citation))
    return NodeWithScore(
        node=_node(document, citation.start, citation.end, citation.quote, **own), score=next(scores, None)
    )


def _holds(hit: Hit, citation: Citation) -> bool:
    passage = hit.passage
    inside = passage.start <= citation.start and citation.end <= passage.end
    return inside and passage.document_id == citation.document_id


def _node(document: Document, start: int, end: int, text: str, **own: Any) -> TextNode:
    known = {
        "page": document.page_at(start),
        "date": document.date,
        "publisher": document.publisher,
        "url": document.url,
    }
    metadata = {
        "document_id": document.id,
        "title": document.title,
        **own,
        **{name: value for name, value in known.items() if value is not None},
    }
    return TextNode(
        id_=f"{document.id}:{start}-{end}",
        text=text,
        start_char_idx=start,
        end_char_idx=end,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=[name for name in metadata if name not in _READ],
        relationships={
            NodeRelationship.SOURCE: RelatedNodeInfo(node_id=document.id, node_type=ObjectType.DOCUMENT),
        },
    )
