"""Who may log in: names and salted, slow hashes of their passwords, in one file that only its owner can read."""

from __future__ import annotations

import json
import os
import re
import tomllib
import unicodedata
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import UserError
from assistant.files import write_whole
from assistant.settings import LOCAL_USER

if TYPE_CHECKING:
    from argon2 import PasswordHasher

PRIVATE_FOLDER = 0o700
SHORTEST_PASSWORD = 10
_LONGEST_PASSWORD = 1000
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_HEADING = "# Who may log in, and the argon2 hash of each password. Written by `assistant users`.\n[passwords]\n"


class Users:
    """The users in the file at `path`. What another process changes there counts from its next question on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: tuple[int, int, int] | None = None
        self._hashes: dict[str, str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Everybody who may log in, in alphabetical order."""
        return tuple(sorted(self._current()))

    def hash_of(self, name: str) -> str | None:
        """The hash of the password of `name`: another one whenever the password was set. None for nobody."""
        return self._current().get(name)

    def add(self, name: str, password: str) -> None:
        """Lets `name` log in. Raises UserError if there is such a user, or if name or password cannot be used."""
        self.check_new(name)
        hashed = self._hash(password)

        def added(hashes: dict[str, str]) -> None:
            if name in hashes:
                raise _taken(name)
            hashes[name] = hashed

        self._change(added)

    def check_new(self, name: str) -> None:
        """Raises UserError unless a user called `name` can be added: before anybody thinks of a password."""
        if not _NAME.fullmatch(name):
            raise UserError(
                f"{name!r} cannot be a user's name. Take 1 to 32 of a-z, 0-9, '.', '_' and '-', "
                "of which the first is a letter or a digit."
            )
        if name == LOCAL_USER:
            raise UserError(f"{name!r} is the name of whoever uses the chat without a login. Take another.")
        if self.hash_of(name):
            raise _taken(name)

    def set_password(self, name: str, password: str) -> None:
        """Gives `name` another password, which ends their sessions. Raises UserError."""
        self.check_known(name)
        hashed = self._hash(password)

        def changed(hashes: dict[str, str]) -> None:
            if name not in hashes:
                raise _unknown(name)
            hashes[name] = hashed

        self._change(changed)

    def check_known(self, name: str) -> None:
        """Raises UserError unless there is a user called `name`."""
        if not self.hash_of(name):
            raise _unknown(name)

    def remove(self, name: str) -> None:
        """Lets `name` no longer log in, and ends their sessions. Raises UserError if there is no such user."""

        def removed(hashes: dict[str, str]) -> None:
            if hashes.pop(name, None) is None:
                raise _unknown(name)

        self._change(removed)

    def verified(self, name: str, password: str) -> str | None:
        """The hash that `password` was found to match; None for a wrong one and for nobody, after the same time."""
        from argon2.exceptions import InvalidHashError, VerificationError

        known, nobody = self.hash_of(name), self._nobody
        try:
            self._hasher.verify(known or nobody, _normal(password))
        except (VerificationError, InvalidHashError):
            return None
        return known

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return PasswordHasher()  # argon2id with the second set of parameters that RFC 9106 recommends

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash(os.urandom(16))

    def _hash(self, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
            raise UserError(
                f"The password has {len(password):,} characters. It needs at least {SHORTEST_PASSWORD}, "
                f"and at most {_LONGEST_PASSWORD:,}: several words make a good one."
            )
        return self._hasher.hash(_normal(password))

    def _current(self) -> dict[str, str]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._read_at, self._hashes = None, {}
            return self._hashes
        except OSError as error:
            raise UserError(f"The users in {str(self._path)!r} cannot be read: {error.strerror}.") from error
        # The file is replaced whole, so that a change always makes another inode or another time.
        read_at = (found.st_mtime_ns, found.st_ino, found.st_size)
        if read_at != self._read_at:
            self._hashes, self._read_at = _read(self._path), read_at
        return self._hashes

    def _change(self, change: Callable[[dict[str, str]], None]) -> None:
        from filelock import FileLock

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
            with FileLock(self._path.with_name(f".{self._path.name}.lock")):
                hashes = dict(self._current())
                change(hashes)
                lines = (f"{json.dumps(name)} = {json.dumps(hashes[name])}\n" for name in sorted(hashes))
                write_whole(self._path, _HEADING + "".join(lines), private=True)
        except OSError as error:
            raise UserError(
                f"The users in {str(self._path)!r} cannot be written: {error.strerror or error}. "
                "Name another folder with --data."
            ) from error


def _read(path: Path) -> dict[str, str]:
    try:
        hashes = tomllib.loads(path.read_text("utf-8"))["passwords"]
        if all(_NAME.fullmatch(name) and isinstance(hashed, str) for name, hashed in hashes.items()):
            return dict(hashes)
        reason = "a name or a hash is not one"
    except OSError as error:
        reason = error.strerror or str(error)
    except (ValueError, KeyError, AttributeError) as error:
        reason = str(error)
    raise UserError(
        f"The users in {str(path)!r} cannot be read: {reason}. Restore the file, or delete it and add the users again."
    )


def _normal(password: str) -> str:
    """One form of what different keyboards send for the same character."""
    return unicodedata.normalize("NFC", password)


def _taken(name: str) -> UserError:
    return UserError(f"There is a user {name!r} already. Change the password with: assistant users password {name}")


def _unknown(name: str) -> UserError:
    return UserError(f"There is no user {name!r}. See who there is with: assistant users list")
