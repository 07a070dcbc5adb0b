"""How many tokens a text has at most, without the model's tokenizer."""

from __future__ import annotations

import re

_PARTS = re.compile(r"[A-Za-z]+|[^\x00-\x7f]|\S|\s{2,}|\n")
_LETTERS_OF_A_TOKEN = 3


def most_tokens(text: str) -> int:
    """About a third more than the tokenizers of usual models give for English, and not less for any text.

    A byte-pair tokenizer has at most one token for each byte, and cuts seldom used words into parts of three letters
    and more. Each digit and each mark may be a token.
    """
    return sum(_most(part) for part in _PARTS.findall(text))


def _most(part: str) -> int:
    if part.isascii():
        return -(-len(part) // _LETTERS_OF_A_TOKEN) if part.isalpha() else 1
    return len(part.encode())
