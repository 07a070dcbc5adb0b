"""Whether one sentence says yes and the other no: by negation, or by words that are opposites."""

from __future__ import annotations

import re
from functools import cache

from assistant.search.terms import terms

_NEGATION = re.compile(
    r"n['’]t\b|\b(?:not|never|no(?!\.\s?\d)|nor|neither|none|nobody|without|cannot|hardly"
    r"|(?:fail|refus|declin|den[iy])\w*(?= to\b))\b(?! only\b| least\b)",
    re.IGNORECASE,
)
# What holds under a condition neither says nor denies that it holds.
_CONDITION = re.compile(r"\b(?:if|unless|whether)\b", re.IGNORECASE)
_OPPOSITES = (
    "approve reject,accept reject,accept refuse,approve refuse,allow forbid,allow prohibit,allow ban,permit prohibit,"
    "permit forbid,permit ban,win lose,rise fall,increase decrease,grow shrink,support oppose,legal illegal,"
    "safe unsafe,safe dangerous,effective ineffective,open closed,succeed fail,confirm deny,true false,alive dead,"
    "guilty innocent,pass fail,include exclude,join leave,ratify reject,agree refuse,agree disagree,sign reject,"
    "possible impossible,begin end,start stop,public secret,mandatory optional,mandatory voluntary,acquit convict,"
    "harmless harmful,present absent,complete incomplete,keep abolish"
)
_CLAUSE = re.compile(r"[,;:()–—]|\b(?:but|although|though|while|whereas|because|despite)\b", re.IGNORECASE)
_ALIKE = 0.5
"""Share of the question's terms that both must have, and of the shorter one's other terms that the other must."""
_ALIKE_ALONE = 0.75
"""Share of the question's terms that both must have where what else they tell is not compared."""


def contradict(one: str, other: str, asked: frozenset[str], *, both_answer: bool = False) -> bool:
    """Whether two sentences differ in whether it is so. `asked` is the question's terms.

    They must say nearly the same otherwise, unless it is known that both answer the question.
    """
    if _CONDITION.search(one) or _CONDITION.search(other):
        return False
    first, second = set(terms(one)), set(terms(other))
    opposite = opposites(first, second)
    shared = len((first & second & asked) | (opposite & asked))
    if shared < (_ALIKE_ALONE if both_answer else _ALIKE) * len(asked):
        return False
    if not both_answer and not _say_the_same(first - asked - opposite, second - asked - opposite):
        return False
    denials, other_denials = _denials(one, asked), _denials(other, asked)
    if both_answer and not all(_is_mostly_of(asked, clause) for clause in (*denials, *other_denials)):
        return False
    return bool(opposite) != (len(denials) % 2 != len(other_denials) % 2)


def denies_other(one: str, other: str) -> bool:
    """Whether one of two texts about the same denies what the other says: one of them has an odd number of negations.

    Of `other`, which may be the longer, only clauses that speak of what `one` says count.
    """
    own = frozenset(terms(one))
    told = [clause for clause in _CLAUSE.split(other) if 2 * len(own & set(terms(clause))) >= len(set(terms(clause)))]
    denials = sum(len(_NEGATION.findall(clause)) for clause in told or [other])
    return len(_NEGATION.findall(one)) % 2 != denials % 2


def opposites(first: set[str], second: set[str]) -> set[str]:
    """Terms that stand only in one of two texts and whose opposites stand only in the other, with those."""
    return _opposites(first, second) or _opposites(second, first)


def _say_the_same(rest: set[str], other: set[str]) -> bool:
    """Whether most of what one sentence tells besides is told by the other.

    What one says of all and the other of some is no contradiction: beside nothing, nothing else may be told.
    """
    if not rest or not other:
        return rest == other
    return len(rest & other) >= _ALIKE * min(len(rest), len(other))


def _opposites(first: set[str], second: set[str]) -> set[str]:
    """Terms of `first` whose opposites are among `second`, with those; pairs that both sentences have do not count."""
    found: set[str] = set()
    for one, other in _pairs():
        if one in first - second and other in second - first:
            found |= {one, other}
    return found


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, other in map(terms, _OPPOSITES.split(",")))


def _denials(text: str, asked: frozenset[str]) -> list[str]:
    """The clauses that speak of what is asked and hold a negation, each as often as it holds one."""
    clauses = [clause for clause in _CLAUSE.split(text) if asked & set(terms(clause))]
    return [clause for clause in clauses for _ in _NEGATION.findall(clause)]


def _is_mostly_of(asked: frozenset[str], clause: str) -> bool:
    """Whether what a clause denies is what is asked, rather than something else about it."""
    told = set(terms(clause))
    return len(told & asked) >= _ALIKE * len(told)
