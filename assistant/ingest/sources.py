"""Loads a folder of files as documents, by its manifest if it has one.

A manifest is a promise about the folder: every file listed, every listed file present with the
SHA-256 it had. Without one, every readable file below the folder is a document.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.errors import SourceError
from assistant.ingest.readers import Reading, read_file, readable
from assistant.types import Document

MANIFEST = "manifest.toml"
_REQUIRED = ("id", "file", "title", "sha256")
_OPTIONAL = ("publisher", "date", "url", "licence")


@dataclass(frozen=True, slots=True)
class Sources:
    """What a folder holds: its documents, a sentence for each problem, and the furniture left out.

    `removed` maps a document id to the pieces of page furniture that are not in its text.
    """

    documents: tuple[Document, ...]
    problems: tuple[str, ...]
    removed: dict[str, tuple[str, ...]]


def load_sources(folder: Path) -> Sources:
    """Reads every document of `folder`, with one sentence for each file that could not be.

    Raises SourceError when the folder or its manifest cannot be read at all.
    """
    if not folder.is_dir():
        raise SourceError(f"There is no folder {str(folder)!r}. Name a folder of .txt, .md, .html or .pdf files.")
    return _by_manifest(folder) if (folder / MANIFEST).exists() else _by_listing(folder)


def _by_manifest(folder: Path) -> Sources:
    entries = _read_manifest(folder / MANIFEST)
    documents: list[Document] = []
    problems: list[str] = []
    removed: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        path = folder / entry["file"]
        try:
            content = _read_bytes(path, folder)
            found = hashlib.sha256(content).hexdigest()
            if found != entry["sha256"]:
                raise SourceError(
                    f"{entry['file']!r} is not the file that {MANIFEST} names: its sha256 is {found}, "
                    f"not {entry['sha256']}. Restore the file, or update its entry."
                )
            reading = read_file(path, content)
        except SourceError as error:
            problems.append(str(error))
            continue
        known = {name: entry[name] for name in _OPTIONAL if name in entry}
        documents.append(
            Document(id=entry["id"], title=entry["title"], text=reading.text, pages=reading.pages, **known)
        )
        removed[entry["id"]] = reading.removed
    listed = {entry["file"] for entry in entries}
    problems += [
        f"{name!r} is not listed in {MANIFEST}. Add an entry for it, or remove the file."
        for name in _files(folder)
        if name not in listed
    ]
    return Sources(tuple(documents), tuple(problems), removed)


def _by_listing(folder: Path) -> Sources:
    documents: list[Document] = []
    problems: list[str] = []
    removed: dict[str, tuple[str, ...]] = {}
    for name in _files(folder):
        path = folder / name
        try:
            reading = read_file(path, _read_bytes(path, folder))
        except SourceError as error:
            problems.append(str(error))
            continue
        documents.append(_document(name, reading))
        removed[name] = reading.removed
    return Sources(tuple(documents), tuple(problems), removed)


def _document(name: str, reading: Reading) -> Document:
    title = " ".join((reading.title or PurePosixPath(name).stem.replace("-", " ").replace("_", " ")).split())
    return Document(name, title, reading.text, reading.date, reading.publisher, reading.url, pages=reading.pages)


def _files(folder: Path) -> list[str]:
    """Readable files below `folder` in a fixed order, without hidden ones, relative with `/`."""
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and readable(path))
    return sorted(name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts))


def _read_bytes(path: Path, folder: Path) -> bytes:
    name = path.relative_to(folder).as_posix()
    if not path.resolve().is_relative_to(folder.resolve()):
        raise SourceError(f"{name!r} leads outside its folder. Copy the file into the folder.")
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(
            f"{name!r} is listed in {MANIFEST} and is not there. Restore it, or remove its entry."
        ) from error
    except OSError as error:
        raise SourceError(f"{name!r} cannot be read ({error.strerror}). Check its permissions.") from error


def _read_manifest(path: Path) -> list[dict[str, Any]]:
    try:
        entries = tomllib.loads(path.read_text("utf-8")).get("document", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{str(path)!r} is not valid TOML: {error}. Correct that line.") from error
    seen: set[str] = set()
    for number, entry in enumerate(entries, 1):
        missing = [name for name in _REQUIRED if not isinstance(entry.get(name), str)]
        unknown = sorted(set(entry) - set(_REQUIRED) - set(_OPTIONAL))
        if missing or unknown:
            fault = f"lacks {', '.join(missing)}" if missing else f"has the unknown field {unknown[0]!r}"
            raise SourceError(f"Document {number} of {str(path)!r} {fault}. Each needs {', '.join(_REQUIRED)}.")
        if entry["id"] in seen:
            raise SourceError(f"{str(path)!r} has the id {entry['id']!r} twice. Give each document its own.")
        seen.add(entry["id"])
    return list(entries)
