"""Tells messages that ask for nothing: a greeting, thanks, a farewell."""

from __future__ import annotations

import re

_COURTESY = re.compile(
    r"(?:\W*\b(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|day|afternoon|evening|night)|how are you(?: today)?"
    r"|(?:many )?thanks|thank you|thx|cheers|ok(?:ay)?|great|perfect|cool|nice|good|got it|i see|bye|goodbye|see you)"
    r"(?: (?:there|again|everyone|all|so much|very much|a lot|for (?:that|this|your help|the help|helping)))*\b)+\W*",
    re.IGNORECASE,
)


def is_courtesy(message: str) -> bool:
    """Whether the message is nothing but courtesy, in English: "Hello!", "ok, thanks a lot"."""
    return bool(_COURTESY.fullmatch(message))
