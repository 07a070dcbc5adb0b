"""Turns a follow-up into a question that stands alone, by rule, from the turns before it.

Four kinds of follow-up are known: a question word alone ("why then?"), a new detail for the question
before ("and in Japan?", "what if it rains?"), a pronoun for something named before ("when was it
signed?"), and a question too short to mean anything by itself. Everything else stands alone and is
left as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.search.terms import STOP_WORDS, words
from assistant.types import Answer, Turn

_ASKING_WORD = r"(?:why|how come|how many|how much|how long|how often|how|when|where|whom|whose|who|which|what)"
_DO_OR_MODAL = r"(?:do|does|did|can|could|will|would|should|might|must|may(?! \d))"
_AUXILIARY = rf"(?:is|are|was|were|has|have|had|{_DO_OR_MODAL})"
_ADJECTIVE = r"(?:true|possible|wise|likely|necessary|worth|fair|legal|safe|hard|easy)"
_CAPITAL = r"(?!I\b)[A-Z0-9][\w.’'-]*"

# "well", "yes" and "no" open a reply only before a comma or a stop: "no country", "well water".
_LEADING = re.compile(
    r"(?:(?:(?:and|but|or|so|then|also|ok(?:ay)?|thanks|thank you)(?=[\s,.!]|$)|(?:well|yes|no)(?=[,.!]))[\s,.!]*)+",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
_ABOUT = re.compile(r"(?:(?:what|how) about|what of)\b", re.IGNORECASE)
_CONDITION = re.compile(
    rf"(?P<what>what )?(?P<condition>(?:if|unless|while)\b(?!.*, (?:{_ASKING_WORD}|{_AUXILIARY})\b).+)", re.IGNORECASE
)
_QUESTION_WORD = re.compile(
    rf"(?P<word>(?:(?:since|until|from|by|for|with|to|in) )?{_ASKING_WORD})"
    r"(?: (?:then|so|not|that|this|exactly|else|(?:was|is|did|would) (?:that|this)(?: be)?))?",
    re.IGNORECASE,
)
_ASKING = re.compile(
    rf"(?:(?:since|in|on|at|for|from|to|by|under|with|during|until|of) )?{_ASKING_WORD}\b", re.IGNORECASE
)
_ASKS_FOR_PERSON = re.compile(r"(?:to |by |with |for )?who(?:m|se)?\b", re.IGNORECASE)
_PERSON_DESCRIBED = re.compile(r"who(?:[’']s| is| was)\s+(?P<person>\S+(?: \S+){0,7})$", re.IGNORECASE)
_PLURAL = r"(?:people|children|(?!(?:is|was|has|does)\b)[a-z]+s)\b"
_THINGS_COUNTED = re.compile(
    rf"(?:how many|which) (?!of\b)(?P<things>(?:\S+ ){{0,4}}?{_PLURAL}(?= {_AUXILIARY}\b)|(?:\S+ ){{0,2}}?{_PLURAL})",
    re.IGNORECASE,
)
_COPULA = re.compile(
    r"(?P<asking>(?:what|who) (?:is|are|was|were)) (?P<subject>(?!it\b|they\b|this\b|that\b).+)", re.IGNORECASE
)

_PRONOUN = re.compile(
    r"\b(?:(?P<possessive>its|their|his|her(?= \w))|(?P<demonstrative>this|that|these|those|such)\s+(?P<noun>[a-z]+)"
    r"|(?P<plain>it|that|they|them|he|she|him|her|this|these|those|others?"
    rf"|ones?(?=$|\W*$| {_AUXILIARY}\b)))\b",
    re.IGNORECASE,
)
_FOR_A_CLAUSE = ("this", "that", "these", "those", "one", "ones", "other", "others")
_POSSESSIVE = re.compile(r"(?P<pronoun>its|their|his|her)\s+", re.IGNORECASE)
_THERE = re.compile(r"\b(?:over )?(?:there|here)\b", re.IGNORECASE)
_EXPLETIVE = re.compile(
    rf"\b(?:is|was) it (?:not )?{_ADJECTIVE}\b(?: that\b)?|\bit (?:is|was) (?:not )?{_ADJECTIVE}\b"
    r"|\bit (?:seems|takes)\b|\b(?:does|did|will|would) it take to \w+ \w+"
    rf"|\b(?!do|did){_AUXILIARY} there\b|\bthere (?:is|are|was|were)\b|\bone of\b|\bno one\b|\beach other\b",
    re.IGNORECASE,
)

_NAME = re.compile(
    rf"(?:the\s+)?\b{_CAPITAL}(?:\s+(?:of|and|the|for|in|on|vs?\.?)(?=\s+(?:the\s+)?(?!I\b)[A-Z])|\s+{_CAPITAL})*"
)
_PLACE = re.compile(rf"\b(?P<place>(?:in|at|on|near)\s+(?:{_NAME.pattern}))")
_DETERMINER = re.compile(r"\b(?:the|an?|this|that|its|their|our)\s+(?=\w)", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"(?:in|on|at|for|with|from|to|during|after|before|under|by|of|about|against)\b", re.IGNORECASE
)
_OPENING = re.compile(rf"(?:{_ASKING.pattern}|{_PREPOSITION.pattern})?\s*(?:{_AUXILIARY}\b)?", re.IGNORECASE)
_PLACE_OR_TIME = ("in", "on", "at")
_BARE_OBJECT = re.compile(r"\b(?:of|for|in|on|with|by|to|from|against) (?P<object>(?!(?:the|an?|this|that) )[\w’'-]+)$")
_QUOTED = re.compile(r"[\"“][^\"”]+[\"”]")
_CLAUSE = re.compile(rf"^(?:{_ASKING.pattern}|if\b|because\b|although\b)|\b{_AUXILIARY}\b")
_VERB = re.compile(
    r".+(?:ed|ing)|mean|say|do|work|cost|last|begin|start|end|take|happen|apply|cover|hold|made|built|come|go|use|need"
    r"|get|give|have|make|include|contain|require|provide|support|look|become|affect|differ"
)
_CHARACTERS_BEFORE = 500
_FEW_WORDS = 2
_DETAIL_WORDS = 8
_PHRASE_WORDS = 6


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves unsaid filled in; the question itself if it leaves nothing."""
    before = named = ""
    for turn in history:
        if isinstance(turn.answer, Answer):
            asked, named = turn.answer.searched_for, _clean(turn.answer.short)
        else:
            asked, named = _filled(_clean(turn.question), before, named), ""
        before = _clean(asked) or before
    return _filled(question, before, named)


