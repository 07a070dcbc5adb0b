"""What a question is about."""

from __future__ import annotations

import re
from itertools import dropwhile

from assistant.answer.asking.phrases import (
    AUXILIARY,
    BARE_VERB,
    COPULA,
    DETERMINER,
    QUOTED,
    bare,
    names_of_letters,
    noun_phrases,
    opening_end,
    plain,
    trimmed,
    verb_comes,
    with_complement,
)
from assistant.search.terms import STOP_WORDS, words

# What is told of a thing and is seldom asked about itself: "it" after "what is the price of the lamp" is the lamp.
MEASURE = r"(?:price|costs?|fee|charge|size|length|height|width|depth|weight|age|name|nickname|colou?r|purpose|meaning)"
_MEASURE_OF = re.compile(rf"the (?:[a-z-]+ )?{MEASURE} of (?P<thing>.+)", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:the )?[a-z-]+ between (?P<both>(?:\S+ ){1,4}and \S+(?: \S+){0,3})", re.IGNORECASE)
_POSSESSIVE_END = re.compile(r"[’']s?$")
# "What was decided about the roof": what follows tells what it is about.
_TOLD_ABOUT = re.compile(
    r"(?:[a-z]+ed|said|done|made|known|held|found|written|told|thought|wrong|new) (?:about|on|with|to|at)"
    r" (?P<thing>.+)",
    re.IGNORECASE,
)
# "What time is breakfast" is about breakfast.
# "Which train goes to Oslo"
_WHICH_DOES = re.compile(r"(?P<noun>[a-z]*[^\Ws]) [a-z]+[^\Ws]s (?=(?:to|from|in|at|on|the|for|with)\b)", re.IGNORECASE)
# "What time is breakfast" is about breakfast.
_ASKED_OF = re.compile(
    r"what (?:time|day|year|size|colou?r|shape|temperature|kind|type|brand|make) (?:is|was) (?P<thing>.+)"
    r"|how (?!many\b|much\b)[a-z]+(?: away| off)? (?:is|are|was|were) (?P<described>.+)",
    re.IGNORECASE,
)
NO_NOUN = re.compile(
    r"(?:the )?(?:first|second|third|last|next|other|same|only|most|best|worst|(?:bigg|larg"
    r"|small|old|young|new|cheap|long|short|high|low|fast|near|strong)est)|the \w+est",
    re.IGNORECASE,
)
_PERSON_ASKING = re.compile(
    r"(?:I|you|we|they|one|people|someone)\s+(?:(?:have|need|want|ought)\s+to\s+)?\S+(?:\s+|$)", re.IGNORECASE
)
_GERUND = re.compile(rf"(?!{DETERMINER.pattern})[\w-]+ [\w-]+ing", re.IGNORECASE)
_AUXILIARY_WORD = re.compile(AUXILIARY, re.IGNORECASE)
_COPULAR = re.compile(r"\b(?:is|are|was|were)$", re.IGNORECASE)
_NOUNS_AFTER = re.compile(r"(?: [a-z][\w-]*)+")
_OF_A_PEOPLE = re.compile(r"(?:ian|ican|opean|rean|German|Roman|ese|ish)$")
_IDENTIFYING = re.compile(r"^(?:what|who|where|which) (?:is|are|was|were) $", re.IGNORECASE)


def topic_of(text: str) -> str:
    """What a question is about: its first name; or all of "what is X"; or its first noun phrase."""
    stem = bare(text)
    if quoted := QUOTED.search(stem):
        return quoted.group()
    if name := next(names_of_letters(stem), None):
        if described := _described_by(name, stem):
            return with_complement(described, stem)
        return plain(name) if not _POSSESSIVE_END.search(name.group()) else trimmed(stem[name.start() :])
    if pair := _BETWEEN.search(stem):
        return pair["both"]
    if thing := _ASKED_OF.fullmatch(stem):
        return trimmed(thing["thing"] or thing["described"])
    copula = COPULA.fullmatch(stem)
    if copula and (told := _TOLD_ABOUT.fullmatch(copula["subject"])):
        return trimmed(told["thing"])
    if copula and len(copula["subject"].split()) <= 4:
        is_gerund = _GERUND.fullmatch(copula["subject"])
        return copula["subject"] if is_gerund else with_complement(trimmed(copula["subject"]), stem)
    if phrases := [phrase for phrase in noun_phrases(stem) if not NO_NOUN.fullmatch(phrase)]:
        return with_complement(phrases[0], stem)
    return _first_noun(stem)


def what_it_is(topic: str) -> str:
    """The thing itself of which a question asks a measure: "the lamp" of "the price of the lamp"."""
    return measured["thing"] if (measured := _MEASURE_OF.fullmatch(topic)) else topic


def _first_noun(stem: str) -> str:
    """The first words of a question that may be a noun, where it has neither a name nor an article; "" if none may."""
    opening = stem[: opening_end(stem)]
    rest = stem[len(opening) :].lstrip()
    asking = _PERSON_ASKING.match(rest) if verb_comes(opening) else None  # "How do I make bread"
    spoken = rest[asking.end() :] if asking else rest
    if told := _WHICH_DOES.match(rest) if re.fullmatch("which|what", opening.strip(), re.IGNORECASE) else None:
        return told["noun"]
    in_a_row = list(dropwhile(lambda word: set(words(word)) <= STOP_WORDS, spoken.split()))
    if re.fullmatch("what|who", opening.strip(), re.IGNORECASE) and not any(map(_AUXILIARY_WORD.fullmatch, in_a_row)):
        in_a_row = in_a_row[1:]  # "What causes gout"
    noun = trimmed(" ".join(in_a_row), verb_comes(opening) and not asking)
    if _COPULAR.search(opening) and not rest.lower().startswith("there "):
        noun = noun.rpartition(" ")[0] or noun  # "Is green tea healthy": the last word tells something of the others.
    return "" if BARE_VERB.fullmatch(noun) or NO_NOUN.fullmatch(noun) else noun


def _described_by(name: re.Match[str], text: str) -> str:
    """The thing that a name of the text only describes, "the largest US base", "a US base"; "" if it describes none.

    Directly after "the" that can be told of an adjective, "the Korean army", and where no verb or adjective may follow:
    "what is the US share", not "is the US ready".
    """
    for determiner in DETERMINER.finditer(text, 0, name.end()):
        start = determiner.start()
        phrase = trimmed(text[start:], verb_comes(text[:start]))
        is_apart = determiner.end() < name.start() or determiner.group().lower().startswith("a")
        is_sure = is_apart or _OF_A_PEOPLE.search(name.group()) or _IDENTIFYING.search(text[:start])
        noun = text[name.end() : start + len(phrase)]
        if is_sure and _NOUNS_AFTER.fullmatch(noun):
            return phrase
    return ""
