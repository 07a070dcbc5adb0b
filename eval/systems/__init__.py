"""The systems that can be evaluated: the assistant, plain pipelines to hold it against, and any function."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path

from assistant import Assistant, Settings
from eval.systems.base import System, SystemUnavailable
from eval.systems.bm25 import open_bm25
from eval.systems.function import open_function, source_hash
from eval.systems.llamaindex import open_llamaindex

__all__ = ["ASSISTANT", "System", "SystemUnavailable", "open_system", "source_hash"]

ASSISTANT = "assistant"
"""The name of the system that this project is."""


def open_system(name: str, store: Path, settings: Settings) -> AbstractContextManager[System]:
    """The system called `name`, or the function at MODULE:FUNCTION, on the store; open within the context.

    Raises SystemUnavailable when there is none. Entering the context raises it when packages are missing, and what
    `Assistant.open` raises.
    """
    openers = {
        ASSISTANT: partial(_open_assistant, store, settings),
        "bm25": partial(open_bm25, store),
        "llamaindex": partial(open_llamaindex, store, settings),
    }
    if name in openers:
        return openers[name]()
    if all(name.partition(":")):
        return open_function(name)
    raise SystemUnavailable(
        f"There is no system {name!r}. There are {', '.join(openers)}, and any function, given as MODULE:FUNCTION."
    )


@contextmanager
def _open_assistant(store: Path, settings: Settings) -> Iterator[System]:
    with closing(Assistant.open(store, settings)) as assistant:
        yield assistant.ask
