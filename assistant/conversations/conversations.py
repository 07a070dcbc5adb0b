"""One user's saved conversations: begun, added to, listed, searched, renamed, rated, deleted."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from assistant.conversations.database import erase, reading, writing
from assistant.conversations.files import line_of
from assistant.conversations.records import Conversation, Feedback, Rating, SavedTurn, Summary
from assistant.errors import AnswerRated, ConversationError, ConversationMissing
from assistant.types import Answer
from assistant.wording import clip, count, one_line

TITLE_CHARACTERS = 200
NOTE_CHARACTERS = 2000

_TURN = "number, answer, asked, rating, note, stopped"
# Everything that can be found of a conversation, whatever was changed in it.
_INDEX = """
    INSERT OR REPLACE INTO words (rowid, title, said)
    SELECT key, title, (
        SELECT group_concat(question || char(10) || json_extract(answer, '$.text'), char(10))
        FROM turns WHERE conversation = conversations.key
    )
    FROM conversations WHERE key = ?
"""
_LIST = """
    SELECT id, title, question, updated, (SELECT count(*) FROM turns WHERE conversation = conversations.key)
    FROM conversations JOIN turns ON conversation = conversations.key AND number = 0
    WHERE user = :user AND (:search IS NULL OR conversations.key IN (SELECT rowid FROM words WHERE words MATCH :search))
    ORDER BY updated DESC, conversations.key DESC
