"""The answer for programs: over plain HTTP, and for the function that Gradio's clients call."""

# Annotations stay objects here: FastAPI and Gradio read those of a function, and its names are local ones.

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.errors import AssistantError, QuestionError
from assistant.server.gate import client_of, user_of
from assistant.server.limits import Limits
from assistant.server.refusal import refusal
from assistant.types import Answer, Turn
from assistant.web.desk import Desk

if TYPE_CHECKING:
    from fastapi import FastAPI

_ANSWER = TypeAdapter(Answer)
_EXAMPLE = '{"question": "..."}'
_DESCRIBED = "GET /api describes the form."


class AskedBefore(BaseModel):
    """One earlier exchange: what was asked, and the answer as it came back or its text."""

    question: str
    answer: str | dict[str, Any]


class Question(BaseModel):
    """A question, what was asked before it, and the ids of the documents to search: all, if none are named."""

    model_config = ConfigDict(extra="forbid")

    question: str
    history: list[AskedBefore] = Field(default_factory=list, max_length=100)
    documents: list[str] | None = None


class Problem(BaseModel):
    """What is wrong with a request, in a sentence."""

    error: str


def add_routes(app: "FastAPI", desk: Desk, limits: Limits) -> None:
    """Adds `POST /api/ask`, and says so to who only opens that address."""
    from fastapi import Request

    problems: dict[int | str, dict[str, Any]] = {
        400: {"model": Problem, "description": "The question cannot be searched."},
        422: {"model": Problem, "description": "The request does not have the form described here."},
        429: {"model": Problem, "description": "Too many questions in a minute; Retry-After says how long to wait."},
    }

    @app.post("/api/ask", response_model=None, responses={200: {"model": Answer}, **problems})
    def ask(asked: Question, request: Request) -> dict[str, Any]:
        """The answer, every statement with its verdict and the quotes it rests on."""
        limits.question(client_of(request))
        return answer(desk, user_of(request) or "", asked).to_dict()

    @app.get("/api/ask", include_in_schema=False)
    def opened(request: Request) -> Any:
        """What an address that is typed into a browser is told."""
        return refusal(request, 405, f"A question is sent with POST, as {_EXAMPLE}. {_DESCRIBED}", Allow="POST")


def ask_endpoint(desk: Desk) -> Callable[..., Any]:
    """The function behind `Client(url).predict(question, api_name="/ask")`."""
    import gradio as gr

    def ask(
        question: str,
        history: list[dict[str, Any]] | None = None,
        documents: list[str] | None = None,
        request: gr.Request = None,  # type: ignore[assignment]  # Gradio fills it in, after those with a default.
    ) -> dict[str, Any]:
        """The answer to a question, with its quotes. `history` and `documents` as in POST /api/ask."""
        from pydantic import ValidationError

        try:
            desk.admit(request)
            asked = Question.model_validate({"question": question, "history": history or [], "documents": documents})
            return answer(desk, request.username or "", asked).to_dict()
        except ValidationError as error:
            raise gr.Error(in_a_sentence(error.errors()), print_exception=False) from error
        except AssistantError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return ask


def answer(desk: Desk, user: str, asked: Question) -> Answer:
    """The answer from the documents of `user`. Raises AssistantError."""
    turns = tuple(Turn(before.question, _answered(before.answer)) for before in asked.history)
    with desk.libraries.of(user).assistant() as assistant:
        return assistant.ask(asked.question, turns, documents=asked.documents)


def in_a_sentence(errors: Sequence[Any]) -> str:
    """What pydantic found wrong first, said to whoever wrote the request."""
    wrong = errors[0]
    if wrong["type"] == "json_invalid":
        return f"The request is not JSON: see its character {wrong['loc'][-1] + 1}. {_DESCRIBED}"
    place = ".".join(str(part) for part in wrong["loc"] if part != "body")
    if not place:
        return f"The request has to be an object, as {_EXAMPLE}, with Content-Type: application/json. {_DESCRIBED}"
    return f"The request cannot be used: {place!r}: {wrong['msg'].lower()}. {_DESCRIBED}"


def _answered(given: str | dict[str, Any]) -> Answer | str:
    if isinstance(given, str):
        return given
    try:
        return _ANSWER.validate_python(given)
    except ValidationError as error:
        raise QuestionError(
            "An answer in the history is not one that came from here. Send the whole object, or only its text."
        ) from error
