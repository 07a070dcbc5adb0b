"""Turns a sentence that states something into the questions that it seems to answer.

Whatever the words alone do not make clear, such as which committee "the committee" is, gives no
question: a bad one is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.suggest.forms import CLEAR_WITHOUT_NAME, FORMS, Form
from assistant.suggest.vocabulary import Vocabulary

_LEAST_WORDS, _MOST_WORDS = 3, 18
_SUBJECT_WORDS = 12
_DEFINED_WORDS = 6

_ASIDE = re.compile(r" ?\([^()]*\)| ?\[[^\[\]]*\]")
_ADVERB = re.compile(r" (?:also|thus|further|therefore|currently)(?= [a-z])")
_STRAY_BLANK = re.compile(r" (?=[,.;]|['’](?:s\b| ))")
_LINK = re.compile(
    r"(?:However|Furthermore|Overall|Notably|Additionally|Also|Conversely|Moreover|Finally|Thus|Today|Currently"
    r"|Historically|Generally|In addition|In fact|For example|For instance), (?=\w)"
)
_THIS = re.compile(r"This (\w+)")
_PRONOUN = re.compile(r"(?:(?P<one>It|He|She)|They) (?=[a-z]+)")
_TOPIC = re.compile(r"(?P<s>[A-Z][^,;:]{1,80}?) (?:(?P<one>is|was|has)|are|were|have)\b")
_YEAR = re.compile(r"\b\d{4}\b")
_DEFINITE = re.compile(r"\bthe [^ ]+(?: (?!(?:in|on|at|for|from|to|by|with|as|and|or|under|during)\b)[^ ]+)*")
_SECOND_VERB = re.compile(r"\b(?:and|but) (?:[a-z]+ed|began|was|were|had|became|made|took|won|led)\b")
_CUT_SHORT = re.compile(r"\bto [a-z]+$|[-–—’']$|^\W*$")
_NOT_PROSE = re.compile(r"[\"“”()\[\]/*=<>_|#%`]|\d{5,}| [-–—]|[-–—] |\.(?! |\w\.|$)")

# Words that point at another sentence.
_POINTING = frozenset(
    "above al another appendix below fig figure following former he her here hers him his i it its latter my other "
    "others our particular respectively same she such table that their them these they this those us we you "
    "your".split()
)
# Words that open a clause, an aside or half a thing rather than name one.
_NOT_FIRST = _POINTING | frozenset(
    "about according after all along although among and around as at author authors because before behind between "
    "beyond both but by data despite during each either few finally first for fourth from given hence how however if "
    "in inside key like many more much near neither no nor not of on one or outside over part per recent result "
    "results second see several since some then there third three through to two under unlike until upon what when "
    "where whether while who why with within without".split()
)
_NOT_IN_SUBJECT = frozenset(
    "about although are as be became because become been being believe believed but can could did do does found had "
    "has have if is made makes may might must not often said says should showed shows so suggested suggests than that "
    "think thought to until was were what when where which while who whom whose why will would".split()
)
_NOT_LAST = frozenset(
    "a about after also an and are as at be been before between both but by during for from if in into is its more "
    "most not of on only or over since than that the their to under until very was were when where which while who "
    "with".split()
)
_ONE_OF_A_KIND = frozenset("earth first internet last moon next only second sun third world".split())
_ARTICLES = frozenset(("the", "a", "an"))
_RELATING = frozenset("and at by during for from in on or to with".split())


@dataclass(frozen=True, slots=True)
class Draft:
    """A question that a sentence seems to answer, the name of its form, and what it is about."""

    question: str
    form: str
    about: str


def drafts(sentence: str, vocabulary: Vocabulary, before: Sequence[str] = ()) -> Iterator[Draft]:
    """The questions that the sentence seems to answer, one of each form at most.

    `before` are the sentences in front of it: they tell what "it" is.
    """
    plain = _plain(sentence, vocabulary)
    topic = ""
    if pronoun := _PRONOUN.match(plain):
        topic = _topic(before, vocabulary, one=pronoun["one"] is not None)
        if not topic:
            return
        plain = f"{topic[0].upper()}{topic[1:]} {plain[pronoun.end() :]}"
    found: set[str] = set()
    for form in FORMS:
        match = form.pattern.match(plain)
        # Who someone is, is not asked again as what he is.
        if match and form.name not in found and not ("who" in found and form.name in ("what", "which one")):
            parts = {name: part or "" for name, part in match.groupdict().items()}
            draft = _filled(form, parts, vocabulary)
            if draft and not (topic and (draft.about != topic or form.name == "what")):
                found.add(form.name)
                yield draft


def _plain(sentence: str, vocabulary: Vocabulary) -> str:
    """The sentence without asides and without what links it to the one before."""
    plain = _STRAY_BLANK.sub("", _ADVERB.sub("", _ASIDE.sub("", sentence)))
    if link := _LINK.match(plain):
        plain = plain[link.end() :]
        plain = plain[0].upper() + plain[1:]
    this = _THIS.match(plain)
    return f"The{plain[4:]}" if this and vocabulary.is_familiar(this[1]) else plain


def _topic(before: Sequence[str], vocabulary: Vocabulary, *, one: bool) -> str:
    """What "it" or "they" is: the subject of the last sentence that does not begin with a pronoun itself.

    Subjects are what a text goes on to speak of (Grosz, Joshi and Weinstein 1995). "" where its number
    is another or cannot be told, and where it is no name.
    """
    for sentence in reversed(before):
        plain = _plain(sentence, vocabulary)
        if not _PRONOUN.match(plain):
            found = _TOPIC.match(plain)
            if not found or (found["one"] is not None) != one:
                return ""
            topic = _subject(found["s"], vocabulary)
            return topic if any(vocabulary.is_name(word) for word in topic.split()) else ""
    return ""


def _filled(form: Form, parts: dict[str, str], vocabulary: Vocabulary) -> Draft | None:
    """The form's question with the sentence's words in it; None where it would not be clear or not be English."""
    about = parts.get("s", "")
    if about:
        about = parts["s"] = _subject(about, vocabulary)
        if not about or (form.name == "what" and not _can_be_defined(about)):
            return None
    if "past" in parts:
        parts["base"] = vocabulary.base_of(parts["past"])
        if not parts["base"]:
            return None
    if parts.get("verb") == "ha":
        parts["verb"] = "have"
    rest = parts.get("rest", "")
    if rest and not (_is_phrase(rest) and _says_which(rest, vocabulary)):
        return None
    question = " ".join(form.question.format_map(parts).split()).replace(" ?", "?")
    words = question[:-1].split()
    if not _LEAST_WORDS <= len(words) <= _MOST_WORDS or _points(words):
        return None
    if form.name == "when" and _YEAR.search(question):
        return None
    named = any(vocabulary.is_name(word) for word in words[1:]) or vocabulary.is_familiar(words[-1])
    if not named and form.name not in CLEAR_WITHOUT_NAME and not (about and vocabulary.is_familiar(about.split()[-1])):
        return None
    return Draft(question, form.name, about or parts["nouns"])


def _subject(words: str, vocabulary: Vocabulary) -> str:
    """The subject as it stands inside a sentence, or "" when it does not name a thing by itself."""
    first, *rest = words.split()
    opening = first.lower()
    article = opening in _ARTICLES
    name = vocabulary.is_name(first)
    if opening in _NOT_FIRST or (opening.endswith(("ly", "ing")) and not name) or (article and not rest):
        return ""
    if len(rest) >= _SUBJECT_WORDS or not _is_phrase(words) or _holds_verb([first, *rest]):
        return ""
    named = name or any(vocabulary.is_name(word) for word in rest)
    if opening == "the" and not named and not vocabulary.is_familiar(rest[-1]):
        return ""
    keeps_capital = not article and (name or not vocabulary.is_common(first) or _opens_name(first, rest, vocabulary))
    return " ".join([first if keeps_capital else opening, *rest])


def _holds_verb(words: list[str]) -> bool:
    """Whether a verb stands among the words, or what may be one.

    "The allies expanded" does; "the combined forces" does not, since the word describes what an article announces.
    """
    return any(
        word.lower() in _NOT_IN_SUBJECT or (word.endswith("ed") and word.islower() and before.lower() not in _ARTICLES)
        for before, word in pairwise(words)
    )


def _opens_name(first: str, rest: list[str], vocabulary: Vocabulary) -> bool:
    """Whether a common word is the first of a name: "New York", "Article 102", "Network File System"."""
    titled = [word[0].isupper() and word[1:].islower() for word in rest[:2]]
    return bool(rest) and (rest[0][0].isdigit() or (titled[0] and (vocabulary.is_capital(first) or titled[-1])))


def _can_be_defined(subject: str) -> bool:
    """Whether the subject names a thing or a kind of thing, rather than describes one at length."""
    words = subject.split()
    owned = any(word.endswith(("'s", "’s", "s'", "s’")) for word in words)
    return len(words) <= _DEFINED_WORDS and not owned and not any(word.lower() in _RELATING for word in words)


def _points(words: list[str]) -> bool:
    """Whether a word leans on another sentence. "US" and "IT" are names."""
    bare = [word.strip(".,") for word in words]
    return any(word.lower() in _POINTING and not (word.isupper() and len(word) > 1) for word in bare)


def _says_which(words: str, vocabulary: Vocabulary) -> bool:
    """Whether it can be told which one each "the ..." is."""
    for definite in _DEFINITE.finditer(words):
        own = definite[0].split()[1:]
        known = own[0] in _ONE_OF_A_KIND or vocabulary.is_familiar(own[-1])
        if not known and not any(vocabulary.is_name(word) for word in own):
            return False
    return True


def _is_phrase(words: str) -> bool:
    """Whether the words are a stretch of plain English that ends where a phrase may end."""
    odd = _NOT_PROSE.search(words) or _CUT_SHORT.search(words) or _SECOND_VERB.search(words)
    return not odd and words.split()[-1].lower() not in _NOT_LAST
