"""Turns a follow-up into a question that stands alone, by rule, from the turns before it.

Five kinds of follow-up are known: a question word alone ("why then?"), a new detail for the question
before ("and in Japan?", "what if it rains?"), a pronoun for something named before ("when was it
signed?"), a question too short to mean anything by itself, and what was meant by a question that left
it open ("the one in Seoul"). Everything else stands alone and is left as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.details import POSSESSIVE, is_detail, with_detail, with_number
from assistant.answer.phrases import (
    ASKING,
    ASKING_WORD,
    AUXILIARY,
    NAME,
    PREPOSITION,
    VERB,
    antecedent_of,
    bare,
    genitive,
    names_in,
    topic_of,
)
from assistant.search.terms import STOP_WORDS, is_function_word, terms, words
from assistant.types import Answer, Turn
from assistant.wording import one_line

_ADJECTIVE = (
    r"(?:true|possible|likely|necessary|worth|(?:wise|fair|legal|safe|hard|easy)(?= (?:to|that|if|for .+ to)\b))"
)

# "That sounds not hard.", "I see." say something of the answer before, and ask for nothing.
_REMARK = (
    r"(?:(?:that|this|it)(?:[’']?s| is| was| sounds| seems| looks)|I (?:see|understand)|oh|wow|interesting|great|good"
    r"|nice|cool|perfect|sorry|hmm+)(?: (?:not|very|so|really|quite|too|all|a|an|good|great|nice|hard|easy|interesting"
    r"|helpful|useful|bad|strange|true|right|fair|fine|clear|idea|point)){0,4}[.!]+(?=\s+\S)"
)
# "well", "yes" and "no" open a reply only before a comma or a stop: "no country", "well water".
_LEADING = re.compile(
    r"(?:(?:(?:and|but|or|so(?! (?:far|long|many|much)\b)|then|also|ok(?:ay)?|thanks|thank you)(?=[\s,.!]|$)"
    rf"|(?:well|yes|no)(?=[,.!])|{_REMARK})[\s,.!]*)+",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
# "Who signed the treaty, when?" was asked by "When?": what comes after that asks of the treaty.
_ASKED_AGAIN = re.compile(
    rf"(?<!\bif so), (?:(?:(?:since|until|from|by|for|with|to|in) )?{ASKING_WORD}|why not)\W*$", re.IGNORECASE
)
_ABOUT = re.compile(r"(?:(?:what|how) about|what of)\b", re.IGNORECASE)
_CONDITION = re.compile(
    rf"(?:what )?(?P<condition>(?:if|unless|while)\b(?!.*[,.] ?(?:{ASKING_WORD}|{AUXILIARY}(?:n[’']t)?)\b).+)",
    re.IGNORECASE,
)
_QUESTION_WORD = re.compile(
    rf"(?P<word>(?:(?:since|until|from|by|for|with|to|in) )?{ASKING_WORD})"
    r"(?: (?:then|so|(?P<denied>not)|that|this|exactly|else|(?:was|is|did|would) (?:that|this)(?: be)?))?",
    re.IGNORECASE,
)

_PRONOUN = re.compile(
    r"\b(?:(?P<possessive>its|their|his|her(?= \w))|(?P<demonstrative>this|that|these|those|such)\s+(?P<noun>[a-z]+)"
    r"|(?P<plain>it|that|they|them|he|she|him|her|this|these|those|others?"
    rf"|ones?(?=$|\W*$| {AUXILIARY}\b)))\b",
    re.IGNORECASE,
)
_FOR_A_CLAUSE = ("this", "that", "these", "those", "one", "ones", "other", "others")
_THERE = re.compile(r"\b(?:over )?(?:there|here)\b", re.IGNORECASE)
_EXPLETIVE = re.compile(
    rf"\b(?:is|was) it (?:not )?{_ADJECTIVE}\b(?: that\b)?|\bit (?:is|was) (?:not )?{_ADJECTIVE}\b"
    r"|\bit (?:seems|takes)\b|\b(?:does|did|will|would) it take to \w+ \w+"
    rf"|\b(?!do|did){AUXILIARY} there\b|\bthere (?:is|are|was|were)\b|\bthere {AUXILIARY} (?:not )?(?:be|been)\b"
    r"|\bone of\b|\bno one\b|\beach other\b",
    re.IGNORECASE,
)

_PLACE = re.compile(rf"\b(?P<place>(?:in|at|on|near)\s+(?:{NAME.pattern}))")
_MORE = re.compile(r"\b(?:more|else|further|details?|examples?|go on|continue)\b", re.IGNORECASE)
_DEFINITION = re.compile(r"(?:what|who) (?:is|are) an? ", re.IGNORECASE)
_SORRY = r"\W*(?:(?:and|well|sorry|no|oh)\W+)*"
_MEANT = re.compile(rf"{_SORRY}(?:I (?:mean|meant)|it[’']?s|it is|that is)\b", re.IGNORECASE)
_CORRECTED = re.compile(rf"{_SORRY}I (?:mean|meant)\s+(?!to\b)(?=\S)", re.IGNORECASE)
_AFTER_QUESTION = re.compile(r"(?<=\?)\s+")
_CHARACTERS_BEFORE = 500
# How a new thing is asked about that nothing in the question before is like.
_THING_OF_SUBJECT = re.compile(r"What about (?P<thing>.+) \((?P<subject>[^()]+)\)")
_FEW_WORDS = 2


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves unsaid filled in; the question itself if it leaves nothing."""
    before = named = ""
    for turn in history:
        if isinstance(turn.answer, Answer):
            asked, named = turn.answer.searched_for, _clean(turn.answer.short)
        else:
            asked, named = _filled(_clean(turn.question), before, named), ""
        before = _last_question(_clean(asked)) or before
    if before and (meant := _meant(question, history[-1].answer)):
        return f"{bare(before)} ({meant})?"
    return _filled(question, before, named)


