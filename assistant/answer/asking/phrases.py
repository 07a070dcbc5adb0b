"""The phrases of an English question: its names, its noun phrases, and what a pronoun after it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import dropwhile, zip_longest

from assistant.search.terms import STOP_WORDS, words

ASKING_WORD = r"(?:why|how come|how many|how much|how long|how often|how|when|where|whom|whose|who|which|what)"
_DO_OR_MODAL = r"(?:do|does|did|can|could|will|would|should|might|must|may(?! \d))"
AUXILIARY = rf"(?:is|are|was|were|has|have|had|{_DO_OR_MODAL})"
_CAPITAL = r"(?!I\b)[A-Z0-9][\w.’'-]*"
ASKING = re.compile(
    rf"(?:(?:since|in|on|at|for|from|to|by|under|with|during|until|of) )?{ASKING_WORD}\b", re.IGNORECASE
)
ASKS_FOR_PERSON = re.compile(r"(?:to |by |with |for )?who(?:m|se)?\b", re.IGNORECASE)
PERSON_DESCRIBED = re.compile(r"who(?:[’']s| is| was)\s+(?P<person>\S+(?: \S+){0,7})$", re.IGNORECASE)
_PLURAL = r"(?:people|children|(?!(?:is|was|has|does)\b)[a-z]+s)\b"
# "What rights do tenants have": the things that are asked for, and who has them.
_THINGS_ASKED = re.compile(
    rf"(?:how many|which|what) (?!of\b|{AUXILIARY}\b)(?P<things>(?:\S+ ){{0,4}}?{_PLURAL}) (?P<auxiliary>{AUXILIARY})\b"
    rf"(?P<rest>.*)|(?:how many|which) (?!of\b)(?P<few>(?:\S+ ){{0,2}}?{_PLURAL})",
    re.IGNORECASE,
)
# "It" after "what are the symptoms of flu" is the flu.
_ONE_OF_SEVERAL = re.compile(
    rf"what (?:are|were) the (?:[a-z-]+ ){{0,2}}?{_PLURAL} (?:of|for|in|on|against|behind|about|with|by|from)"
    r" (?P<one>\S+(?: \S+){0,4})"
    rf"|what (?:are|were) the (?:[a-z-]+ ){{0,2}}?{_PLURAL} to [a-z]+ (?P<done>(?:the|an?|my) \S+(?: \S+){{0,3}})"
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
_PLURAL_NOUN = re.compile(r"[a-z]{2}[^\Wsui]s$")
# What is told of a thing and is seldom asked about itself: "it" after "what is the price of the lamp" is the lamp.
_MEASURE = (
    r"(?:price|costs?|fee|charge|size|length|height|width|depth|weight|age|name|nickname|colou?r|purpose|meaning)"
)
_MEASURE_OF = re.compile(rf"the (?:[a-z-]+ )?{_MEASURE} of (?P<thing>.+)", re.IGNORECASE)
_OWNED = re.compile(
    rf"(?P<owner>.+?)(?:[’']s|s[’']) (?:{_MEASURE}|(?:[\w-]+ )?(?:number|e-?mail|address)|birthday|job|salary)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?:the )?[a-z-]+ between (?P<both>(?:\S+ ){1,4}and \S+(?: \S+){0,3})", re.IGNORECASE)
# "What did the council decide about the bike lane", "what is Sweden's position on conscription"
_ON_A_THING = re.compile(
    r"(?:what (?:did|does|do|has|have|will) .+ (?:about|on|regarding|of)"
    r"|.+ (?:position|view|stance|opinion|policy|attitude|law|rule)s? (?:on|about|towards|regarding))"
    r" (?P<thing>(?!(?:it|them|this|that)\b).+)",
    re.IGNORECASE,
)
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
_ASKED_OF = re.compile(
    r"what (?:time|day|year|size|colou?r|shape|temperature|kind|type|brand|make) (?:is|was) (?P<thing>.+)"
    r"|how (?!many\b|much\b)[a-z]+(?: away| off)? (?:is|are|was|were) (?P<described>.+)",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(
    r"(?:the )?(?:first|second|third|last|next|other|same|only|most|best|worst|(?:bigg|larg"
    r"|small|old|young|new|cheap|long|short|high|low|fast|near|strong)est)|the \w+est",
    re.IGNORECASE,
)
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
_OPENING = re.compile(rf"(?:{ASKING.pattern}|{PREPOSITION.pattern})?\s*(?:{AUXILIARY}\b)?", re.IGNORECASE)
QUOTED = re.compile(r"[\"“][^\"”]+[\"”]")
VERB = re.compile(
    r".+(?:ed|ing)|mean|say|do|work|cost|last|begin|start|end|take|happen|apply|cover|hold|held|made|built|come|go|use|need"
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
_PERSON_ASKING = re.compile(
    r"(?:I|you|we|they|one|people|someone)\s+(?:(?:have|need|want|ought)\s+to\s+)?\S+(?:\s+|$)", re.IGNORECASE
)
_GERUND = re.compile(rf"(?!{DETERMINER.pattern})[\w-]+ [\w-]+ing", re.IGNORECASE)
# An adjective that may stand last: "is the pool open on Mondays" is about the pool.
_STATE = re.compile(
    r"open|closed|born|free|due|available|safe|legal|ready|full|cheap|expensive|dangerous|valid|compulsory|mandatory|necessary"
    r"|enough|[a-z]+[ai]ble",
    re.IGNORECASE,
)
_AUXILIARY_WORD = re.compile(AUXILIARY, re.IGNORECASE)
_COPULAR = re.compile(r"\b(?:is|are|was|were)$", re.IGNORECASE)
_NOUNS_AFTER = re.compile(r"(?: [a-z][\w-]*)+")
_OF_A_PEOPLE = re.compile(r"(?:ian|ican|opean|rean|German|Roman|ese|ish)$")
_IDENTIFYING = re.compile(r"^(?:what|who|where|which) (?:is|are|was|were) $", re.IGNORECASE)
_QUANTIFIER = re.compile(r"another|many|several", re.IGNORECASE)
_PHRASE_WORDS = 6
_INITIALS = re.compile(r"(?:\b[A-Z]\.){2}$")


def bare(text: str) -> str:
    """The text without blank space and punctuation at its ends."""
    return text.strip(" \t\n?.!,;:…")


def antecedent_of(pronoun: str, before: str, named: str, *, is_object: bool = False) -> str:
    """What the pronoun stands for after the question `before`; "" if that cannot be told.

    A pronoun is rather for what stands in the same place of the sentence (Smyth 1994, "Grammatical determinants of
    ambiguous pronoun resolution"): where it is the object of a verb, for the object of the question before.
    """
    stem, word = bare(before), pronoun.lower()
    if word in ("he", "she", "him", "her", "his"):
        if described := PERSON_DESCRIBED.match(stem):
            return described["person"]
        if ASKS_FOR_PERSON.match(stem):
            return named
    if word in ("they", "them", "their") and not _ON_A_THING.fullmatch(stem):
        return _several(word, stem, named)
    if word == "it" and (told := _ONE_OF_SEVERAL.fullmatch(stem)):
        return str(next(filter(None, told.groups())))
    name = next(_names_of_letters(stem), None)
    if word == "it" and is_object and name and (thing := _object_after(stem, name)):
        return thing
    if name and (placed := _BEFORE_PLACE.fullmatch(stem[: name.start()])):
        # "How does the state pay for Medicaid": a pronoun that is an object is for Medicaid.
        is_other = is_object and placed["loose"] and not COPULA.fullmatch(stem)
        subject = "" if is_other else topic_of(placed["before"])
        if subject and (DETERMINER.match(subject) or not is_plural(subject)):
            return subject
    if word in ("it", "its", "they", "them") and (about := _ON_A_THING.fullmatch(stem)):
        return _trimmed(about["thing"])
    topic = topic_of(stem)
    if word in ("it", "its"):
        return what_it_is(topic)
    if word not in ("he", "she", "him", "her", "his"):
        return topic
    person = owned["owner"] if (owned := _OWNED.fullmatch(topic)) else topic
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
        return name.group() if name else _with_complement(_trimmed(thing), stem)
    return ""


def _several(pronoun: str, stem: str, named: str) -> str:
    """What "they", "them" or "their" stands for: those who do something rather than the things that are asked for."""
    if asked := _THINGS_ASKED.match(stem):
        things, auxiliary = asked["things"] or asked["few"], (asked["auxiliary"] or "").lower()
        subject = _trimmed(asked["rest"].strip(), True) if re.fullmatch(_DO_OR_MODAL, auxiliary) else ""
        are_more = auxiliary == "do" or (auxiliary != "does" and is_plural(subject))
        own = re.fullmatch("I|you|we", subject, re.IGNORECASE)
        return subject if subject and pronoun != "them" and are_more and not own else things
    if ASKS_FOR_PERSON.match(stem) and not COPULA.fullmatch(stem) and not any(_names_of_letters(stem)):
        return named
    name = next(_names_of_letters(stem), None)
    if name and _BEFORE_THINGS.fullmatch(stem[: name.start()]) and (things := _THINGS_OF_NAME.match(stem, name.end())):
        return f"{_plain(name)}{things.group()}"  # "US troops"
    first = next(noun_phrases(stem), "")
    is_first = first and not any(match.start() < stem.index(first) for match in names_in(stem))
    return _with_complement(first, stem) if is_first and is_plural(first) else topic_of(stem)


def is_plural(phrase: str) -> bool:
    """Whether the phrase is of several things, as far as its noun shows: "the symptoms of flu"."""
    return bool(_PLURAL_NOUN.search(phrase.partition(" of ")[0]))


def what_it_is(topic: str) -> str:
    """The thing itself of which a question asks a measure: "the lamp" of "the price of the lamp"."""
    return measured["thing"] if (measured := _MEASURE_OF.fullmatch(topic)) else topic


def may_be_a_person(phrase: str) -> bool:
    """Whether "he" or "she" may stand for the phrase: a name, or words for somebody: "the landlord"."""
    return bool(NAME.match(phrase) or _SOMEBODY.search(phrase.partition(" of ")[0]))


def may_be_it(phrase: str) -> bool:
    """Whether "it" may stand for the phrase: for no people, day or "the biggest", and rather not for several things."""
    return bool(phrase) and not (is_plural(phrase) or _NOT_IT.fullmatch(phrase) or _NO_NOUN.fullmatch(phrase))


def genitive(phrase: str) -> str:
    """The phrase as an owner: "Korea’s"."""
    return f"{phrase}’" if phrase.endswith("s") else f"{phrase}’s"


def topic_of(text: str) -> str:
    """What a question is about: its first name; or all of "what is X"; or its first noun phrase."""
    stem = bare(text)
    if quoted := QUOTED.search(stem):
        return quoted.group()
    if name := next(_names_of_letters(stem), None):
        if described := _described_by(name, stem):
            return _with_complement(described, stem)
        return _plain(name) if not _POSSESSIVE_END.search(name.group()) else _trimmed(stem[name.start() :])
    if pair := _BETWEEN.search(stem):
        return pair["both"]
    if thing := _ASKED_OF.fullmatch(stem):
        return _trimmed(thing["thing"] or thing["described"])
    copula = COPULA.fullmatch(stem)
    if copula and (told := _TOLD_ABOUT.fullmatch(copula["subject"])):
        return _trimmed(told["thing"])
    if copula and len(copula["subject"].split()) <= 4:
        is_gerund = _GERUND.fullmatch(copula["subject"])
        return copula["subject"] if is_gerund else _with_complement(_trimmed(copula["subject"]), stem)
    if phrases := [phrase for phrase in noun_phrases(stem) if not _NO_NOUN.fullmatch(phrase)]:
        return _with_complement(phrases[0], stem)
    return _first_noun(stem)


def _first_noun(stem: str) -> str:
    """The first words of a question that may be a noun, where it has neither a name nor an article; "" if none may."""
    opening = stem[: _opening_end(stem)]
    rest = stem[len(opening) :].lstrip()
    asking = _PERSON_ASKING.match(rest) if verb_comes(opening) else None  # "How do I make bread"
    spoken = rest[asking.end() :] if asking else rest
    if told := _WHICH_DOES.match(rest) if re.fullmatch("which|what", opening.strip(), re.IGNORECASE) else None:
        return told["noun"]
    in_a_row = list(dropwhile(lambda word: set(words(word)) <= STOP_WORDS, spoken.split()))
    if re.fullmatch("what|who", opening.strip(), re.IGNORECASE) and not any(map(_AUXILIARY_WORD.fullmatch, in_a_row)):
        in_a_row = in_a_row[1:]  # "What causes gout"
    noun = _trimmed(" ".join(in_a_row), verb_comes(opening) and not asking)
    if _COPULAR.search(opening) and not rest.lower().startswith("there "):
        noun = noun.rpartition(" ")[0] or noun  # "Is green tea healthy": the last word tells something of the others.
    return "" if BARE_VERB.fullmatch(noun) or _NO_NOUN.fullmatch(noun) else noun


def _described_by(name: re.Match[str], text: str) -> str:
    """The thing that a name of the text only describes, "the largest US base", "a US base"; "" if it describes none.

    Directly after "the" that can be told of an adjective, "the Korean army", and where no verb or adjective may follow:
    "what is the US share", not "is the US ready".
    """
    for determiner in DETERMINER.finditer(text, 0, name.end()):
        start = determiner.start()
        phrase = _trimmed(text[start:], verb_comes(text[:start]))
        is_apart = determiner.end() < name.start() or determiner.group().lower().startswith("a")
        is_sure = is_apart or _OF_A_PEOPLE.search(name.group()) or _IDENTIFYING.search(text[:start])
        noun = text[name.end() : start + len(phrase)]
        if is_sure and _NOUNS_AFTER.fullmatch(noun):
            return phrase
    return ""


def _plain(name: re.Match[str]) -> str:
    return name.group().strip(" ,") if _INITIALS.search(name.group()) else name.group().strip(" .,")


def _with_complement(phrase: str, text: str) -> str:
    """The phrase with what follows it after "of" in the text: "the symptoms" is "the symptoms of diabetes"."""
    _, _, rest = text.partition(f"{phrase} of ")
    name = NAME.match(rest)
    return f"{phrase} of {name.group() if name else _trimmed(rest)}" if rest else phrase


def _names_of_letters(stem: str) -> Iterator[re.Match[str]]:
    """The names in a question that are no years, numbers, days or months."""
    return (m for m in names_in(stem) if re.search("[A-Za-z]", m.group()) and not _TIMES.fullmatch(m.group()))


def names_in(question: str) -> list[re.Match[str]]:
    """The names in a question; the capital that it opens with makes none."""
    found = NAME.finditer(question, _opening_end(question))
    return [match for match in found if match.start() > 0 and match.group().lower() not in STOP_WORDS]


def noun_phrases(question: str) -> Iterator[str]:
    """The phrases that begin with an article or the like, in order."""
    for determiner in DETERMINER.finditer(question):
        yield _trimmed(question[determiner.start() :], verb_comes(question[: determiner.start()]))


def _trimmed(phrase: str, verb_follows: bool = False) -> str:
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


def _opening_end(question: str) -> int:
    opening = _OPENING.match(question)
    return opening.end() if opening else 0


def verb_comes(lead: str) -> bool:
    """Whether a phrase after these words is the subject of a verb that comes behind it."""
    last = lead.split()[-1:]
    return bool(last) and re.fullmatch(_DO_OR_MODAL, last[0], re.IGNORECASE) is not None
