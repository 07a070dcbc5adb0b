"""What a pronoun stands for after a question."""

from __future__ import annotations

import re

from assistant.answer.asking.phrases import (
    ASKS_FOR_PERSON,
    AUXILIARY,
    COPULA,
    DETERMINER,
    DO_OR_MODAL,
    NAME,
    PLURAL,
    bare,
    is_plural,
    names_in,
    names_of_letters,
    noun_phrases,
    plain,
    trimmed,
    verb_comes,
    with_complement,
)
from assistant.answer.asking.topics import MEASURE, NO_NOUN, topic_of, what_it_is

PERSONAL = ("he", "she", "him", "her", "his")
PERSON_DESCRIBED = re.compile(r"who(?:[’']s| is| was)\s+(?P<person>\S+(?: \S+){0,7})$", re.IGNORECASE)
# "What rights do tenants have": the things that are asked for, and who has them.
_THINGS_ASKED = re.compile(
    rf"(?:how many|which|what) (?!of\b|{AUXILIARY}\b)(?P<things>(?:\S+ ){{0,4}}?{PLURAL}) (?P<auxiliary>{AUXILIARY})\b"
    rf"(?P<rest>.*)|(?:how many|which) (?!of\b)(?P<few>(?:\S+ ){{0,2}}?{PLURAL})",
    re.IGNORECASE,
)
# "It" after "what are the symptoms of flu" is the flu.
_ONE_OF_SEVERAL = re.compile(
    rf"what (?:are|were) the (?:[a-z-]+ ){{0,2}}?{PLURAL} (?:of|for|in|on|against|behind|about|with|by|from)"
    r" (?P<one>\S+(?: \S+){0,4})"
    rf"|what (?:are|were) the (?:[a-z-]+ ){{0,2}}?{PLURAL} to [a-z]+ (?P<done>(?:the|an?|my) \S+(?: \S+){{0,3}})"
    r"|(?:what|which) (?:[a-z-]+ )?[a-z-]+s (?:are|were) (?:of|for|in|on|from) (?P<whole>\S+(?: \S+){0,4})",
    re.IGNORECASE,
)
_OF_PLACE_OR_TIME = re.compile(r"\b(?:in|at|on|by|from|since|during|after|before|until|of|with) $")
# "How is whisky made in Scotland" is about whisky.
_BEFORE_PLACE = re.compile(
    r"(?!who\b)(?P<before>.+?) (?:in|from|into|(?P<loose>for|by|with|to|against)) $", re.IGNORECASE
)
_THINGS_OF_NAME = re.compile(rf" (?!{AUXILIARY}\b|as\b)[a-z]+[^\Wsui]s\b")
_BEFORE_THINGS = re.compile(rf"(?:how many|which|what|(?:\w+ )?{AUXILIARY}) ", re.IGNORECASE)
_OWNED = re.compile(
    rf"(?P<owner>.+?)(?:[’']s|s[’']) (?:{MEASURE}|(?:[\w-]+ )?(?:number|e-?mail|address)|birthday|job|salary)",
    re.IGNORECASE,
)
# "What did the council decide about the bike lane", "what is Sweden's position on conscription"
_ON_A_THING = re.compile(
    r"(?:what (?:did|does|do|has|have|will) .+ (?:about|on|regarding|of)"
    r"|.+ (?:position|view|stance|opinion|policy|attitude|law|rule)s? (?:on|about|towards|regarding))"
    r" (?P<thing>(?!(?:it|them|this|that)\b).+)",
    re.IGNORECASE,
)
_OF_SOMEBODY = re.compile(r"(?P<owner>.+?)[’']s .+")
_SOMEBODY = re.compile(
    r"\b(?:president|king|queen|emperor|empress|chief|ceo|person|boy|girl|child|baby|son|daughter|mother|father|mum|dad"
    r"|wife|husband|brother|sister|uncle|aunt|boss|friend|guest|judge|mayor|captain|nurse|saint|pope|prince|princess"
    r"|student|tenant|resident|patient|client|accountant|agent|assistant|secretary|premier|pilot|thief|poet|spy"
    r"|[a-z]+(?:ist|ian|man|woman|lord|lady|tor|nor|ssor|cher|der|ger|ker|mer|ner|per|rer|ser|ter|ver|wer|yer))$",
    re.IGNORECASE,
)
_NOT_IT = re.compile(
    r"(?:an? |the |each |every )?(?:minute|hour|day|night|week|month|year|age|people|men|women|children|kids)|I|you|we",
    re.IGNORECASE,
)


