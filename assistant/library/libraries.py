"""Everybody's libraries, over one shared index."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from assistant.assistant import Assistant
from assistant.library.library import Library
from assistant.library.opened import SharedIndex, Shelf

_USER = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")


class Libraries:
    """The libraries under `folder`, one for each user. Safe to use from several threads."""

    def __init__(self, base: Assistant, folder: Path, open_stores: int = 10) -> None:
        """`base` answers from the shared index; its models and settings serve everybody, and it is not closed here.

        `open_stores` personal stores stay open although nobody uses them just now.
        """
        self._shared = SharedIndex(base)
        self._shelf = Shelf(open_stores)
        self._folder = folder
        self._lock = threading.Lock()
        self._libraries: dict[str, Library] = {}

    def of(self, user: str) -> Library:
        """The library of `user`. Raises ValueError for a name that no user can have."""
        if not _USER.fullmatch(user):
            raise ValueError(f"{user!r} is not the name of a user")
        with self._lock:
            if user not in self._libraries:
                self._libraries[user] = Library(self._shared, self._shelf, self._folder / user)
            return self._libraries[user]

    def close(self) -> None:
        """Closes the stores that were opened here, each once nobody uses it."""
        self._shelf.close()
        self._shared.close()
