"""What went wrong with a model, in a sentence for a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.errors import LanguageModelError
from assistant.wording import clip

if TYPE_CHECKING:
    import openai

_LONGEST = 300
_TOO_LONG = re.compile(r"context.{0,20}(?:length|size|window)|prompt is too long|too many tokens", re.IGNORECASE)


class Faults:
    """Turns the errors of one model into sentences. None holds its key, whatever the server repeats.

    Inside, a sentence is a pair: what anybody may know, and what only those who run the model need.
    """

    def __init__(self, name: str, *, server: str = "", key: str | None = None, key_variable: str = "") -> None:
        self._model = f"language model {name!r}"
        self._at = f" at {server!r}" if server else ""
        self._key = key
        self._key_variable = key_variable

    def sentence(self, error: Exception, seconds: float) -> LanguageModelError:
        """An error to raise in place of `error`, which may hold the key and is not kept as its cause.

        `seconds` is how long the reply was waited for at most.
        """
        return error if isinstance(error, LanguageModelError) else _error(*self._told(error, seconds))

    def empty(self, finish_reason: str | None) -> LanguageModelError:
        """A reply ended without a word."""
        because = f" (its reason to end: {self._clean(finish_reason)})" if finish_reason else ""
        return _error(f"The {self._model} replied without a word", f"{because}.")

    def cut(self) -> LanguageModelError:
        """A reply that stopped before its end."""
        return LanguageModelError(f"The {self._model} was cut off in the middle of its reply.")

    def _told(self, error: Exception, seconds: float) -> tuple[str, str]:
        import httpx
        import openai

        cause = error.__cause__ if isinstance(error, openai.APIConnectionError) else error
        if isinstance(cause, (httpx.ConnectError, httpx.ConnectTimeout)):
            where = f"{self._at} ({self._clean(cause)})"
            return f"The {self._model} cannot be reached", f"{where}. Start its server, or correct its address."
        if isinstance(error, (TimeoutError, openai.APITimeoutError, httpx.TimeoutException)):
            return f"The {self._model} did not finish its reply within {seconds:g} s", "."
        if isinstance(error, ConnectionAbortedError):
            return f"The {self._model} was closed while it replied", "."
        if isinstance(error, openai.APIStatusError):
            return self._refused(error.status_code, _message(error))
        if isinstance(error, httpx.HTTPStatusError):
            return self._refused(error.response.status_code, error.response.reason_phrase)
        if isinstance(error, (openai.APIConnectionError, httpx.TransportError)):
            return f"The connection to the {self._model} broke off", f" ({self._clean(cause or error)})."
        if isinstance(error, openai.APIError):
            return f"The {self._model} broke off its reply with an error", f" ({self._clean(error.message)})."
        unreadable = f" ({type(error).__name__}: {self._clean(error)})."
        return f"The {self._model} sent what cannot be read as a reply", unreadable

    def _refused(self, status: int, message: str) -> tuple[str, str]:
        if status in (401, 403):  # What a server says here may repeat a part of the key.
            do = f" Give its key in the environment variable {self._key_variable}." if self._key_variable else ""
            return f"The {self._model} may not be used", f": the server{self._at} refuses it (HTTP {status}).{do}"
        said = f"(HTTP {status}: {self._clean(message)})"
        if status == 404:
            return f"The {self._model} is not there", f": the server{self._at} has none of that name {said}."
        if status == 429:
            return f"The {self._model} takes no more questions for now", f" {said}."
        if status in (400, 413) and _TOO_LONG.search(message):
            return f"The {self._model} was asked to read more than fits in its window", f" {said}."
        return f"The {self._model} answered with an error", f" {said}."

    def _clean(self, text: object) -> str:
        told = " ".join(str(text).split())
        if self._key:
            told = told.replace(self._key, "[key]")
        return clip(told, _LONGEST).rstrip(".")


def _error(known: str, detail: str) -> LanguageModelError:
    return LanguageModelError(f"{known}{detail}", f"{known}.")


def _message(error: openai.APIStatusError) -> str:
    """What the server says, without the wrapping of the client."""
    body = error.body
    said = body.get("message") if isinstance(body, dict) else body
    return str(said or error.response.reason_phrase)
