"""Makes a case of a question that was asked and answered, and adds it to a file of cases."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant import Answer, Citation, Document, Turn
from assistant.wording import clip, count
from eval.cases import Case, CaseError, Span, case_to_json, faults, load_cases
from eval.cases.check import unknown_document
from eval.cases.form import CASE

_SHOWN = 80


def pick_turn(conversations: Sequence[Sequence[Answer]], number: int) -> tuple[Answer, tuple[Answer, ...]]:
    """The answer with this number, from 1 and counted through the whole file, and those before it in its conversation.

    Raises CaseError when there are not so many.
    """
    first = 1
    for conversation in conversations:
        place = number - first
        if 0 <= place < len(conversation):
            return conversation[place], tuple(conversation[:place])
        first += len(conversation)
    raise CaseError(f"There is no turn {number}: the file has {count(first - 1, 'answer')}, numbered from 1.")


def case_from_answer(
    identity: str,
    answer: Answer,
    before: Sequence[Answer],
    documents: Mapping[str, Document],
    *,
    unanswerable: bool = False,
    citations: Sequence[int] = (),
    quotes: Sequence[str] = (),
    quoted_from: str | None = None,
    answers: Sequence[str] = (),
    facts: Sequence[Sequence[str]] = (),
    tags: Sequence[str] = (),
) -> Case:
    """The case that asks `answer.question` after the turns `before`. What is right is for a person to say.

    An answer that was given: its evidence is the citations with the numbers `citations`, or all of them.
    Words of the documents in `quotes` are evidence too, and the only one if no citation is named with them, since
    who quotes other words mostly does so because the citations are wrong. `answers` default to the answer's
    few words, where the evidence has them. `facts` are patterns, of each of which one is found in a right answer.

    A refusal may be right or wrong, and which it is cannot be guessed: either `unanswerable` or `quotes` must
    tell. An answer that should have been a refusal is `unanswerable` as well.

    A case has only the words of earlier turns, so that a follow-up which was understood by their few-word
    answers can be searched for in another way than in the conversation. Raises CaseError with what is to be
    changed: a citation that is not there or stands otherwise in `documents`, words that are not in them exactly
    once (those of `quoted_from`, if it is given).
    """
    if unanswerable and (citations or quotes or answers):
        raise CaseError("An unanswerable case has no citations, quotes or answers. Leave them out, or --unanswerable.")
    if answer.refused and not (unanswerable or quotes):
        raise CaseError(
            f"{clip(answer.question, _SHOWN)!r} was refused. Add --unanswerable if the documents do not answer it, "
            'or --quote "exact words" where they do.'
        )
    kept: list[Citation] = []
    if citations or not (quotes or unanswerable):
        kept = _kept(answer, citations)
    evidence = [
        *(_cited(citation, documents) for citation in kept),
        *(find_quote(words, documents, quoted_from) for words in quotes),
    ]
    if not answers and answer.short and any(answer.short in text for text in (*(c.quote for c in kept), *quotes)):
        answers = (answer.short,)
    return Case(
        id=identity,
        question=answer.question,
        history=tuple(Turn(each.question, each.text) for each in before),
        answerable=not unanswerable,
        evidence=tuple(dict.fromkeys(evidence)),
        answers=tuple(answers),
        facts=tuple(map(tuple, facts)),
        tags=tuple(tags),
    )


def find_quote(words: str, documents: Mapping[str, Document], document_id: str | None = None) -> Span:
    """Where the words stand, in one document or in any, whatever white space parts them there.

    Raises CaseError unless they stand there exactly once.
    """
    if document_id is not None and document_id not in documents:
        raise CaseError(f"The quote is said to be of {unknown_document(document_id, documents)}")
    if not words.strip():
        raise CaseError("The quote is empty. Give words of the documents.")
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    places = [
        Span(document.id, found.start(), found.end())
        for document in documents.values()
        if document_id in (None, document.id)
        for found in pattern.finditer(document.text)
    ]
    shown = repr(clip(words, _SHOWN))
    if not places:
        where = "any document" if document_id is None else repr(document_id)
        raise CaseError(f"{shown} does not stand in {where}. Copy the words from the document, letter by letter.")
    if len(places) > 1:
        some = ", ".join(f"{place.document_id!r} at {place.start}" for place in places[:3])
        raise CaseError(
            f"{shown} stands in {len(places)} places ({some}{', …' * (len(places) > 3)}). "
            "Quote more words, or name the document."
        )
    return places[0]


def add_case(path: Path, case: Case, documents: Mapping[str, Document]) -> None:
    """Adds a line to a file of cases, or makes the file; its other lines stay as they are.

    Raises CaseError if the case has a fault, the file has one, or a case of it has the same id or asks the same.
    """
    for fault in (*CASE.faults(case_to_json(case)), *faults(case, documents)):
        raise CaseError(f"The case {case.id!r} {fault}")
    for earlier in load_cases(path, documents) if path.is_file() else ():
        if earlier.id == case.id:
            raise CaseError(f"{str(path)!r} has a case {case.id!r} already. Choose another id.")
        if _asks(earlier) == _asks(case):
            raise CaseError(f"The case {earlier.id!r} of {str(path)!r} asks the same already. Change that one.")
    line = json.dumps(case_to_json(case), ensure_ascii=False).encode() + b"\n"
    try:
        with path.open("ab+") as file:
            file.seek(max(0, file.tell() - 1))
            # A last line without its end, as editors leave it, would swallow the new one.
            unfinished = file.read() not in (b"", b"\n")
            file.write(b"\n" * unfinished + line)
    except OSError as error:
        raise CaseError(f"{str(path)!r} cannot be written ({error.strerror}). Name another file.") from error


def _kept(answer: Answer, numbers: Sequence[int]) -> list[Citation]:
    cited = {citation.number: citation for citation in answer.citations}
    for number in numbers:
        if number not in cited:
            raise CaseError(f"The answer has no citation {number}. It has {', '.join(map(str, cited)) or 'none'}.")
    return [cited[number] for number in numbers or cited]


def _cited(citation: Citation, documents: Mapping[str, Document]) -> Span:
    document = documents.get(citation.document_id)
    if document is None:
        raise CaseError(f"Citation {citation.number} is of {unknown_document(citation.document_id, documents)}")
    there = document.text[citation.start : citation.end]
    if there != citation.quote:
        raise CaseError(
            f"Citation {citation.number} quotes {clip(citation.quote, _SHOWN)!r} at {citation.start} of "
            f"{citation.document_id!r}, where the documents to be evaluated have {clip(there, _SHOWN)!r}: the index "
            "was built from another text. Give the words with --quote, or build the index again and ask again."
        )
    return Span(citation.document_id, citation.start, citation.end)


def _asks(case: Case) -> tuple[str, ...]:
    """What the case asks after what, however it is spaced and whatever was answered."""
    asked = (*(turn.question for turn in case.history), case.question)
    return tuple(" ".join(question.casefold().split()) for question in asked)