def _last_question(text: str) -> str:
    """The last of several questions, which a follow-up is about, if it stands alone; else all of the text."""
    last = _AFTER_QUESTION.split(text)[-1]
    return text if unbound_pronoun(last) else last


def _meant(question: str, answer: Answer | str) -> str:
    """What somebody says was meant, "the library" for "I mean the library"; "" if nothing.

    Where the answer left that open, which is one that refuses without a certainty, it may be said without "I mean".
    "Thanks" names nothing that was found for it.
    """
    if (corrected := _CORRECTED.match(question)) and is_detail(detail := bare(question[corrected.end() :])):
        return detail
    if isinstance(answer, str) or not answer.refused or answer.certainty is not None:
        return ""
    said = _MEANT.match(question)
    meant = bare(question[said.end() :] if said else question)
    known = {term for hit in answer.hits for term in terms(f"{hit.passage.title} {hit.passage.text}")}
    named = said or not known.isdisjoint(terms(meant))
    return meant if named and meant and is_detail(meant[0].lower() + meant[1:]) else ""


def _clean(text: str) -> str:
    """What is used of an earlier turn, which nobody has checked: its end, on one line."""
    return one_line(text[-_CHARACTERS_BEFORE:])


def _filled(question: str, before: str, named: str) -> str:
    """As `standalone`, after the question `before`, which stood alone and was answered by `named`, if by few words."""
    leading = _LEADING.match(question)
    asked = question[leading.end() :].strip() if leading else question
    rest = bare(asked)
    before = _ASKED_AGAIN.sub("?", before)
    if not bare(before) or not rest:
        return question
    if alone := _QUESTION_WORD.fullmatch(rest):
        return _ask_again(before, alone["word"], denied=bool(alone["denied"]))
    if numbered := with_number(before, rest):
        return numbered
    if of_subject := _THING_OF_SUBJECT.fullmatch(bare(before)):
        before = f"What is {of_subject['thing']}?"
    about = _ABOUT.match(rest)
    detail = bare(rest[about.end() :]) if about else rest
    joined = about or (leading and _JOINED.search(leading.group()))
    if condition := _CONDITION.fullmatch(detail):
        return f"{bare(before)} {condition['condition'][0].lower()}{condition['condition'][1:]}?"
    if detail and (joined or PREPOSITION.match(detail) or POSSESSIVE.match(detail)) and is_detail(detail):
        if of_subject and not PREPOSITION.match(detail):
            return f"What about {detail} ({of_subject['subject']})?"
        return with_detail(before, detail, named)
    placed = _with_place(asked, before, named)
    if pronoun := unbound_pronoun(placed):
        return _with_antecedent(placed, pronoun, before, named)
    # "Many" is a term of the word index, but "how many rooms?" says no more than "rooms?".
    content = [word for word in words(asked) if not is_function_word(word) and word != "many"]
    defined = _DEFINITION.match(asked)
    # Words can be counted only where spaces part them, and these rules are English.
    vague = len(content) < _FEW_WORDS and not defined and not names_in(asked) and re.search("[A-Za-z]", asked)
    # "Hello" and "tell me about trade" are short too, and ask for nothing more of what came before.
    if placed == asked and vague and (asked.rstrip().endswith("?") or _MORE.search(asked)):
        return before if rest.lower() in before.lower() else f"{bare(before)}: {asked}"
    return placed


