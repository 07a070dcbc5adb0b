"""How things are put for a person, the same in the terminal and in the browser."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.types import Answer, Statement, Verdict

_MARKER = re.compile(r"\[(\d+)\]")
CLOSEST = 3
"""How many of the closest passages are shown with a refusal."""
BEING_WRITTEN = "Being written; not checked yet"
NOTHING_ASKED = "Ask a question about the documents: each sentence of the answer shows where it stands in them."
"""The answer to a greeting or thanks."""
_NAMED = 5
"""So many documents are named to who asks which there are, or for one that there is not."""
_AS_LIKELY_AS_NOT = 0.33
_STEPS = (
    (0.9, "very likely answers", "very likely"),
    (0.66, "probably answers", "likely"),
    (_AS_LIKELY_AS_NOT, "may or may not answer", "about as likely as not"),
    (0.1, "probably does not answer", "unlikely"),
    (0.0, "very likely does not answer", "very unlikely"),
)
"""Least probabilities of what is said of an answer, and of the sources after a refusal."""


REMARKS: dict[Verdict, str] = {
    "partly": "only partly supported",
    "unsupported": "not supported",
    "unchecked": "not checked",
}
"""What is said of a statement, if anything: of one that is quoted or supported there is nothing to remark."""


def unmarked(text: str) -> str:
    """`text` in which what could be taken for a marker of an answer stands in round brackets."""
    return _MARKER.sub(r"(\1)", text)


def printable(text: str) -> str:
    """`text` with a blank for each character that cannot be printed, or that changes how others are shown."""
    return "".join(character if character.isprintable() else " " for character in text)


def one_line(text: str) -> str:
    """The printable `text` on one line, with single blanks between its words."""
    return " ".join(printable(text).split())


def count(number: int, noun: str) -> str:
    """The number with its noun: "1 document", "1,200 documents"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def clip(text: str, limit: int) -> str:
    """At most `limit` characters of `text`, cut between words where there are any, with an ellipsis if cut."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    return (head[: head.rfind(" ")] if " " in head[limit // 2 :] else head).rstrip() + " …"


def what_can_be_asked(titles: Sequence[str]) -> str:
    """What is told to who asks what the assistant does, or which documents it has."""
    there = "There is" if len(titles) == 1 else "There are"
    return f"{NOTHING_ASKED} {there} {count(len(titles), 'document')}: {some_of([f'“{title}”' for title in titles])}."


def some_of(names: Sequence[str]) -> str:
    """The first of the names, and how many more there are."""
    named = ", ".join(names[:_NAMED])
    return f"{named} and {len(names) - _NAMED:,} more" if len(names) > _NAMED else named


def not_in_sources(searched: int | None = None) -> str:
    """That the sources do not answer; where only some documents were searched, how many, since others may."""
    if searched is None:
        return "The sources do not say."
    if searched == 1:
        return "The one document that was searched does not say. The others were not searched."
    return f"The {searched:,} documents that were searched do not say. The others were not searched."


def not_all_in_sources(unanswered: Sequence[str], searched: int | None = None) -> str:
    """That the sources do not answer these parts of a question, the others of which they do."""
    return " ".join((*(f"“{part}”" for part in unanswered), not_in_sources(searched)))


def withheld(title: str) -> str:
    """That a passage of the document with this title, which came first, is not quoted."""
    return f"A passage of “{title}” that may be about this was taken to give orders to language models, and not quoted."


def not_said_which(phrase: str, candidates: Sequence[str]) -> str:
    """That the question does not say what `phrase` of it refers to, and what it may have to do with."""
    named = [f"“{candidate}”" for candidate in candidates if candidate]
    offered = " or ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))
    about = f" It may have to do with {offered}." if named else ""
    return f"I do not know what “{phrase}” refers to.{about} Ask again and name what you mean."


def searched_for(answer: Answer) -> str:
    """What was searched for, if that is not what was asked; else ""."""
    return "" if _folded(answer.searched_for) == _folded(answer.question) else answer.searched_for


def undisputed(answer: Answer) -> tuple[Statement, ...]:
    """The statements that are not among the sides of a conflict, which are told apart from them."""
    disputed = [statement for conflict in answer.conflicts for statement in conflict.statements]
    return tuple(statement for statement in answer.statements if statement not in disputed)


def waiting(answer: Answer | None) -> str:
    """What is waited for while an answer grows that has no words yet."""
    found = answer is not None and answer.certainty is not None and not answer.text
    return "Waiting for the language model …" if found else "Searching the sources …"


def sureness(answer: Answer) -> str:
    """How sure the answer is, in a sentence with the probability behind it.

    It is "" where none was estimated, and for what nobody checked.

    The steps are those of the calibrated language of the Intergovernmental Panel on Climate Change (Mastrandrea
    et al. 2010), whose readers are not statisticians: beyond 9 in 10 and beyond 2 in 3 one way, the other way, and
    between them as likely as not. Finer steps are not told apart by readers (Budescu et al. 2009). The percentage
    is always the probability that the sources answer, so a refusal says how likely that is.
    """
    if answer.certainty is None or answer.provisional:
        return ""
    answers, likely = next(said for least, *said in _STEPS if answer.certainty >= least)
    percent = min(99, max(1, round(100 * answer.certainty)))  # no estimate is beyond doubt
    if answer.refused:
        # Refused all the same only where somebody set a higher bar.
        less = ", which is less than the settings ask for" if answer.certainty >= _AS_LIKELY_AS_NOT else ""
        return f"It is {likely} that the sources answer the question ({percent}%){less}."
    asked = "the rest of the question" if answer.unanswered else "the question"
    # That what is shown "probably does not answer" would read like a mistake.
    closest = "Nothing closer was found than this, which" if answer.certainty < _AS_LIKELY_AS_NOT else "This"
    return f"{closest} {answers} {asked} ({percent}%)."


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(" ?.!")
