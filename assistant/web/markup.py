"""The few pieces of HTML that answers and sources have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TypeGuard

from assistant.types import Document

_WEB = ("https://", "http://")


def plain(text: str) -> str:
    """`text` as HTML that shows exactly its characters, in an element or in a quoted attribute."""
    return escape(text, quote=True)


def hidden(text: str) -> str:
    """Words for those who listen to the page; those who see it have a sign instead."""
    return f'<span class="unseen">{plain(text)}</span>'


def sign(character: str) -> str:
    """A sign for those who see the page; the words beside it say the same to everybody."""
    return f'<span class="sign" aria-hidden="true">{plain(character)}</span>'


def question_buttons(questions: Iterable[str], list_class: str) -> str:
    """Questions as buttons that ask them."""
    items = "".join(f'<li><button type="button" data-ask dir="auto">{plain(each)}</button></li>' for each in questions)
    return f'<ul class="{list_class}">{items}</ul>'


def about(document: Document, page: int | None = None) -> str:
    """One line that says where a document comes from: publisher, date, page, licence and its web address."""
    parts = [f'<span dir="auto">{plain(each)}</span>' for each in origin(document, page)]
    if document.licence:
        parts.append(f'<span dir="auto">{plain(document.licence)}</span>')
    if is_web(document.url):
        parts.append(f'<a href="{plain(document.url)}" target="_blank" rel="noopener noreferrer">original</a>')
    return f'<p class="about">{" · ".join(parts)}</p>' if parts else ""


def origin(document: Document | None, page: int | None) -> Sequence[str]:
    """Publisher, date and page, as far as they are known."""
    known = [each for each in (document.publisher, document.date) if each] if document else []
    return [*known, f"page {page}"] if page is not None else known


def is_web(url: str | None) -> TypeGuard[str]:
    """Whether `url` is one that a browser may be sent to."""
    return url is not None and url.lower().startswith(_WEB)
