"""Finds what a question refers to without saying which: "it" at the start of a conversation, "this animal", "the park".

Such a question is not searched as if it were complete: whatever it found would be a guess. Four kinds are
known, each by rule and by what the documents hold, because "the treaty" is clear where all documents are
about one treaty and open where they are about many:

- a pronoun with nothing before it and next to no other words ("How much is it?");
- "this animal", where neither the question nor the conversation names one and no document stands out;
- "the park", where the documents also know several parks by name;
- "the actor", of which the world has many, each with a name, where no document stands out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answer.asking.dialogue import standalone
from assistant.answer.asking.phrases import VERB, names_in, verb_comes
from assistant.answer.asking.unsaid import unbound_pronoun
from assistant.search.hybrid import Found
from assistant.search.terms import STOP_WORDS, is_function_word, terms, words
from assistant.types import Answer, Passage, Turn

_CANDIDATES = 3
_FEW_WORDS = 1
_PHRASE_WORDS = 4
_LARGEST_SHARE = 1 / 3
"""A document that more of the passages come from stands out: it is what a question without a name is about."""
_NAMED, _NAMED_IN_WORDS = 3, 2
"""How many things of a kind the documents must know by name: of one named by a word ("the park"), which may be meant
in general, and by several ("the police department"), which seldom is."""

_DEMONSTRATIVE = re.compile(
    r"\b(?:this|these|that|those) (?:(?:particular|specific|same) )?(?=[A-Za-z])", re.IGNORECASE
)
_DEFINITE = re.compile(r"\bthe (?=[A-Za-z])", re.IGNORECASE)
_COMPLETED = re.compile(r"(?:[’']s)? (?:of|that|which|who|whose|where|when|called|named|known)\b")
_AFTER_COPULA = re.compile(r"\b(?:is|are|was|were|be) $", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?<=[.?!,] )[A-Z](?=[a-z])")
# "This kind of loan" is any such loan, "at this time" is now.
_GENERAL = frozenset("area context kind kinds matter moment point reason regard sort time type types way".split())
_TIMES = frozenset("afternoon day evening month morning week year".split())
_PLAIN_WORD = re.compile(r"\b[a-z]+\b")
# One of many with names of their own, and seldom said of any of them, as "the hotel" is in "may the hotel cancel?".
_NAMED_KINDS = frozenset(
    """actor actress album animal band battle composer episode festival film island king lake mountain movie musician
    novel opera painter poem poet queen river series show singer song stadium temple tribe""".split()
)
_ONE_OF_A_KIND = re.compile(
    r"(?:\w+est|most|first|second|third|last|only|main|same|national|official)\b", re.IGNORECASE
)
_ORDINAL = re.compile(r"\bthe (?:\w+ )?ones?\b", re.IGNORECASE)
_OWNER = re.compile(r"[’']s $")
_NAME_WORD = r"[A-Z][\w’'-]*"


@dataclass(frozen=True, slots=True)
class Reference:
    """Words of a question that refer to something unsaid, and what they may refer to, as far as the documents tell."""

    phrase: str
    candidates: tuple[str, ...]


def open_reference(question: str, history: Sequence[Turn], found: Found, documents: int) -> Reference | None:
    """What the question leaves open, if anything.

    `found` is what was found for it, filled in from the history, and `documents` how many were searched.
    """
    if documents == 1 or not found.hits:
        return None  # "What is it about?" asks about the one document that there is.
    titles = tuple(dict.fromkeys(hit.passage.title for hit in found.hits if hit.passage.title))[:_CANDIDATES]
    if pronoun := _bare_pronoun(question, history):
        return Reference(pronoun, titles)
    passages = [hit.passage for hit in found.hits]
    shares = Counter(passage.document_id for passage in passages)
    if max(shares.values()) > _LARGEST_SHARE * len(passages):
        return None
    said = _said(history)
    if phrase := next(_demonstratives(question, said), ""):
        return Reference(phrase, titles)
    for phrase in _definites(question, said):
        names = _names_with(phrase, passages)
        of_many = phrase.split()[-1] in _NAMED_KINDS and not _ONE_OF_A_KIND.match(phrase)
        if of_many or len(names) >= (_NAMED_IN_WORDS if " " in phrase else _NAMED):
            return Reference(f"the {phrase}", tuple(names)[:_CANDIDATES] or titles)
    return None


def _bare_pronoun(question: str, history: Sequence[Turn]) -> str:
    """The pronoun that nothing said before fills, in a question with hardly a word beside it; else ""."""
    pronoun = unbound_pronoun(question)
    content = [word for word in words(question) if not is_function_word(word)]
    if pronoun is None or len(content) > _FEW_WORDS or standalone(question, history) != question:
        return ""
    noun = (pronoun["noun"] or "").lower()
    if noun and noun not in STOP_WORDS and not VERB.fullmatch(noun):
        return ""  # "this treaty" says of what kind it is; "that cost" in "How much did that cost?" does not.
    if ordinal := _ORDINAL.search(question):
        return ordinal.group()
    return pronoun["demonstrative"] or pronoun.group()


def _said(history: Iterable[Turn]) -> frozenset[str]:
    """The terms of everything said before."""
    texts = (
        f"{turn.question} {turn.answer.searched_for} {turn.answer.text}"
        if isinstance(turn.answer, Answer)
        else f"{turn.question} {turn.answer}"
        for turn in history
    )
    return frozenset(term for text in texts for term in terms(text))


def _demonstratives(question: str, said: frozenset[str]) -> Iterator[str]:
    """ "this animal", with the demonstrative, for each that neither the conversation nor the words before it name."""
    for match in _DEMONSTRATIVE.finditer(question):
        lead = question[: match.start()]
        before = words(lead)
        if _AFTER_COPULA.search(lead):
            continue  # "Is this different?"
        if match.group().lower().startswith("that") and not (before and before[-1] in STOP_WORDS):
            continue  # "That sounds easy", "the treaty that ended the war"
        kind = _kind_after(lead, question[match.end() :])
        if not kind or {kind[0].lower(), kind[-1].lower()} & (_GENERAL | _TIMES):
            continue
        named = set(terms(" ".join(kind)))
        if not (named <= said or named <= set(terms(lead))):
            yield f"{match.group()}{' '.join(kind)}"


def _definites(question: str, said: frozenset[str]) -> Iterator[str]:
    """ "park" for "the park", for each that nothing in the question or the conversation says which it is."""
    if not question[:1].isupper():
        return  # Names cannot be told from nouns where nothing is capitalised: "the berlin wall".
    plain = _SENTENCE_START.sub(lambda match: match.group().lower(), question)
    for match in _DEFINITE.finditer(plain):
        phrase = " ".join(_kind_after(plain[: match.start()], plain[match.end() :]))
        rest = plain[match.end() + len(phrase) :]
        named = set(terms(phrase))
        elsewhere = set(terms(f"{plain[: match.start()]} {rest}"))
        if phrase.isupper() or _COMPLETED.match(rest) or named <= said or named <= elsewhere:
            continue
        # "The police department's Explorer program": what it owns does not say which it is.
        others = (name for name in names_in(plain) if not _OWNER.search(plain[: name.start()]))
        if all(set(words(name.group())) <= set(words(f"the {phrase}")) for name in others):
            yield phrase


def _kind_after(lead: str, text: str) -> list[str]:
    """The words that name a kind of thing at the beginning of the text: up to a function word, a verb, a mark."""
    kind: list[str] = []
    for written in text.split(maxsplit=_PHRASE_WORDS)[:_PHRASE_WORDS]:
        shown = written.strip('?.,;:!()"“”')
        word = re.sub(r"[’']s$", "", shown)
        if not word or word.lower() in STOP_WORDS:
            return kind
        after_name = bool(kind) and kind[-1][0].isupper() and not kind[-1].isupper()
        if kind and not word[0].isupper() and (after_name or VERB.fullmatch(word)):
            return kind
        kind.append(word)
        if word != shown:
            return kind
        if shown != written:
            break
    # In "Does this animal swim?" the last word is the verb, whatever it looks like.
    return kind[:-1] if kind[1:] and verb_comes(lead) else kind


def _names_with(phrase: str, passages: Iterable[Passage]) -> list[str]:
    """What the passages call things of a kind: "Sampson State Park", "Prime Minister of Canada", "Hurricane Isaac"."""
    kind = " ".join(re.escape(f"{word[0].upper()}{word[1:]}") for word in phrase.split())
    name = re.compile(
        rf"(?P<before>(?:{_NAME_WORD} )+){kind}\b(?! {_NAME_WORD})"
        rf"|\b{kind} (?P<linked>(?:of|for) (?:the )?)?(?P<after>{_NAME_WORD}(?: {_NAME_WORD})*)"
    )
    texts = [f"{passage.title}\n{passage.text}" for passage in passages]
    written = {word for text in texts for word in _PLAIN_WORD.findall(text)}
    found: dict[str, str] = {}
    for text in texts:
        for match in name.finditer(text):
            own = [word for word in words(match["before"] or match["after"]) if not is_function_word(word)]
            # "Police Explorer" is a kind of explorer, since "explorer" is also written plainly; "Isaac" never is.
            if own and (match["before"] or match["linked"] or own[0] not in written):
                found.setdefault(" ".join(own), match.group())
    return list(found.values())
