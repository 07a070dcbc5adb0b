"""Turns a follow-up into a question that stands alone, by rule, from the turns before it.

Five kinds of follow-up are known: a question word alone ("why then?"), a new detail for the question
before ("and in Japan?", "what if it rains?"), a pronoun for something named before ("when was it
signed?"), a question too short to mean anything by itself, and what was meant by a question that left
it open ("the one in Seoul"). Everything else stands alone and is left as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answer.details import POSSESSIVE, is_detail, with_detail, with_number
from assistant.answer.phrases import (
    ASKING,
    ASKING_WORD,
    ASKS_FOR_PERSON,
    AUXILIARY,
    DETERMINER,
    NAME,
    PREPOSITION,
    VERB,
    antecedent_of,
    bare,
    genitive,
    is_plural,
    names_in,
    topic_of,
    verb_comes,
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
_FOR_A_CLAUSE = ("this", "that", "these", "those", "other", "others")
_ONE_OF_THEM = ("one", "ones")
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
# How a question is completed that leans on more than one thing, or on all of the question before.
_BESIDE = re.compile(r"(?P<question>.+) \((?P<context>[^()]+)\)")
# How a new thing is asked about that nothing in the question before is like.
_WHAT_ABOUT = re.compile(r"What about ")
_CONDITIONAL = re.compile(r"\s+(?:if|unless|while)\b.+$", re.IGNORECASE)
_ADVERB = re.compile(
    r"back|home|online|abroad|now|today|tomorrow|tonight|afterwards|later|earlier|alone|together", re.IGNORECASE
)
# "Can I sublet?" says what it is about, however short.
_OF_A_PERSON = re.compile(rf"{AUXILIARY} (?:I|you|we|one) [a-z]", re.IGNORECASE)
_MORE_OF_A_NAME = re.compile(rf"\s+(?!{DETERMINER.pattern}|{PREPOSITION.pattern})[a-z]", re.IGNORECASE)
_MODAL = re.compile(r"(?:can|could|will|would|should|might|must|may|has to|have to)\b", re.IGNORECASE)
_ANY = re.compile(r"any\b", re.IGNORECASE)
_FEW_WORDS = 2
_APART, _LEANT_ON = "; ", 2
"""What is put beside a question may lean on something itself: so many of them are kept, the latest first."""


@dataclass(frozen=True, slots=True)
class _Before:
    """What a follow-up may lean on: the question before, as it stands alone, and what that itself leaned on.

    `question` is without `context`, which was only put beside it, "Is there a deposit?" of "Is there a deposit (the
    bicycle)?", and without a `condition` that the last turn added, "if it rains", because the next one is seldom asked
    of the rain. `person` is whom an answer named last.
    """

    question: str
    context: str = ""
    condition: str = ""
    person: str = ""

    @classmethod
    def of(cls, asked: str, typed: str, named: str, before: _Before) -> _Before:
        """After a turn in which `asked` was searched for what was typed, and answered by `named`, if by few words."""
        if before.question and (added := _CONDITION.fullmatch(_detail_of(_without_leading(typed)))):
            return replace(before, condition=bare(added["condition"]))
        if before.question and asked.startswith(f"{bare(before.latest)}: "):
            return before  # Somebody wanted to hear more of it.
        beside = _BESIDE.fullmatch(bare(asked))
        person = (named if ASKS_FOR_PERSON.match(asked) else "") or before.person
        question, context = (f"{beside['question']}?", beside["context"]) if beside else (asked, "")
        return cls(question, context, person=person)

    @property
    def latest(self) -> str:
        """All of the last question."""
        return self.within(_on_condition(self.question, self.condition) if self.condition else self.question)

    def within(self, question: str) -> str:
        """A question made out of this one, beside the same context."""
        return _beside(question, self.context) if self.context else question


_NOTHING = _Before("")


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves unsaid filled in; the question itself if it leaves nothing."""
    before, named = _NOTHING, ""
    for turn in history:
        typed = _clean(turn.question)
        if isinstance(turn.answer, Answer):
            asked, named = turn.answer.searched_for, _clean(turn.answer.short)
        else:
            asked, named = _filled(typed, before, named), ""
        if last := _last_question(_clean(asked)):
            before = _Before.of(last, typed, named, before)
    if before.question and (meant := _meant(question, history[-1].answer)):
        return f"{bare(before.latest)} ({meant})?"
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


