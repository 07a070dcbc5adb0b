"""Turns a follow-up into a question that stands alone, by rule, from the turns before it.

Four kinds of follow-up are known: a question word alone ("why then?"), a new detail for the question
before ("and in Japan?"), a pronoun for something named before ("when was it signed?"), and a question
too short to mean anything by itself. Everything else stands alone and is left as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.search.terms import STOP_WORDS, words
from assistant.types import Answer, Turn

_QUESTION_WORD = re.compile(
    r"(?P<word>why|how come|how many|how much|how long|how|when|where|who|which|what)\b"
    r"(?:\s+(?:then|so|not|that|this|exactly|else|was that|is that|was this|is this|did that|would that be))?\W*$",
    re.IGNORECASE,
)
_CONNECTIVE = re.compile(
    r"(?:(?:and|but|or|so|ok(?:ay)?|then|also|well)[,\s]+)*"
    r"(?P<about>(?:what|how) about|what of|and|or)\b\s*(?P<detail>.+?)\W*$",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:(?:and|but|or|so|ok(?:ay)?|then|also|well|yes|no|thanks|thank you)\b[,.!\s]*)+", re.IGNORECASE
)
_ASKING = re.compile(
    r"^(?:(?:since|in|on|at|for|from|to|by|under|with|during|until|of) )?"
    r"(?:why|how come|how many|how much|how long|how often|how|when|where|who|whom|whose|which|what)\b",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)\b", re.IGNORECASE
)
_POSSESSIVE = ("its", "their", "his", "her")
_PRONOUN = re.compile(
    r"\b(?:(?P<possessive>its|their|his)|(?P<demonstrative>this|that|these|those|such)\s+(?P<noun>[a-z]+)"
    r"|(?P<plain>it|that(?=\W*$|\s+(?:is|was|mean|happen))|they|them|he|she|him|her|this|these|those|ones?|there|here|others?))\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was) it (?:true|possible|wise|likely|necessary|worth|fair|legal|safe|hard|easy)\b"
    r"|\bit (?:is|was|seems|takes)\b|\bdoes it take\b"
    r"|\b(?:is|are|was|were|has|have|will|would)(?: \w+){0,2} there\b|\bthere (?:is|are|was|were)\b|\bover there\b"
    r"|\bone of\b|\bno one\b|\beach other\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:the\s+)?\b[A-Z0-9][\w.’'-]*(?:\s+(?:of|and|the|for|in|on)(?=\s+(?:the\s+)?[A-Z])|\s+[A-Z0-9][\w.’'-]*)*"
)
_PHRASE = re.compile(r"\b(?:the|a|an|this|that|its|their|our)\s+((?:[\w’'-]+\s*){1,5})", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"^(?:in|on|at|for|with|from|to|during|after|before|under|by|of|about|against)\b", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:the|an?) ", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“][^\"”]+[\"”]")
_COPULA = re.compile(r"^(?:is|are|was|were)\s+(?P<subject>(?!it\b|they\b|this\b|that\b|there\b).+)$", re.IGNORECASE)
_VERB = re.compile(
    r"(?:ed|ing)$|^(?:mean|say|do|work|cost|last|begin|start|end|take|happen|apply|cover|hold|made|built)$"
)
_FEW_WORDS = 2


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves unsaid filled in; the question itself if it leaves nothing."""
    before = _question_before(history)
    if not before:
        return question
    asked = _LEADING.sub("", question).strip() or question
    if alone := _QUESTION_WORD.match(asked):
        return _ask_again(before, alone["word"])
    if (detail := _CONNECTIVE.match(question)) and _is_detail(detail["detail"]):
        return _with_detail(before, detail["detail"])
    if pronoun := _unbound_pronoun(asked):
        return _with_antecedent(asked, pronoun, before, history[-1])
    content = [word for word in words(asked) if word not in STOP_WORDS]
    if len(content) < _FEW_WORDS and not _NAME.search(asked[1:]):
        return f"{before.rstrip(' ?.!')}: {asked}"
    return asked if asked != question and len(content) >= _FEW_WORDS else question


def _question_before(history: Sequence[Turn]) -> str:
    """What was last searched for: a question that stood alone, or was made to."""
    before = ""
    for turn in history:
        before = turn.answer.searched_for if isinstance(turn.answer, Answer) else standalone_text(turn.question, before)
    return before.strip()


def standalone_text(question: str, before: str) -> str:
    """As `standalone`, where only the questions of earlier turns are known."""
    return standalone(question, [Turn(before, Answer(before, before, ""))]) if before else question


