"""How often one client may ask, upload and try a password: so many within any minute, for each."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from assistant.errors import TooManyRequests
from assistant.wording import count

_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Rates:
    """How many a minute. `tries` are of one user from one address; one address may try `tries_of_all` users."""

    questions: int = 60
    uploads: int = 20
    tries: int = 5
    tries_of_all: int = 20


class Limits:
    """Counts what each client does. Safe to use from several threads; who did nothing for a while is forgotten."""

    def __init__(self, rates: Rates, clock: Callable[[], float] = time.monotonic) -> None:
        self._rates = rates
        self._clock = clock
        self._lock = threading.Lock()
        self._times: dict[tuple[str, ...], deque[float]] = {}
        self._swept = clock()

    def question(self, client: str) -> None:
        """Counts a question. Raises TooManyRequests when it is one too many."""
        self._count(self._rates.questions, "question", client)

    def upload(self, client: str) -> None:
        """Counts an upload. Raises TooManyRequests when it is one too many."""
        self._count(self._rates.uploads, "upload", client)

    def may_try(self, address: str, name: str) -> None:
        """Raises TooManyRequests while too many wrong passwords were tried."""
        with self._lock:
            for rate, who in self._trying(address, name):
                self._check(rate, "wrong password", *who)

    def tried(self, address: str, name: str) -> None:
        """Counts a wrong password."""
        with self._lock:
            for _, who in self._trying(address, name):
                self._add("wrong password", *who)

    def _trying(self, address: str, name: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
        # By user and address, so that nobody can lock out somebody elsewhere; by address, so that trying
        # one password on many names does not help.
        return (self._rates.tries, (address, name)), (self._rates.tries_of_all, (address,))

    def _count(self, rate: int, what: str, client: str) -> None:
        with self._lock:
            self._check(rate, what, client)
            self._add(what, client)

    def _check(self, rate: int, what: str, *who: str) -> None:
        now = self._clock()
        within = [each for each in self._times.get((what, *who), ()) if each > now - _MINUTE]
        if len(within) >= rate:
            seconds = max(1, math.ceil(within[-rate] + _MINUTE - now))
            raise TooManyRequests(
                f"That is more than {count(rate, what)} in a minute. Try again in {seconds} s.", seconds
            )

    def _add(self, what: str, *who: str) -> None:
        now = self._clock()
        if now >= self._swept + _MINUTE:
            # Strangers choose some of the names that are counted by, and may think of many.
            self._times = {key: times for key, times in self._times.items() if times[-1] > now - _MINUTE}
            self._swept = now
        times = self._times.setdefault((what, *who), deque())
        while times and times[0] <= now - _MINUTE:
            times.popleft()
        times.append(now)
