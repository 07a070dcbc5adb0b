"""Dates, periods and times of day as they are written, taken for the years, month, day or minutes that they name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answer.values import Value

_MONTH = re.compile(
    r"\b(?:(jan)(?:uary)?|(feb)(?:ruary)?|(mar)(?:ch)?|(apr)(?:il)?|(may)|(jun)e?|(jul)y?|(aug)(?:ust)?|(sep)(?:t|tember)?"
    r"|(oct)(?:ober)?|(nov)(?:ember)?|(dec)(?:ember)?)\b",
    re.IGNORECASE | re.ASCII,
)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_BEFORE_CHRIST = re.compile(r"\s?(?:BCE?|B\.C\.)(?!\w)")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)", re.ASCII)
_DECADE = re.compile(r"\d0s\b", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_ISO_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_SHORT_END = re.compile(r"\d\d(\d\d)\s?(?:[–-]|to|until)\s?(\d\d)$", re.ASCII)
_CENTURY = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)|(fif|six|seven|eigh|nine)teenth|(twentieth)|(twenty-first))\scentur",
    re.IGNORECASE | re.ASCII,
)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minutes>\d\d))?(?:\s?(?P<half>[ap])\.?m\b)?", re.IGNORECASE | re.ASCII
)
_HALF = 12 * 60
_DAY_LONG = 2 * _HALF
_NAMED = {"noon": _HALF, "midday": _HALF, "midnight": 0}
_TEENS = {"fif": 15, "six": 16, "seven": 17, "eigh": 18, "nine": 19}


@dataclass(frozen=True, slots=True)
class Moment:
    """The years from `first` to `last`, a month and a day, each None where it is not named."""

    first: int | None
    last: int | None
    month: int | None = None
    day: int | None = None

    def comparable(self, other: Moment) -> bool:
        """Whether both name a year, or both a month."""
        years = self.first is not None and other.first is not None
        return years or (self.month is not None and other.month is not None)

    def agrees(self, other: Moment) -> bool:
        """Whether both may name one day: nothing that both name differs."""
        years_meet = (
            self.first is None
            or self.last is None
            or other.first is None
            or other.last is None
            or (self.first <= other.last and other.first <= self.last)
        )
        return years_meet and all(
            mine is None or theirs is None or mine == theirs
            for mine, theirs in ((self.month, other.month), (self.day, other.day))
        )


@dataclass(frozen=True, slots=True)
class Clock:
    """The minutes from midnight to the `first` and the `last` time named, which may be of the next day.

    `either` is true where both may be of either half of the day: "at 6.15".
    """

    first: int
    last: int
    either: bool

    def agrees(self, other: Clock) -> bool:
        """Whether both may name one time."""
        shifts = range(-2 * _DAY_LONG, 2 * _DAY_LONG + 1, _HALF if self.either or other.either else _DAY_LONG)
        return any(self.first + shift <= other.last and other.first <= self.last + shift for shift in shifts)


def clock_of(value: Value) -> Clock | None:
    """The time of day that a value names."""
    if (named := _NAMED.get(value.text.lower())) is not None:
        return Clock(named, named, either=False)
    ends = list(_CLOCK.finditer(value.text))
    if not ends:
        return None
    half = next((end["half"].lower() for end in ends if end["half"]), "")
    minutes = [_minutes(int(end["hour"]), int(end["minutes"] or 0), (end["half"] or half).lower()) for end in ends]
    if half and not ends[0]["half"] and minutes[0] > minutes[-1]:
        minutes[0] = (minutes[0] + _HALF) % _DAY_LONG  # "9 to 5 pm" begins in the morning
    either = not half and all(0 < int(end["hour"]) <= _HALF // 60 and end["hour"][0] != "0" for end in ends)
    first, last = minutes[0], minutes[-1]
    # "10 pm to 6 am", "9.30–5.30"
    return Clock(first, last if last >= first else last + (_HALF if either else _DAY_LONG), either)


def _minutes(hour: int, minutes: int, half: str) -> int:
    if half in ("a", "p"):
        hour = hour % 12 + (12 if half == "p" else 0)
    return 60 * hour + minutes


def moment_of(value: Value, sentence: str) -> Moment | None:
    """What a date or period of a sentence names; None for one without a year or month, as "the Korean War"."""
    text = value.text
    if iso := _ISO.fullmatch(text):
        return Moment(int(iso[1]), int(iso[1]), int(iso[2]), int(iso[3]))
    if (iso := _ISO_MONTH.fullmatch(text)) and iso[2] <= iso[1][2:]:  # "1908-11" is more likely a range of years
        return Moment(int(iso[1]), int(iso[1]), int(iso[2]))
    if value.kind == "period":
        return _century(text)
    years = [int(year) for year in _YEAR.findall(text)]
    first, last = (min(years), max(years)) if years else (None, None)
    if last and _DECADE.search(text):
        last += 99 if last % 100 == 0 else 9
    if first and (end := _SHORT_END.search(text)):
        last = 100 * (first // 100) + int(end[2])
        last += 100 if last < first else 0
    if first and last and (_BEFORE_CHRIST.search(text) or _BEFORE_CHRIST.match(sentence, value.end)):
        first, last = -last, -first
    month = _MONTH.search(text)
    day = _DAY.search(_YEAR.sub(" ", text)) if month else None
    if not years and not month:
        return None
    return Moment(first, last, month.lastindex if month else None, int(day.group()) if day else None)


def _century(text: str) -> Moment | None:
    century = _CENTURY.search(text)
    if century is None:
        return None
    number, teen, twentieth, _ = century.groups()
    which = int(number) if number else _TEENS[teen.lower()] if teen else 20 if twentieth else 21
    return Moment(100 * which - 99, 100 * which)
