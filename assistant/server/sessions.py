"""A login that lasts: a signed cookie says who it is, until a logout, 12 hours later, or another password."""

from __future__ import annotations

import hashlib
import secrets
import time
from pathlib import Path
from typing import Any

from assistant.errors import UserError
from assistant.files import write_whole
from assistant.server.users import PRIVATE_FOLDER, Users

SECONDS = 12 * 60 * 60
_KEY_BYTES = 32


class Sessions:
    """Makes and checks the values of session cookies.

    `ended` is the folder that remembers who logged out: it holds an empty file for each such session, named by the
    session's id, for as long as its cookie would have lasted.
    """

    def __init__(self, key: str, users: Users, ended: Path) -> None:
        from itsdangerous import URLSafeTimedSerializer

        self._users = users
        self._ended = ended
        self._signed = URLSafeTimedSerializer(key, salt="session", signer_kwargs={"digest_method": hashlib.sha256})

    def begin(self, name: str) -> str:
        """A cookie's value for the user `name`, who has just shown the password."""
        return str(self._signed.dumps([name, self._seal(name), secrets.token_hex(16)]))

    def user(self, value: str) -> str | None:
        """Who the cookie belongs to; None if it is not ours, too old, ended, or older than the password."""
        name, _ = self._current(value)
        return name or None

    def end(self, value: str) -> None:
        """Makes the cookie nobody's, also for whoever has a copy of it. Raises UserError if that cannot be kept."""
        _, identity = self._current(value)
        if not identity:
            return
        try:
            self._ended.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
            (self._ended / identity).touch()
            for each in self._ended.iterdir():
                if each.stat().st_mtime < time.time() - SECONDS:
                    each.unlink()
        except FileNotFoundError:
            pass  # Another logout has cleared the same one away.
        except OSError as error:
            raise UserError(
                f"You are not logged out: that cannot be written in {str(self._ended)!r} ({error.strerror}). "
                "Make room or correct its permissions, and try again."
            ) from error

    def _current(self, value: str) -> tuple[str, str]:
        """The name and the id of the session that the cookie stands for; empty if it stands for none."""
        from itsdangerous import BadData

        try:
            content: Any = self._signed.loads(value, max_age=SECONDS)
        except BadData:
            return "", ""
        match content:
            case [str(name), str(seal), str(identity)] if (
                seal and secrets.compare_digest(seal, self._seal(name)) and not (self._ended / identity).exists()
            ):
                return name, identity
        return "", ""

    def _seal(self, name: str) -> str:
        """What stands in the cookie for the password's hash, which is salted: another one after every change."""
        hashed = self._users.hash_of(name)
        return hashlib.sha256(hashed.encode()).hexdigest() if hashed else ""


def session_key(path: Path) -> str:
    """The key in the file at `path`, which is made the first time. Raises UserError."""
    from filelock import FileLock

    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        with FileLock(path.with_name(f".{path.name}.lock")):
            if not path.exists():
                write_whole(path, secrets.token_hex(_KEY_BYTES), private=True)
            key = path.read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise UserError(
            f"The key of the sessions in {str(path)!r} cannot be made or read: {error}. "
            "Name another folder with --data."
        ) from error
    if len(key) < 2 * _KEY_BYTES:
        raise UserError(
            f"The key of the sessions in {str(path)!r} is too short. Delete the file; everyone logs in again."
        )
    return key