def _filled(question: str, before: _Before, named: str) -> str:
    """As `standalone`, after the question `before`, which stood alone and was answered by `named`, if by few words."""
    asked = _without_leading(question)
    rest = bare(asked)
    if not bare(before.question) or not rest:
        return question
    before = replace(before, question=_ASKED_AGAIN.sub("?", before.question))
    if alone := _QUESTION_WORD.fullmatch(rest):
        again = _on_condition(before.question, before.condition) if before.condition else before.question
        return before.within(_ask_again(again, alone["word"], denied=bool(alone["denied"])))
    if numbered := with_number(before.question, rest):
        return before.within(numbered)
    detail = _detail_of(asked)
    leading = question[: question.rfind(asked)]
    joined = detail != rest or _JOINED.search(leading)
    if condition := _CONDITION.fullmatch(detail):
        return before.within(_on_condition(before.question, condition["condition"]))
    if detail and (joined or PREPOSITION.match(detail) or POSSESSIVE.match(detail)) and is_detail(detail):
        return _with_detail(before, detail, named)
    placed = _with_place(asked, before.question, named)
    if pronouns := list(_unbound_pronouns(placed)):
        return _with_antecedent(placed, pronouns, before, named)
    if placed != asked or not _is_vague(asked):
        return placed
    # "Hello" and "tell me about trade" are short too, and ask for nothing more of what came before.
    if rest.lower() in before.latest.lower():
        return before.latest
    if _MORE.search(asked):
        return f"{bare(before.latest)}: {asked}"
    return _beside(asked, before.context or bare(before.question)) if asked.rstrip().endswith("?") else asked


def _without_leading(question: str) -> str:
    leading = _LEADING.match(question)
    return question[leading.end() :].strip() if leading else question


def _detail_of(asked: str) -> str:
    """What is asked about, "the library" for "what about the library?"; all of any other question."""
    rest = bare(asked)
    about = _ABOUT.match(rest)
    return bare(rest[about.end() :]) if about else rest


def _is_vague(asked: str) -> bool:
    """Whether a question is too short to say what it is about, by itself."""
    if _DEFINITION.match(asked) or _OF_A_PERSON.match(asked) or names_in(asked):
        return False
    # "Many" is a term of the word index, but "how many rooms?" says no more than "rooms?".
    content = [word for word in words(asked) if not is_function_word(word) and word != "many"]
    # Words can be counted only where spaces part them, and these rules are English.
    few = len(content) < _FEW_WORDS or (_ANY.match(asked) is not None and len(content) == _FEW_WORDS)
    return few and re.search("[A-Za-z]", asked) is not None


def _beside(question: str, context: str) -> str:
    """The question with what it leans on beside it, in brackets."""
    leant_on = re.sub(r" ?\(([^()]*)\)", rf"{_APART}\1", context).split(_APART)
    return f"{bare(question)} ({_APART.join(bare(each) for each in leant_on[:_LEANT_ON])})?"


def _on_condition(before: str, condition: str) -> str:
    """The question before on a new condition, which takes the place of one that it has at its end."""
    stem = bare(before)
    old = _CONDITIONAL.search(stem)
    condition = f"{condition[0].lower()}{condition[1:]}"
    return f"{stem[: old.start()] if old else stem} {condition}?"


