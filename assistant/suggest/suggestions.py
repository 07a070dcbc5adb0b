"""Suggested questions, which of them to offer when, and their file beside the store."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from assistant.errors import StoreError
from assistant.files import write_whole
from assistant.search.store import read_record
from assistant.types import Answer, Passage

_QUESTION_CHARACTERS = 300
_FILE_BYTES = 4_000_000
_CLOSEST = 3
"""How many passages of those found are near to a question that was not answered."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, its form such as "when", and the place of the sentence that it was drawn from and that answers it."""

    question: str
    form: str
    document_id: str
    heading: str
    start: int
    end: int

    def __post_init__(self) -> None:
        words = (self.question, self.form, self.document_id, self.heading)
        if not all(isinstance(each, str) for each in words):
            raise ValueError(f"not a question with its form and place: {words!r}")
        if not _words(self.question) or len(self.question) > _QUESTION_CHARACTERS:
            raise ValueError(f"not a question: {self.question[:_QUESTION_CHARACTERS]!r}")
        if not all(type(each) is int for each in (self.start, self.end)) or not 0 <= self.start < self.end:
            raise ValueError(f"no sentence stands at {self.start!r}..{self.end!r}")


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Questions made from one generation of a store; `generation` is "" where none were made yet."""

    questions: tuple[Suggestion, ...] = ()
    generation: str = ""

    @classmethod
    def load(cls, store: Path) -> Self:
        """Those made from what the store now holds; none if there are none, or their file is not as it was written.

        Raises StoreMissing, StoreDamaged or StoreMismatch.
        """
        generation = read_record(store).generation
        try:
            path = _file(store, generation)
            if path.stat().st_size > _FILE_BYTES:
                return cls()
            fields = json.loads(path.read_text("utf-8"))
            if fields["sha256"] != _checksum(fields["questions"]):
                return cls()
            return cls(tuple(Suggestion(**each) for each in fields["questions"]), generation)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return cls()

    def save(self, store: Path) -> None:
        """Keeps them beside the generation they were made from; not when the store now holds another.

        Raises StoreError when the file cannot be written.
        """
        if read_record(store).generation != self.generation:
            return
        path = _file(store, self.generation)
        rows = [asdict(each) for each in self.questions]
        try:
            write_whole(path, json.dumps({"sha256": _checksum(rows), "questions": rows}, ensure_ascii=False, indent=1))
            for old in store.glob(_file(store, "*").name):
                if old.name != path.name:
                    old.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"The suggested questions cannot be written to {str(path)!r} ({error.strerror or error}). "
                "Make room or give permission, then index again."
            ) from error

    def first(self, limit: int = 4, documents: Collection[str] | None = None) -> tuple[str, ...]:
        """Up to `limit` questions to begin with, from as many documents and of as many forms as there are.

        `documents`, if given, are the ids of those that are searched.
        """
        rounds: dict[str, list[Suggestion]] = {}
        for each in self.questions:
            if documents is None or each.document_id in documents:
                rounds.setdefault(each.document_id, []).append(each)
        chosen: list[Suggestion] = []
        while len(chosen) < limit and any(rounds.values()):
            for waiting in rounds.values():
                if waiting and len(chosen) < limit:
                    chosen.append(
                        waiting.pop(min(range(len(waiting)), key=lambda i: i / 5 + _likeness(waiting[i], chosen)))
                    )
        return tuple(each.question for each in chosen)

    def after(self, answer: Answer, asked: Collection[str], limit: int = 3) -> tuple[str, ...]:
        """Up to `limit` questions about what stands near that which was cited, or found where nothing was cited.

        First those under the same heading, then those of the same document, then those of the closest passages
        and of those that were found before one that answers. None was asked already, and none is answered by
        what the answer quotes.
        """
        known = {_words(each) for each in (answer.question, answer.searched_for, *asked)}
        fresh = [each for each in self.questions if _words(each.question) not in known and not _is_quoted(each, answer)]
        near = dict.fromkeys(each.question for each in _nearest(fresh, answer))
        return tuple(near)[:limit]


def _nearest(questions: Collection[Suggestion], answer: Answer) -> Iterator[Suggestion]:
    cited = {citation.document_id: citation.start for citation in reversed(answer.citations)}
    ranks = [
        rank
        for rank, hit in enumerate(answer.hits)
        if any(_stands_in(hit.passage, each.document_id, each.start) for each in answer.citations)
    ]
    headings = {(answer.hits[rank].passage.document_id, answer.hits[rank].passage.heading) for rank in ranks}
    same_document = sorted(
        (each for each in questions if each.document_id in cited),
        key=lambda each: abs(each.start - cited[each.document_id]),
    )
    yield from (each for each in same_document if (each.document_id, each.heading) in headings)
    yield from same_document
    # What was found after them is about something else.
    for hit in answer.hits[: max([_CLOSEST, *ranks])]:
        yield from (each for each in questions if _stands_in(hit.passage, each.document_id, each.start))


def _stands_in(passage: Passage, document_id: str, start: int) -> bool:
    return passage.document_id == document_id and passage.start <= start < passage.end


def _likeness(suggestion: Suggestion, chosen: Collection[Suggestion]) -> float:
    """How much the question is like those chosen: one of its form counts as much as one of all its words."""
    own = set(_words(suggestion.question))
    return sum((each.form == suggestion.form) + len(own & set(_words(each.question))) / len(own) for each in chosen)


def _is_quoted(suggestion: Suggestion, answer: Answer) -> bool:
    return any(
        each.document_id == suggestion.document_id and each.start < suggestion.end and suggestion.start < each.end
        for each in answer.citations
    )


def _words(question: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(question.casefold()))


def _file(store: Path, generation: str) -> Path:
    # The record is a file that others may have written; a name in it is no path.
    return store / f"suggestions-of-{Path(generation).name}.json"


def _checksum(rows: Any) -> str:
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
