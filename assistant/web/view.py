"""The conversation and the source pane as HTML, for one person at one moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from assistant.errors import AssistantError
from assistant.ingest.blocks import find_blocks
from assistant.types import Document
from assistant.web.conversation import Chat
from assistant.web.desk import Desk
from assistant.web.markup import plain
from assistant.web.render import render_conversation, render_start
from assistant.web.source import render_pane
from assistant.wording import count

_LAID_OUT = 64


@dataclass(frozen=True, slots=True)
class View:
    """What `user` sees of the desk. Made for each request, so that nothing in it is out of date."""

    desk: Desk
    user: str

    def start(self, documents: Collection[str] | None) -> str:
        """What stands where the conversation will be; its questions are about `documents`, if these are given."""
        library = self.desk.libraries.of(self.user)
        try:
            return render_start(len(library.documents), library.suggestions.first(documents=documents))
        except AssistantError as error:
            return notice(str(error))

    def scope(self, documents: Collection[str] | None) -> str:
        """What is said beside the question box where only `documents` are searched; "" where all are."""
        try:
            held = len(self._documents())
        except AssistantError:
            return ""  # The panel of documents says it.
        if documents is None:
            return ""
        return f"<p>Only {len(documents):,} of your {count(held, 'document')} will be searched.</p>"

    def transcript(self, chat: Chat) -> str:
        """All that was asked and answered."""
        try:
            documents = self._documents()
        except AssistantError as error:
            return notice(str(error)) + render_conversation(chat.exchanges, {}, chat.follow_ups)
        return render_conversation(chat.exchanges, documents, chat.follow_ups)

    def pane(self, chat: Chat, reference: str) -> str:
        """The place in a source that `reference` names."""
        library = self.desk.libraries.of(self.user)
        try:
            return render_pane(
                reference,
                chat.exchanges,
                self._documents(),
                _blocks_of,
                lambda document_id: library.original(document_id) is not None,
            )
        except AssistantError as error:
            return notice(str(error))

    def _documents(self) -> dict[str, Document]:
        return {each.id: each for each in self.desk.libraries.of(self.user).documents}


def notice(text: str) -> str:
    """Something that is said beside the conversation; "" for nothing."""
    return f'<p class="notice">{plain(text)}</p>' if text else ""


_blocks_of = lru_cache(maxsize=_LAID_OUT)(find_blocks)
