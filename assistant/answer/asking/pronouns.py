"""Puts what a pronoun or "there" stands for in its place, from the question before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.asking.antecedents import PERSONAL, antecedent_of, may_be_a_person, may_be_it
from assistant.answer.asking.before import Before, beside
from assistant.answer.asking.phrases import (
    AUXILIARY,
    DETERMINER,
    NAME,
    PREPOSITION,
    VERB,
    bare,
    genitive,
    is_plural,
    verb_comes,
)
from assistant.answer.asking.topics import topic_of
from assistant.answer.asking.unsaid import EXPLETIVE, is_vague, unbound_pronoun
from assistant.search.terms import STOP_WORDS, words

_FOR_A_CLAUSE = ("this", "that", "these", "those", "other", "others")
_ONE_OF_THEM = ("one", "ones")
_DESCRIBED = re.compile(r"\b(?:an?|the|another|this|that|my|your)(?: [\w-]+)? $", re.IGNORECASE)
_THERE = re.compile(r"\b(?:over )?there\b", re.IGNORECASE)
_PLACE = re.compile(rf"\b(?P<place>(?:in|at|on|near)\s+(?:{NAME.pattern}))")
# "Can I do it by post" means all that was asked of.
_LAST_PLACE = re.compile(r"\b(?:in|at|to|for|from) (?P<place>(?!(?:the|an?|my|your|this|that) )[a-z]+)$")
_DOING = re.compile(r"\b(?:can|could|should|must|may|might|will|would|to|I|you|we|they|people)\s+do\s+$", re.IGNORECASE)
_MORE_OF_A_NAME = re.compile(rf"\s+(?!{DETERMINER.pattern}|{PREPOSITION.pattern})[a-z]", re.IGNORECASE)
# How a new thing is asked about that nothing in the question before is like.
WHAT_ABOUT = re.compile(r"What about ")


def with_antecedent(question: str, pronouns: Sequence[re.Match[str]], before: Before, named: str) -> str:
    """The question with what the first of its pronouns stands for of which that can be told."""
    for pronoun in pronouns:
        if filled := _with_pronoun_filled(question, pronoun, before, named):
            return filled
    # "When did that happen" means all of it.
    return beside(question, before.latest)


def _with_pronoun_filled(question: str, pronoun: re.Match[str], before: Before, named: str) -> str:
    """The question with what one pronoun stands for; "" if that cannot be told."""
    word, noun = pronoun.group().lower(), (pronoun["noun"] or "").lower()
    lead = words(question[: pronoun.start()])
    # "Why did that change?", "does that delete my settings?"
    is_verb = verb_comes(" ".join(lead)) and not _MORE_OF_A_NAME.match(question, pronoun.end())
    is_deed = word in ("it", "that") and _DOING.search(question[: pronoun.start()])
    names_nothing = noun in STOP_WORDS or VERB.fullmatch(noun) or is_verb if noun else word in _FOR_A_CLAUSE
    if is_deed or names_nothing:
        return ""
    asked = _asked_about(word, before)
    if word in _ONE_OF_THEM:
        antecedent = topic_of(asked)
        if re.match(r"an?\b", antecedent) and word == "one" and not words(question[pronoun.end() :]):
            described = _DESCRIBED.search(question[: pronoun.start()])  # "a new one"
            filling = antecedent.split()[-1] if described else antecedent
            return f"{question[: pronoun.start()]}{filling}{question[pronoun.end() :]}"
        return beside(question, antecedent) if antecedent else ""
    is_object = bool(lead) and not re.fullmatch(rf"{AUXILIARY}|and|but|that|if", lead[-1])
    antecedent = antecedent_of(word, asked, named, is_object=is_object)
    if word in PERSONAL:
        antecedent = antecedent or before.person or next(filter(may_be_a_person, before.topics), "")
    elif word in ("it", "its") and not may_be_it(antecedent):
        antecedent = next(filter(may_be_it, before.topics), antecedent)
    if not antecedent:
        return ""
    if noun:
        return beside(question, antecedent)  # "this agreement" names a kind: the antecedent says which one.
    filling = genitive(antecedent) if pronoun["possessive"] else antecedent
    filled = f"{question[: pronoun.start()]}{filling}{question[pronoun.end() :]}"
    return filled if antecedent in (named, before.person) or NAME.match(antecedent) else before.on_subject(filled)


def _asked_about(pronoun: str, before: Before) -> str:
    """The question that has what a pronoun stands for: the last, or what that one leaned on itself."""
    asked = before.question
    is_of_several = pronoun == "it" and is_vague(asked) and is_plural(topic_of(asked))
    if before.context and (unbound_pronoun(asked) or is_of_several):
        return before.context  # "How do I do that (the filter)?" was about the filter.
    about = WHAT_ABOUT.match(asked)
    return f"What is {asked[about.end() :]}" if about else asked


def with_place(question: str, before: str, named: str) -> str:
    """The question with the place that "there" means in it."""
    expletives = [match.span() for match in EXPLETIVE.finditer(question)]
    for there in _THERE.finditer(question):
        if any(start < there.end() and there.start() < end for start, end in expletives):
            continue
        place = _place(before, named)
        if place and not _PLACE.search(question[: there.start()]):
            return question[: there.start()] + place + question[there.end() :]
    return question


def _place(before: str, named: str) -> str:
    """What "there" stands for after the question `before`; "" if that cannot be told."""
    if places := list(_PLACE.finditer(before)):
        return places[-1]["place"]
    if last := _LAST_PLACE.search(bare(before)):
        return f"in {last['place']}"
    place = named if before.lower().startswith("where") else topic_of(before)
    return f"in {place}" if place else ""
