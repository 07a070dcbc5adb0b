"""Any callable as a system, by the name of its module and its own: `MODULE:FUNCTION`."""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Any

from assistant import Answer, Turn
from eval.systems.base import System, SystemUnavailable


def open_function(name: str) -> AbstractContextManager[System]:
    """The callable called `name`, from the current folder or what is installed. Raises SystemUnavailable."""
    with _current_folder():
        function = _load(name)
    return _open(name, function)


def source_hash(name: str) -> str | None:
    """The SHA-256 of the file that the callable called `name` is defined in; None if it is in none."""
    with _current_folder():
        file = importlib.import_module(name.partition(":")[0]).__file__
    return None if file is None else hashlib.sha256(Path(file).read_bytes()).hexdigest()


@contextmanager
def _open(name: str, function: Any) -> Iterator[System]:
    with _current_folder():

        def ask(question: str, history: Sequence[Turn] = ()) -> Answer | str:
            answer = function(question, history)
            if not isinstance(answer, Answer | str):
                raise TypeError(f"{name} returned a {type(answer).__name__}. It must return an Answer or a text.")
            return answer

        yield ask


def _load(name: str) -> Any:
    module_name, _, function_name = name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except Exception as error:  # The module is someone else's program, and may fail in any way.
        if isinstance(error, ModuleNotFoundError) and error.name and f"{module_name}.".startswith(f"{error.name}."):
            raise SystemUnavailable(
                f"There is no module {module_name!r} for the system {name!r}. "
                f"It is looked for in {str(Path.cwd())!r} and among the installed packages: check its name."
            ) from error
        raise SystemUnavailable(
            f"The module {module_name!r} of the system {name!r} cannot be imported "
            f"({type(error).__name__}: {error}). Correct it, then try again."
        ) from error
    try:
        function = attrgetter(function_name)(module)
    except AttributeError as error:
        raise SystemUnavailable(
            f"The module {module_name!r} has no {function_name!r}. Name a function that it has, as MODULE:FUNCTION."
        ) from error
    if not callable(function):
        raise SystemUnavailable(
            f"{name!r} is not a function: it is {function!r}. Name one that takes a question and its history."
        )
    return function


@contextmanager
def _current_folder() -> Iterator[None]:
    """Lets modules of the current folder be imported, as `python -m` does, also by the system while it answers."""
    folder = str(Path.cwd())
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)
