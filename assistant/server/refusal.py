"""Says no over HTTP, in a sentence: as plain text to a browser that opens an address, as JSON to everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import AssistantError, ConversationMissing, QuestionError, TooManyRequests

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.responses import Response

_STATUS: dict[type[AssistantError], int] = {QuestionError: 400, ConversationMissing: 404, TooManyRequests: 429}


def refusal(connection: HTTPConnection, status: int, sentence: str, **headers: str) -> Response:
    """The response that refuses with `sentence`; an underscore in a header's name stands for a hyphen."""
    from starlette.responses import JSONResponse, PlainTextResponse

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if is_opened_by_a_person(connection):
        return PlainTextResponse(f"{sentence}\n", status, named)
    return JSONResponse({"error": sentence}, status, named)


def refusal_for(connection: HTTPConnection, error: AssistantError) -> Response:
    """The response that an error becomes: what it says, under the status that fits it."""
    headers = {"Retry_After": str(error.seconds)} if isinstance(error, TooManyRequests) else {}
    return refusal(connection, _STATUS.get(type(error), 500), str(error), **headers)


def is_opened_by_a_person(connection: HTTPConnection) -> bool:
    """True for a page that a browser opens, rather than what a page or a program fetches."""
    fetched = connection.headers.get("sec-fetch-mode", "navigate") != "navigate"
    return not fetched and "text/html" in connection.headers.get("accept", "")