def _ask_again(before: str, word: str) -> str:
    """The question before with another question word: "When was it signed?" and "why?" give "Why was it signed?"."""
    rest = _ASKING.sub("", before).strip(" ?.!")
    if _AUXILIARY.match(rest):
        return f"{word.capitalize()} {rest[0].lower() + rest[1:]}?"
    return f"{before.strip(' ?.!')}, {word.lower()}?"


def _is_detail(text: str) -> bool:
    """Whether the words after "and" or "what about" are a phrase rather than a question of their own."""
    return not _ASKING.match(text) and not _AUXILIARY.match(text) and len(text.split()) <= 8


def _with_detail(before: str, detail: str) -> str:
    """The question before with its like phrase replaced: a phrase with the same preposition, or else a name."""
    stem = before.rstrip(" ?.!")
    preposition = _PREPOSITION.match(detail)
    if preposition:
        same = list(re.finditer(rf"\b{preposition.group()}\s", stem, re.IGNORECASE))
        if same:
            return f"{stem[: same[-1].start()]}{detail}?"
        return f"{stem} {detail}?"
    asking = _ASKING.match(stem)
    names = [match.group() for match in _NAME.finditer(stem) if not asking or match.start() >= asking.end()]
    replaced = names[-1] if _NAME.match(detail) and names else _topic(before)
    if not replaced or replaced not in stem:
        return f"{stem}, {detail}?"
    head, _, tail = stem.rpartition(replaced)
    if _ARTICLE.match(detail):
        head = head.removesuffix("the ")
    return f"{head}{detail}{tail}?"


def _unbound_pronoun(question: str) -> re.Match[str] | None:
    """The first pronoun that nothing before it in the question can stand for."""
    expletives = [match.span() for match in _EXPLETIVE.finditer(question)]
    for pronoun in _PRONOUN.finditer(question):
        if any(start <= pronoun.start() < end for start, end in expletives):
            continue
        if (
            pronoun["demonstrative"]
            and pronoun["demonstrative"].lower() == "that"
            and _AUXILIARY.match(pronoun["noun"])
        ):
            continue
        lead = question[: pronoun.start()]
        named = _NAME.search(lead[1:]) is not None
        content = [word for word in words(lead) if word not in STOP_WORDS]
        last = not words(question[pronoun.end() :])
        if (named or len(content) > _FEW_WORDS) and not last:
            continue
        return pronoun
    return None


def _with_antecedent(question: str, pronoun: re.Match[str], before: str, turn: Turn) -> str:
    topic = _topic(before) or _topic(turn.answer_text)
    if not topic:
        return f"{question.rstrip(' ?.!')} ({before.rstrip(' ?.!')})?"
    if pronoun["noun"]:
        # "this agreement" names a kind: the topic says which one.
        return f"{question.rstrip(' ?.!')} ({topic})?"
    if pronoun.group().lower() in ("there", "here"):
        topic = f"in {topic}"
    elif pronoun["possessive"]:
        topic += "’" if topic.endswith("s") else "’s"
    elif pronoun.group().lower() in ("one", "ones", "other", "others", "this", "these", "those"):
        return f"{question.rstrip(' ?.!')} ({before.rstrip(' ?.!')})?"
    return question[: pronoun.start()] + topic + question[pronoun.end() :]


def _topic(text: str) -> str:
    """What a question is about: its longest name; or all of "what is X"; or its longest noun phrase."""
    asking = _ASKING.match(text)
    body = text[asking.end() :].strip(" ?.!") if asking else text.strip(" ?.!")
    if quoted := _QUOTED.search(body):
        return quoted.group()
    names = [match.group() for match in _NAME.finditer(body) if match.start() > 0 or asking]
    names = [name for name in names if name.lower() not in STOP_WORDS]
    if names:
        return max(names, key=len).strip(" .,")
    copula = _COPULA.match(body)
    if copula and len(copula["subject"].split()) <= 4:
        return _trimmed(copula["subject"])
    phrases = [_trimmed(match.group()) for match in _PHRASE.finditer(body)]
    if phrases:
        return max(phrases, key=len)
    content = [word for word in body.split() if word.lower() not in STOP_WORDS]
    return _trimmed(" ".join(content))


def _trimmed(phrase: str) -> str:
    """The phrase up to the first function word after its noun, without a participle or verb that ends it."""
    kept: list[str] = []
    for word in phrase.split():
        if kept[1:] and word.lower() in STOP_WORDS:
            break
        kept.append(word)
    while len(kept) > 2 and _VERB.search(kept[-1]):
        kept.pop()
    return " ".join(kept).strip(" ?.,!")
