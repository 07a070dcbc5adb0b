"""Cases and corpora: questions with the spans that answer them, and the documents they are asked of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from assistant import AssistantError, Document, Turn

_T = TypeVar("_T")


class CaseError(AssistantError):
    """A case or a corpus is not as it should be; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a document, 0-based, end exclusive."""

    document_id: str
    start: int
    end: int

    def meets(self, other: Span) -> bool:
        """Whether both are in one document and overlap by at least half of the shorter one."""
        overlap = min(self.end, other.end) - max(self.start, other.start)
        shorter = min(self.end - self.start, other.end - other.start)
        return self.document_id == other.document_id and overlap > 0 and overlap >= 0.5 * shorter


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what a right answer is.

    Any one of `evidence` suffices. `answers` are references in any form. `facts` are what the answer
    must hold: for each fact, patterns of which one is found. `conflict` is the values in dispute.
    """

    id: str
    question: str
    history: tuple[Turn, ...]
    answerable: bool
    evidence: tuple[Span, ...]
    answers: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    conflict: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def load_corpus(path: Path) -> tuple[Document, ...]:
    """The documents of a corpus, one JSON object a line: id, title, text, and date where known."""
    documents = []
    for place, row in _rows(path):
        try:
            date = row.get("date")
            identity, title, text = (_of(str, row[name]) for name in ("id", "title", "text"))
            documents.append(Document(identity, title, text, None if date is None else _of(str, date)))
        except KeyError as error:
            raise CaseError(f"{place} lacks {error}. A document has an id, a title and a text.") from error
        except TypeError as error:
            raise CaseError(f"{place} is not a document: {error}. Its id, title and text are texts.") from error
    return tuple(documents)


def load_cases(path: Path, documents: Mapping[str, Document]) -> tuple[Case, ...]:
    """The cases of a file, checked against the documents. Raises CaseError with the line of the first fault."""
    cases: list[Case] = []
    seen: set[str] = set()
    for place, row in _rows(path):
        try:
            case = _case(row)
        except (KeyError, TypeError, re.error) as error:
            raise CaseError(f"{place} is not a case ({error!r}). See eval/README.md for the format.") from error
        fault = _fault(case, documents)
        if case.id in seen:
            fault = f"has the id {case.id!r}, which an earlier case has. Give each case its own"
        if fault:
            raise CaseError(f"{place} {fault}.")
        seen.add(case.id)
        cases.append(case)
    return tuple(cases)


def _case(row: Mapping[str, Any]) -> Case:
    facts = tuple(_texts(alternatives) for alternatives in _of(list, row.get("facts", [])))
    for alternatives in facts:
        for pattern in alternatives:
            re.compile(pattern)
    return Case(
        id=_of(str, row["id"]),
        question=_of(str, row["question"]),
        history=tuple(Turn(_of(str, turn["question"]), _of(str, turn["answer"])) for turn in row["history"]),
        answerable=_of(bool, row["answerable"]),
        evidence=tuple(
            Span(_of(str, span["document_id"]), _of(int, span["start"]), _of(int, span["end"]))
            for span in row["evidence"]
        ),
        answers=_texts(row["answers"]),
        facts=facts,
        conflict=_texts(row.get("conflict", [])),
        tags=_texts(row.get("tags", [])) or ((_of(str, row["label"]),) if "label" in row else ()),
    )


def _of(kind: type[_T], value: Any) -> _T:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is not of type {kind.__name__}")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    # A text is a sequence of texts too, of one letter each.
    return tuple(_of(str, each) for each in _of(list, value))


def _fault(case: Case, documents: Mapping[str, Document]) -> str | None:
    if case.answerable and not case.evidence:
        return "is answerable and has no evidence. Give the spans that answer it"
    for span in case.evidence:
        document = documents.get(span.document_id)
        if document is None:
            return f"cites the unknown document {span.document_id!r}. Correct its id"
        if not 0 <= span.start < span.end <= len(document.text):
            return f"cites {span.start}..{span.end} of {span.document_id!r}, which has {len(document.text)} characters"
    return None


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each JSON object of a file with its place, in words."""
    try:
        # JSON may hold U+2028 and other characters at which splitlines() would break a line.
        lines = path.read_text("utf-8").split("\n")
    except OSError as error:
        raise CaseError(f"{str(path)!r} cannot be read ({error.strerror}). Check the path.") from error
    except UnicodeDecodeError as error:
        raise CaseError(f"{str(path)!r} is not UTF-8 ({error.reason} at byte {error.start}). Convert it.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"Line {number} of {str(path)!r}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise CaseError(f"{place} is not JSON ({error}). Correct or remove it.") from error
        if not isinstance(row, dict):
            raise CaseError(f"{place} is not a JSON object. Correct or remove it.")
        yield place, row
