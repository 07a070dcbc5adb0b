"""What the page works with: everybody's documents, conversations and preferences, and who is asking."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings import LOCAL_USER, Settings
from assistant.web.asking import Asking
from assistant.web.preferences import Preferences

if TYPE_CHECKING:
    import gradio

    from assistant.conversations import Conversations
    from assistant.library import Libraries, Library


@dataclass(frozen=True, slots=True)
class Desk:
    """One server's libraries, conversations and preferences.

    `conversations` gives those of the user it is called with; `preferences` is the folder that holds what
    each person has chosen, and `settings` is what they start with. `model` is the name of the language model that can
    write answers, "" if there is none. `admit` is asked before each question, and raises TooManyRequests for one too
    many.
    """

    libraries: Libraries
    conversations: Callable[[str], Conversations]
    preferences: Path
    settings: Settings
    model: str = ""
    admit: Callable[[gradio.Request], None] = lambda _: None

    def library_of(self, request: gradio.Request) -> Library:
        """The library of the person who sent `request`."""
        return self.libraries.of(user_of(request))

    def asking(self, request: gradio.Request, documents: Collection[str] | None = None) -> Asking:
        """What the person who sent `request` can do, with questions restricted to `documents` if these are given."""
        user = user_of(request)
        return Asking(
            self.libraries.of(user),
            self.conversations(user),
            self.preferences_of(user),
            documents,
            partial(self.admit, request),
        )

    def preferences_of(self, user: str) -> Preferences:
        """What `user` has chosen in the settings."""
        return Preferences.load(self.preferences, user, self.settings)


def user_of(request: gradio.Request) -> str:
    """The name of the person who sent `request`: the one logged in, or the one whom this machine serves."""
    return request.username or LOCAL_USER
