"""Tells messages that ask the documents nothing: a greeting, thanks, and what is asked about the assistant itself."""

from __future__ import annotations

import re

_COURTESY = re.compile(
    r"(?:\W*\b(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|day|afternoon|evening|night)|how are you(?: today)?"
    r"|(?:many )?thanks|thank you|thx|cheers|ok(?:ay)?|great|perfect|cool|nice|good|got it|i see|bye|goodbye|see you)"
    r"(?: (?:there|again|everyone|all|so much|very much|a lot|for (?:that|this|your help|the help|helping)))*\b)+\W*",
    re.IGNORECASE,
)

_ABOUT_ITSELF = re.compile(
    r"\W*(?:(?:hi|hello|hey|please)\W+)?"
    r"(?:(?:can|could) you help(?: me)?|help(?: me)?|who are you|what are you|what can (?:you do|i ask)(?: you)?"
    r"|what do you (?:do|know)|how do you work|how can you help(?: me)?"
    r"|(?:what|which) (?:documents?|sources?|files?|texts?) (?:do you (?:have|know|use)"
    r"|can (?:i|you) (?:ask about|search|read))"
    r"|(?:list|show(?: me)?) (?:all )?your (?:documents|sources|files))(?: please)?\W*",
    re.IGNORECASE,
)


def asks_about_itself(message: str) -> bool:
    """Whether the message asks what can be asked, or of which documents, in English: "What can you do?"."""
    return bool(_ABOUT_ITSELF.fullmatch(message))


def is_courtesy(message: str) -> bool:
    """Whether the message is nothing but courtesy, in English: "Hello!", "ok, thanks a lot"."""
    return bool(_COURTESY.fullmatch(message))
