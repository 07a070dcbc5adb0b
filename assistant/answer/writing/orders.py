"""Tells text that speaks to a language model from text that speaks to readers.

Documents are data, and what stands in them is never obeyed by this program. A model may obey it all the same, so a
passage that addresses one is not shown to it. This is one of two fences: the other is that no statement is shown as
supported unless a sentence of a shown passage says the same.
"""

from __future__ import annotations

import re
import unicodedata

_MODEL = (
    r"(?:ais?|(?:ai )?(?:assistants?|systems?|models?|agents?|bots?)|(?:large )?language models?|llms?|chat ?bots?"
    r"|chatgpt|gpt|claude|gemini|llama)"
)
_REPLY = r"(?:answers?|repl(?:y|ies)|responses?|outputs?|summar(?:y|ies))"
_TOLD = r"(?:instructions?|prompts?|rules?|guidelines?|directions?|guardrails?|constraints?)"
_BEGINS = r"(?:^|[.!?:;\n\"“(\[*#>-])\s*"
_REST = r"[^.!?\n]{0,60}"
_OVERRIDES = (
    rf"\b(?:ignore|disregard|forget|override|bypass|overrule|drop)\b{_REST}\b(?:{_TOLD}|everything|all of the above"
    r"|(?:previous|prior|above|preceding|other) (?:text|passages?|sources?|documents?|context|messages?))\b",
    rf"\b(?:system|developer|hidden|initial|original|secret|your) (?:\w+ )?(?:prompts?|{_TOLD})\b",
    r"\b(?:new|updated|real|actual) (?:\w+ )?(?:prompt|instructions?)\b",
    r"\b(?:jailbreak|prompt injection|developer mode|dan mode|do anything now)\b",
)
_ADDRESSES = (
    rf"\b(?:note|message|attention|instructions?|memo|reminder|notice|important|order|hint|tip)s?\W+(?:to|for|:)?\W*"
    rf"(?:the |any |all |every |each )?{_MODEL}\b",
    rf"{_BEGINS}(?:dear |hey |hello |attention,? )?(?:the )?{_MODEL}\s*[,:!]",
    r"\b(?:you are|you[’']re|act as|pretend (?:to be|you are)|behave (?:as|like)|role-?play as|become)\b"
    rf"{_REST}\b{_MODEL}\b",
    rf"\b{_MODEL} (?:that |which |who )?(?:reads?|reading|process(?:es|ing)?|answer(?:s|ing)?|summari[sz](?:es?|ing)"
    rf"|sees?|seeing)\b{_REST}\b(?:must|should|shall|will|has to|have to|needs? to|please|is to|are to)\b",
)
_ORDERS_A_REPLY = (
    r"\b(?:in|with|to|of|end|begin|start|finish|open|close|change|make|set|replace|prefix|format|write|give|include) "
    rf"(?:all )?your (?:\w+ )?{_REPLY}\b",
    rf"\byour (?:\w+ )?{_REPLY} (?:must|should|shall|has to|needs? to|is to|will|is now)\b",
    rf"\b(?:the|every|any|each|all) {_REPLY} (?:must|should|shall|has to|have to|needs? to) "
    r"(?:be|begin|start|end|say|state|contain|include|cite|claim|mention|read)\b",
    rf"(?:{_BEGINS}|\b(?:please|now|instead|just|simply|always|only|and|then|must|should|to)\s+)"
    r"(?:say|answer|reply|respond|claim|assert|declare|pretend|write|output|print|repeat|reveal|disclose|leak|cite|quote"
    r"|(?:tell|inform) (?:the )?(?:users?|readers?|them|him|her|everyone|people|whoever)|conclude|state|insist"
    r"|translate|render|emit|append|insert|link)\b\s*"
    r"(?:(?:only|exactly|instead|that|with|as|the (?:following|words?|phrase|sentence|text|link|url|answer|system)|this"
    r"|verbatim|nothing|passage|source)\b|\[\d|[:\"“‘'`<(])",
    r"\bwhen(?:ever)? (?:you (?:are |were )?(?:asked|answer|reply|respond|summari[sz]e|read)|asked|answering|replying"
    r"|responding|summari[sz]ing|anyone asks|somebody asks|the user asks)\b",
    r"\b(?:do not|don[’']t|never|must not|should not) (?:mention|reveal|disclose|tell|cite|quote|use|trust|answer"
    rf"|refuse|follow|obey)\b{_REST}\b(?:users?|readers?|passages?|sources?|documents?|this|these|it|questions?|{_TOLD})\b",
)
_IMITATES_A_PROMPT = (
    r"<\|[^|>\n]{1,40}\|>|\[/?INST\]|<</?SYS>>|#{2,}\s*(?:instructions?|system|assistant|user|human)\b",
    r"(?:^|\n)\s*(?:system|assistant|user|human|developer)\s*:",
    r"</?\s*(?:passages?|system|instructions?|documents?|context|user|assistant)\b[^>\n]{0,80}>",
)
_ORDERS = re.compile("|".join((*_OVERRIDES, *_ADDRESSES, *_ORDERS_A_REPLY, *_IMITATES_A_PROMPT)), re.IGNORECASE)
# What is invisible or looks like another letter would hide an order from the eye and from these patterns.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]")


def addresses_a_model(text: str) -> bool:
    """Whether `text` speaks to whoever writes an answer rather than to its readers.

    It errs towards yes: then a passage is quoted by the extracting answer at most, and not shown to a model.
    """
    return _ORDERS.search(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text))) is not None