def _ask_again(before: str, word: str, *, denied: bool) -> str:
    """The question before with another question word: "When was it signed?" and "why?" give "Why was it signed?"."""
    stem = bare(before)
    if denied:
        return f"{stem}, {word.lower()} not?"
    asking = ASKING.match(stem)
    rest = stem[asking.end() :].lstrip() if asking else stem
    if re.match(rf"{AUXILIARY}\b", rest, re.IGNORECASE):
        return f"{word.capitalize()} {rest[0].lower()}{rest[1:]}?"
    return f"{stem}, {word.lower()}?"


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
    place = named if before.lower().startswith("where") else topic_of(before)
    return f"in {place}" if place else ""


def unbound_pronoun(question: str) -> re.Match[str] | None:
    """The first pronoun that nothing before it in the question can stand for."""
    expletives = [match.span() for match in _EXPLETIVE.finditer(question)]
    for pronoun in _PRONOUN.finditer(question):
        lead = question[: pronoun.start()]
        if any(start <= pronoun.start() < end for start, end in expletives):
            continue
        content = [word for word in words(lead) if not is_function_word(word)]
        last = not words(question[pronoun.end() :])
        if pronoun.group().lower().startswith("that") and content and words(lead)[-1] == content[-1] and not last:
            continue  # "the treaty that was signed", "say that troops left"
        if (names_in(lead) or len(content) > _FEW_WORDS) and not last:
            continue
        return pronoun
    return None


def _with_antecedent(question: str, pronoun: re.Match[str], before: str, named: str) -> str:
    word = pronoun.group().lower()
    noun = (pronoun["noun"] or "").lower()
    names_nothing = word in _FOR_A_CLAUSE or noun in STOP_WORDS or VERB.fullmatch(noun)
    lead = words(question[: pronoun.start()])
    is_object = bool(lead) and not re.fullmatch(rf"{AUXILIARY}|and|but|that|if", lead[-1])
    antecedent = "" if names_nothing else antecedent_of(word, before, named, is_object=is_object)
    if noun or not antecedent:
        # "this agreement" names a kind: the antecedent says which one. "When did that happen" means all of it.
        return f"{bare(question)} ({antecedent or bare(before)})?"
    filling = genitive(antecedent) if pronoun["possessive"] else antecedent
    return question[: pronoun.start()] + filling + question[pronoun.end() :]
