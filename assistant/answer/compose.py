"""Makes an answer out of chosen sentences: every one a statement, verbatim, with the characters it stands at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.answer.asking.reference import Reference
from assistant.answer.conflicts.wording import disagreement, side
from assistant.answer.evidence import Evidence
from assistant.search.hybrid import Found, Sentence
from assistant.types import Answer, Citation, Conflict, Document, Statement, Verdict
from assistant.wording import (
    REMARKS,
    clip,
    not_all_in_sources,
    not_in_sources,
    not_said_which,
    one_line,
    unmarked,
    what_can_be_asked,
    withheld,
)

_LONGEST_NAME = 80


def compose(question: str, found: Found, evidence: Evidence, documents: Mapping[str, Document]) -> Answer:
    """The answer that quotes the evidence's sentences in their order, and names the sources of those that disagree."""
    statements, citations = tie([(_words(each), "quoted", (each,)) for each in evidence.sentences], documents)
    quoting = dict(zip(evidence.sentences, statements, strict=True))
    announced = {sides[0]: sides for sides in evidence.conflicts}
    disputed = {sentence for sides in evidence.conflicts for sentence in sides}
    parts = []
    for sentence, statement in quoting.items():
        if sides := announced.get(sentence):
            parts.append(disagreement([each.passage.document_id for each in sides]))
        (citation,) = statement.citations
        source = f"{side(citation, documents[citation.document_id].date)} " if sentence in disputed else ""
        parts.append(f"{source}{with_markers(statement)}")
    return Answer(
        question=question,
        searched_for=found.query,
        text=" ".join(parts),
        statements=statements,
        citations=citations,
        # While an answer grows, sides are still to come.
        conflicts=tuple(
            Conflict(tuple(quoting[each] for each in sides))
            for sides in evidence.conflicts
            if quoting.keys() >= set(sides)
        ),
        hits=evidence.hits,
        short=evidence.short,
        certainty=evidence.certainty,
        note=_note(found, evidence, documents),
        unanswered=evidence.unanswered,
    )


def _note(found: Found, evidence: Evidence, documents: Mapping[str, Document]) -> str:
    """What is not answered of the question, and what was not quoted."""
    unanswered = [not_all_in_sources(evidence.unanswered, found.searched)] if evidence.unanswered else []
    return " ".join([*unanswered, *(withheld(_named(documents[each].title)) for each in evidence.withheld)])


def refusal(question: str, found: Found, evidence: Evidence, documents: Mapping[str, Document]) -> Answer:
    """The answer that the sources do not say; its hits are the closest passages."""
    return Answer(
        question=question,
        searched_for=found.query,
        text=not_in_sources(found.searched),
        hits=evidence.hits,
        certainty=evidence.certainty,
        note=_note(found, evidence, documents),
    )


def open_question(question: str, found: Found, evidence: Evidence, reference: Reference) -> Answer:
    """The answer that the question does not say what it is about; its hits are what it may be about.

    It has no certainty: whether the sources answer cannot be told before it is known what is asked.
    """
    return Answer(
        question=question,
        searched_for=found.query,
        text=not_said_which(reference.phrase, [_named(each) for each in reference.candidates]),
        hits=evidence.hits,
    )


def introduction(question: str, documents: Iterable[Document]) -> Answer:
    """The answer to who asks about the assistant itself: what it does, and for which documents."""
    return Answer(question, "", what_can_be_asked([_named(each.title) for each in documents]))


def _named(candidate: str) -> str:
    """Words of a document as they can stand in a sentence of ours: on one line, printable, without marks like ours."""
    return clip(unmarked(one_line(candidate)), _LONGEST_NAME)


def tie(
    said: Sequence[tuple[str, Verdict, Sequence[Sentence]]], documents: Mapping[str, Document]
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Statements out of words, a verdict and the sentences they rest on; and their citations, each place once.

    Citations are numbered from 1 in the order in which they are first needed.
    """
    cited: dict[Sentence, Citation] = {}
    statements = []
    for text, verdict, sentences in said:
        for sentence in sentences:
            if sentence not in cited:
                cited[sentence] = _cite(len(cited) + 1, sentence, documents[sentence.passage.document_id])
        own = tuple(cited[sentence] for sentence in sentences)
        statements.append(Statement(unmarked(text), own, verdict))
    return tuple(statements), tuple(cited.values())


def with_markers(statement: Statement) -> str:
    """The statement followed by the markers of its citations, and by what is to be said of it."""
    remark = [f"({REMARKS[statement.verdict]})"] if statement.verdict in REMARKS else []
    return " ".join((statement.text, *(f"[{citation.number}]" for citation in statement.citations), *remark))


def _words(sentence: Sentence) -> str:
    """The sentence on one line: breaks inside it are the page's. The quote keeps them, the reader need not."""
    return " ".join(sentence.text.split())


def _cite(number: int, sentence: Sentence, document: Document) -> Citation:
    return Citation(
        number=number,
        document_id=document.id,
        title=document.title,
        start=sentence.start,
        end=sentence.end,
        quote=document.text[sentence.start : sentence.end],
        page=document.page_at(sentence.start),
    )
