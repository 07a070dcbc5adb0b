"""The question before a follow-up, and how a follow-up is put beside it or on a new condition."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answer.asking.phrases import bare
from assistant.search.terms import terms

APART = "; "
# A question that leans on more than one thing, or on all of the question before.
BESIDE = re.compile(r"(?P<question>.+) \((?P<context>[^()]+)\)")
CONDITIONAL = re.compile(r"\s+(?:if|unless|while)\b.+$", re.IGNORECASE)
_CONDITION_FIRST = re.compile(r"(?:if|unless|while)\b[^,]+,\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Before:
    """What a follow-up may lean on: the question before, as it stands alone, and what that itself leaned on.

    `question` is without `context`, which was only put beside it, "Is there a deposit?" of "Is there a deposit (the
    bicycle)?", and without a `condition` that the last turn added, "if it rains", because the next one is seldom asked
    of the rain. `person` is whom an answer named last, `subject` the last question that stood alone as it was typed and
    began something new, and `topics` is what the questions were about, the latest first.
    """

    question: str
    context: str = ""
    condition: str = ""
    person: str = ""
    subject: str = ""
    topics: tuple[str, ...] = ()

    @property
    def latest(self) -> str:
        """All of the last question."""
        return self.within(on_condition(self.question, self.condition) if self.condition else self.question)

    def within(self, question: str) -> str:
        """A question made out of this one, beside the same context."""
        return beside(question, self.context) if self.context else question

    def on_subject(self, question: str) -> str:
        """The question beside the subject of the conversation, if it names nothing of it and leans on nothing else."""
        told = set(terms(self.subject))
        leans = BESIDE.fullmatch(bare(question)) or not told or told.intersection(terms(question))
        return question if leans else beside(question, self.subject)


def beside(question: str, context: str) -> str:
    """The question with what it leans on beside it, in brackets, after what is there already.

    Of several things there the first is kept, and the last, which is what the conversation is about.
    """
    put = BESIDE.fullmatch(bare(question))
    stem, there = (put["question"], put["context"]) if put else (bare(question), "")
    leant_on = re.sub(r" ?\(([^()]*)\)", rf"{APART}\1", APART.join(filter(None, (there, context)))).split(APART)
    pieces = list(dict.fromkeys(filter(None, map(bare, leant_on))))
    return f"{stem} ({APART.join(pieces[:1] + pieces[1:][-1:])})?"


def on_condition(before: str, condition: str) -> str:
    """The question before on a new condition, which takes the place of one that it has at its end."""
    stem = _CONDITION_FIRST.sub("", bare(before), count=1) if _CONDITION_FIRST.match(before) else bare(before)
    old = CONDITIONAL.search(stem)
    condition = f"{condition[0].lower()}{condition[1:]}"
    return f"{stem[: old.start()] if old else stem} {condition}?"
