"""Finds first questions to offer: drawn from sentences of the documents, kept only if those sentences answer them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.ingest.blocks import find_blocks
from assistant.ingest.sentences import Span, sentence_spans
from assistant.types import Document

_DOCUMENTS = 12
_CHARACTERS = 20_000
_TRIES = 16

_SUBJECT = r"(?P<subject>[A-Z][^,;:()]{3,70}?)"
_DATE = r"(?:[A-Z][a-z]+ \d{1,2}, |\d{1,2} [A-Z][a-z]+ |[A-Z][a-z]+ )?\d{4}\b"
_LISTS = "include|require|cover|contain|emphasize|provide"
_FORMS = tuple(
    (re.compile(f"{_SUBJECT} {predicate}"), question)
    for predicate, question in (
        (rf"(?P<be>was|were) (?P<verb>\w+ed|made|built|held|born|won)\b.* (?:in|on) {_DATE}", "When {be} {it} {verb}?"),
        (r"(?P<be>is|are|was|were) (?:designed|intended|meant) to ", "What {be} {it} designed to do?"),
        (r"(?P<verb>aim|seek)s to ", "What does {it} {verb} to do?"),
        (rf"(?P<verb>{_LISTS})s ", "What does {it} {verb}?"),
        (rf"(?P<verb>{_LISTS}) ", "What do {it} {verb}?"),
        (r"(?P<be>is|are) (?:an?|the|one) ", "What {be} {it}?"),
    )
)
# Words that point at an earlier sentence, or open a clause instead of naming a thing.
_NOT_FIRST = frozenset(
    "this that these those it its they their he his she her we our you your such both each some many most one all "
    "there here what who when where how if in on at by for from with as after before since during over under "
    "although though while because however thus see key other another several".split()
)
_NOT_INSIDE = frozenset(
    "that which who whom whose to has have had can could will would may might must should also often".split()
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    question: str
    about: str
    document: Document
    sentence: Span


def example_questions(assistant: Assistant, limit: int = 4) -> tuple[str, ...]:
    """Up to `limit` questions, from as many documents and of as many kinds as there are; () if none is good.

    Each was asked, and the sentence it was drawn from is among those that answered it.
    """
    found: dict[str, str] = {}
    for candidate in islice(_candidates(assistant.documents[:_DOCUMENTS]), _TRIES):
        if len(found) == limit:
            break
        if candidate.about not in found and _answers(assistant, candidate):
            found[candidate.about] = candidate.question
    return tuple(found.values())


def _candidates(documents: Sequence[Document]) -> Iterator[_Candidate]:
    """The candidates of all documents in turn."""
    rounds = zip_longest(*(_of_document(document, turn) for turn, document in enumerate(documents)))
    return (each for each in chain.from_iterable(rounds) if each)


def _of_document(document: Document, turn: int) -> Iterator[_Candidate]:
    """The candidates of one document: its forms in turn, the `turn`-th first, longer subjects before shorter."""
    by_form: list[list[_Candidate]] = [[] for _ in _FORMS]
    for start, end in _sentences(document.text[:_CHARACTERS]):
        sentence = " ".join(document.text[start:end].split())
        for place, (pattern, question) in enumerate(_FORMS):
            match = pattern.match(sentence)
            if match and (subject := _subject(match["subject"], document.text)):
                asked = question.format(**match.groupdict(), it=subject)
                by_form[place].append(_Candidate(asked, subject, document, (start, end)))
                break
    for candidates in by_form:
        candidates.sort(key=lambda each: -len(each.about.split()))
    first = turn % len(by_form)
    rounds = zip_longest(*by_form[first:], *by_form[:first])
    return (each for each in chain.from_iterable(rounds) if each)


def _sentences(text: str) -> Iterator[Span]:
    for block in find_blocks(text):
        if block.kind == "text":
            yield from sentence_spans(text, block.start, block.end)


def _subject(words: str, text: str) -> str:
    """The subject as it stands inside a sentence, or "" when it does not name a thing by itself."""
    first, *rest = words.split()
    opening = first.lower()
    if opening in _NOT_FIRST or opening.endswith(("ing", "ly")) or len(rest) > 5 or _NOT_INSIDE.intersection(rest):
        return ""
    article = opening in {"the", "a", "an"}
    if article and not rest:
        return ""
    # A name keeps its capital: it has one elsewhere too, in the middle of a sentence.
    name = not first.istitle() or re.search(rf"[a-z,] {re.escape(first)}\b", text)
    return " ".join([opening if article or not name else first, *rest])


def _answers(assistant: Assistant, candidate: _Candidate) -> bool:
    try:
        citations = assistant.ask(candidate.question).citations
    except AssistantError:
        return False
    start, end = candidate.sentence
    return any(
        each.document_id == candidate.document.id and each.start < end and start < each.end for each in citations
    )
