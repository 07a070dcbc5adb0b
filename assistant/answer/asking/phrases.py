"""The phrases of an English question: its names, its noun phrases, its verbs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from assistant.search.terms import STOP_WORDS

ASKING_WORD = r"(?:why|how come|how many|how much|how long|how often|how|when|where|whom|whose|who|which|what)"
DO_OR_MODAL = r"(?:do|does|did|can|could|will|would|should|might|must|may(?! \d))"
AUXILIARY = rf"(?:is|are|was|were|has|have|had|{DO_OR_MODAL})"
_CAPITAL = r"(?!I\b)[A-Z0-9][\w.’'-]*"
ASKING = re.compile(
    rf"(?:(?:since|in|on|at|for|from|to|by|under|with|during|until|of) )?{ASKING_WORD}\b", re.IGNORECASE
)
ASKS_FOR_PERSON = re.compile(r"(?:to |by |with |for )?who(?:m|se)?\b", re.IGNORECASE)
PLURAL = r"(?:people|children|(?!(?:is|was|has|does)\b)[a-z]+s)\b"
_PLURAL_NOUN = re.compile(r"[a-z]{2}[^\Wsui]s$")
_TIMES = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august|september"
    r"|october|november|december|easter|christmas)(?: \d+)*",
    re.IGNORECASE,
)
COPULA = re.compile(
    r"(?P<asking>(?:what|who) (?:is|are|was|were)) (?P<subject>(?!it\b|they\b|this\b|that\b).+)", re.IGNORECASE
)
NAME = re.compile(
    rf"(?:the\s+)?\b{_CAPITAL}(?:\s+(?:of|and|the|for|in|on|vs?\.?)(?=\s+(?:the\s+)?(?!I\b)[A-Z])|\s+{_CAPITAL}"
    r"|(?:(?<=War)|(?<=Type)|(?<=Part)|(?<=Phase)|(?<=Stage)|(?<=Class)|(?<=Title))\s+I\b)*"
)
DETERMINER = re.compile(
    rf"\b(?:the|an?|(?:this|that)(?!\s+{AUXILIARY}(?:n[’']t)?\b)|its|their|our|my|your)\s+(?=\w)", re.IGNORECASE
)
PREPOSITION = re.compile(
    r"(?:in|on|at|for|with|from|to|during|after|before|under|by|of|about|against|without)\b", re.IGNORECASE
)
_OPENING = re.compile(rf"(?:{ASKING.pattern}(?:[’']s\b)?|{PREPOSITION.pattern})?\s*(?:{AUXILIARY}\b)?", re.IGNORECASE)
QUOTED = re.compile(r"[\"“][^\"”]+[\"”]")
VERB = re.compile(
    r"(?!(?:.*meet|.*build|.*park|wedd|even|morn|paint|train|hear|hous|cloth|ceil|spr|th|ser?v)ing$).+(?:ed|ing)|mean|say|do|work|cost|last|begin|start|end|take|happen|apply|cover|hold|held|made|built|come|go|use|need"
    r"|get|give|have|make|include|contain|require|provide|support|look|become|affect|differ|came|went|took|fell|broke|rose"
)
# Forms that after "does" and the like are no nouns.
BARE_VERB = re.compile(
    rf"{VERB.pattern}|accept|achieve|allow|appear|believe|bring|choose|consist|create|decide|define|depend|describe"
    r"|destroy|develop|eat|encourage|enter|exist|explain|find|follow|forbid|help|improve|increase|invent|join|know|lead"
    r"|leave|live|lose|mention|occur|offer|own|pay|permit|prevent|produce|promise|protect|reach|receive|recommend|reduce"
    r"|reflect|remain|remove|replace|represent|see|sell|send|speak|spread|stop|suggest|teach|tell|think|treat|try|turn"
    r"|want|win|write"
)
# An adjective that may stand last: "is the pool open on Mondays" is about the pool.
_STATE = re.compile(
    r"open|closed|born|free|due|available|safe|legal|ready|full|cheap|expensive|dangerous|valid|compulsory|mandatory|necessary"
    r"|enough|[a-z]+[ai]ble",
    re.IGNORECASE,
)
_QUANTIFIER = re.compile(r"another|many|several", re.IGNORECASE)
_PHRASE_WORDS = 6
_INITIALS = re.compile(r"(?:\b[A-Z]\.){2}$")


def bare(text: str) -> str:
    """The text without blank space and punctuation at its ends."""
    return text.strip(" \t\n?.!,;:…")


def is_plural(phrase: str) -> bool:
    """Whether the phrase is of several things, as far as its noun shows: "the symptoms of flu"."""
    return bool(_PLURAL_NOUN.search(phrase.partition(" of ")[0]))


def genitive(phrase: str) -> str:
    """The phrase as an owner: "Korea’s"."""
    return f"{phrase}’" if phrase.endswith("s") else f"{phrase}’s"


def plain(name: re.Match[str]) -> str:
    """A name without what ends the sentence after it; of initials, "the U.S.", the stop stays."""
    return name.group().strip(" ,") if _INITIALS.search(name.group()) else name.group().strip(" .,")


def with_complement(phrase: str, text: str) -> str:
    """The phrase with what follows it after "of" in the text: "the symptoms" is "the symptoms of diabetes"."""
    _, _, rest = text.partition(f"{phrase} of ")
    name = NAME.match(rest)
    return f"{phrase} of {name.group() if name else trimmed(rest)}" if rest else phrase


def names_of_letters(stem: str) -> Iterator[re.Match[str]]:
    """The names in a question that are no years, numbers, days or months."""
    return (m for m in names_in(stem) if re.search("[A-Za-z]", m.group()) and not _TIMES.fullmatch(m.group()))


def names_in(question: str) -> list[re.Match[str]]:
    """The names in a question; the capital that it opens with makes none."""
    found = NAME.finditer(question, opening_end(question))
    return [match for match in found if match.start() > 0 and match.group().lower() not in STOP_WORDS]


def noun_phrases(question: str) -> Iterator[str]:
    """The phrases that begin with an article or the like, in order."""
    for determiner in DETERMINER.finditer(question):
        yield trimmed(question[determiner.start() :], verb_comes(question[: determiner.start()]))


def trimmed(phrase: str, verb_follows: bool = False) -> str:
    """The noun phrase that the words begin with: up to a function word or a verb.

    `verb_follows` is for the subject after "does" and the like, where the last word is a verb of whatever form.
    """
    least = 2 if DETERMINER.match(phrase) else 1
    kept: list[str] = []
    of_phrase = phrase.split(maxsplit=_PHRASE_WORDS)[:_PHRASE_WORDS]
    for word, next_word in zip_longest(of_phrase, of_phrase[1:], fillvalue=""):
        # Of "a parking permit take" only the last can be the verb.
        is_verb = verb_follows and BARE_VERB.fullmatch(word) and not BARE_VERB.fullmatch(next_word)
        if len(kept) >= least and (is_verb or word.lower() in STOP_WORDS or _QUANTIFIER.fullmatch(word)):
            verb_follows = verb_follows and not is_verb and word.lower() not in ("be", "have", "been")
            break
        kept.append(word)
    if verb_follows and len(kept) > least:
        kept.pop()
    while len(kept) > least and (VERB.fullmatch(kept[-1]) or _STATE.fullmatch(kept[-1])):
        kept.pop()
    return bare(" ".join(kept)).rstrip(")")


def opening_end(question: str) -> int:
    """Where what a question opens with ends: "When did"."""
    opening = _OPENING.match(question)
    return opening.end() if opening else 0


def verb_comes(lead: str) -> bool:
    """Whether a phrase after these words is the subject of a verb that comes behind it."""
    last = lead.split()[-1:]
    return bool(last) and re.fullmatch(DO_OR_MODAL, last[0], re.IGNORECASE) is not None
