"""What a user may set, in one place: as arguments, or as `ASSISTANT_...` environment variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsError

DEFAULT_STORE = Path("index/store")
Policy = Literal["strict", "mark"]
LOCAL_USER = "local"  # whose conversations and documents they are where nobody logs in
_PREFIX = "ASSISTANT_"


def _own_data() -> Path:
    from platformdirs import user_data_path

    return user_data_path("conversational-retrieval-assistant", appauthor=False)


class Settings(BaseSettings):
    """Values are checked when the object is made; `ASSISTANT_STORE=/x` in the environment sets `store`."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="forbid")

    store: Path = Field(DEFAULT_STORE, description="folder of the built index")
    data: Path = Field(default_factory=_own_data, description="folder of conversations, added documents and users")
    embedder: str = Field(
        "minilm", description="'minilm' (pinned weights) or a sentence-transformers model's name or path"
    )
    reader: str = Field(
        "cascade",
        description="'cascade' (MiniLM, and MPNet where its weights are installed), 'minilm-reader' (MiniLM alone), or "
        "a sentence-transformers cross-encoder's name or path, for which certainty is to be fitted again (python -m "
        "eval.fit.certainty)",
    )
    passage_characters: int = Field(800, ge=100, le=8000, description="passages are at most this long")
    passages: int = Field(10, ge=1, le=50, description="how many passages a question brings back")
    statements: int = Field(4, ge=1, le=10, description="an answer has at most this many sentences, and all of a list")
    certainty: float = Field(
        0.25, ge=0, le=1, description="answer only if it is at least this probable that the sources do"
    )
    question_characters: int = Field(4000, ge=100, description="longer questions are not searched")
    llm: str = Field(
        "",
        description="the language model that writes: http://host:port/v1#model, ollama/NAME, openai/NAME or gguf:FILE",
    )
    llm_seconds: float = Field(120, gt=0, description="how long the language model may take for a reply")
    llm_window: int | None = Field(
        None, ge=1, description="tokens that fit into the language model, if it does not tell rightly itself"
    )
    llm_passages: int = Field(4, ge=1, le=20, description="the language model is shown at most this many passages")
    llm_policy: Policy = Field(
        "strict",
        description="what becomes of statements that the sources do not support: 'strict' leaves them out, "
        "'mark' shows them marked",
    )
    written: bool = Field(True, description="whether the language model, if there is one, writes the answers")


def load_settings(**values: Any) -> Settings:
    """`values`, and for what they leave out the environment, and for what that leaves out the defaults.

    Raises SettingsError for an environment variable that is not valid. A value that is not valid is
    a mistake of the program, and stays a ValueError.
    """
    try:
        return Settings(**values)
    except ValidationError as error:
        wrong = error.errors()[0]
        name = str(wrong["loc"][0])
        if name in values:
            raise
        raise SettingsError(
            f"The environment variable {variable_of(name)} is {wrong['input']!r}: {wrong['msg'].lower()}. "
            "Correct it, or unset it."
        ) from error


def variable_of(name: str) -> str:
    """The environment variable that sets the setting `name`."""
    return f"{_PREFIX}{name.upper()}"