"""


class Conversations:
    """What one user has saved in a file; the conversations of others in it are, to this object, not there.

    May be shared by threads, and the file by programs: every method opens it, does all or nothing, and closes
    it. Every method raises ConversationError if the file cannot be used, and ConversationMissing for a
    conversation or turn that is not there.
    """

    def __init__(self, path: Path, user: str) -> None:
        """The file at `path` is made when it is first needed."""
        self.path = path
        self.user = user

    def start(self) -> str:
        """The id of a new conversation, which is listed once it has a turn."""
        identity = uuid.uuid4().hex
        with writing(self.path) as connection:
            self._insert(connection, identity)
        return identity

    def list(self, search: str = "") -> tuple[Summary, ...]:
        """Newest first. With `search`, those in whose title, questions or answers each of its words begins a word."""
        pattern = _pattern(search) if search.strip() else None
        if pattern == "":
            return ()
        with reading(self.path) as connection:
            rows = connection.execute(_LIST, {"user": self.user, "search": pattern}).fetchall()
        return tuple(
            Summary(identity, title or _title(question), datetime.fromisoformat(updated), turns)
            for identity, title, question, updated, turns in rows
        )

    def read(self, identity: str) -> Conversation:
        """A conversation with its answers as they were given."""
        with reading(self.path) as connection:
            key = self._key(connection, identity)
            (title,) = connection.execute("SELECT title FROM conversations WHERE key = ?", (key,)).fetchone()
            rows = connection.execute(f"SELECT {_TURN} FROM turns WHERE conversation = ? ORDER BY number", (key,))
            turns = tuple(self._turn(*row) for row in rows)
        return Conversation(identity, title or (_title(turns[0].answer.question) if turns else ""), turns)

    def add(self, identity: str, answer: Answer, *, stopped: bool = False) -> SavedTurn:
        """Saves an answer as the last turn."""
        with self._changing(identity) as (connection, key):
            turn = SavedTurn(_length(connection, key), answer, datetime.now(UTC), stopped=stopped)
            connection.execute(
                "INSERT INTO turns (conversation, number, question, answer, asked, stopped) VALUES (?, ?, ?, ?, ?, ?)",
                (key, turn.number, _text(answer.question), line_of(answer), turn.asked.isoformat(), stopped),
            )
            _touch(connection, key, turn.asked)
        return turn

    def replace(self, identity: str, number: int, answer: Answer) -> SavedTurn:
        """Puts an answer in the place of the last turn's.

        Raises ConversationError if `number` is not the last turn's: what was said later followed from it; and
        AnswerRated if somebody has said what they think of the answer that is there.
        """
        with self._changing(identity) as (connection, key):
            turns = _length(connection, key)
            if number != turns - 1:
                raise ConversationError(
                    f"Turn {number + 1} is not the last: the conversation has {count(turns, 'turn')}. "
                    "Open it again to see them."
                )
            turn = SavedTurn(number, answer, datetime.now(UTC))
            replaced = connection.execute(
                "UPDATE turns SET question = ?, answer = ?, asked = ?, stopped = 0 "
                "WHERE conversation = ? AND number = ? AND rating IS NULL AND note = ''",
                (_text(answer.question), line_of(answer), turn.asked.isoformat(), key, number),
            )
            if not replaced.rowcount:
                raise AnswerRated(f"Turn {number + 1} was rated, so it is kept. Ask on after it.")
            _touch(connection, key, turn.asked)
        return turn

    def fork(self, identity: str, number: int) -> str:
        """The id of a new conversation that begins with the turns before `number`. Ratings stay with the old one."""
        forked = uuid.uuid4().hex
        with writing(self.path) as connection:
            key = self._key(connection, identity)
            if not 0 <= number <= _length(connection, key):
                raise _no_turn(number)
            copy = self._insert(connection, forked)
            connection.execute(
                "INSERT INTO turns (conversation, number, question, answer, asked, stopped) "
                "SELECT ?, number, question, answer, asked, stopped FROM turns "
                "WHERE conversation = ? AND number < ? ORDER BY number",
                (copy, key, number),
            )
            connection.execute(_INDEX, (copy,))
        return forked

    def rename(self, identity: str, title: str) -> None:
        """Gives it a title of one line, cut to 200 characters. An empty one is the first question again."""
        with self._changing(identity) as (connection, key):
            connection.execute("UPDATE conversations SET title = ? WHERE key = ?", (_title(title), key))

    def delete(self, identity: str) -> None:
        """Deletes it for good: its words are in the files no more."""
        with writing(self.path) as connection:
            key = self._key(connection, identity)
            connection.execute("DELETE FROM words WHERE rowid = ?", (key,))
            connection.execute("DELETE FROM conversations WHERE key = ?", (key,))
        erase(self.path)

    def rate(self, identity: str, number: int, rating: Rating | None, note: str = "") -> None:
        """Keeps what was thought of an answer, in place of what was thought of it before; None takes it back.

        Raises ConversationError if the note is longer than 2,000 characters.
        """
        if rating is not None and rating not in get_args(Rating):
            raise ValueError(f"rating must be one of {get_args(Rating)} or None, not {rating!r}")
        note = _text(note).strip()
        if len(note) > NOTE_CHARACTERS:
            raise ConversationError(
                f"The note has {len(note):,} characters; at most {NOTE_CHARACTERS:,} are kept. Shorten it."
            )
        with writing(self.path) as connection:
            rated = connection.execute(
                "UPDATE turns SET rating = ?, note = ? WHERE conversation = ? AND number = ?",
                (rating, note, self._key(connection, identity), number),
            )
            if not rated.rowcount:
                raise _no_turn(number)

    def rated(self) -> tuple[Feedback, ...]:
        """Every turn that has a rating, by its number."""
        with reading(self.path) as connection:
            rows = connection.execute(
                f"SELECT turns.key, id, conversation, {_TURN} FROM turns "
                "JOIN conversations ON conversations.key = conversation "
                "WHERE user = ? AND rating IS NOT NULL ORDER BY turns.key",
                (self.user,),
            ).fetchall()
            return tuple(
                Feedback(key, identity, self._turn(*row), self._before(connection, conversation, row[0]))
                for key, identity, conversation, *row in rows
            )

    def _before(self, connection: sqlite3.Connection, key: int, number: int) -> tuple[Answer, ...]:
        rows = connection.execute(
            f"SELECT {_TURN} FROM turns WHERE conversation = ? AND number < ? ORDER BY number", (key, number)
        )
        return tuple(turn.answer for row in rows if not (turn := self._turn(*row)).says_nothing)

    @contextmanager
    def _changing(self, identity: str) -> Iterator[tuple[sqlite3.Connection, int]]:
        """The key of a conversation whose words may change, to be found as they are afterwards."""
        with writing(self.path) as connection:
            key = self._key(connection, identity)
            yield connection, key
            connection.execute(_INDEX, (key,))

    def _key(self, connection: sqlite3.Connection, identity: str) -> int:
        found = connection.execute(
            "SELECT key FROM conversations WHERE id = ? AND user = ?", (_text(identity), self.user)
        ).fetchone()
        if found is None:
            raise ConversationMissing(f"There is no conversation {clip(identity, 40)!r}. It may have been deleted.")
        return int(found[0])

    def _insert(self, connection: sqlite3.Connection, identity: str) -> int:
        inserted = connection.execute(
            "INSERT INTO conversations (id, user, updated) VALUES (?, ?, ?) RETURNING key",
            (identity, self.user, datetime.now(UTC).isoformat()),
        )
        return int(inserted.fetchone()[0])

    def _turn(self, number: int, answer: str, asked: str, rating: Rating | None, note: str, stopped: int) -> SavedTurn:
        try:
            given, when = Answer.from_dict(json.loads(answer)), datetime.fromisoformat(asked)
            return SavedTurn(number, given, when, rating, note, bool(stopped))
        except (ValueError, KeyError, TypeError) as error:
            raise ConversationError(
                f"An answer in {str(self.path)!r} is damaged ({error}). "
                "Restore the file from a copy, or delete that conversation."
            ) from error


def _length(connection: sqlite3.Connection, key: int) -> int:
    return int(connection.execute("SELECT count(*) FROM turns WHERE conversation = ?", (key,)).fetchone()[0])


def _touch(connection: sqlite3.Connection, key: int, when: datetime) -> None:
    connection.execute("UPDATE conversations SET updated = ? WHERE key = ?", (when.isoformat(), key))


def _no_turn(number: int) -> ConversationMissing:
    return ConversationMissing(f"The conversation has no turn {number + 1}. Open it again to see those it has.")


def _pattern(search: str) -> str:
    """The words of a search in quotes, each of which may be the beginning of one; "" if it has none."""
    words = (word for word in _text(search).replace("\0", " ").split() if any(map(str.isalnum, word)))
    return " ".join('"' + word.replace('"', " ") + '"*' for word in words)


def _title(text: str) -> str:
    return one_line(text)[:TITLE_CHARACTERS].rstrip()


def _text(text: str) -> str:
    """`text` with a question mark for each half of a character, which SQLite cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
