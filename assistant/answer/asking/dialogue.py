"""Turns a follow-up into a question that stands alone, by rule, from the turns before it.

Five kinds of follow-up are known: a question word alone ("why then?"), a new detail for the question
before ("and in Japan?", "what if it rains?"), a pronoun for something named before ("when was it
signed?"), a question too short to mean anything by itself, and what was meant by a question that left
it open ("the one in Seoul"). Everything else stands alone and is left as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from assistant.answer.asking.antecedents import PERSON_DESCRIBED, antecedent_of
from assistant.answer.asking.before import APART, BESIDE, CONDITIONAL, Before, beside, on_condition
from assistant.answer.asking.courtesy import is_courtesy
from assistant.answer.asking.details import POSSESSIVE, is_detail, with_detail, with_number
from assistant.answer.asking.likeness import Likeness
from assistant.answer.asking.phrases import (
    ASKING,
    ASKING_WORD,
    ASKS_FOR_PERSON,
    AUXILIARY,
    DETERMINER,
    PREPOSITION,
    bare,
)
from assistant.answer.asking.pronouns import WHAT_ABOUT, with_antecedent, with_place
from assistant.answer.asking.topics import topic_of
from assistant.answer.asking.unsaid import is_vague, unbound_pronoun, unbound_pronouns
from assistant.search.terms import terms
from assistant.types import Answer, Turn
from assistant.wording import one_line

# "That sounds not hard.", "I see." say something of the answer before, and ask for nothing.
_REMARK = (
    r"(?:(?:oh|ah|well|wow|ok(?:ay)?|hmm+),? )?(?:(?:that|this|it)(?:[’']?s| is| was| sounds| seems| looks| makes)"
    r"(?: (?:not|very|so|really|quite|too|pretty|rather|a bit|a lot|all))*(?: (?!\d)[\w’'-]+)?"
    r"|(?:I (?:see|understand)|got it|thanks|oh|wow|interesting|great|good|nice|cool|perfect|sorry|hmm+)"
    r"(?: (?:a lot|very much|idea|point|to know|enough))?)[.!]+(?=\s+\S)"
)
# "well", "yes" and "no" open a reply only before a comma or a stop: "no country", "well water".
_LEADING = re.compile(
    rf"(?:(?:{_REMARK}"
    r"|(?:and|but|or|so(?! (?:far|long|many|much)\b)|then|also|ok(?:ay)?|thanks|thank you)(?=[\s,.!]|$)"
    r"|(?:well|yes|no)(?=[,.!]))[\s,.!]*)+",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
# "Who signed the treaty, when?" was asked by "When?": what comes after that asks of the treaty.
_ASKED_AGAIN = re.compile(
    rf"(?<!\bif so), (?:(?:(?:since|until|from|by|for|with|to|in) )?{ASKING_WORD}|why not)\W*$", re.IGNORECASE
)
_ABOUT = re.compile(r"(?:(?:what|how) about|what of)\b", re.IGNORECASE)
_CONDITION = re.compile(
    rf"(?:what )?(?P<condition>(?:if|unless|while)\b(?!.*[,.] ?(?:{ASKING_WORD}|{AUXILIARY}(?:n[’']t)?)\b)"
    rf"(?!.*[a-z] (?:whom?|{AUXILIARY}) (?:I|you|we|he|she|it|they|my|your|the)\b)[^?]+)",
    re.IGNORECASE,
)
_QUESTION_WORD = re.compile(
    rf"(?P<word>(?:(?:since|until|from|by|for|with|to|in) )?{ASKING_WORD})"
    r"(?: (?:then|so|(?P<denied>not)|that|this|exactly|(?P<more>else)|(?:was|is|did|would) (?:that|this)(?: be)?))?",
    re.IGNORECASE,
)

_MORE = re.compile(r"\b(?:more|else|further|details?|examples?|go on|continue)\b", re.IGNORECASE)
_SORRY = r"\W*(?:(?:and|well|sorry|no|oh)\W+)*"
_MEANT = re.compile(rf"{_SORRY}(?:I (?:mean|meant)|it[’']?s|it is|that is)\b", re.IGNORECASE)
_CORRECTED = re.compile(rf"{_SORRY}I (?:mean|meant)\s+(?!to\b)(?=\S)", re.IGNORECASE)
_AFTER_QUESTION = re.compile(r"(?<=\?)\s+")
_CHARACTERS_BEFORE, _TOPICS, _PRONOUNS = 500, 5, 3
_ADVERB = re.compile(
    r"back|home|online|abroad|now|today|tomorrow|tonight|afterwards|later|earlier|alone|together", re.IGNORECASE
)
_LAST_ADVERB = re.compile(rf" (?:{_ADVERB.pattern})$", re.IGNORECASE)
_SAID_OF_THEM = re.compile(
    rf"{AUXILIARY} (?!(?:I|you|we|he|she|it|they|that|this|these|those|there)\b|{DETERMINER.pattern}|(?-i:[A-Z0-9]))"
    r"(?:[a-z]+ed|in|on|at|to|with|from|(?:be|have|go|get|pay|end|do|join|use|make|take|see|become) ?.*)\b",
    re.IGNORECASE,
)


def standalone(question: str, history: Sequence[Turn], likeness: Likeness | None = None) -> str:
    """The question with what it leaves unsaid filled in; the question itself if it leaves nothing.

    With a `likeness`, a new detail takes the place of what it is like where rules alone would take another.
    """
    before, named = Before(""), ""
    answer: Answer | str = ""
    for turn in history:
        typed = _clean(turn.question)
        if is_courtesy(typed):
            continue  # Thanks are no part of what is talked about.
        answer = turn.answer
        if isinstance(answer, Answer):
            asked, named = answer.searched_for, _clean(answer.short)
        else:
            asked, named = _filled(typed, before, named, likeness), ""
        if last := _last_question(_clean(asked)):
            before = _after(last, typed, named, before)
    if before.question and (meant := _meant(question, answer)):
        return beside(before.latest, meant)
    return _filled(question, before, named, likeness)


def _after(asked: str, typed: str, named: str, before: Before) -> Before:
    """What the next follow-up may lean on, after a turn in which `asked` was searched for what was `typed`.

    `named` are the few words that answered it, if there were such.
    """
    if before.question and (added := _CONDITION.fullmatch(_detail_of(_without_leading(typed)))):
        if CONDITIONAL.search(bare(before.question)):  # whose place the new one has taken
            return replace(before, question=BESIDE.sub(r"\g<question>?", bare(asked)), condition="")
        return replace(before, condition=bare(added["condition"]))
    if before.question and asked.startswith(f"{bare(before.latest)}: "):
        return before  # Somebody wanted to hear more of it.
    put = BESIDE.fullmatch(bare(asked))
    person = (named if ASKS_FOR_PERSON.match(asked) else "") or before.person
    if described := PERSON_DESCRIBED.match(bare(asked)):
        person = described["person"]
    question, context = (f"{put['question']}?", put["context"]) if put else (asked, "")
    goes_on = context or set(terms(before.subject)).intersection(terms(question))
    subject = before.subject if before.subject and goes_on else question
    about = antecedent_of("it", question, ""), topic_of(question)
    topics = tuple(dict.fromkeys(filter(None, (*about, *before.topics))))[:_TOPICS]
    return Before(question, context, person=person, subject=subject, topics=topics)


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


def _filled(question: str, before: Before, named: str, likeness: Likeness | None) -> str:
    """As `standalone`, after the question `before`, which was answered by `named`, if by few words."""
    asked = _without_leading(question)
    if not bare(before.question) or not bare(asked):
        return question
    before = replace(before, question=_ASKED_AGAIN.sub("?", before.question))
    if changed := _changed(question, asked, before, named, likeness):
        return changed
    placed = with_place(asked, before.question, named)
    if pronouns := list(islice(unbound_pronouns(placed), _PRONOUNS)):
        return with_antecedent(placed, pronouns, before, named)
    return placed if placed != asked or not is_vague(asked) else _beside_the_rest(asked, before)


def _changed(question: str, asked: str, before: Before, named: str, likeness: Likeness | None) -> str:
    """The question before as far as this one changes a part of it: "and in Japan?", "why?"; "" if it does not."""
    rest, detail = bare(asked), _detail_of(asked)
    if alone := _QUESTION_WORD.fullmatch(rest):
        again = on_condition(before.question, before.condition) if before.condition else before.question
        if alone["more"]:
            return before.within(f"{bare(again)}, {rest.lower()}?")
        return before.within(_ask_again(again, alone["word"], denied=bool(alone["denied"])))
    if numbered := with_number(before.question, rest):
        return before.within(numbered)
    if condition := _CONDITION.fullmatch(detail):
        return before.within(on_condition(before.question, condition["condition"]))
    joined = detail != rest or _JOINED.search(question[: question.rfind(asked)])
    if detail and (joined or PREPOSITION.match(detail) or POSSESSIVE.match(detail)) and is_detail(detail):
        return _with_detail(before, detail, named, likeness)
    return ""


def _beside_the_rest(asked: str, before: Before) -> str:
    """A question that says next to nothing, beside what it may be about."""
    # "Hello" and "tell me about trade" are short too, and ask for nothing more of what came before.
    more = _MORE.search(asked)
    if not (more or asked.rstrip().endswith("?")):
        return asked
    if f" {bare(asked).lower()} " in f" {bare(before.latest).lower()} ":
        return before.latest
    return f"{bare(before.latest)}: {asked}" if more else beside(asked, before.context or before.question)


def _without_leading(question: str) -> str:
    leading = _LEADING.match(question)
    return question[leading.end() :].strip() if leading else question


def _detail_of(asked: str) -> str:
    """What is asked about, "the library" for "what about the library?"; all of any other question."""
    rest = bare(asked)
    about = _ABOUT.match(rest)
    return bare(rest[about.end() :]) if about else rest


def _with_detail(before: Before, detail: str, named: str, likeness: Likeness | None) -> str:
    """The question before with a new detail in it, or after it, or with its context asked about alone."""
    if WHAT_ABOUT.match(before.question) and before.context and not PREPOSITION.match(detail):
        return f"What about {detail} ({before.context})?"
    if before.context and unbound_pronoun(before.question) and not PREPOSITION.match(detail):
        *others, root = before.context.split(APART)
        return beside(before.question, APART.join([*others, with_detail(root, detail, named, likeness)]))
    if _ADVERB.fullmatch(detail):
        return before.within(f"{_LAST_ADVERB.sub('', bare(before.question))} {detail.lower()}?")
    return before.within(with_detail(before.question, detail, named, likeness))


def _ask_again(before: str, word: str, *, denied: bool) -> str:
    """The question before with another question word: "When was it signed?" and "why?" give "Why was it signed?"."""
    stem = bare(before)
    if denied:
        return f"{stem}, {word.lower()} not?"
    asking = ASKING.match(stem)
    rest = stem[asking.end() :].lstrip() if asking else stem
    # "Who can end it" and "who was fined" ask for those of whom it is said.
    of_doer = asking and asking.group().lower() in ("who", "what") and _SAID_OF_THEM.match(rest)
    if not of_doer and re.match(rf"{AUXILIARY}\b", rest, re.IGNORECASE):
        return f"{word.capitalize()} {rest[0].lower()}{rest[1:]}?"
    return f"{stem}, {word.lower()}?"
