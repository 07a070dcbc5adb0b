"""How a question and a sentence are laid out for a reader: token ids of MiniLM's vocabulary."""

from __future__ import annotations

import re
from typing import Any

POSITIONS = 88
"""Tokens of a sequence: what the reader was trained on, and what makes sixteen of them cheap."""
_QUESTION_POSITIONS = 28
_PLACE_POSITIONS = 16
_ENOUGH = 56
"""The sentence before is shown as far as a sequence has no more than so many: what it adds beyond is not worth the
time (eval/README.md)."""

_COUNTRY = re.compile(r"\bUS\b(?!\$)")


def question_ids(tokenizer: Any, question: str) -> list[int]:
    """Token ids of a question; of a long one the beginning and the end, where what is asked usually stands."""
    ids = _ids(tokenizer, question)
    if len(ids) <= _QUESTION_POSITIONS:
        return ids
    half = _QUESTION_POSITIONS // 2
    return ids[:half] + ids[-half:]


def sequence(tokenizer: Any, asked: list[int], sentence: str, place: str, before: str) -> tuple[list[int], int]:
    """Token ids of [CLS] question [SEP] sentence | place | sentence before [SEP], and where the second part begins.

    `asked` is the question's ids. What does not fit is cut from the end; of the place only the beginning counts, and
    of the sentence before what fills a sequence that is short.
    """
    start, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    used = 3 + len(asked)
    shown = _ids(tokenizer, sentence) + _ids(tokenizer, f"| {place}")[:_PLACE_POSITIONS]
    shown = shown[: POSITIONS - used]
    if before and len(shown) < _ENOUGH - used:
        shown = (shown + _ids(tokenizer, f"| {before}"))[: _ENOUGH - used]
    return [start, *asked, end, *shown, end], len(asked) + 2


def _ids(tokenizer: Any, text: str) -> list[int]:
    """Token ids of `text`. The vocabulary is lower-case, where "US" would be the pronoun: the country is "U.S." """
    return list(tokenizer.encode(_COUNTRY.sub("U.S.", text), add_special_tokens=False).ids)