def antecedent_of(pronoun: str, before: str, named: str, *, is_object: bool = False) -> str:
    """What the pronoun stands for after the question `before`; "" if that cannot be told.

    A pronoun is rather for what stands in the same place of the sentence (Smyth 1994, "Grammatical determinants of
    ambiguous pronoun resolution"): where it is the object of a verb, for the object of the question before.
    """
    stem, word = bare(before), pronoun.lower()
    if word in PERSONAL:
        if described := PERSON_DESCRIBED.match(stem):
            return described["person"]
        if ASKS_FOR_PERSON.match(stem):
            return named
    if word in ("they", "them", "their") and not _ON_A_THING.fullmatch(stem):
        return _several(word, stem, named)
    if word == "it" and (told := _ONE_OF_SEVERAL.fullmatch(stem)):
        return str(next(filter(None, told.groups())))
    name = next(names_of_letters(stem), None)
    if word == "it" and is_object and name and (thing := _object_after(stem, name)):
        return thing
    if name and (placed := _BEFORE_PLACE.fullmatch(stem[: name.start()])):
        # "How does the state pay for Medicaid": a pronoun that is an object is for Medicaid.
        is_other = is_object and placed["loose"] and not COPULA.fullmatch(stem)
        subject = "" if is_other else topic_of(placed["before"])
        if subject and (DETERMINER.match(subject) or not is_plural(subject)):
            return subject
    if word in ("it", "its", "they", "them") and (about := _ON_A_THING.fullmatch(stem)):
        return trimmed(about["thing"])
    topic = topic_of(stem)
    if word in ("it", "its"):
        return what_it_is(topic)
    if word not in PERSONAL:
        return topic
    # "She" after "Ann Roe's party" is Ann Roe, after "Ann Roe's sister" the sister.
    owned = _OWNED.fullmatch(topic) or _OF_SOMEBODY.fullmatch(topic)
    person = topic if owned is None or _SOMEBODY.search(topic) else owned["owner"]
    return person if may_be_a_person(person) else ""


def _object_after(stem: str, subject: re.Match[str]) -> str:
    """What the subject, a name after "did" and the like, does something to: "the X" or a name; "" if nothing."""
    if not verb_comes(stem[: subject.start()]):
        return ""
    for found in re.finditer(rf"{DETERMINER.pattern}[a-z]|{NAME.pattern}", stem[subject.end() :]):
        lead = stem[subject.end() : subject.end() + found.start()]
        if not lead.strip() or _OF_PLACE_OR_TIME.search(lead):
            continue
        thing = stem[subject.end() + found.start() :]
        name = NAME.match(thing)
        return name.group() if name else with_complement(trimmed(thing), stem)
    return ""


def _several(pronoun: str, stem: str, named: str) -> str:
    """What "they", "them" or "their" stands for: those who do something rather than the things that are asked for."""
    if asked := _THINGS_ASKED.match(stem):
        things, auxiliary = asked["things"] or asked["few"], (asked["auxiliary"] or "").lower()
        subject = trimmed(asked["rest"].strip(), True) if re.fullmatch(DO_OR_MODAL, auxiliary) else ""
        are_more = auxiliary == "do" or (auxiliary != "does" and is_plural(subject))
        own = re.fullmatch("I|you|we", subject, re.IGNORECASE)
        return subject if subject and pronoun != "them" and are_more and not own else things
    if ASKS_FOR_PERSON.match(stem) and not COPULA.fullmatch(stem) and not any(names_of_letters(stem)):
        return named
    name = next(names_of_letters(stem), None)
    if name and _BEFORE_THINGS.fullmatch(stem[: name.start()]) and (things := _THINGS_OF_NAME.match(stem, name.end())):
        return f"{plain(name)}{things.group()}"  # "US troops"
    first = next(noun_phrases(stem), "")
    is_first = first and not any(match.start() < stem.index(first) for match in names_in(stem))
    return with_complement(first, stem) if is_first and is_plural(first) else topic_of(stem)


def may_be_a_person(phrase: str) -> bool:
    """Whether "he" or "she" may stand for the phrase: a name, or words for somebody: "the landlord"."""
    return bool(NAME.match(phrase) or _SOMEBODY.search(phrase.partition(" of ")[0]))


def may_be_it(phrase: str) -> bool:
    """Whether "it" may stand for the phrase: for no people, day or "the biggest", and rather not for several things."""
    return bool(phrase) and not (is_plural(phrase) or _NOT_IT.fullmatch(phrase) or NO_NOUN.fullmatch(phrase))
