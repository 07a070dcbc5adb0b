"""stub for now"""

from collections.abc import Sequence

from assistant.types import Turn


def standalone(question: str, history: Sequence[Turn]) -> str:
    return question