def _clean(text: str) -> str:
    """What is used of an earlier turn, which nobody has checked: its end, on one line, as far as it can be printed."""
    ending = text[-_CHARACTERS_BEFORE:]
    return " ".join("".join(character if character.isprintable() else " " for character in ending).split())


def _filled(question: str, before: str, named: str) -> str:
    """As `standalone`, after the question `before`, which stood alone and was answered by `named`, if by few words."""
    leading = _LEADING.match(question)
    asked = question[leading.end() :].strip() if leading else question
    bare = _bare(asked)
    if not _bare(before) or not bare:
        return question
    if alone := _QUESTION_WORD.fullmatch(bare):
        return _ask_again(before, alone["word"])
    about = _ABOUT.match(bare)
    detail = _bare(bare[about.end() :]) if about else bare
    joined = about or (leading and _JOINED.search(leading.group()))
    if (condition := _CONDITION.fullmatch(detail)) and (joined or condition["what"]):
        return f"{_bare(before)} {condition['condition']}?"
    if detail and (joined or _PREPOSITION.match(detail) or _POSSESSIVE.match(detail)) and _is_detail(detail):
        return _with_detail(before, detail, named)
    placed = _with_place(asked, before, named)
    if pronoun := _unbound_pronoun(placed):
        return _with_antecedent(placed, pronoun, before, named)
    content = [word for word in words(asked) if word not in STOP_WORDS]
    # Words can be counted only where spaces part them, and these rules are English.
    vague = len(content) < _FEW_WORDS and not _names(asked) and re.search("[A-Za-z]", asked)
    if placed == asked and vague:
        return before if bare.lower() in before.lower() else f"{_bare(before)}: {asked}"
    return placed


def _bare(text: str) -> str:
    return text.strip(" \t\n?.!,;:…")


