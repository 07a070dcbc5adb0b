"""Makes an answer out of chosen sentences: every one a statement, verbatim, with the characters it stands at."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.answer.evidence import Evidence
from assistant.search.hybrid import Found, Sentence
from assistant.types import Answer, Citation, Document, Statement

# A mark of the source's own, "[7]", would read as one of ours.
_FOOTNOTE = re.compile(r"\[(\d+)\]")
NOT_IN_SOURCES = "The sources do not say."


def compose(question: str, found: Found, evidence: Evidence, documents: Mapping[str, Document]) -> Answer:
    """The answer that quotes the evidence's sentences in their order."""
    statements = tuple(
        _quote(number, sentence, documents[sentence.passage.document_id])
        for number, sentence in enumerate(evidence.sentences, 1)
    )
    return Answer(
        question=question,
        searched_for=found.query,
        text=" ".join(f"{each.text} [{each.citations[0].number}]" for each in statements),
        statements=statements,
        citations=tuple(citation for statement in statements for citation in statement.citations),
        hits=found.hits,
        short=evidence.short,
        certainty=evidence.certainty,
    )


def refusal(question: str, found: Found, certainty: float) -> Answer:
    """The answer that the sources do not say; its hits are the closest passages."""
    return Answer(
        question=question, searched_for=found.query, text=NOT_IN_SOURCES, hits=found.hits, certainty=certainty
    )


def _quote(number: int, sentence: Sentence, document: Document) -> Statement:
    citation = Citation(
        number=number,
        document_id=document.id,
        title=document.title,
        start=sentence.start,
        end=sentence.end,
        quote=document.text[sentence.start : sentence.end],
        page=document.page_at(sentence.start),
    )
    # Line breaks inside a sentence are the page's; the quote keeps them, the reader need not.
    text = " ".join(citation.quote.split())
    return Statement(_FOOTNOTE.sub(r"(\1)", text), (citation,), "quoted")
