"""Numbers as they are written, taken for what they can mean: "about 37,000" is any number near it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from assistant.answer.values import Value
from assistant.search.terms import terms, words

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS: dict[str, float] = {word: number for number, word in enumerate(_UNITS)}
_WORDS |= {word: 10 * n for n, word in enumerate(_TENS, 2)} | {"half a": 0.5}
_HALF_PRECISION = 0.1
"""Half a century is any time from 45 to 55 years."""
_SCALES = {
    **{"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12},
    **{"k": 1_000, "m": 10**6, "bn": 10**9},
}
_DAYS = {
    **{"second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.44},
    **{"year": 365.25, "decade": 3652.5, "century": 36525.0, "centurie": 36525.0},
}
_MEASURES = {
    **dict.fromkeys(("mm", "millimeter", "millimetre"), ("length", 0.001)),
    **dict.fromkeys(("cm", "centimeter", "centimetre"), ("length", 0.01)),
    **dict.fromkeys(("m", "meter", "metre"), ("length", 1.0)),
    **dict.fromkeys(("km", "kilometer", "kilometre"), ("length", 1000.0)),
    **dict.fromkeys(("foot", "feet", "ft"), ("length", 0.3048)),
    **{"inch": ("length", 0.0254), "inche": ("length", 0.0254), "yard": ("length", 0.9144), "mile": ("length", 1609.3)},
    **dict.fromkeys(("kg", "kilogram", "kilo"), ("mass", 1.0)),
    **{"g": ("mass", 0.001), "gram": ("mass", 0.001), "lb": ("mass", 0.4536), "pound": ("mass", 0.4536)},
    **{"ton": ("mass", 1000.0), "tonne": ("mass", 1000.0), "acre": ("area", 4047.0), "hectare": ("area", 10000.0)},
}
"""What a number's next word says it measures, without its plural s, and how much of the first of these it is."""
_POWERS = {"square": 2, "sq": 2, "cubic": 3}
_CURRENCIES = {"$": "dollar", "usd": "dollar", "€": "euro", "eur": "euro", "£": "pound", "gbp": "pound"} | {
    **{"¥": "yen", "₩": "won", "krw": "won"}
}
_CURRENCY = re.compile(
    r"[$€£¥₩]|\b(?:usd|eur|gbp|krw|dollar|euro|pound|won|yen|cent|franc|mark)(?=s?\b)", re.IGNORECASE | re.ASCII
)
_TIME = re.compile(rf"({'|'.join(_DAYS)})s?$", re.IGNORECASE | re.ASCII)
_FIGURES = r"\d[\d,\u202f]*(?:\.\d+)?"
_TOKEN = re.compile(rf"(?P<figures>{_FIGURES})|half\sa\b|[a-z]+", re.IGNORECASE | re.ASCII)
_NUMBER = rf"(?:(?:{_FIGURES}|(?:{'|'.join(_WORDS)})\b)(?:[ -](?:{'|'.join(_SCALES)})\b)?)"
_RANGE_BEFORE = re.compile(
    rf"(?:\bbetween\s+[$€£¥₩]?\s?(?P<between>{_NUMBER})\s+and|(?P<to>{_NUMBER})\s*(?:[–—-]|to|or))\s*[$€£¥₩]?\s*$",
    re.IGNORECASE | re.ASCII,
)
_RANGE_AFTER = re.compile(rf"\s*(?P<by>and|[–—-]|to|or)\s*[$€£¥₩]?\s?(?P<other>{_NUMBER})", re.IGNORECASE | re.ASCII)
# "Cut from 37,000 to 28,500": two numbers that were right one after the other, none between them.
_CHANGED = re.compile(
    r"\b(?:cut|f[ae]ll|fallen|r[io]sen?|gr[eo]wn?|went|shrank|shrunk"
    r"|(?:reduc|increas|decreas|chang|declin|rais|lower|expand|dropp)(?:e[sd]?|ing)|(?:drop|fall|grow)s?)\s+(?:\w+\s+)?from\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\bbetween\s+[$€£¥₩]?\s*$", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?:(?P<least>over|more than|at least|above|exceed(?:s|ed|ing)?|no (?:fewer|less) than|upwards of)"
    r"|(?P<most>under|(?:less|fewer|no more) than|almost|nearly|up to|at most|below|close to|as many as)"
    r"|(?P<about>about|around|approximately|some|roughly|circa|estimated|(?:an )?average of))\s+(?:[$€£¥₩]\s*)?$",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(r"\s+(?:more|less|fewer|[a-z]+er)\s+than\b", re.IGNORECASE)
_NEAR = 30
"""Characters before and after a number in which a range or a bound is looked for."""
_COUNTED = 3
_BOUNDED = 1.2
"""A number said to be a bound is off by less than this factor, or another bound would have been given."""
_APPROXIMATE = 0.05
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of some unit, the span of numbers that it may stand for, and terms of what it counts.

    What is counted stands after the number, or, as in "Troops: 28,500", before it.
    """

    number: float
    low: float
    high: float
    unit: str
    counted: frozenset[str]

    def comparable(self, other: Quantity) -> bool:
        """Whether both are of one unit: dollars and euros, or metres and acres, cannot be compared."""
        return self.unit == other.unit

    def agrees(self, other: Quantity) -> bool:
        """Whether one may stand for the other: the same, rounded, approximate, a bound of it or a range around it."""
        return other.low <= self.number <= other.high or self.low <= other.number <= self.high


def quantity_of(value: Value, text: str) -> Quantity | None:
    """What the number, amount, percentage or duration that stands in `text` means.

    None for "hundreds", and for a difference, "two years longer than".
    """
    first = next((match for match in _TOKEN.finditer(value.text) if _is_number(match)), None)
    if first is None or _DIFFERENCE.match(text, value.end):
        return None
    number, precision = _number(value.text[first.start() :])
    low, high = number - precision / 2, number + precision / 2
    start = value.start + first.start()
    before = text[max(0, start - _NEAR) : start]
    if (other := _other_end(before, text[start + len(first.group()) : value.end + _NEAR])) is not None:
        low, high = min(number, other), max(number, other)
    elif bound := _BOUND.search(before):
        if bound["least"]:
            low, high = number, number * _BOUNDED
        elif bound["most"]:
            low, high = number / _BOUNDED, number
        else:
            low, high = min(low, number * (1 - _APPROXIMATE)), max(high, number * (1 + _APPROXIMATE))
    following = text[value.end :].split(maxsplit=_COUNTED)[:_COUNTED]
    unit, factor = _unit(value, words(" ".join(following)))
    counted = terms(" ".join(following)) or terms(" ".join(before.split()[-_COUNTED:]))
    if not math.isfinite(high * factor):
        return None
    return Quantity(number * factor, low * factor, high * factor, unit, frozenset(counted))


def _is_number(token: re.Match[str]) -> bool:
    return bool(token["figures"]) or token.group().lower() in _WORDS


def _other_end(before: str, after: str) -> float | None:
    """The number at the other end of a range, "between 20 and 30" or "20 to 30", of which one has been cut out."""
    if _CHANGED.search(before):
        return None
    if earlier := _RANGE_BEFORE.search(before):
        return _number(earlier["between"] or earlier["to"])[0]
    later = _RANGE_AFTER.match(after)
    if later and (later["by"].lower() != "and" or _BETWEEN.search(before)):
        return _number(later["other"])[0]
    return None


def _number(text: str) -> tuple[float, float]:
    """The number that `text` begins with, and how far two numbers can be apart that are both written so."""
    total = group = 0.0
    precision = 1.0
    for match in _TOKEN.finditer(text):
        word = " ".join(match.group().lower().removesuffix("s").split())
        if figures := match["figures"]:
            group, precision = _figures(figures)
        elif word in _WORDS:
            group += _WORDS[word]
            precision = _HALF_PRECISION if word == "half a" else precision
        elif word in _SCALES:
            group = (group or 1) * _SCALES[word]
            precision *= _SCALES[word]
            if word != "hundred":
                total, group = total + group, 0.0
        elif word != "and":
            break
    return total + group, precision


def _figures(figures: str) -> tuple[float, float]:
    """A number in figures and its precision: the place of its last digit that is not 0, of the second at most."""
    plain = re.sub(r"[,\u202f]", "", figures)
    whole, _, fraction = plain.partition(".")
    if len(whole) > _MOST_DIGITS:
        return math.inf, 1.0
    if fraction:
        return float(plain), 10.0 ** -min(len(fraction), _MOST_DIGITS)
    zeros = len(whole) - len(whole.rstrip("0"))
    return float(plain), 10.0 ** max(0, min(zeros, len(whole) - 2))


def _unit(value: Value, following: list[str]) -> tuple[str, float]:
    """The unit that a value is brought to, and the factor that does so."""
    if value.kind == "duration" and (time := _TIME.search(value.text)):
        return "time", _DAYS[time[1].lower()]
    if value.kind == "money" and (currency := _CURRENCY.search(value.text)):
        return _CURRENCIES.get(currency.group().lower(), currency.group().lower()), 1.0
    if value.kind == "number" and following:
        power = _POWERS.get(following[0], 1)
        measured = following[1:2] if power > 1 else following[:1]
        for word in measured:
            unit, factor = _MEASURES.get(word.removesuffix("s"), ("", 1.0))
            if unit:
                return (unit if power == 1 else f"{unit}{power}", factor**power)
    return value.kind, 1.0