def _ask_again(before: str, word: str) -> str:
    """The question before with another question word: "When was it signed?" and "why?" give "Why was it signed?"."""
    stem = _bare(before)
    asking = _ASKING.match(stem)
    rest = stem[asking.end() :].lstrip() if asking else stem
    if re.match(rf"{_AUXILIARY}\b", rest, re.IGNORECASE):
        return f"{word.capitalize()} {rest[0].lower()}{rest[1:]}?"
    return f"{stem}, {word.lower()}?"


def _is_detail(text: str) -> bool:
    """Whether the words after "and" or "what about" are a phrase rather than a question of their own."""
    return len(text.split()) <= _DETAIL_WORDS and not _CLAUSE.search(text)


def _with_detail(before: str, detail: str, named: str) -> str:
    """The question before with the new detail in the place of its like, or after it if nothing is like it."""
    stem = _bare(before)
    if _PREPOSITION.match(detail):
        detail = detail[0].lower() + detail[1:]
        old = _like_adverbial(stem, detail)
        filled = stem.replace(old, detail) if old else f"{stem} {detail}"
        return f"{filled[0].upper()}{filled[1:]}?"
    if possessive := _POSSESSIVE.match(detail):
        owner = _antecedent(possessive["pronoun"], stem, named)
        detail = f"{_genitive(owner)} {detail[possessive.end() :]}"
        if copula := _COPULA.fullmatch(stem):
            return f"{copula['asking']} {detail}?"
        old = owner
    else:
        old = _like_phrase(stem, detail)
    if not old or old not in stem:
        return f"{stem}, {detail}?"
    head, _, tail = stem.rpartition(old)
    if _DETERMINER.match(detail):
        head = head.removesuffix("the ")
    return f"{head}{detail}{tail}?"


def _like_adverbial(stem: str, detail: str) -> str:
    """The last part of the question that has a like preposition, and a number exactly where the detail has one."""
    words_of_detail = detail.split()
    preposition = words_of_detail[0].lower()
    like = "|".join(_PLACE_OR_TIME) if preposition in _PLACE_OR_TIME else re.escape(preposition)
    ends = rf"(?= (?!of\b)(?:{_PREPOSITION.pattern})|[,:(]|$)"
    parts = [match.group() for match in re.finditer(rf"\b(?:{like}) .+?{ends}", stem, re.IGNORECASE)]
    number = words_of_detail[-1][0].isdigit()
    return next((part for part in reversed(parts) if part.split()[-1][0].isdigit() == number), "")


def _like_phrase(stem: str, detail: str) -> str:
    """The phrase of the question that the detail is to replace: a name by a name, "the X" by "the Y"."""
    names = [match.group() for match in _names(stem)]
    if names and _NAME.match(detail):
        own = set(words(detail)) - STOP_WORDS
        return max(reversed(names), key=lambda name: len(own & set(words(name))))
    phrases = list(_noun_phrases(stem))
    if phrases and _DETERMINER.match(detail):
        return phrases[0]
    thing = _BARE_OBJECT.search(stem)
    return thing["object"] if thing else _topic(stem)


def _with_place(question: str, before: str, named: str) -> str:
    """The question with the place that "there" means in it."""
    expletives = [match.span() for match in _EXPLETIVE.finditer(question)]
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
    place = named if before.lower().startswith("where") else _topic(before)
    return f"in {place}" if place else ""


def _unbound_pronoun(question: str) -> re.Match[str] | None:
    """The first pronoun that nothing before it in the question can stand for."""
    expletives = [match.span() for match in _EXPLETIVE.finditer(question)]
    for pronoun in _PRONOUN.finditer(question):
        lead = question[: pronoun.start()]
        if any(start <= pronoun.start() < end for start, end in expletives):
            continue
        content = [word for word in words(lead) if word not in STOP_WORDS]
        last = not words(question[pronoun.end() :])
        if pronoun.group().lower().startswith("that") and content and words(lead)[-1] == content[-1] and not last:
            continue  # "the treaty that was signed", "say that troops left"
        if (_names(lead) or len(content) > _FEW_WORDS) and not last:
            continue
        return pronoun
    return None


