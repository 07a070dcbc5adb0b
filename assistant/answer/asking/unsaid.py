"""What a question leaves unsaid by itself: the thing that a pronoun stands for, or nearly everything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answer.asking.phrases import AUXILIARY, names_in
from assistant.search.terms import is_function_word, words

_ADJECTIVE = (
    r"(?:true|possible|likely|necessary|worth|(?:wise|fair|legal|safe|hard|easy)(?= (?:to|that|if|for .+ to)\b))"
)
_PRONOUN = re.compile(
    r"\b(?:(?P<possessive>its|their|his|her(?= \w))|(?P<demonstrative>this|that|these|those|such)\s+(?P<noun>[a-z]+)"
    r"|(?P<plain>it|that|they|them|he|she|him|her|this|these|those|others?"
    rf"|ones?(?=$|\W*$| {AUXILIARY}\b)))\b",
    re.IGNORECASE,
)
EXPLETIVE = re.compile(
    rf"\b(?:is|was) it (?:not )?{_ADJECTIVE}\b(?: that\b)?|\bit (?:is|was) (?:not )?{_ADJECTIVE}\b"
    r"|\bit (?:seems|takes)\b|\b(?:does|did|would|will) it make sense\b|\b(?:does|did|will|would) it take to \w+ \w+"
    rf"|\b(?!do|did){AUXILIARY} there\b|\bthere (?:is|are|was|were)\b|\bthere {AUXILIARY} (?:not )?(?:be|been)\b"
    r"|\bit (?:rain|snow|freez)\w*|\bit(?:[’']s| is| was) (?:rain|snow|freez)ing\b"
    r"|\bone of\b|\bno one\b|\beach other\b",
    re.IGNORECASE,
)
_DEFINITION = re.compile(r"(?:what|who) (?:is|are) an? ", re.IGNORECASE)
_WHO = re.compile(r"who(?:[’']s| is| was) the [a-z]", re.IGNORECASE)
# "Can I sublet?" says what it is about, however short.
_OF_A_PERSON = re.compile(rf"{AUXILIARY} (?:I|you|we) (?!(?:have|need|want|ought) to\W*$)[a-z]", re.IGNORECASE)
# "Any side effects?" asks nothing of them, as "who voted?" does.
_HAS_VERB = re.compile(rf"\b{AUXILIARY}\b|\b\w+(?:ed|ing)\b|^\W*(?:what \w+s|how|who|when|where|why)\b", re.IGNORECASE)
_FEW_WORDS = 2


def unbound_pronoun(question: str) -> re.Match[str] | None:
    """The first pronoun that nothing before it in the question can stand for; None if there is none."""
    return next(unbound_pronouns(question), None)


def unbound_pronouns(question: str) -> Iterator[re.Match[str]]:
    """The pronouns that nothing before them in the question can stand for."""
    expletives = [match.span() for match in EXPLETIVE.finditer(question)]
    pronouns = list(_PRONOUN.finditer(question))
    named = False
    for pronoun in pronouns:
        is_last = pronoun is pronouns[-1] and not words(question[pronoun.end() :])
        if any(start <= pronoun.start() < end for start, end in expletives) or (named and not is_last):
            continue
        lead = question[: pronoun.start()]
        before = words(lead)
        content = [word for word in before if not is_function_word(word)]
        # What has been named stays so: of a long question not every beginning is read.
        named = named or len(content) > _FEW_WORDS or bool(names_in(lead))
        if pronoun.group().lower().startswith("that") and content and before[-1] == content[-1] and not is_last:
            continue  # "the treaty that was signed", "say that troops left"
        if is_last or not named:
            yield pronoun


def is_vague(asked: str) -> bool:
    """Whether a question is too short to say what it is about, by itself."""
    if _DEFINITION.match(asked) or _WHO.match(asked) or _OF_A_PERSON.match(asked) or names_in(asked):
        return False
    # "Many" is a term of the word index, but "how many rooms?" says no more than "rooms?".
    content = [word for word in words(asked) if not is_function_word(word) and word != "many"]
    # Words can be counted only where spaces part them, and these rules are English.
    few = len(content) < _FEW_WORDS or (len(content) == _FEW_WORDS and not _HAS_VERB.search(asked))
    return few and re.search("[A-Za-z]", asked) is not None
