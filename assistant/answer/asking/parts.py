"""Takes a question that asks for several things apart: "Who was Ada, and when did she die?" is two questions.

Each is searched and answered for itself, because no one sentence need answer them all. What is cut off wrongly is
searched without what it is about, and answered from anywhere. So a question stays whole unless each of its parts
is a question by every sign, and says itself what it is about or has a pronoun that an earlier part fills. A part that
leans on the first for that ("When does the museum open? What is the largest room?") is cut off only when asked to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.answer.asking.antecedents import PERSONAL
from assistant.answer.asking.dialogue import standalone
from assistant.answer.asking.likeness import Likeness
from assistant.answer.asking.phrases import (
    ASKING,
    AUXILIARY,
    COPULA,
    DETERMINER,
    PREPOSITION,
    QUOTED,
    VERB,
    bare,
    is_plural,
    names_in,
    noun_phrases,
    verb_comes,
)
from assistant.answer.asking.unsaid import unbound_pronoun
from assistant.search.terms import STOP_WORDS, terms
from assistant.types import Hit, Turn

_MOST = 4
"""A question of more parts stays whole."""
_LEAST_WORDS = 5
"""A part of fewer words, and without a pronoun, may lean on the one before it: "how many does Japan?"."""

# "And how they changed" may belong to what is before it, "and which is old" describes it, "and why" says too little.
_NEXT = (
    rf"(?!(?-i:[A-Z]{{2}}))(?:(?:{PREPOSITION.pattern})\s)?"
    rf"(?:(?:why|how|when|where)\s{AUXILIARY}\s\S+\s\S|how\s(?:many|much|long|often)\s\S+\s\S"
    rf"|how\s[a-z]+\s{AUXILIARY}\s(?:it|they|he|she)\b"
    rf"|(?:who|whom|whose|what)\s\S+\s\S|which\s(?!{AUXILIARY}\b)\S+\s\S)"
    rf"|{AUXILIARY}\s(?:it|they|he|she)\b"
)
_JOINT = re.compile(rf"(?:,? and|;|\?)\s+(?:(?:and|also|then)\s)*(?={_NEXT})|\?\s+(?={AUXILIARY}\b)", re.IGNORECASE)
# "When was the pact signed, and where?"
_ASKED_TWICE = re.compile(r"(?P<asked>.+?),? and (?P<again>when|where|why|how)", re.IGNORECASE)
_OPENING = re.compile(rf"(?:{ASKING.pattern}|{AUXILIARY}\b)", re.IGNORECASE)
_ASKED_OF_A_VERB = re.compile(
    rf"(?:when|where|why|how) {AUXILIARY}\b(?!.*\b(?:and|or|when|where|why|how)\b)", re.IGNORECASE
)
_VERB = re.compile(rf"\b{AUXILIARY}\b|^who\s(?!(?:{PREPOSITION.pattern})\b)", re.IGNORECASE)
# "What do the supporters and what do critics say?" is one question.
_UNFINISHED = re.compile(
    r"(?!who\b)\S+\s(?:do|does|did|will|would|shall|should|can|could|may|might|must|has|have|had)\s"
    rf"(?:{DETERMINER.pattern})?\S+(?:\s\d+)?",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(rf"{AUXILIARY}\b", re.IGNORECASE)
# What follows these may be a clause of the same question: "the gap between what one pays and what another pays".
_EMBEDDING = re.compile(
    r"\b(?:between|about|those|people|who|whose|whom|that|if|whether|say|know|how|why|what|which)\b", re.IGNORECASE
)
_OPEN = re.compile(rf"\b(?:there|here|that|this|one|ones|other|others|how many {AUXILIARY})\b", re.IGNORECASE)
# Of "how many troops are there in Korea" what does not lean.
_EXISTING = re.compile(rf"\bhow (?:many|much)(?! {AUXILIARY}\b).* (?:is|are|was|were) there\b", re.IGNORECASE)
# How a question is completed that is only put beside the one before it.
_APPENDED = re.compile(r": |\)\?$")
_OF_ANOTHER = re.compile(rf"\b(?:{PREPOSITION.pattern})\s+$", re.IGNORECASE)
# "When was the treaty signed", "where is the largest base", "how old is the alliance".
_ABOUT_ONE = re.compile(
    rf"(?:(?:when|where|why|how)\s{AUXILIARY}\s(?P<told>the\s.+)\s(?=\S+$)(?:{VERB.pattern})"
    r"|(?:where|how\s[a-z]+)\sis\s(?P<described>the\s.+))",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:president|minister|king|queen|emperor|ruler|leader|chief|general|commander|director|author|ceo|person|man"
    r"|woman|boy|girl|child)$",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"[^s]s$|\b(?:people|children|men|women)$", re.IGNORECASE)
_STATE = re.compile(
    r"\b(?:open|due|free|available|sold|found|born|sunk|shot|won|held|paid|kept|lost|left)$", re.IGNORECASE
)
# "It" is then all that was told ("and who ordered it?"), the time, or the weather, rather than a thing.
_OF_NO_THING = re.compile(
    r"\b(?:did|does|do|done) it\b\W*$|\bit (?:happen|take|affect|matter|last|rain|snow)"
    r"|\b(?:was|is) it (?:done|raining|snowing|announced|reported|decided|ordered)"
    r"|\b(?:order|announc|decid|caus|report|stop|prevent)(?:s|e[sd]?|ed) it\b"
    r"|\bhow (?:far|late|early|cold|warm|hot|dark) (?:is|was) it\b",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(rf"[’'-]|\s+(?!(?:{'|'.join(STOP_WORDS)}|{AUXILIARY})\b)[a-z]")


def standalone_parts(
    question: str, history: Sequence[Turn], likeness: Likeness | None = None, *, leaning: bool = False
) -> tuple[str, ...]:
    """The questions that the question is made of, each standing alone after the turns of `history`; mostly one.

    With `leaning`, a part need not say what it is about, as the first one may: it is to be answered only beside that.
    """
    whole = (standalone(question, history, likeness),)
    if twice := _asked_twice(whole[0]):
        return twice
    first, *others = _parts(question)
    if not 0 < len(others) < _MOST:
        return whole
    completed = [standalone(first, history, likeness)]
    if completed[0] != first and _APPENDED.search(completed[0]):
        return whole
    for part in others:
        filled = _completed(part, completed, leaning)
        if not filled:
            return whole
        completed.append(filled)
    return tuple(dict.fromkeys(f"{each[:1].upper()}{each[1:]}" for each in completed))


def _asked_twice(question: str) -> tuple[str, ...]:
    """The two questions of one that ends in another question word; none where it does not, or asks in another form."""
    twice = _ASKED_TWICE.fullmatch(bare(question))
    asked = f"{bare(twice['asked'])}?" if twice else ""
    if not twice or not _ASKED_OF_A_VERB.match(asked) or _parts(asked) != [asked]:
        return ()
    return asked, standalone(f"{twice['again']}?", [Turn(asked, "")])


def documents_about(part: str, hits: Iterable[Hit]) -> set[str]:
    """The ids of documents with a passage among the hits that has all the names of this part of a question, if any."""
    named = set(terms(" ".join(name.group() for name in names_in(part))))
    return {
        hit.passage.document_id
        for hit in hits
        if named and named <= set(terms(f"{hit.passage.title} {hit.passage.text}"))
    }


def _parts(question: str) -> list[str]:
    """The question cut before each question that follows another in it, without what joins them."""
    quoted = [match.span() for match in QUOTED.finditer(question)]
    parts: list[str] = []
    start = 0
    for joint in _JOINT.finditer(question):
        piece = question[start : joint.start()]
        if _is_question(piece) and not any(begin < joint.start() < end for begin, end in quoted):
            parts.append(f"{bare(piece)}?")
            start = joint.end()
    return [*parts, f"{bare(question[start:])}?"]


def _is_question(piece: str) -> bool:
    """Whether what comes before a joint is a question, whole and by itself, that what comes after cannot belong to."""
    opening = _OPENING.match(piece)
    finished = _VERB.search(piece) and not _UNFINISHED.fullmatch(bare(piece))
    return bool(opening and finished and not _EMBEDDING.search(piece, opening.end()))


def _completed(part: str, before: Sequence[str], leaning: bool) -> str:
    """The part with its pronoun filled from those before it; "" if it does not say what it is about, and has to."""
    if pronoun := unbound_pronoun(part):
        # "Did troops leave, and did it matter?": all that is asked before may be meant.
        if len(before) == 1 and _YES_OR_NO.match(before[0]):
            return ""
        thing = pronoun.group().lower() == "it" and not _OF_NO_THING.search(part)
        subject, asked = next(((s, each) for each in reversed(before) if (s := _only_subject(each, thing))), ("", ""))
        if not _may_stand_for(pronoun.group().lower(), subject, asked):
            return ""
        filled = standalone(part, [Turn(asked, "")])
        return filled if subject and filled[pronoun.start() :].lower().startswith(subject.lower()) else ""
    said = {term for each in before for term in terms(each)}
    about = leaning or names_in(part) or not said.isdisjoint(terms(part))
    whole = (
        about and _VERB.search(part) and len(part.split()) >= _LEAST_WORDS and not _OPEN.search(_EXISTING.sub("", part))
    )
    return part if whole else ""


def _may_stand_for(pronoun: str, subject: str, asked: str) -> bool:
    """Whether a pronoun may be for what the question asks about: "they" is for several or NATO, "he" for no "what"."""
    copula = COPULA.fullmatch(bare(asked))
    if pronoun in ("they", "them", "their"):
        of_several = copula and copula["asking"].lower().endswith(("are", "were"))
        return bool(of_several) or is_plural(subject) or subject.isupper()
    return pronoun not in PERSONAL or not copula or asked.lower().startswith("who")


def _only_subject(question: str, thing: bool) -> str:
    """What a pronoun after the question can only stand for; "" if that cannot be told.

    It is all of "what is X", or the only name, unless another noun is beside it, or it only describes one. Where
    the pronoun is for a `thing`, it may be that of which the question tells one thing: "when was the treaty signed".
    """
    stem = bare(question)
    if copula := COPULA.fullmatch(stem):
        return copula["subject"]
    if thing and (told := _thing(stem)):
        return told
    names = names_in(stem)
    if len(names) != 1:
        return ""
    (name,) = names
    lead, rest = stem[: name.start()], stem[name.end() :]
    subject = bare(name.group())
    beside = any(phrase.lower() != subject.lower() for phrase in noun_phrases(stem))
    is_verb = verb_comes(lead) and len(rest.split()) == 1
    describes = _DESCRIBED.match(rest) and not is_verb
    return "" if beside or describes or _OF_ANOTHER.search(lead) else subject


def _thing(stem: str) -> str:
    """The thing of which the question tells or asks one thing, and names no other; "" if there is none such."""
    asked = _ABOUT_ONE.fullmatch(stem)
    subject = asked and (asked["told"] or asked["described"])
    if not subject or [subject] != list(noun_phrases(stem)):
        return ""
    if any(bare(name.group()) != subject for name in names_in(stem)):
        return ""
    return "" if any(sign.search(subject) for sign in (_PERSON, _PLURAL, _STATE)) else subject
