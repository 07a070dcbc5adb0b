"""Tells text that speaks to a language model from text that speaks to readers.

Documents are data, and what stands in them is never obeyed by this program. A model may obey it all the same, so a
passage that addresses one is not shown to it, and is no evidence. This is one of two fences: the other is that no
statement is shown as supported unless a sentence of another passage says the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.answer.writing.disguises import readings

_MODEL = (
    r"(?:ais?|(?:ai )?(?:assistants?|systems?|models?|agents?|bots?)|(?:large )?language models?|llms?|chat ?bots?"
    r"|chatgpt|gpt|claude|gemini|llama)"
)
# Without systems, models and agents, which documents are full of.
_NAMED_MODEL = (
    r"(?:ais?|(?:ai )?assistants?|ai (?:systems?|models?|agents?|bots?)|(?:large )?language models?|llms?|chat ?bots?"
    r"|chatgpt|gpt|claude|gemini|llama)"
)
# "System: Windows 10", "User: admin", "Model: X200" tell what a thing is.
_SPECIFIED = r"\s*(?:windows|mac ?os|linux|ubuntu|debian|android|ios|unix|\S+\s*(?:$|\n|\w+:))"
_REPLY = r"(?:answers?|repl(?:y|ies)|responses?|outputs?|summar(?:y|ies))"
_TOLD = r"(?:instructions?|prompts?|rules?|guidelines?|directions?|guardrails?|constraints?)"
_READERS = (
    r"(?:(?:the |all |any |every |your )?(?:users?|readers?|askers?)|(?:people|those|everyone|anyone|anybody) who asks?"
    r"|them|him|her|everyone|everybody|people|whoever)"
)
_SAY = (
    r"(?:say|answer|reply|respond|claim|assert|pretend|state|insist|write|output|print|repeat|reveal|disclose|leak|cite"
    rf"|quote|mention|(?:tell|inform|assure|show|send) {_READERS}|let {_READERS} know|translate|render|emit|append"
    r"|insert|link)"
)
_MUST = r"(?:must|should|shall|has to|have to|needs? to|is to|are to)"
_BEGINS = r"(?:^|[.!?:;\n\"“(\[*#>-])\s*"
_REST = r"[^.!?\n]{0,60}"
_OVERRIDES = (
    rf"\b(?:ignore|disregard|forget|override|bypass|overrule)\b{_REST}\b(?:{_TOLD}|everything|all of the above"
    r"|(?:previous|prior|above|preceding|other) (?:text|passages?|sources?|documents?|context|messages?))\b",
    r"\b(?:ignore|disregard|forget)(?:all|any|every|the|previous|prior)\w{6,}|\btell(?:all|every|the)?(?:users?|readers?)\b",
    rf"\b(?:system|developer) (?:\w+ )?(?:prompts?|{_TOLD})\b(?! (?:the|an?|us|him|her|them|it) )"
    r"|\b(?:hidden|initial|original|secret) (?:\w+ )?prompts?\b",
    r"\byour (?:\w+ )?(?:prompts?|rules|instructions|guidelines|guardrails)\b",
    r"\b(?:new|updated|real|actual) (?:\w+ )?(?:prompt|instructions?\s*[:.!-])",
    r"\b(?:jailbreak|prompt injection|developer mode|dan mode|do anything now)\b",
    r"\b(?:everything|what|all) (?:that )?you (?:were|have been) told\b|\b(?:whole|entire|full) conversation so far\b",
    r"\b(?:above|before|than|but) this passage\b|\bthe (?:first|second|third|other) passage the\b",
)
_ADDRESSES = (
    rf"\b(?:note|message|attention|instructions?|memo|reminder|notice|important|order|hint|tip)s?\W+(?:to|for|:)?\W*"
    rf"(?:the |any |all |every |each )?{_MODEL}\b",
    r"(?:^|[.!?:;\n(\[*#>|-]|(?<![\w.,!?])[\"“])\s*(?:dear |hey |hello |attention,? )?(?:(?:to )?(?:the |all ))?"
    rf"(?:{_NAMED_MODEL}\s*[,:!]|{_MODEL}\s*[,!:](?!{_SPECIFIED}))\s",
    rf"\b(?:an?|the|any|all|every|each) {_MODEL} {_MUST}(?: not| only)? "
    rf"(?!disclose|report|output|show|insert|link){_SAY}\b",
    r"\b(?:ais?|assistants?|language models?|llms?|chat ?bots?) (?:is|are) (?:not )?(?:allowed|permitted|told) to\b",
    rf"\bfor (?:the |large )?{_MODEL} only\b",
    rf"\b(?:you are|you[’']re)(?: now)? (?:an? |the |my |no longer an? )?(?:\w+ )?{_MODEL}\b",
    r"\b(?:act as|pretend (?:to be|you are)|behave (?:as|like)|role-?play as|become)(?: now)? "
    rf"(?:an? |the |my |no longer an? )?(?:\w+ )?(?:{_NAMED_MODEL}|{_MODEL} (?:that|which|who|without))\b",
    rf"\b{_MODEL} (?:that |which |who )?(?:reads?|reading|process(?:es|ing)?|answer(?:s|ing)?|summari[sz](?:es?|ing)"
    rf"|sees?|seeing)\b{_REST}\b(?:{_MUST}|will|please)\b",
)
_ORDERS_A_REPLY = (
    r"\b(?:in|with|to|of|end|begin|start|finish|open|close|change|make|set|replace|prefix|format|write|give|include) "
    rf"(?:all )?your (?:\w+ )?{_REPLY}\b",
    rf"\byour (?:\w+ )?{_REPLY} (?:must (?!be complete)|should|shall|has to|needs? to|is|will|is now)\b",
    rf"\b(?:the|every|any|each|all) {_REPLY} {_MUST} (?:contain|include) the "
    r"(?:words?|phrases?|sentences?|links?|texts?)\b",
    rf"\b(?:the (?:answers?|repl(?:y|ies))|(?:every|any|each|all) {_REPLY}) {_MUST} "
    r"(?:be|begin|start|end|say|state|contain|include|cite|claim|mention|read)\b",
    rf"\b(?:if|only|any|every|each) (?:\w+ )?{_REPLY} (?:to|of|about|on|for)\b{_REST}\b(?:is|are|says?|states?|gave"
    rf"|gives?|reads?|{_MUST})\b",
    rf"(?:{_BEGINS}|\b(?:please|kindly|now|instead|just|simply|always|only|and|then|must|should|to|you|not"
    rf"|anything but)\s+){_SAY}\b\s*"
    r"(?:(?:only|exactly|instead|that|with|as|the (?:following|words?|phrase|sentence|text|link|url|answer|system)"
    r"|this(?: passage| text| sentence| instead)|(?:to|by) (?:whoever|any(?:one|body)|everyone)|verbatim|nothing"
    r"|passage|source)\b|this:|\[\d|[:\"“‘'<])",
    rf"\b{_SAY} (?:only|just|nothing but)\s*[:\"“]|,\s+{_SAY}\s*(?:[:<“\"]|(?:this passage|only|that)\b)",
    r"\bsay (?:anything|nothing) (?:but|else|other|at all)\b|\b(?:behind|after|to) every sentence\b",
    r"\b(?:people|those|everyone|everybody|anyone|anybody|whoever|readers?|users?) (?:who |that )?asks?\b"
    rf"(?! for (?!the\b)(?!{_REST}\b(?:should|must|gets?|told)\b))",
    r"(?<!\bAct )(?<!\bLaw )(?<!\bCode )\b(?:is|are) to be (?:given|stated|said|reported|answered|cited|named) as\b"
    r"|\bwhat you (?:say|write|answer)\b",
    r"\bnew task\b|\bthe task is (?:now|another)\b",
    rf"\bwhen(?:ever)? you read this\b{_REST}, {_SAY}\b",
    r"\bwhen(?:ever)? (?:you (?:are |were )?(?:asked|answer|reply|respond|summari[sz]e)|anyone asks|somebody asks"
    rf"|the user asks)\b|\bwhen(?:ever)? (?:asked|answering|replying|responding|summari[sz]ing)\b{_REST}, "
    rf"(?:{_SAY}|give|put|(?:the|your) {_REPLY})\b",
    r"\b(?:do not|don[’']t|never|must not|should not) (?:mention|reveal|disclose|tell|cite|quote|use|trust|answer"
    rf"|refuse|follow|obey)\b{_REST}"
    rf"\b(?:(?<=trust )these|users?|readers?|passages?|sources?|documents|questions?|{_TOLD})\b",
)
_IMITATES_A_PROMPT = (
    r"<\|[^|>\n]{1,40}\|>|\[/?INST\]|<</?SYS>>|(?<!#)##+\s*(?:instructions?|system|assistant|user|human)\b",
    r"(?:^|\n)\s*(?:assistant|human|developer)\s*:|[\"']role[\"']\s*:",
    rf"(?:^|\n)\s*(?:system|user)\s*:(?!{_SPECIFIED})",
    r"[<‹]/?\s*(?:passages?|system|instructions?|context)\b[^>›\n]{0,80}[>›]",
    r"(?:(?:^|\n)\s*[<‹]|[<‹]/)\s*(?:documents?|user|assistant)\b[^>›\n]{0,80}[>›]",
)
# Of other languages the plainest words, without accents: to ignore what one was told, and to say what follows.
_IGNORE_ABROAD = (
    r"(?:\b(?:ignorier|vergiss|missacht|ignorez|oubli(?:e|ez)\b|ignora\b|olvid[ae]|dimentica|esqueca|desconsider|negeer"
    r"|vergeet|z?ignoruj|zapomnij|yok say|unut)|(?=[^\x00-\u02ff])(?:игнориру|забудь|忽略|无视|忘记|無視|忘れ|무시|잊"
    r"|تجاهل|अनदेखा))"
)
_TOLD_ABROAD = (
    r"(?:\b(?:anweisung|vorgabe|regel|befehl|consigne|instruc|istruzion|instruktion|regla|regol|regra|polecen|zasad|talimat"
    r"|kural)|(?=[^\x00-\u02ff])(?:инструкц|указани|правил|指令|指示|规则|命令|지시|명령|규칙|지침|تعليمات|قواعد|निर्देश|नियम))"
)
_SAY_ABROAD = (
    r"(?:\b(?:antworten? (?:sie|nur|auf|zu)|schreiben? sie|sagen? sie|teilen sie|repondez|dites|ecrivez|responda?|diga"
    r"|escriba|rispond(?:i|ete)|scriv(?:i|ete)|escreva|antwoord|odpowiedz|powiedz|yanitla)\b|(?=[^\x00-\u02ff])(?:отвечай"
    r"|ответь|скажи|напиши|сообщи|回答|回复|告诉|答え|伝え|답하|대답|말하|알려|أجب|اكتب|उत्तर द|जवाब द))"
)
_ABROAD = (
    rf"{_IGNORE_ABROAD}[^.!?。\n]{{0,60}}{_TOLD_ABROAD}",
    rf"{_TOLD_ABROAD}[^.!?。\n]{{0,60}}{_IGNORE_ABROAD}",
    rf"{_SAY_ABROAD}[^.!?。\n]{{0,60}}(?:[:：«„「“\"]|,? (?:dass|que|che|ze|dat)\b)",
    r"(?:답하|말하|알려 ?주)(?:세요|십시오|라)|(?:答え|伝え|言っ)てください",
)
_ORDERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (*_OVERRIDES, *_ADDRESSES, *_ORDERS_A_REPLY, *_IMITATES_A_PROMPT, *_ABROAD)
)


@lru_cache(maxsize=4096)
def addresses_a_model(text: str) -> bool:
    """Whether `text` speaks to whoever writes an answer rather than to its readers.

    It errs towards yes: the cost is a passage that is not quoted.
    """
    return any(order.search(reading) for reading in readings(text) for order in _ORDERS)
