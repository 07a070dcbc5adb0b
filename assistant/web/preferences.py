"""What a reader has chosen in the settings panel, kept in a file per person: the same in every browser."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

from assistant.files import write_whole
from assistant.settings import Policy, Settings, load_settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Values of settings that a reader may change, with the names that `Assistant.adjusted` takes.

    ValueError or TypeError for values that the settings do not allow.
    """

    passages: int
    statements: int
    certainty: float
    written: bool = True
    llm_policy: Policy = "strict"

    def __post_init__(self) -> None:
        load_settings(**asdict(self))

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those that a server starts with."""
        return cls(**{each.name: getattr(settings, each.name) for each in fields(cls)})

    @classmethod
    def load(cls, folder: Path, user: str, settings: Settings) -> Self:
        """What `user` has chosen; what the server starts with if nothing was chosen or its file cannot be read."""
        try:
            chosen = json.loads(_file(folder, user).read_text("utf-8"))
            # An older file knows fewer of them.
            return cls(**{**asdict(cls.of(settings)), **chosen})
        except FileNotFoundError:
            return cls.of(settings)
        except (OSError, ValueError, TypeError) as error:
            _log.warning("The preferences of %r cannot be read (%s)", user, error)
            return cls.of(settings)

    def save(self, folder: Path, user: str) -> None:
        """Keeps them for `user`. Raises OSError if they cannot be written."""
        path = _file(folder, user)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(asdict(self)))

    @staticmethod
    def forget(folder: Path, user: str) -> None:
        """Goes back to what the server starts with."""
        _file(folder, user).unlink(missing_ok=True)


def _file(folder: Path, user: str) -> Path:
    return folder / f"{user}.json"
