"""Undoes what hides words from patterns, and not from a language model: signs, spelling and encodings."""

from __future__ import annotations

import base64
import codecs
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from html import unescape
from urllib.parse import unquote

_TAGS = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}
"""Invisible characters that stand for those of ASCII."""
_LOOK_ALIKES = str.maketrans(
    "аеіорсухѕјԁһӏмтвнкАЕІОРСУХЅЈНМТВКαοιερντυκχΑΒΕΗΙΚΜΝΟΡΤΥΧ",
    "aeiopcyxsjdhlmtbhkAEIOPCYXSJHMTBKaoiepvtukxABEHIKMNOPTYX",
)
_FIGURES = str.maketrans("0134578@$!|", "oieastbasil")
_FIGURED = re.compile(r"(?<![\w$@])(?=[\d@$]*[^\W\d_])(?=\w*[\d@$])[\w@$!|]{5,}")
_WORD = re.compile(r"[^\W\d_]{5,}")
_SPELT_OUT = re.compile(r"\b(?:[^\W\d_][\W_]{1,3}){6,}[^\W\d_]\b")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}")
_BASE64_OF_ADDRESSES = str.maketrans("-_", "+/")
_HEXADECIMAL = re.compile(r"\b(?:[0-9a-fA-F]{2}[ :]?){10,}")
_MISSPELT = (
    "ignore disregard forget previous earlier instruction instructions system prompt assistant please answer response "
    "reader readers"
).split()
_ENGLISH = re.compile(r"\b(?:the|and|that|all|you|say)\b", re.IGNORECASE)
_LEAST_LETTERS = 0.9
"""Share of decoded characters that text is made of at least."""


def readings(text: str) -> Iterator[str]:
    """The text as a model may read it: as it is shown, on one line, spelt rightly, turned round, decoded."""
    plain = _plain(text)
    yield plain
    flat = " ".join(plain.split())
    spelt = _SPELT_OUT.sub(lambda match: "".join(filter(str.isalpha, match.group())), flat)
    spelt = _WORD.sub(_rightly_spelt, _FIGURED.sub(lambda match: match.group().translate(_FIGURES), spelt))
    turned = (codecs.encode(flat, "rot13"), flat[::-1])
    others = (flat, spelt, *filter(_ENGLISH.search, turned), *_decoded(plain))
    yield from (other for other in dict.fromkeys(others) if other != plain)


def _plain(text: str) -> str:
    """`text` without what is invisible, accents and look-alikes."""
    shown = unquote(unescape(text)).translate(_TAGS)
    letters = unicodedata.normalize("NFKD", "".join(each for each in shown if unicodedata.category(each) != "Cf"))
    plain = unicodedata.normalize("NFC", "".join(each for each in letters if not "\u0300" <= each <= "\u036f"))
    return re.sub(r"[^\W\d_]+", _in_one_alphabet, plain)


def _in_one_alphabet(word: re.Match[str]) -> str:
    """A word in which letters that look like Latin ones stand beside Latin ones, or make up all of it."""
    looks = word.group().translate(_LOOK_ALIKES)
    return looks if looks.isascii() else word.group()


def _rightly_spelt(word: re.Match[str]) -> str:
    """A word that the order of a model is made of, where it is written with one letter wrong."""
    written = word.group().lower()
    known = _nearly()
    return next((known[each] for each in (written, *_without_one(written)) if each in known), word.group())


@cache
def _nearly() -> dict[str, str]:
    """The words by what is left of them without one letter: two that share it differ by one letter (SymSpell)."""
    return {each: word for word in reversed(_MISSPELT) for each in (*_without_one(word), word)}


def _without_one(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _decoded(text: str) -> Iterator[str]:
    for match in _BASE64.finditer(text):
        written = match.group().translate(_BASE64_OF_ADDRESSES)
        yield from _read(base64.b64decode(written[: len(written) // 4 * 4]))
    for match in _HEXADECIMAL.finditer(text):
        yield from _read(bytes.fromhex(re.sub(r"[ :]", "", match.group())))


def _read(decoded: bytes) -> Iterator[str]:
    """The text that bytes are, if they are."""
    text = decoded.decode("utf-8", "ignore")
    if sum(each.isalpha() or each.isspace() for each in text) >= _LEAST_LETTERS * max(10, len(decoded)):
        yield " ".join(text.split())
