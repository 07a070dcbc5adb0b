"""The words of a text, as references and values in dispute are compared with an answer."""

from __future__ import annotations

import re

_ARTICLES = ("a", "an", "the")


def plain_words(text: str) -> str:
    """The words of a text in lower case, one space between them, with punctuation as space and without articles."""
    return without_articles(re.sub(r"[^\w\s]", " ", text.lower()))


def without_articles(text: str) -> str:
    """The words of a text but for English articles, one space between them."""
    return " ".join(word for word in text.split() if word not in _ARTICLES)
