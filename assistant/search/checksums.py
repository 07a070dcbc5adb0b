"""Tells whether the files of a store are as they were written, before anything opens them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

CHECKSUMS = "checksums.json"


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of what a generation holds, by file name.

    They are compared before Chroma opens anything: damage makes its native code answer wrongly or
    stop the program. A vector index that Chroma has not saved as a whole it makes again from its
    database, writing to the files, so those do not count.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != CHECKSUMS]
    saved = {path.parent for path in files if path.name == "index_metadata.pickle"}
    unsaved = {path.parent for path in files if path.name == "header.bin"} - saved
    return {path.relative_to(folder).as_posix(): _checksum(path) for path in files if path.parent not in unsaved}


def check_files(folder: Path) -> None:
    """Raises ValueError or OSError where a file is missing or is not as it was written."""
    for name, expected in json.loads((folder / CHECKSUMS).read_text("utf-8")).items():
        if _checksum(folder / name) != expected:
            raise ValueError(f"{name} was altered")


def _checksum(path: Path) -> str:
    if path.suffix == ".sqlite3":
        return _database_checksum(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _database_checksum(path: Path) -> str:
    """SHA-256 of every row but those of `acquire_write`, to which Chroma adds one each time that it opens the file."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        digest.update(repr(database.execute("PRAGMA quick_check").fetchall()).encode())
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        for (table,) in tables:
            if table == "acquire_write":
                continue
            for row in database.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    digest.update(value if isinstance(value, bytes) else repr(value).encode())
    return digest.hexdigest()
