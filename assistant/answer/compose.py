"""Makes an answer out of chosen sentences: every one a statement, verbatim, with the characters it stands at."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.answer.conflicts.wording import disagreement, side
from assistant.answer.evidence import Evidence
from assistant.answer.reference import Reference
from assistant.search.hybrid import Found, Sentence
from assistant.types import Answer, Citation, Conflict, Document, Statement
from assistant.wording import clip, not_in_sources, not_said_which

# A mark of the source's own, "[7]", would read as one of ours.
_FOOTNOTE = re.compile(r"\[(\d+)\]")
_LONGEST_NAME = 80


def compose(question: str, found: Found, evidence: Evidence, documents: Mapping[str, Document]) -> Answer:
    """The answer that quotes the evidence's sentences in their order, and names the sources of those that disagree."""
    statements = tuple(
        _quote(number, sentence, documents[sentence.passage.document_id])
        for number, sentence in enumerate(evidence.sentences, 1)
    )
    sides = len(evidence.disagreeing)
    parts = [disagreement([each.passage.document_id for each in evidence.disagreeing])] if sides else []
    for place, statement in enumerate(statements):
        (citation,) = statement.citations
        source = f"{side(citation, documents[citation.document_id].date)} " if place < sides else ""
        parts.append(f"{source}{statement.text} [{citation.number}]")
    return Answer(
        question=question,
        searched_for=found.query,
        text=" ".join(parts),
        statements=statements,
        citations=tuple(citation for statement in statements for citation in statement.citations),
        # While an answer grows, sides are still to come.
        conflicts=(Conflict(statements[:sides]),) if 0 < sides <= len(statements) else (),
        hits=found.hits,
        short=evidence.short,
        certainty=evidence.certainty,
    )


def refusal(question: str, found: Found, certainty: float) -> Answer:
    """The answer that the sources do not say; its hits are the closest passages."""
    return Answer(
        question=question,
        searched_for=found.query,
        text=not_in_sources(found.searched),
        hits=found.hits,
        certainty=certainty,
    )


def open_question(question: str, found: Found, reference: Reference) -> Answer:
    """The answer that the question does not say what it is about; its hits are what it may be about.

    It has no certainty: whether the sources answer cannot be told before it is known what is asked.
    """
    return Answer(
        question=question,
        searched_for=found.query,
        text=not_said_which(reference.phrase, [_named(each) for each in reference.candidates]),
        hits=found.hits,
    )


def _named(candidate: str) -> str:
    """Words of a document as they can stand in a sentence of ours: on one line, printable, without marks like ours."""
    shown = "".join(character if character.isprintable() else " " for character in candidate)
    return clip(_FOOTNOTE.sub(r"(\1)", " ".join(shown.split())), _LONGEST_NAME)


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
