"""A conversation as one file to keep or send: its turns in order, every quote a footnote that says where it stands.

What was quoted is given as it was then. Publisher, date and address are those of the document as it is now. Where
`documents` is None, since they cannot be read, nothing is said of what they are now.
Texts of questions, answers and documents are text in every form, and never markup.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.conversations.export.html import html_of
from assistant.conversations.export.markdown import markdown_of
from assistant.conversations.export.parts import Footnotes
from assistant.conversations.files import line_of
from assistant.conversations.records import Conversation
from assistant.types import Document

__all__ = ["to_html", "to_json", "to_markdown"]


def to_markdown(conversation: Conversation, documents: Iterable[Document] | None) -> str:
    """CommonMark with footnotes, as GitHub and Pandoc have them. White space in quotes is one blank."""
    return markdown_of(conversation, Footnotes(conversation, documents))


def to_html(conversation: Conversation, documents: Iterable[Document] | None) -> str:
    """A page that opens from disk, asks for nothing, runs nothing, and follows the system's light or dark."""
    return html_of(conversation, Footnotes(conversation, documents))


def to_json(conversation: Conversation, _documents: Iterable[Document] | None = None) -> str:
    """A list of answers as `Answer.to_dict` has them, which `python -m eval add` reads.

    What was stopped before its first words is no answer, and left out.
    """
    answers = [line_of(turn.answer) for turn in conversation.turns if not turn.says_nothing]
    return "[" + ",\n".join(answers) + "]\n"
