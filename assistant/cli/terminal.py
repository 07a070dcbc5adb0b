"""Writes text for a person: harmless to the terminal, wrapped on a screen and unwrapped in a pipe."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_READABLE = 100
"""Longer lines are hard to read, however wide the screen is."""
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"


def plain(text: str) -> str:
    """`text` on one line, without anything that a terminal would act on.

    Escape sequences in a document or a question could recolour, retitle or rewrite the terminal,
    and direction marks could make a line read otherwise than it is.
    """
    words = ("".join(map(_harmless, word)) for word in text.split())
    return " ".join(word for word in words if word)


def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Cs"):
        return "\N{REPLACEMENT CHARACTER}"
    return "" if category == "Cf" and character not in _JOINERS else character


def output() -> Console:
    """Standard output, where results go."""
    return _console(stderr=False)


def messages() -> Console:
    """Standard error, where progress, warnings and errors go."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    # Nothing is markup, an emoji code or worth highlighting unless this program says so.
    console = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = 10_000  # A pipe has no right margin.
    return console


def width_of(console: Console) -> int:
    """Characters in a line of text."""
    return min(console.width, _READABLE) if console.is_terminal else console.width


def write(console: Console, text: str | Text, *, lead: str = "", style: str = "") -> None:
    """Writes one paragraph of harmless text. `lead` stands before its first line, the rest is indented as far."""
    from rich.text import Text

    paragraph = Text(text, style) if isinstance(text, str) else text
    for number, line in enumerate(paragraph.wrap(console, width_of(console) - len(lead))):
        console.print(Text(lead if number == 0 else " " * len(lead)) + line, soft_wrap=True)


def complain(message: str) -> None:
    """Says on standard error what went wrong. Lines are left whole, so that a command in them can be copied."""
    from rich.text import Text

    messages().print(Text.assemble(("Error: ", "bold red"), plain(message)), soft_wrap=True)


def warn(message: str) -> None:
    """Says on standard error what was left out or is not as expected."""
    from rich.text import Text

    messages().print(Text.assemble(("Note: ", "bold yellow"), plain(message)), soft_wrap=True)
