"""Options that several commands have, and the settings that they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.settings import Settings

StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="DIR",
        help="Folder of the index. Default: the environment's ASSISTANT_STORE, else index/store.",
        show_default=False,
    ),
]
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Folder of conversations, added documents and users. Default: the environment's ASSISTANT_DATA, "
        "else the usual place of your system.",
        show_default=False,
    ),
]
LlmOption = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="SPEC",
        help="Language model: http://host:port/v1#model, ollama/NAME, openai/NAME or gguf:FILE. "
        "Default: the environment's ASSISTANT_LLM, else none.",
        show_default=False,
    ),
]
DocumentsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--document",
        metavar="ID",
        help="Ask this document alone; may be given again. `assistant sources` lists the ids. Default: all.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def settings_of(store: Path | None = None, data: Path | None = None, llm: str | None = None) -> Settings:
    """What was typed, and for what was not the environment and the defaults. Raises SettingsError."""
    from assistant.settings import load_settings

    typed = {"store": store, "data": data, "llm": llm}
    return load_settings(**{name: value for name, value in typed.items() if value is not None})
