"""Replaces files whole: whoever reads one finds the earlier or the new one, also after a loss of power."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

UNFINISHED = ".new"
"""How the name of a file ends that is being written, or was when its writer was killed."""


def write_whole(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Puts the content there in one step, text as UTF-8. With `private` only its owner can read it. Raises OSError."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
