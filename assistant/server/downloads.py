"""What a person takes away or looks at: a saved conversation as a file, and a page of a PDF as a picture."""

# Annotations stay objects here: FastAPI reads those of a handler, and its names are local ones.

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

from assistant.errors import AssistantError, SourceError
from assistant.server.gate import user_of
from assistant.server.refusal import refusal
from assistant.web.desk import Desk

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.conversations import Conversation
    from assistant.types import Document

_TYPES = {"md": "text/markdown", "html": "text/html", "json": "application/json"}
# An exported page is the text of documents: it runs nothing, and asks for nothing, also when it is opened from here.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_NAME_CHARACTERS = 60
_PICTURES_AT_ONCE = 4
_QUOTE_CHARACTERS = 2000
"""What is longer is marked as far as that."""


def add_routes(app: "FastAPI", desk: Desk) -> None:
    """Adds `GET /export/CONVERSATION.md`, `.html` and `.json`, and `GET /page/DOCUMENT/NUMBER.png`."""
    from anyio import CapacityLimiter, to_thread
    from fastapi import Request, Response

    # PDFium draws one picture after another. Whoever waits for one must not take the threads that answer questions.
    drawing = CapacityLimiter(_PICTURES_AT_ONCE)

    @app.get("/export/{conversation}.{form}", response_class=Response)
    def export(conversation: str, form: str, request: Request) -> Response:
        """One of your own conversations, with a footnote for every quote, as Markdown, HTML or JSON lines."""
        from assistant.conversations.export import to_html, to_json, to_markdown

        if form not in _TYPES:
            return refusal(request, 404, f"A conversation is not exported as {form!r}. Ask for md, html or json.")
        user = user_of(request) or ""
        saved = desk.conversations(user).read(conversation)
        try:
            documents = desk.libraries.of(user).documents
        except AssistantError:  # What was said can be read all the same.
            documents = None
        writers: dict[str, Callable[[Conversation, Iterable[Document] | None], str]]
        writers = {"md": to_markdown, "html": to_html, "json": to_json}
        return Response(
            writers[form](saved, documents),
            media_type=_TYPES[form],
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name(saved.title))}.{form}",
                "Content-Security-Policy": _POLICY,
            },
        )

    @app.get("/page/{document:path}/{number}.png", response_class=Response)
    async def page(document: str, number: int, request: Request, quote: str = "") -> Response:
        """A page of a document that is a PDF, as a picture, with `quote` marked on it. `number` counts from 1."""
        return await to_thread.run_sync(picture, document, number, request, quote[:_QUOTE_CHARACTERS], limiter=drawing)

    def picture(document: str, number: int, request: Request, quote: str) -> Response:
        from assistant.library.pictures import page_picture
        from assistant.web.highlight import highlighted

        # The library looks the id up among its documents: it is a name, never a path.
        original = desk.libraries.of(user_of(request) or "").original(document)
        if original is None:
            return refusal(
                request, 404, f"There is no picture of {document!r}: only of PDFs that are among the sources."
            )
        try:
            return Response(highlighted(page_picture(original, number, quote)), media_type="image/png")
        except SourceError as error:
            return refusal(request, 404, str(error))


def file_name(title: str) -> str:
    """A file's name, without its ending, that says what `title` says and that every system takes."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", title))
    return "-".join(words)[:_NAME_CHARACTERS].strip("-_") or "conversation"
