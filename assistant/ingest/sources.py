"""Loads a folder of files as documents, by its manifest if it has one.

A manifest is a promise about the folder: every file listed, every listed file present with the
SHA-256 it had. Without one, every readable file below the folder is a document.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath, PurePosixPath
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

    `removed` maps a document id to the pieces of page furniture that are not in its text, `originals` to the
    file of a document that has pages to look at.
    """

    documents: tuple[Document, ...]
    problems: tuple[str, ...]
    removed: dict[str, tuple[str, ...]]
    originals: dict[str, Path]


def load_sources(folder: Path | str) -> Sources:
    """Reads every document of `folder`, with one sentence for each file that could not be.

    Raises SourceError when the folder or its manifest cannot be read at all.
    """
    folder = Path(folder)
    try:
        is_folder, has_manifest = folder.is_dir(), (folder / MANIFEST).exists()
    except PermissionError as error:
        raise SourceError(_unread(folder, error)) from error
    if not is_folder:
        wrong = f"{str(folder)!r} is a file" if folder.is_file() else f"There is no folder {str(folder)!r}"
        raise SourceError(f"{wrong}. Name a folder of .txt, .md, .html, .pdf or .docx files.")
    return _by_manifest(folder) if has_manifest else _by_listing(folder)


def _by_manifest(folder: Path) -> Sources:
    entries = _read_manifest(folder / MANIFEST)
    documents: list[Document] = []
    problems: list[str] = []
    removed: dict[str, tuple[str, ...]] = {}
    originals: dict[str, Path] = {}
    for entry in entries:
        try:
            content = _read_bytes(folder, entry["file"])
            found = hashlib.sha256(content).hexdigest()
            if found != entry["sha256"].lower():
                raise SourceError(
                    f"{entry['file']!r} is not the file that {MANIFEST} names: its sha256 is {found}, "
                    f"not {entry['sha256']}. Restore the file, or update its entry."
                )
            reading = read_file(PurePosixPath(entry["file"]), content)
        except SourceError as error:
            problems.append(str(error))
            continue
        known = {name: entry[name] for name in _OPTIONAL if name in entry}
        documents.append(
            Document(id=entry["id"], title=entry["title"], text=reading.text, pages=reading.pages, **known)
        )
        removed[entry["id"]] = reading.removed
        if reading.pages:
            originals[entry["id"]] = folder / entry["file"]
    listed = {entry["file"] for entry in entries}
    names, unread = _files(folder)
    problems += [
        f"{name!r} is not listed in {MANIFEST}. Add an entry for it, or remove the file."
        for name in names
        if name not in listed and readable(PurePosixPath(name))
    ]
    problems += unread
    return Sources(tuple(documents), tuple(problems), removed, originals)


def _by_listing(folder: Path) -> Sources:
    documents: list[Document] = []
    problems: list[str] = []
    removed: dict[str, tuple[str, ...]] = {}
    originals: dict[str, Path] = {}
    names, unread = _files(folder)
    for name in names:
        path = PurePosixPath(name)
        if not readable(path):
            # By its name alone: a film need not be read into memory to be left out.
            problems.append(f"{name!r} is left out: it is not of a kind that can be read.")
            continue
        try:
            reading = read_file(path, _read_bytes(folder, name))
        except SourceError as error:
            problems.append(str(error))
            continue
        documents.append(document_of(name, name, reading))
        removed[name] = reading.removed
        if reading.pages:
            originals[name] = folder / name
    return Sources(tuple(documents), (*problems, *unread), removed, originals)


def document_of(document_id: str, name: str, reading: Reading) -> Document:
    """The document that a file makes of which nothing is known but its name and what it says of itself."""
    title = " ".join((reading.title or PurePosixPath(name).stem.replace("-", " ").replace("_", " ")).split())
    return Document(document_id, title, reading.text, reading.date, reading.publisher, reading.url, pages=reading.pages)


def _files(folder: Path) -> tuple[list[str], list[str]]:
    """The files below `folder` in a fixed order, relative with `/`, and a sentence for each folder that cannot be read.

    Hidden ones are left out. Raises SourceError when `folder` itself cannot be read.
    """
    files: list[str] = []
    failed: dict[Path, OSError] = {}
    for top, below, names in os.walk(folder, onerror=lambda error: failed.update({Path(error.filename): error})):
        below[:] = [name for name in below if not name.startswith(".")]
        shown = [Path(top, name) for name in names if not name.startswith(".")]
        files += [path.relative_to(folder).as_posix() for path in shown if _may_be_file(path)]
    if folder in failed:
        raise SourceError(_unread(folder, failed[folder]))
    return sorted(files), [_unread(path.relative_to(folder), error) for path, error in sorted(failed.items())]


def _unread(folder: PurePath, error: OSError) -> str:
    return f"The folder {folder.as_posix()!r} cannot be read ({error.strerror}). Check its permissions."


def _may_be_file(path: Path) -> bool:
    try:
        return path.is_file() or path.is_symlink()  # one that leads nowhere is told of
    except PermissionError:  # in a folder that may be listed and not entered: reading it tells what is wrong
        return True


def _read_bytes(folder: Path, name: str) -> bytes:
    path = folder / name
    try:
        name.encode()
        if not path.resolve().is_relative_to(folder.resolve()):
            raise SourceError(f"{name!r} leads outside its folder. Copy the file into the folder.")
        return path.read_bytes()
    except (FileNotFoundError, RuntimeError) as error:  # a RuntimeError of links in a circle
        if path.is_symlink():
            raise SourceError(f"{name!r} is a link to what is not there. Mend it, or remove it.") from error
        raise SourceError(
            f"{name!r} is listed in {MANIFEST} and is not there. Restore it, or remove its entry."
        ) from error
    except (OSError, ValueError) as error:  # a ValueError of a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{name!r} cannot be read ({reason}). Check its name and permissions.") from error


def _read_manifest(path: Path) -> list[dict[str, str]]:
    try:
        manifest = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{str(path)!r} is not valid TOML: {error}. Correct that line.") from error
    except OSError as error:
        raise SourceError(f"{str(path)!r} cannot be read ({error.strerror}). Check its permissions.") from error
    tables = manifest.pop("document", [])
    if manifest:
        raise SourceError(f"{str(path)!r} has the unknown entry {min(manifest)!r}. Write each as [[document]].")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SourceError(f"In {str(path)!r} document is not a list of tables. Write each as [[document]].")
    entries = [_entry(f"Document {number} of {str(path)!r}", table) for number, table in enumerate(tables, 1)]
    for name in ("id", "file"):
        seen: set[str] = set()
        for entry in entries:
            if entry[name] in seen:
                raise SourceError(f"{str(path)!r} has the {name} {entry[name]!r} twice. Give each document its own.")
            seen.add(entry[name])
    return entries


def _entry(where: str, table: dict[str, Any]) -> dict[str, str]:
    missing = [name for name in _REQUIRED if name not in table]
    if missing:
        raise SourceError(f"{where} lacks {', '.join(missing)}. Each needs {', '.join(_REQUIRED)}.")
    entry = {}
    for name, value in table.items():
        if name not in _REQUIRED + _OPTIONAL:
            raise SourceError(
                f"{where} has the unknown field {name!r}. Remove it, or use one of: {', '.join(_OPTIONAL)}."
            )
        if isinstance(value, date) and name == "date":
            value = value.isoformat()  # TOML has dates of its own
        if not isinstance(value, str) or not value.strip():
            raise SourceError(f"{where} has {value!r} as its {name}. Give it some text in quotes.")
        entry[name] = value
    return entry
