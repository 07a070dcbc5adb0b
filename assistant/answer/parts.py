"""Takes a question that asks for several things apart: "When was it signed, and who signed it?" is two questions.

Each is searched and answered for itself, because no one sentence need answer them all. They are told apart by
rule, where a question is followed by what can only be another, and each is completed from those before it as a
follow-up is from the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.dialogue import standalone, unbound_pronoun
from assistant.answer.phrases import ASKING_WORD, AUXILIARY, PREPOSITION, QUOTED, bare
from assistant.types import Turn

_MOST = 4
"""So many parts are told apart; what follows stays with the last."""

# "And how they changed" may belong to what is before it, "and which is old" describes it, "and why" says too little.
_QUESTION = (
    rf"(?!(?-i:[A-Z]{{2}}))(?:(?:{PREPOSITION.pattern}) )?"
    rf"(?:(?:why|how|when|where) {AUXILIARY} \S+ \S|how (?:many|much|long|often) \S+ \S"
    rf"|(?:who|whom|whose|what) \S+ \S|which (?!{AUXILIARY}\b)\S+ \S)"
    rf"|{AUXILIARY} (?:it|they|he|she|there)\b"
)
_JOINT = re.compile(
    rf"(?:(?:,? and|,? as well as|;|\?) (?:and |also |then )*(?={_QUESTION})|\? (?={AUXILIARY}\b))", re.IGNORECASE
)
# "Which treaty and which year ..." is one question with two objects.
_ASKED = re.compile(
    rf"\b{ASKING_WORD} \S+ \S|(?:^|[.!?:,] ){AUXILIARY}\b|^(?:list|name|describe|explain)\b", re.IGNORECASE
)

# In "Did troops leave, and did it matter?" the pronoun is for all that is asked before it.
_OF_AN_EVENT = re.compile(rf"{AUXILIARY}\b", re.IGNORECASE)


def standalone_parts(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """The questions that the question is made of, each standing alone after the turns of `history`; mostly one."""
    completed: list[str] = []
    turns = list(history)
    for part in _parts(question):
        if completed and unbound_pronoun(part) and _leaves_open(turns[-1].question, completed[-1]):
            return (standalone(question, history),)
        completed.append(standalone(part, turns))
        turns.append(Turn(part, ""))
    return tuple(dict.fromkeys(completed))


def _leaves_open(part: str, completed: str) -> bool:
    """Whether a pronoun after this part cannot be told from it: it has one itself, or all of it may be meant."""
    return unbound_pronoun(completed) is not None or (part == completed and _OF_AN_EVENT.match(part) is not None)


def _parts(question: str) -> list[str]:
    """The question cut before each question that follows another in it, without what joins them."""
    quoted = [match.span() for match in QUOTED.finditer(question)]
    parts: list[str] = []
    start = 0
    for joint in _JOINT.finditer(question):
        inside = any(begin < joint.start() < end for begin, end in quoted)
        if inside or len(parts) == _MOST - 1 or not _ASKED.search(question[start : joint.start()]):
            continue
        parts.append(f"{bare(question[start : joint.start()])}?")
        start = joint.end()
    return [*parts, question[start:]]
