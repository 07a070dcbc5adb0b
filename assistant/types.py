"""The values that travel between stages: frozen, comparable, and lossless as JSON.

Offsets count characters of `Document.text`, 0-based and end exclusive, and
`document.text[start:end] == quote` holds for every passage and every citation.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

Verdict = Literal["quoted", "supported", "partly", "unsupported", "unchecked"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Document:
    """A source as it was read. `pages` holds the start offset of each page, if it has pages."""

    id: str
    title: str
    text: str
    date: str | None = None
    publisher: str | None = None
    url: str | None = None
    licence: str | None = None
    pages: tuple[int, ...] | None = None

    def page_at(self, offset: int) -> int | None:
        """The number, from 1, of the page that holds the character at `offset`; None without pages."""
        if not self.pages:
            return None
        return max(1, sum(start <= offset for start in self.pages))


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive whole sentences of one document under one heading: the unit of retrieval."""

    document_id: str
    title: str
    heading: str
    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text):
            raise ValueError(f"passage of {self.document_id!r}: {self.start}..{self.end} does not span its text")


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. Higher scores are better; they compare within one question only."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact characters of a source that support a statement. `number` is its marker, from 1."""

    number: int
    document_id: str
    title: str
    start: int
    end: int
    quote: str
    page: int | None = None

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.quote):
            raise ValueError(
                f"citation {self.number} of {self.document_id!r}: {self.start}..{self.end} is not its quote"
            )


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, what it rests on, and how well that was found to support it."""

    text: str
    citations: tuple[Citation, ...]
    verdict: Verdict

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict must be one of {VERDICTS}, not {self.verdict!r}")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements from different places that give different values for the same thing."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a question.

    `text` is the statements in order, each followed by its markers such as `[1]` and, where it is not supported, by a
    remark that says so; or the sentence
    that says the sources do not answer. Where sources disagree it says so first, and names the source of each
    side before what it says. The sides of `conflicts` are among the `statements`, and whatever these cite is
    in `citations`, by number. `short` is the few words of the evidence that answer, or "".
    `hits` are the passages that were considered, best first. `seconds` is the time it took.
    `certainty` is the probability, 0 to 1, that the sources answer the question, or those parts of it that are
    answered; None where it was not estimated. `unanswered` are the parts of the question that the sources do not
    answer, where they answer others. `note` says what else the reader should know: which parts those are, that
    a language model did not reply, or that a passage was taken to give orders to one; or "".
    """

    question: str
    searched_for: str
    text: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    hits: tuple[Hit, ...] = ()
    seconds: float = 0.0
    short: str = ""
    certainty: float | None = None
    note: str = ""
    unanswered: tuple[str, ...] = ()

    @property
    def provisional(self) -> bool:
        """True while an answer is being written: its statements are not checked yet, and may not stay."""
        return any(statement.verdict == "unchecked" for statement in self.statements)

    @property
    def refused(self) -> bool:
        """True when no statement is tied to a source: the sources do not answer the question."""
        return not self.provisional and not any(statement.citations for statement in self.statements)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` gives the same answer back. `refused` is included for readers."""
        return {**asdict(self), "refused": self.refused}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Answer:
        """The inverse of `to_dict`. Raises KeyError or TypeError when `fields` is not such a dict."""
        return cls(
            question=fields["question"],
            searched_for=fields["searched_for"],
            text=fields["text"],
            statements=tuple(_statement(each) for each in fields["statements"]),
            citations=tuple(Citation(**each) for each in fields["citations"]),
            conflicts=tuple(
                Conflict(tuple(_statement(each) for each in conflict["statements"])) for conflict in fields["conflicts"]
            ),
            hits=tuple(Hit(Passage(**each["passage"]), each["score"]) for each in fields["hits"]),
            seconds=fields["seconds"],
            short=fields["short"],
            certainty=fields.get("certainty"),
            note=fields.get("note", ""),
            unanswered=tuple(fields.get("unanswered", ())),
        )


def _statement(fields: dict[str, Any]) -> Statement:
    return Statement(fields["text"], tuple(Citation(**each) for each in fields["citations"]), fields["verdict"])


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: Answer | str
