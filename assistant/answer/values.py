"""Finds the values that answers are made of: dates, numbers, amounts of money, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.search.terms import STOP_WORDS

ValueKind = Literal["date", "time", "day", "period", "number", "money", "percentage", "duration", "name"]

MONTH = (
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b"
_YEAR = r"(?:1[0-9]{3}|20[0-9]{2})"
_WORD_NUMBER = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|(?:half a |a )?dozens?"
    r"|hundreds?|thousands?|millions?|billions?|trillions?|half a|once|twice)"
)
_SCALE = r"(?:[ -](?:hundred|thousand|million|billion|trillion))"
_DIGITS = r"\d{1,3}(?:[,\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_QUANTITY = rf"(?:(?:{_DIGITS}){_SCALE}?|{_WORD_NUMBER}(?:[ -]{_WORD_NUMBER})*{_SCALE}?)"
_UNIT_OF_TIME = r"(?:second|minute|hour|day|week|month|year|decade|century|centurie)s?"

_COUNTED = (
    r"(?:people|men|women|children|staff|troops|km|m|cm|mm|kg|g|mg|ml|l|kw|mw|gb|mb|mph|won|yen|baht|per ?cent|percent"
    r"|million|billion|trillion|square|cubic)"
)
_PEOPLE = r"[A-Z][a-z]+(?:an|ese|ish)"
_DATE = (
    rf"\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH}(?:,? {_YEAR})?",
    rf"{MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? {_YEAR})?",
    rf"{MONTH},? {_YEAR}",
    r"\d{4}-\d{2}-\d{2}",
    rf"{_YEAR}s\b(?: and {_YEAR}s\b)?",
    rf"{_YEAR}\s?(?:[–-]|to|until)\s?(?:{_YEAR}|\d\d)\b",
    rf"(?:(?<=[Ii]n )|(?<=[Bb]y )|(?<=ince )|(?<=fter )|(?<=efore )|(?<=rom )|(?<=ntil )|(?<=year )|(?<=ring )"
    rf"|(?<=mmer )|(?<=tumn )|(?<=nter )|(?<=ween )|(?<=\b(?:1\d|20)\d\d and )){_YEAR}",
    # "2000 soldiers", "1200 British troops" and "1500 km" are numbers, "$1950" and "2000 won" amounts.
    rf"(?<![$€£¥₩]){_YEAR}(?: ?(?:BCE?|AD|CE)\b)?(?! (?:{_PEOPLE} )?(?:(?!was\b|has\b|is\b)[a-z]+s|{_COUNTED})\b)",
)
_CENTURY = r"(?:\d{1,2}(?:st|nd|rd|th)|(?:fif|six|seven|eigh|nine)teenth|twent(?:ieth|y-first))"
_PERIOD = (
    rf"(?:(?:early|mid|late)[ -])?{_CENTURY}(?: and {_CENTURY})? centur(?:y|ies)\b",
    r"[A-Z][\w-]+(?: [A-Z][\w-]+)* (?:War|period|era|age|dynasty)\b",
)
_MONEY = (
    rf"(?:(?:US|A|C|HK)?[$€£¥₩]\s?|\b(?:USD|EUR|GBP|KRW)\s)(?:{_DIGITS})(?:\s?(?:k|m|bn)\b|{_SCALE}\b)?",
    rf"\b(?:{_QUANTITY})\s(?:US )?(?:dollars?|euros?|pounds?|won|yen|cents?|francs?|marks?)\b",
)
_DURATION = (
    r"(?:(?:over|more than|about|around|nearly|almost|at least|up to|less than) )?"
    rf"(?:{_QUANTITY})[ -]{_UNIT_OF_TIME}\b",
    r"half a (?:century|decade|year|day)\b",
)
# Capitals joined by "of" and the like, without the stop that follows: "King Charles III of West Francia".
_NAME = (
    r"\b[A-Z][\w’'&.-]*(?:(?:\s+(?:of|and|the|for|de|van|von|al|to)){0,2}[ -]+[A-Z0-9][\w’'&.-]*)*"
    r"(?<![.’',-])(?:(?<=\b[A-Z]\.[A-Z])\.)?"
)


_WEEKDAY = rf"{WEEKDAY}(?: (?:morning|afternoon|evening|night)s?\b)?"
_HALF_DAY = r"(?:\s?(?:[ap]\.m\.|[ap]m\b)| o[’']clock\b)"
_HOUR = r"(?:2[0-4]|[01]?\d)"
_CLOCK = rf"{_HOUR}[:.][0-5]\d(?![.,:]?\d)"
_TO = r"(?:\s?[–-]\s?| (?:to|until|till|and) )"
_TIMING = "|".join(rf"(?<=\b{word} )" for word in ("at", "by", "from", "till", "until", "after", "before"))
# What may follow a time with a stop, which may as well be a number: "at 9.58 s".
_ENDS = (
    r"(?=\s*(?:$|[,;:.)\]–-]|(?:and|or|on|in|until|till|it|the|they|we|there|every|each|daily|sharp|for|with|but|as|when|if"
    r"|because|this|that|today|tomorrow)\b))"
)
_TIME = (
    rf"{_CLOCK}{_HALF_DAY}?\s?[–-]\s?{_CLOCK}{_HALF_DAY}?",
    rf"{_HOUR}(?:[:.][0-5]\d)?{_TO}{_HOUR}(?:[:.][0-5]\d)?{_HALF_DAY}",
    rf"{_HOUR}(?:[:.][0-5]\d)?{_HALF_DAY}(?:{_TO}{_HOUR}(?:[:.][0-5]\d)?{_HALF_DAY})?",
    rf"(?i:{_TIMING}){_CLOCK}(?:{_TO}{_CLOCK})?{_ENDS}",
    r"(?:[01]\d|2[0-4]):[0-5]\d(?![:.]?\d)",
    r"(?i:noon|midday|midnight)\b",
)
_DAY = (
    # "Tuesday to Friday", "on Wednesday evening"; of "Saturday 12 July" the date tells more.
    rf"{_WEEKDAY}(?: ?(?:[–-]|to|until|and|or) ?{_WEEKDAY})?(?!,? (?:the )?(?:\d+ ?)?{MONTH})",
    r"the \d{1,2}(?:st|nd|rd|th) (?:day )?of (?:each|every|the) month\b",
    r"(?<=\b[Oo]n )the \d{1,2}(?:st|nd|rd|th)\b(?! [a-z])",
)


def _compiled(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    # In wrapped text a line may end wherever there is a blank.
    return re.compile(pattern.replace(" ", r"\s"), flags)


# In this order: what one kind has taken is not looked at by the next.
_PATTERNS: tuple[tuple[ValueKind, re.Pattern[str]], ...] = (
    ("date", _compiled(rf"\b(?:{'|'.join(_DATE)})(?![\d,]*\d)")),
    ("period", _compiled(rf"\b(?:{'|'.join(_PERIOD)})")),
    ("money", _compiled("|".join(_MONEY), re.IGNORECASE)),
    ("percentage", _compiled(rf"\b(?:{_DIGITS})\s?(?:%|per ?cent\b|percentage points?\b)", re.IGNORECASE)),
    ("duration", _compiled(rf"\b(?:{'|'.join(_DURATION)})", re.IGNORECASE)),
    ("number", _compiled(rf"(?<![\w.,$€£-])(?:{_QUANTITY})\b(?![\w-])", re.IGNORECASE)),
    ("name", _compiled(_NAME)),
)


_TIMES: tuple[tuple[ValueKind, re.Pattern[str]], ...] = (
    ("time", _compiled(rf"(?<![\w.,:$€£-])(?:{'|'.join(_TIME)})")),
    ("day", _compiled(rf"\b(?:{'|'.join(_DAY)})")),
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value and where it stands in the text it was found in."""

    kind: ValueKind
    start: int
    end: int
    text: str