def _with_antecedent(question: str, pronoun: re.Match[str], before: str, named: str) -> str:
    word = pronoun.group().lower()
    noun = (pronoun["noun"] or "").lower()
    names_nothing = word in _FOR_A_CLAUSE or noun in STOP_WORDS or _VERB.fullmatch(noun)
    antecedent = "" if names_nothing else _antecedent(word, before, named)
    if noun or not antecedent:
        # "this agreement" names a kind: the antecedent says which one. "When did that happen" means all of it.
        return f"{_bare(question)} ({antecedent or _bare(before)})?"
    filling = _genitive(antecedent) if pronoun["possessive"] else antecedent
    return question[: pronoun.start()] + filling + question[pronoun.end() :]


def _antecedent(pronoun: str, before: str, named: str) -> str:
    """What the pronoun stands for after the question `before`; "" if that cannot be told."""
    stem = _bare(before)
    if pronoun.lower() in ("he", "she", "him", "her", "his"):
        if described := _PERSON_DESCRIBED.match(stem):
            return described["person"]
        if _ASKS_FOR_PERSON.match(stem):
            return named
    if pronoun.lower() in ("they", "them", "their") and (counted := _THINGS_COUNTED.match(stem)):
        return counted["things"]
    return _topic(stem)


def _genitive(phrase: str) -> str:
    return f"{phrase}’" if phrase.endswith("s") else f"{phrase}’s"


def _topic(text: str) -> str:
    """What a question is about: its first name; or all of "what is X"; or its first noun phrase."""
    stem = _bare(text)
    if quoted := _QUOTED.search(stem):
        return quoted.group()
    names = [match.group() for match in _names(stem) if re.search("[A-Za-z]", match.group())]
    if names:
        return names[0].strip(" .,")
    copula = _COPULA.fullmatch(stem)
    if copula and len(copula["subject"].split()) <= 4:
        return _with_complement(_trimmed(copula["subject"]), stem)
    if phrases := list(_noun_phrases(stem)):
        return _with_complement(phrases[0], stem)
    opening = stem[: _opening_end(stem)]
    content = [word for word in stem[len(opening) :].split() if word.lower() not in STOP_WORDS]
    return _trimmed(" ".join(content), _verb_follows(opening))


def _with_complement(phrase: str, text: str) -> str:
    """The phrase with what follows it after "of" in the text: "the symptoms" is "the symptoms of diabetes"."""
    _, _, rest = text.partition(f"{phrase} of ")
    return f"{phrase} of {_trimmed(rest)}" if rest else phrase


def _names(question: str) -> list[re.Match[str]]:
    """The names in a question; the capital that it opens with makes none."""
    found = _NAME.finditer(question, _opening_end(question))
    return [match for match in found if match.start() > 0 and match.group().lower() not in STOP_WORDS]


def _opening_end(question: str) -> int:
    opening = _OPENING.match(question)
    return opening.end() if opening else 0


def _verb_follows(lead: str) -> bool:
    """Whether a phrase after these words is the subject of a verb that comes behind it."""
    last = lead.split()[-1:]
    return bool(last) and re.fullmatch(_DO_OR_MODAL, last[0], re.IGNORECASE) is not None


def _noun_phrases(question: str) -> Iterator[str]:
    """The phrases that begin with an article or the like, in order."""
    for determiner in _DETERMINER.finditer(question):
        yield _trimmed(question[determiner.start() :], _verb_follows(question[: determiner.start()]))


def _trimmed(phrase: str, verb_follows: bool = False) -> str:
    """The noun phrase that the words begin with: up to a function word or a verb.

    `verb_follows` is for the subject after "does" and the like, where the last word is a verb of whatever form.
    """
    least = 2 if _DETERMINER.match(phrase) else 1
    kept: list[str] = []
    for word in phrase.split(maxsplit=_PHRASE_WORDS)[:_PHRASE_WORDS]:
        if kept[1:] and (word.lower() in STOP_WORDS or (verb_follows and _VERB.fullmatch(word))):
            verb_follows = verb_follows and word.lower() in STOP_WORDS
            break
        kept.append(word)
    if verb_follows and len(kept) > least:
        kept.pop()
    while len(kept) > least and _VERB.fullmatch(kept[-1]):
        kept.pop()
    return _bare(" ".join(kept))