def _with_detail(before: _Before, detail: str, named: str) -> str:
    """The question before with a new detail in it, or after it, or with its context asked about alone."""
    if _WHAT_ABOUT.match(before.question) and before.context and not PREPOSITION.match(detail):
        return f"What about {detail} ({before.context})?"
    if before.context and unbound_pronoun(before.question) and not PREPOSITION.match(detail):
        *others, root = before.context.split(_APART)
        return _beside(before.question, _APART.join([*others, with_detail(root, detail, named)]))
    if _ADVERB.fullmatch(detail):
        return before.within(f"{bare(before.question)} {detail.lower()}?")
    return before.within(with_detail(before.question, detail, named))


def _ask_again(before: str, word: str, *, denied: bool) -> str:
    """The question before with another question word: "When was it signed?" and "why?" give "Why was it signed?"."""
    stem = bare(before)
    if denied:
        return f"{stem}, {word.lower()} not?"
    asking = ASKING.match(stem)
    rest = stem[asking.end() :].lstrip() if asking else stem
    # "Who can end it" asks for those who do.
    of_doer = asking and asking.group().lower() == "who" and _MODAL.match(rest)
    if not of_doer and re.match(rf"{AUXILIARY}\b", rest, re.IGNORECASE):
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
    return next(_unbound_pronouns(question), None)


def _unbound_pronouns(question: str) -> Iterator[re.Match[str]]:
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
        yield pronoun


def _with_antecedent(question: str, pronouns: Sequence[re.Match[str]], before: _Before, named: str) -> str:
    """The question with what the first of its pronouns stands for of which that can be told."""
    for pronoun in pronouns:
        if filled := _with_pronoun_filled(question, pronoun, before, named):
            return filled
    # "When did that happen" means all of it.
    return _beside(question, before.latest)


def _with_pronoun_filled(question: str, pronoun: re.Match[str], before: _Before, named: str) -> str:
    """The question with what one pronoun stands for; "" if that cannot be told."""
    word, noun = pronoun.group().lower(), (pronoun["noun"] or "").lower()
    lead = words(question[: pronoun.start()])
    # "Why did that change?", "does that delete my settings?"
    is_verb = verb_comes(" ".join(lead)) and not _MORE_OF_A_NAME.match(question, pronoun.end())
    if noun in STOP_WORDS or VERB.fullmatch(noun) or (noun and is_verb) or (not noun and word in _FOR_A_CLAUSE):
        return ""
    asked, context = before.question, before.context
    is_of_several = word == "it" and _is_vague(asked) and is_plural(topic_of(asked))
    if context and (unbound_pronoun(asked) or is_of_several):
        asked, context = context, ""  # "How do I do that (the filter)?" was about the filter.
    elif about := _WHAT_ABOUT.match(asked):
        asked, context = f"What is {asked[about.end() :]}", ""
    if word in _ONE_OF_THEM:
        antecedent = topic_of(asked)
        if re.match(r"an?\b", antecedent) and word == "one" and not words(question[pronoun.end() :]):
            return f"{question[: pronoun.start()]}{antecedent}{question[pronoun.end() :]}"
        return _beside(question, antecedent) if antecedent else ""
    is_object = bool(lead) and not re.fullmatch(rf"{AUXILIARY}|and|but|that|if", lead[-1])
    of_a_person = word in ("he", "she", "him", "her", "his")
    if of_a_person and before.person and not NAME.match(topic_of(asked)) and not ASKS_FOR_PERSON.match(asked):
        antecedent = before.person
    else:
        antecedent = antecedent_of(word, asked, named, is_object=is_object)
    if not antecedent:
        return ""
    if noun:
        return _beside(question, antecedent)  # "this agreement" names a kind: the antecedent says which one.
    filling = genitive(antecedent) if pronoun["possessive"] else antecedent
    filled = f"{question[: pronoun.start()]}{filling}{question[pronoun.end() :]}"
    # "A deposit" does not say for what.
    return _beside(filled, context) if context and re.match(r"an?\b", antecedent) else filled
