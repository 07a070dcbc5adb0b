"""What is wrong with a case, and what may be: a fault makes its measures meaningless, a doubt wants a second look.

Both are the rest of a sentence that starts with a place: "Line 2 of 'cases.jsonl'" + " " + fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from assistant import Document
from eval.cases.case import Case, Span
from eval.cases.words import plain_words


def faults(case: Case, documents: Mapping[str, Document]) -> Iterator[str]:
    """What keeps the case from being measured against these documents."""
    if not case.id.strip():
        yield "has an empty id. Give it one."
    if not case.question.strip():
        yield "asks an empty question. Write one."
    if case.answerable and not case.evidence:
        yield "is answerable and has no evidence. Give the spans that answer it, or make it unanswerable."
    if not case.answerable:
        expected = {"evidence": case.evidence, "answers": case.answers, "facts": case.facts, "conflict": case.conflict}
        for name in (name for name, values in expected.items() if values):
            yield f"is not answerable and has {name!r}. Empty that list, or make the case answerable."
    for number, patterns in enumerate(case.facts):
        yield from _fact_faults(f"facts[{number}]", patterns)
    for number, answer in enumerate(case.answers):
        if not answer.strip():
            yield f"has an empty answers[{number}], which says nothing. Write a reference or remove it."
    for number, value in enumerate(case.conflict):
        if not plain_words(value):
            yield f"has {value!r} as conflict[{number}], which has no words to look for. Write the value or remove it."
    for span in case.evidence:
        yield from _span_faults(span, documents)
    if case.document_id is not None and case.document_id not in documents:
        yield f"is about {unknown_document(case.document_id, documents)}"


def doubts(case: Case, documents: Mapping[str, Document]) -> Iterator[str]:
    """What the evidence of a sound case should hold and does not, and what no answer can match.

    A fact of which no pattern is found in it, in any letter case; a value in dispute whose words do not all
    stand in one span of it. References are not held to it: most are worded otherwise than the documents. But one
    without words, such as "A" or "+", matches no answer.
    """
    texts = [" ".join(documents[span.document_id].text[span.start : span.end].split()) for span in case.evidence]
    for patterns in case.facts:
        if not any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns for text in texts):
            yield f"wants the fact {patterns[0]!r}, which is not in its evidence. Correct the pattern or the spans."
    for value in case.conflict:
        if not any(_words(value) <= _words(text) for text in texts):
            yield f"has the value {value!r} in dispute, which is not in its evidence. Correct it or the spans."
    for answer in case.answers:
        if not plain_words(answer):
            yield f"has the reference {answer!r}, which has no words, articles aside. Add one with words."


def unknown_document(document_id: str, documents: Mapping[str, Document]) -> str:
    """The end of a sentence about an id that no document has, and the id that may be meant."""
    closest = get_close_matches(document_id, documents, 1)
    hint = f"Is {closest[0]!r} meant?" if closest else "No id is like it: are these the right documents?"
    return f"the unknown document {document_id!r}. {hint}"


def _fact_faults(field: str, patterns: tuple[str, ...]) -> Iterator[str]:
    if not patterns:
        yield f"has an empty {field}, which no answer matches. Give patterns or remove it."
    for number, pattern in enumerate(patterns):
        if not pattern:
            yield f"has an empty {field}[{number}], which every answer matches. Write a pattern or remove it."
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            yield f"has {pattern!r} as {field}[{number}], which is no regular expression ({error}). Correct it."


def _span_faults(span: Span, documents: Mapping[str, Document]) -> Iterator[str]:
    document = documents.get(span.document_id)
    if document is None:
        yield f"cites {unknown_document(span.document_id, documents)}"
    elif not 0 <= span.start <= span.end <= len(document.text):
        yield (
            f"cites {span.start}..{span.end} of {span.document_id!r}, which has {len(document.text)} characters. "
            "Correct the span."
        )
    elif span.start == span.end:
        yield f"cites {span.start}..{span.end} of {span.document_id!r}, which is empty. Correct the span."


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
