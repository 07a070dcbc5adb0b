"""What a user may set, in one place: as arguments, or as `ASSISTANT_...` environment variables."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Values are checked when the object is made; `ASSISTANT_STORE=/x` in the environment sets `store`."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", frozen=True, extra="forbid")

    store: Path = Field(Path("index/store"), description="folder of the built index")
    embedder: str = Field(
        "minilm", description="'minilm' (pinned weights) or a sentence-transformers model's name or path"
    )
    passage_characters: int = Field(800, ge=100, le=8000, description="passages are at most this long")
    passages: int = Field(10, ge=1, le=50, description="how many passages a question brings back")
    statements: int = Field(4, ge=1, le=10, description="an answer has at most this many sentences")
    certainty: float = Field(
        0.4, ge=0, le=1, description="answer only if it is at least this probable that the sources do"
    )
    question_characters: int = Field(4000, ge=100, description="longer questions are not searched")
