"""Which stores are open: each stays so while anybody uses it, and few that nobody uses do."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path

from assistant.assistant import Assistant
from assistant.errors import StoreError
from assistant.library.folder import Signature, signature
from assistant.search.store import RECORD, read_record

_log = logging.getLogger(__name__)


class Opened:
    """An assistant over an open store, with a count of those who use it. The last to release it closes it.

    It begins with one user, whoever opened it. `kept` ones are closed by someone else.
    """

    def __init__(self, assistant: Assistant, *, kept: bool = False) -> None:
        self.assistant = assistant
        self.store = assistant.store.path
        self._kept = kept
        self._users = 1
        self._lock = threading.Lock()
        self._unwanted = False

    @cached_property
    def fingerprint(self) -> str:
        """Equal for stores that answer alike."""
        record = asdict(replace(self.assistant.store.record, generation=""))
        return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()

    @property
    def idle(self) -> bool:
        """Whether only its opener has it."""
        with self._lock:
            return self._users == 1

    def acquire(self) -> Opened:
        """Counts one more user. To be called only while it is certain that somebody else has it."""
        with self._lock:
            self._users += 1
        return self

    def release(self, *, unwanted: bool = False) -> None:
        """Counts one user less. The files of an `unwanted` store go when it is closed."""
        with self._lock:
            self._users -= 1
            self._unwanted |= unwanted
            if self._users:
                return
        if not self._kept:
            self.assistant.close()
        if self._unwanted:
            shutil.rmtree(self.store, ignore_errors=True)


class SharedIndex:
    """The index that everybody shares, opened anew when it was built anew."""

    def __init__(self, assistant: Assistant) -> None:
        """`assistant` is closed by whoever opened it."""
        self._record = assistant.store.path / RECORD
        self._opened = Opened(assistant, kept=True)
        self._seen: Signature | None = None
        self._lock = threading.Lock()

    @contextmanager
    def use(self) -> Iterator[Opened]:
        """The index as it is now, kept open until the end of the block."""
        with self._lock:
            self._follow()
            opened = self._opened.acquire()
        try:
            yield opened
        finally:
            opened.release()

    def close(self) -> None:
        """Closes what was opened here, once nobody uses it."""
        self._opened.release()

    def _follow(self) -> None:
        seen = signature(self._record)
        if seen == self._seen:
            return
        self._seen = seen
        store = self._opened.store
        try:
            if read_record(store).generation == self._opened.assistant.store.record.generation:
                return
            fresh = Opened(self._opened.assistant.beside(store))
        except StoreError as error:
            _log.warning("The index that was open before stays in use: %s", error)
            return
        self._opened.release()
        self._opened = fresh


class Shelf:
    """The personal stores that are open. Of those that nobody uses, the ones used last, `limit` at most, stay."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._opened: OrderedDict[Path, Opened] = OrderedDict()

    def find(self, store: Path) -> Opened | None:
        """The store, if it is open, with one more user."""
        with self._lock:
            if store not in self._opened:
                return None
            self._opened.move_to_end(store)
            return self._opened[store].acquire()

    def put(self, assistant: Assistant) -> Opened:
        """Keeps an assistant that was just opened, and gives it with one more user."""
        opened = Opened(assistant)
        with self._lock:
            self._opened[opened.store] = opened
            opened.acquire()
            idle = [store for store, each in self._opened.items() if each.idle]
            closing = [self._opened.pop(store) for store in idle[: max(0, len(self._opened) - self._limit)]]
        for each in closing:
            each.release()
        return opened

    def discard(self, store: Path) -> None:
        """Deletes the store, once nobody uses it."""
        with self._lock:
            opened = self._opened.pop(store, None)
        if opened:
            opened.release(unwanted=True)
        else:
            shutil.rmtree(store, ignore_errors=True)

    def close(self) -> None:
        """Closes every store, each once nobody uses it."""
        with self._lock:
            closing = list(self._opened.values())
            self._opened.clear()
        for each in closing:
            each.release()
