"""The SQLite file that holds conversations: its tables, and the opening and closing of it.

Only a file that is empty or ours is written to. Several programs may have it open at once, since each
holds it for one transaction at a time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.errors import ConversationError

DATABASE = "conversations.sqlite"  # its name in the data folder
# In the header of the file, for `PRAGMA application_id`: what tells ours from other programs' databases.
_APPLICATION = int.from_bytes(b"CRAc")
_WAIT = 10.0  # seconds, for another program to finish writing

# The statements that lead from one format to the next; how many were run is the file's `user_version`.
_MIGRATIONS = (
    (
        """CREATE TABLE conversations (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            user TEXT NOT NULL,
            title TEXT NOT NULL DEFAULT '',  -- empty until it is renamed
            updated TEXT NOT NULL
        )""",
        "CREATE INDEX conversations_by_user ON conversations (user, updated)",
        # A key is never given to another turn, so that it can name feedback.
        """CREATE TABLE turns (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation INTEGER NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            asked TEXT NOT NULL,
            rating TEXT CHECK (rating IN ('up', 'down')),
            note TEXT NOT NULL DEFAULT '',
            UNIQUE (conversation, number)
        )""",
        # Its rowid is the key of the conversation.
        "CREATE VIRTUAL TABLE words USING fts5 (title, said, prefix='2 3', tokenize='unicode61 remove_diacritics 2')",
    ),
    ("ALTER TABLE turns ADD COLUMN stopped INTEGER NOT NULL DEFAULT 0 CHECK (stopped IN (0, 1))",),
)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees the file as it is now, whatever is written meanwhile. Raises ConversationError."""
    with _opened(path) as connection:
        connection.execute("BEGIN")
        yield connection


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that alone may write; what it wrote is kept as a whole, or not at all if an error leaves it.

    Raises ConversationError.
    """
    with _opened(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")


def erase(path: Path) -> None:
    """Takes out of the files what was deleted from the tables. Raises ConversationError."""
    with _opened(path) as connection:
        # The index keeps deleted words until it is merged.
        connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        # `secure_delete` misses what moving rows from page to page left behind between them.
        connection.execute("VACUUM")
        # The log keeps pages as they were until it is cut off.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # SQLite would make it readable for everyone on this machine.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise _not_kept(path, error) from error
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            _bring_up_to_date(connection, path)
            yield connection
    except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError):
            raise
        raise ConversationError(_sentence(error, path)) from error


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    """Makes the tables that are not there yet, unless the file is another program's or of a newer format."""
    version = _version(connection, path)
    if version == len(_MIGRATIONS):
        return
    # Programs that turn on the log at once are told that the file is busy, however long they are ready to wait.
    with _alone(path):
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        # Another program may have done it just now.
        for statements in _MIGRATIONS[_version(connection, path) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
        connection.execute("COMMIT")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keeps other programs from making the tables meanwhile."""
    from filelock import FileLock, Timeout

    try:
        lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=_WAIT)
        lock.acquire()
    except Timeout as error:
        raise ConversationError(_busy(path)) from error
    except OSError as error:
        raise _not_kept(path, error) from error
    try:
        yield
    finally:
        lock.release()


def _version(connection: sqlite3.Connection, path: Path) -> int:
    application, version, tables = connection.execute(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) "
        "FROM pragma_application_id, pragma_user_version"
    ).fetchone()
    if application != _APPLICATION and (application or version or tables):
        raise ConversationError(
            f"{str(path)!r} is a database of another program. Move it away, or name another data folder."
        )
    if version > len(_MIGRATIONS):
        raise ConversationError(
            f"The conversations in {str(path)!r} were written by a newer version of this program (format {version}; "
            f"this one reads up to {len(_MIGRATIONS)}). Install that version, or name another data folder."
        )
    return int(version)


def _sentence(error: sqlite3.Error, path: Path) -> str:
    shown = repr(str(path))
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:  # the rest is detail
        case sqlite3.SQLITE_NOTADB:
            return f"{shown} is no file of conversations. Move it away, or name another data folder."
        case sqlite3.SQLITE_BUSY:
            return _busy(path)
        case sqlite3.SQLITE_FULL:
            return f"The disk that holds {shown} is full. Make room, and try again."
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_IOERR:
            return f"Conversations cannot be kept in {shown} ({error}). Check the folder's permissions and its disk."
        case _:
            return (
                f"The conversations in {shown} are damaged ({error}). "
                "Restore the file from a copy, or move it away to begin anew."
            )


def _busy(path: Path) -> str:
    return f"Another program has been writing to {str(path)!r} for {_WAIT:.0f} seconds. Try again."


def _not_kept(path: Path, error: OSError) -> ConversationError:
    return ConversationError(
        f"Conversations cannot be kept in {str(path)!r} ({error.strerror}). "
        "Check its permissions, or name another data folder."
    )
