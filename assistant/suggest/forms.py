"""The forms: how a sentence reads that answers a question, and the question it answers.

The named groups of a pattern fill the question. `s` is the subject and `be` the sentence's own auxiliary,
so that number and tense agree; `past` stands in the question as {base}, its base form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.suggest.phrases import compiled


@dataclass(frozen=True, slots=True)
class Form:
    """How a sentence reads, what is then asked, and the name of that kind of question."""

    name: str
    pattern: re.Pattern[str]
    question: str


CLEAR_WITHOUT_NAME = frozenset({"what", "what cause", "what meaning", "how done"})
"""Kinds of question that are clear about any thing; the others must hold a name."""

# Of a sentence that reads in several of these ways, the first of each name counts.
FORMS = tuple(
    Form(name, compiled(pattern), question)
    for name, pattern, question in (
        ("when", r"<SUBJECT> <WAS> <HOW><PARTICIPLE><MORE>,? (?:in|on) <DATE>", "When {be} {s} {how}{pp}{rest}?"),
        ("when", r"<SUBJECT> <WAS> <HOW><PARTICIPLE><MORE>,? during the [A-Z]", "When {be} {s} {how}{pp}{rest}?"),
        ("when", r"(?:In|On) <DATE>, <SUBJECT> <WAS> <HOW><PARTICIPLE><MORE><END>", "When {be} {s} {how}{pp}{rest}?"),
        ("when", r"(?:In|On) <DATE>, <SUBJECT> <HOW><PAST> <REST><END>", "When did {s} {how}{base} {rest}?"),
        ("when", r"<SUBJECT> <HOW><PAST><MORE> (?:in|on) <DATE><END>", "When did {s} {how}{base}{rest}?"),
        (
            "where",
            r"<SUBJECT> <BE> (?P<pp><PLACED>) (?:in|at|near|along|outside|(?<!based )on) (?!<DAY>|<MONTH>)<NAMED>",
            "Where {be} {s} {pp}?",
        ),
        ("where", r"<SUBJECT> takes place (?:in|on|at) <NAMED>", "Where does {s} take place?"),
        ("where", r"<SUBJECT> (?P<verb>live|lie|sit)s (?:in|on|between|at|near) <NAMED>", "Where does {s} {verb}?"),
        ("how many", r"<SUBJECT> (?P<verb>ha|<KEEPS>)s <ABOUT><NUMBER> <COUNTED>", "How many {nouns} does {s} {verb}?"),
        ("how many", r"<PLURAL> (?P<verb>have|<KEEPS>) <ABOUT><NUMBER> <COUNTED>", "How many {nouns} do {s} {verb}?"),
        (
            "how many",
            r"There <BE> (?:currently )?<ABOUT><NUMBER> <COUNTED>(?P<rest>(?:in|at|on|of) [^,;:]{3,50}?)<END>",
            "How many {nouns} {be} there {rest}?",
        ),
        ("how much", r"<SUBJECT> costs? <ABOUT>(?:an estimated )?(?:US)?[$€£]", "How much did {s} cost?"),
        ("how long", r"<SUBJECT> lasted (?:for )?<ABOUT>(?:<NUMBER>|an?|several) <UNIT>s?\b", "How long did {s} last?"),
        (
            "who",
            r"<SUBJECT> <BE> <HOW>(?P<pp><MADE>) by (?!Royal |Act )(?:<NAMED>|(?:[a-z]+ ){1,2}<NAME>)",
            "Who {be} {s} {how}{pp} by?",
        ),
        ("who", r"<NAME> (?P<did><MAKES>) (?P<s><NAMED>[^,;:]{2,60}?)<END>", "Who {did} {s}?"),
        ("who", r"<NAME> <ONCE> (?P<s>the (?:[\w-]+ ){0,3}(?:<HEAD>) of [^,;:]{3,50}?)<END>", "Who {be} {s}?"),
        (
            "who",
            r"(?P<s>The (?:[\w-]+ ){0,3}(?:<HEAD>|<RELATIVE>) of [^,;:]{3,50}?) <ONCE> <NAMED>",
            "Who {be} {s}?",
        ),
        (
            "who",
            r"(?!The |An? )(?P<s>(?:[A-Z][\w’'.-]* ){0,3}[A-Z][\w’'-]+) <ONCE> (?:an?|the)(?: [\w-]+,?){0,5} "
            r"(?:<PERSON>)<AFTER_PERSON>",
            "Who {be} {s}?",
        ),
        ("why", r"<SUBJECT> <BE> (?!<PARTLY>)<REST>,? because (?!of\b)", "Why {be} {s} {rest}?"),
        ("why", r"<SUBJECT> <PAST> <REST>,? because ", "Why did {s} {base} {rest}?"),
        ("what purpose", r"(?P<s>The (?:[\w-]+ )?(?:<PURPOSE>) of [^,;:]{3,60}?) <ONCE> to ", "What {be} {s}?"),
        ("what purpose", r"<SUBJECT> <BE> <HOW>(?P<pp>designed|intended|meant) to ", "What {be} {s} {how}{pp} to do?"),
        (
            "what purpose",
            r"<SUBJECT> <IS> <USUALLY>(?P<pp>used|required|authori[sz]ed) to ",
            "What {be} {s} {pp} to do?",
        ),
        ("what purpose", r"<SUBJECT> (?P<verb><AIMS>)s to ", "What does {s} {verb} to do?"),
        ("what purpose", r"<PLURAL> (?P<verb><AIMS>) to ", "What do {s} {verb} to do?"),
        (
            "what purpose",
            r"<SUBJECT> <IS> <USUALLY>(?P<pp>used for|responsible for|known for|famous for) ",
            "What {be} {s} {pp}?",
        ),
        (
            "what duty",
            r"<SUBJECT> (?P<verb><LETS>)s (?P<rest><NAMED>[^,;:]{2,40}?) to ",
            "What does {s} {verb} {rest} to do?",
        ),
        ("what duty", r"<SUBJECT> (?P<past><RESOLVED>) to ", "What did {s} {base} to do?"),
        ("what duty", r"<SUBJECT> commits to ", "What does {s} commit to?"),
        ("how", r"<SUBJECT> <GREATLY>(?P<verb><BEARS_ON>)s (?!by\b)<REST>,? by \w+ing ", "How does {s} {verb} {rest}?"),
        ("how done", r"<SUBJECT> <IS> <USUALLY>(?P<pp><DEALT_WITH>) (?:by|through|via|using) ", "How {be} {s} {pp}?"),
        ("what role", r"<SUBJECT> plays an?(?: \w+)? role in <REST><END>", "What role does {s} play in {rest}?"),
        ("what role", r"<PLURAL> play an?(?: \w+)? role in <REST><END>", "What role do {s} play in {rest}?"),
        ("what role", r"<SUBJECT> serves as ", "What does {s} serve as?"),
        ("what role", r"<PLURAL> serve as ", "What do {s} serve as?"),
        ("which one", r"<NAME>, (?P<s><UNIQUE> [^,;:]{5,60}?), (?:is|has)\b", "What is {s}?"),
        ("which one", r"<NAME> <ONCE> (?P<s><UNIQUE> [^,;:]{5,60}?)<END>", "What {be} {s}?"),
        (
            "which one",
            r"(?P<s>The (?:[\w-]+ ){0,2}(?!<NO_PART>)[a-z]+ of <NAMED>[^,;:]{2,40}?) <ONCE> <NAMED>",
            "What {be} {s}?",
        ),
        ("what cause", r"<SUBJECT> <IS> <USUALLY>caused by ", "What causes {s}?"),
        ("what source", r"<SUBJECT> (?P<past><CAME>) from ", "What did {s} {base} from?"),
        ("what object", r"<SUBJECT> (?P<verb><TENDS>)e?s (?P<rest>on|to) ", "What does {s} {verb} {rest}?"),
        ("what meaning", r"<SUBJECT> (?P<verb>stand for|refer to) ", "What do {s} {verb}?"),
        ("what meaning", r"<SUBJECT> stands for ", "What does {s} stand for?"),
        ("what meaning", r"<SUBJECT> refers to ", "What does {s} refer to?"),
        ("what name", r"<SUBJECT> <BE> (?P<pp><NICKNAMED>) ", "What {be} {s} {pp}?"),
        ("which", r"<SUBJECT> consists of <LIST>", "What does {s} consist of?"),
        ("which", r"<SUBJECT> <IS> (?P<pp>composed of|made up of|divided into) <LIST>", "What {be} {s} {pp}?"),
        ("which", r"<SUBJECT> <IS> (?P<pp>(?:<SHAPED>) by) (?!\w+ing\b)", "What {be} {s} {pp}?"),
        (
            "which",
            r"(?P<s>(?:The )?(?:[\w-]+ )?(?:<SEVERAL>) of [^,;:]{3,50}?) (?:include|are) <LIST>",
            "What are {s}?",
        ),
        ("which", r"<SUBJECT> (?P<verb><HOLDS>)s <LIST>", "What does {s} {verb}?"),
        ("which", r"<PLURAL> (?P<verb><HOLDS>) <LIST>", "What do {s} {verb}?"),
        ("which", r"<SUBJECT> (?P<past>(?:affirm|<HOLDS>)e?d) <LIST>", "What did {s} {base}?"),
        (
            "what",
            r"<SUBJECT> (?:<BE> an?|(?P<now>is|are) (?:the|one of the)) (?!<PRAISE>)[a-z][\w-]*(?! ?[’'])\b",
            "What {be}{now} {s}?",
        ),
    )
)
