"""The systems that can be evaluated: the assistant, plain pipelines to hold it against, and any function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path

from assistant import Settings
from eval.systems.assistants import ASSISTANT, WRITTEN, Assistants
from eval.systems.base import Streamed, System, SystemUnavailable
from eval.systems.bm25 import open_bm25
from eval.systems.function import open_function, source_hash
from eval.systems.llamaindex import open_llamaindex

__all__ = [
    "ASSISTANT",
    "WRITTEN",
    "Streamed",
    "System",
    "SystemUnavailable",
    "open_system",
    "open_systems",
    "source_hash",
]


@contextmanager
def open_systems(
    names: Sequence[str], store: Path, settings: Settings
) -> Iterator[Mapping[str, AbstractContextManager[System]]]:
    """The systems on the store by their names, each opened within its own context.

    What assistants share stays open to the end of this one. A name is one of those below or MODULE:FUNCTION.
    Raises SystemUnavailable when there is none of a name, or no language model for what is written. Entering
    a system's context raises it when packages are missing, and what `Assistant.open` raises.
    """
    with closing(Assistants(store, settings, names)) as assistants:
        openers: Mapping[str, Callable[[], AbstractContextManager[System]]] = {
            ASSISTANT: assistants.quoting,
            WRITTEN: assistants.writing,
            "bm25": partial(open_bm25, store),
            "llamaindex": partial(open_llamaindex, store, settings),
        }
        opened = {}
        for name in names:
            if name in openers:
                opened[name] = openers[name]()
            elif all(name.partition(":")):
                opened[name] = open_function(name)
            else:
                raise SystemUnavailable(
                    f"There is no system {name!r}. "
                    f"There are {', '.join(openers)}, and any function, given as MODULE:FUNCTION."
                )
        yield opened


@contextmanager
def open_system(name: str, store: Path, settings: Settings) -> Iterator[System]:
    """One system by itself; see `open_systems`."""
    with open_systems([name], store, settings) as opened, opened[name] as system:
        yield system
