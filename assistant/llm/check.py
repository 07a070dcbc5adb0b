"""Examines a language model for the doctor: can it be reached, is it there, does a prompt fit into its window."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from assistant.llm.open import open_llm
from assistant.llm.served import ServedModel
from assistant.wording import clip

NEEDED_WINDOW = 2048
_OLLAMAS_DEFAULTS = 4096
_LONGEST_LIST = 200
_MORE = "Set OLLAMA_CONTEXT_LENGTH=8192 where `ollama serve` is started, and start it again"


def check_llm(llm: str, *, seconds: float, window: int | None) -> tuple[str, Sequence[str]]:
    """What was found, and a sentence for each thing that is wrong and what to do about it.

    A file is loaded for it. Raises LanguageModelError when the model cannot be opened, or its server be reached.
    """
    with closing(open_llm(llm, seconds=seconds, window=window)) as model:
        told = model.told() if isinstance(model, ServedModel) else None
        fits = model.window
    if told and told.missing:
        there = clip(", ".join(told.models), _LONGEST_LIST)
        pull = f" Run: ollama pull {model.name}" if told.by_ollama else ""
        return "", [f"The language model {model.name!r} is not on its server. There are: {there}.{pull}"]
    if told and told.window and window and window > told.window:
        return "", [
            f"The language model {model.name!r} has a window of {told.window:,} tokens, and it is set to {window:,}: "
            f"the rest of a longer prompt would be lost. {_MORE if told.by_ollama else 'Set a smaller one'}."
        ]
    found = f"{model.name}, with a window of {fits:,} tokens"
    by_ollama = told is not None and told.by_ollama and window is None
    if fits < NEEDED_WINDOW:
        what_to_do = _MORE if by_ollama else "Give it a larger one, or choose another model"
        return found, [
            f"The language model {model.name!r} has a window of {fits:,} tokens, and a prompt needs {NEEDED_WINDOW:,}. "
            f"{what_to_do}."
        ]
    if by_ollama and fits <= _OLLAMAS_DEFAULTS:
        return f"{found}, which is little. {_MORE}, if the model can do more", ()
    return found, ()
