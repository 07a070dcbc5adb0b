"""Conversations as a file: an answer a line, as `Answer.to_dict` has it, and a blank line where one begins anew."""

from __future__ import annotations

import json
import re
from pathlib import Path

from assistant.errors import ConversationError
from assistant.types import Answer

_SPACE = re.compile(r"\s*")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


class ConversationFile:
    """Adds answers to a file, each at once, so that what was said is kept whatever comes after."""

    def __init__(self, path: Path) -> None:
        """Raises ConversationError if `path` cannot be written to, or holds something else than conversations."""
        if path.is_file():
            read_conversations(path)
        self._path = path
        self._add(b"")
        kept = path.read_bytes() if path.is_file() else b""
        self._lead = (b"\n" if kept.endswith(b"\n") else b"\n\n") if kept else b""

    def append(self, answer: Answer) -> None:
        """Writes an answer to the end of the file. Raises ConversationError if that cannot be done."""
        self._add(self._lead + line_of(answer).encode() + b"\n")
        self._lead = b""

    def start_afresh(self) -> None:
        """Has the next answer begin a conversation: it does not follow from those before it."""
        self._lead = self._lead or b"\n"

    def _add(self, content: bytes) -> None:
        try:
            with self._path.open("ab") as file:
                file.write(content)
        except FileNotFoundError as error:
            raise ConversationError(
                f"There is no folder {str(self._path.parent)!r} to save the conversation in. Make it, or name another."
            ) from error
        except OSError as error:
            raise ConversationError(
                f"The conversation cannot be saved to {str(self._path)!r} ({error.strerror}). Name another file."
            ) from error


def line_of(answer: Answer) -> str:
    """An answer as a line of such a file, without its end."""
    return json.dumps(answer.to_dict())


def read_conversations(path: Path) -> tuple[tuple[Answer, ...], ...]:
    """The conversations of a file, each as its answers in order.

    What `assistant ask --json` prints is read too. It stands on many lines, and is a conversation of one
    answer, since it was asked with none before it. So is a list of answers, one conversation. Raises
    ConversationError if the file cannot be read or holds something else.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise ConversationError(f"{str(path)!r} cannot be read ({error.strerror}). Check the path.") from error
    except UnicodeDecodeError as error:
        raise ConversationError(f"{str(path)!r} is no saved conversation ({error.reason}). Name another.") from error
    conversations: list[list[Answer]] = []
    end, afresh = 0, True
    while (start := _skip_space(text, end)) < len(text):
        afresh = afresh or _BLANK_LINE.search(text, end, start) is not None
        try:
            fields, end = json.JSONDecoder().raw_decode(text, start)
            answers = [Answer.from_dict(each) for each in (fields if isinstance(fields, list) else [fields])]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            line = 1 + text.count("\n", 0, start)
            why = f"it lacks {error}" if isinstance(error, KeyError) else error
            raise ConversationError(
                f"Line {line} of {str(path)!r} is no answer as `assistant chat --save` writes it ({why}). "
                "Correct or remove it, or name another file."
            ) from error
        by_itself = "\n" in text[start:end] or isinstance(fields, list)
        if afresh or by_itself:
            conversations.append([])
        conversations[-1] += answers
        afresh = by_itself
    return tuple(tuple(each) for each in conversations if each)


def _skip_space(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return space.end() if space else position
