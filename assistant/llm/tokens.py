"""How many tokens a text has at most, without the model's tokenizer."""

from __future__ import annotations

import re

_PARTS = re.compile(r"[A-Za-z]+|[^A-Za-z\s]|[^\S ]|\s(?=[\s\d])")
_ONE_TOKEN = 5  # letters


def tokens_at_most(text: str) -> int:
    """One and a half times to twice what the tokenizers of usual models give for English prose.

    The rest is for texts that they cut finer: names, numbers, code, other languages. Only of letters without a meaning
    it is less than they give.

    Byte-pair tokenizers have a token for most short words, cut long and rare ones into parts of two letters and more,
    and may take every digit, every mark and every byte of another script for one.
    """
    return sum(_at_most(part) for part in _PARTS.findall(text))


def _at_most(part: str) -> int:
    if not part.isalpha() or not part.isascii():
        return len(part.encode("utf-8", "surrogatepass"))
    if not (part.islower() or part[1:].islower()):
        return -(-len(part) // 2)
    return 1 + max(0, -(-(len(part) - _ONE_TOKEN) // 2))
