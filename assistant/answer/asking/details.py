"""Puts a new detail in the place of its like: "And in Japan?" after "How many troops are in Korea?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.asking.antecedents import antecedent_of
from assistant.answer.asking.likeness import Likeness, most_alike
from assistant.answer.asking.phrases import (
    ASKING,
    AUXILIARY,
    BARE_VERB,
    COPULA,
    DETERMINER,
    NAME,
    PREPOSITION,
    VERB,
    bare,
    genitive,
    is_plural,
    names_in,
    noun_phrases,
)
from assistant.answer.asking.topics import topic_of, what_it_is
from assistant.search.terms import STOP_WORDS, words

POSSESSIVE = re.compile(r"(?P<pronoun>its|their|his|her)\s+", re.IGNORECASE)
_PLACE_OR_TIME = ("in", "on", "at")
_DEFINITE_ARTICLE = re.compile(r"(?:the|this|that|its|their|our)\b", re.IGNORECASE)
_ABBREVIATED_OF = re.compile(r"(?:the )?[A-Z]{2,} of (?:the )?")
_BARE_OBJECT = re.compile(
    rf"\b(?:of|for|in|on|with|by|to(?! (?:{VERB.pattern})$)|from|against)"
    r" (?P<object>(?!(?:the|an?|this|that) )[\w’'-]+)$"
)
_ONE = re.compile(r"\bones?$", re.IGNORECASE)
_NUMBERED = re.compile(r"(?P<noun>[a-z]+) \d+\w?", re.IGNORECASE)
_INDEFINITE = re.compile(r"an?\b", re.IGNORECASE)
_NO_OBJECT = rf"(?:{DETERMINER.pattern}|(?:home|here|there|out|back|away|abroad)\b)"
_OBJECT = re.compile(
    rf"{AUXILIARY} (?:I|you|we|they) [a-z]+ (?P<object>(?!{_NO_OBJECT})[a-z]+)(?= (?:{PREPOSITION.pattern})|$)",
    re.IGNORECASE,
)
_OPPOSITES = ("for", "against"), ("before", "during", "after"), ("with", "without")
_CLAUSE = re.compile(rf"(?:^|, ?)(?:{ASKING.pattern}|if\b|because\b|although\b)|\b{AUXILIARY}\b")
_DETAIL_WORDS = 8
# "How many new bases": one or two words. What is counted before the auxiliary has no part of its own that one is of.
_COUNTING = r"(?P<asking>how (?:many|much))"
_COUNTED = re.compile(rf"{_COUNTING} (?P<thing>\S+(?: \S+)?)", re.IGNORECASE)
_PLACED = re.compile(rf"{_COUNTING} (?P<placed>(?!of\b)(?:{PREPOSITION.pattern})(?: \S+){{1,3}})", re.IGNORECASE)
_COUNTED_BEFORE = re.compile(
    rf"{_COUNTING} (?:(?!(?:{AUXILIARY}|{PREPOSITION.pattern}|per|who|that|which)\b)\S+ ){{1,3}}"
    rf"(?P<rest>(?!(?:have|has|had)\b){AUXILIARY}\b.*)",
    re.IGNORECASE,
)


def is_detail(text: str) -> bool:
    """Whether the words after "and" or "what about" are a phrase rather than a question of their own."""
    return len(text.split()) <= _DETAIL_WORDS and not _CLAUSE.search(text)


def with_number(before: str, question: str) -> str:
    """The question before with what this one asks the number of: "How many cars can she carry?" for "how many cars?".

    It is "" for a question of any other form, and where the one before asks for no number of things.
    """
    asked = bare(question)
    one, new = _COUNTED_BEFORE.fullmatch(bare(before)), _PLACED.fullmatch(asked) or _COUNTED.fullmatch(asked)
    if not one or not new or new["asking"].lower() != one["asking"].lower():
        return ""
    if place := new.groupdict().get("placed"):
        return with_detail(before, place, "") if is_detail(place) else ""
    thing = new["thing"]
    # "How many left?" and "how many today?" ask for no things.
    is_counted = is_plural(thing) if one["asking"].lower().endswith("many") else " " not in thing
    named = is_counted and not any(BARE_VERB.fullmatch(word) for word in thing.split())
    return f"{one['asking']} {thing} {one['rest']}?" if named else ""


def with_detail(before: str, detail: str, named: str, likeness: Likeness | None = None) -> str:
    """The question before with the new detail in the place of its like, or after it if nothing is like it.

    What is like it, its form tells, and where there is a `likeness`, that as well.
    """
    stem = bare(before)
    if PREPOSITION.match(detail):
        detail = detail[0].lower() + detail[1:]
        if PREPOSITION.fullmatch(detail):
            return _turned(stem, detail)
        old = _like_adverbial(stem, detail)
        filled = stem.replace(old, detail) if old else f"{stem} {detail}"
        return f"{filled[0].upper()}{filled[1:]}?"
    if possessive := POSSESSIVE.match(detail):
        owner = antecedent_of(possessive["pronoun"], stem, named)
        if not owner:
            return f"{stem}, {detail}?"
        detail = f"{genitive(owner)} {detail[possessive.end() :]}"
        if copula := COPULA.fullmatch(stem):
            return f"{copula['asking']} {detail}?"
        old = owner
    else:
        old = _like_phrase(stem, detail)
        if likeness and not (_INDEFINITE.match(detail) or NAME.match(detail)):
            old = most_alike(stem, detail, old, likeness)
        if not old:
            subject = _subject(stem)
            return (
                f"What about {detail}?"
                if subject and subject in detail
                else f"What about {detail} ({subject or stem})?"
            )
    if one := _ONE.search(detail):  # "the last one" of buses
        old = what_it_is(topic_of(stem))
        detail = f"{detail[: one.start()]}{old.split()[-1] if old else one.group()}"
    places = list(re.finditer(rf"(?<!\w){re.escape(old)}(?!\w)", stem)) if old else []
    if not places:
        return f"{stem}, {detail}?"
    head, tail = stem[: places[-1].start()], stem[places[-1].end() :]
    if DETERMINER.match(detail):
        head = head.removesuffix("the ")
    return f"{head}{detail}{tail}?"


def _turned(stem: str, preposition: str) -> str:
    """The question with the preposition in the place of its opposite: "against" for "for"."""
    opposites = next((group for group in _OPPOSITES if preposition in group), ())
    for opposite in opposites:
        lead, found, rest = stem.partition(f" {opposite} ")
        if found and f" {preposition} " not in stem:
            return f"{lead} {preposition} {rest}?"
    return f"{stem}, {preposition}?"


def _like_adverbial(stem: str, detail: str) -> str:
    """The last part of the question that has a like preposition, and a number exactly where the detail has one."""
    words_of_detail = detail.split()
    preposition = words_of_detail[0].lower()
    like = "|".join(_PLACE_OR_TIME) if preposition in _PLACE_OR_TIME else re.escape(preposition)
    ends = rf"(?= (?!of\b)(?:{PREPOSITION.pattern})|[,:(]|$)"
    parts = [match.group() for match in re.finditer(rf"\b(?:{like}) .+?{ends}", stem, re.IGNORECASE)]
    number = words_of_detail[-1][0].isdigit()
    return next((part for part in reversed(parts) if part.split()[-1][0].isdigit() == number), "")


def _like_phrase(stem: str, detail: str) -> str:
    """The phrase of the question that the detail is to replace: a name by a name, "the X" by "the Y".

    It is "" for a thing without an article ("trade"), which is neither like "the treaty", which has one, nor a name.
    """
    if (numbered := _NUMBERED.fullmatch(detail)) and (
        like := re.search(rf"\b{numbered['noun']} \d+\w?\b", stem, re.IGNORECASE)
    ):
        return like.group()
    names = [match.group() for match in names_in(stem)]
    if not any(character.isdigit() for character in detail):
        names = [name for name in names if not name[0].isdigit()]
    if names and NAME.match(detail):
        own = set(words(detail)) - STOP_WORDS
        name = max(reversed(names), key=lambda name: len(own & set(words(name))))
        # Of "the GDP of France" only the country is like "Germany".
        attribute = _ABBREVIATED_OF.match(name)
        return name[attribute.end() :] if attribute and " of " not in detail else name
    phrases = list(noun_phrases(stem))
    if _INDEFINITE.match(detail) and (kind := _one_of_a_kind(stem, phrases, detail)):
        return kind
    if phrases and DETERMINER.match(detail):
        return phrases[0]
    thing = _BARE_OBJECT.search(stem)
    topic = thing["object"] if thing else topic_of(stem)
    if NAME.match(detail) or DETERMINER.match(detail) or COPULA.fullmatch(stem):
        return topic
    definite = _DEFINITE_ARTICLE.match(topic) and not (is_plural(topic) and is_plural(detail))
    return "" if definite or NAME.match(topic) else topic


def _one_of_a_kind(stem: str, phrases: Sequence[str], detail: str) -> str:
    """What "a dog" is like: the first "a cat", or the object of "Can I keep fish in the flat"; "" if there is none.

    "A town bike" is rather like "an e-bike" than like what shares no word with it.
    """
    own = set(words(detail)) - STOP_WORDS
    kinds = [phrase for phrase in phrases if _INDEFINITE.match(phrase)]
    if kinds:
        return max(kinds, key=lambda kind: len(own & set(words(kind))))
    thing = _OBJECT.match(stem)
    return thing["object"] if thing and stem.count(thing["object"]) == 1 else ""


def _subject(stem: str) -> str:
    """What the question speaks of first: a name, or "the X"."""
    spoken_of = [*noun_phrases(stem), *(match.group() for match in names_in(stem))]
    return min(spoken_of, key=stem.index, default="") or topic_of(stem)
