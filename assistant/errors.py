"""Every error a person may see. A message says what happened, with which value, and what to do.

    AssistantError
    ├── SettingsError      an environment variable does not hold what it should
    ├── QuestionError      the question cannot be searched: empty, too long
    ├── SourceError        a file or manifest cannot be read as a source
    ├── StoreError         the index cannot be used
    │   ├── StoreMissing       there is none at that place
    │   ├── StoreDamaged       it is there and incomplete or altered
    │   └── StoreMismatch      it was built with another embedder or other parameters
    ├── ModelError         weights are missing, altered or of the wrong kind
    ├── LanguageModelError  a language model cannot be reached, or fails
    ├── LibraryError       a person's documents cannot be kept, read or changed
    ├── ConversationError  a saved conversation cannot be written or read
    │   ├── ConversationMissing    there is none with that id, or none of this user
    │   └── AnswerRated            a saved answer has a rating or a note, and so gives way to no other
    ├── UserError          a name or a password cannot be used, or the list of users cannot be read
    ├── TooManyRequests    one client asks faster than the server lets anyone ask
    └── ServeError         the web chat cannot be started

Mistakes of a program that calls this one stay ValueError and TypeError.
"""


class AssistantError(Exception):
    """The root: its message is safe to show to a user."""


class SettingsError(AssistantError):
    """An environment variable does not hold what it should."""


class QuestionError(AssistantError):
    """The question cannot be searched."""


class SourceError(AssistantError):
    """A file or manifest cannot be read as a source."""


class StoreError(AssistantError):
    """The index cannot be used."""


class StoreMissing(StoreError):
    """There is no index at that place."""


class StoreDamaged(StoreError):
    """The index is incomplete or was altered."""


class StoreMismatch(StoreError):
    """The index was built with another embedder or other parameters."""


class ModelError(AssistantError):
    """Weights are missing, altered or of the wrong kind."""


class LanguageModelError(AssistantError):
    """A language model cannot be reached, or fails.

    `brief` says it to whoever asked a question: without the server's address and words, which are for those who run it.
    """

    def __init__(self, sentence: str, brief: str = "") -> None:
        super().__init__(sentence)
        self.brief = brief or sentence


class LibraryError(AssistantError):
    """A person's documents cannot be kept, read or changed."""


class ConversationError(AssistantError):
    """A saved conversation cannot be written or read."""


class ConversationMissing(ConversationError):
    """There is no conversation with that id, or none of this user, or it has no such turn."""


class AnswerRated(ConversationError):
    """A saved answer has a rating or a note, and so gives way to no other."""


class UserError(AssistantError):
    """A name or a password cannot be used, or the list of users cannot be read."""


class TooManyRequests(AssistantError):
    """One client asks faster than the server lets anyone ask. `seconds` is how long to wait."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class ServeError(AssistantError):
    """The web chat cannot be started."""