def find_values(text: str) -> Iterator[Value]:
    """The values of `text`, by kind, not overlapping: a year inside a date is not a number as well."""
    taken: list[tuple[int, int]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < b and a < end for a, b in taken):
                continue
            if kind == "name":
                start = _name_start(text, start, end)
                if start == end:
                    continue
            taken.append((start, end))
            yield Value(kind, start, end, text[start:end])


def find_times(text: str) -> list[Value]:
    """The times of day, days of the week and days of any month in `text`: "17:45", "on Thursdays", "the 3rd".

    To `find_values`, which compares texts word by word, they are numbers and names.
    """
    found = ((kind, match) for kind, pattern in _TIMES for match in pattern.finditer(text))
    values = [Value(kind, match.start(), match.end(), match.group()) for kind, match in found]
    return sorted(values, key=lambda value: value.start)


def holds(text: str, value: Value) -> bool:
    """Whether the text has the value's words as such, in whatever case: "in 1953" does not hold "5" or "9"."""
    return re.search(rf"(?<!\w)(?<!\d[.,]){re.escape(value.text)}(?!\w|[.,]\d)", text, re.IGNORECASE) is not None


def numbers_in(text: str) -> frozenset[str]:
    """Every number of `text` in digits, without separators: "37,000" is "37000"."""
    return frozenset(re.sub(r"[,\u202f]", "", match.group()) for match in re.finditer(_DIGITS, text))


def _name_start(text: str, start: int, end: int) -> int:
    """Where the name itself begins, after words like "The"; `end` if only a sentence's first word is capital."""
    before = text[:start].rstrip(" \t\n\"'“‘(")[-1:]
    # After a colon a sentence may begin, but of "Capital: Belmor" it is the whole.
    opens = before in ("", ".", "!", "?") or (before == ":" and text[end : end + 1] not in ("", "\n"))
    words = list(re.finditer(r"\S+", text[start:end]))
    while words and words[0].group().lower() in STOP_WORDS and not words[0].group()[1:].isupper():
        words.pop(0)
        opens = False
    if not words or (opens and len(words) == 1 and not any(letter.isupper() for letter in words[0].group()[1:])):
        return end
    return start + words[0].start()
