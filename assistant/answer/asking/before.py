"""The question before a follow-up, and how a follow-up is put beside it or on a new condition."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answer.asking.phrases import bare

APART, _LEANT_ON = "; ", 2
"""What is put beside a question may lean on something itself: so many of them are kept, the latest first."""
_CONDITIONAL = re.compile(r"\s+(?:if|unless|while)\b.+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Before:
    """What a follow-up may lean on: the question before, as it stands alone, and what that itself leaned on.

    `question` is without `context`, which was only put beside it, "Is there a deposit?" of "Is there a deposit (the
    bicycle)?", and without a `condition` that the last turn added, "if it rains", because the next one is seldom asked
    of the rain. `person` is whom an answer named last.
    """

    question: str
    context: str = ""
    condition: str = ""
    person: str = ""

    @property
    def latest(self) -> str:
        """All of the last question."""
        return self.within(on_condition(self.question, self.condition) if self.condition else self.question)

    def within(self, question: str) -> str:
        """A question made out of this one, beside the same context."""
        return beside(question, self.context) if self.context else question


def beside(question: str, context: str) -> str:
    """The question with what it leans on beside it, in brackets."""
    leant_on = re.sub(r" ?\(([^()]*)\)", rf"{APART}\1", context).split(APART)
    return f"{bare(question)} ({APART.join(bare(each) for each in leant_on[:_LEANT_ON])})?"


def on_condition(before: str, condition: str) -> str:
    """The question before on a new condition, which takes the place of one that it has at its end."""
    stem = bare(before)
    old = _CONDITIONAL.search(stem)
    condition = f"{condition[0].lower()}{condition[1:]}"
    return f"{stem[: old.start()] if old else stem} {condition}?"
