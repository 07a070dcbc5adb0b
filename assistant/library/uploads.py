"""Reads the files that a person hands in, within limits, and says in a sentence why one cannot be taken."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from assistant.errors import SourceError
from assistant.ingest.readers import read_file
from assistant.ingest.sources import document_of
from assistant.types import Document
from assistant.wording import clip, printable

FILE_BYTES = 20_000_000
FILES_AT_ONCE = 20
FILES = 200
"""How many documents one person may have added."""
_CHARACTERS = 2_000_000
"""Of text, in one file: some thousand printed pages, which take minutes to index."""
_NAME_CHARACTERS = 120
_TITLE_CHARACTERS = 200
_NAMING_WORDS = 8
_WORD = re.compile(r"\w+")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file: the document that it is now, or the problem said in a sentence."""

    name: str
    document_id: str | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is kept: the id of the document read from it, the name it came under, and its name now.

    `file` is the SHA-256 of its content and an ending, so that nobody's name becomes a path.
    """

    id: str
    name: str
    file: str


def shown_name(name: str) -> str:
    """The name of a file without its folders, as text that can be shown and kept."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = printable(last).strip()
    if len(plain) <= _NAME_CHARACTERS:
        return plain or "a file without a name"
    ending = PurePosixPath(plain).suffix[:12]
    return plain[: _NAME_CHARACTERS - len(ending) - 1] + "…" + ending


def read_upload(name: str, path: Path, taken: Collection[str]) -> tuple[Upload, Document, bytes]:
    """What the file at `path`, shown as `name`, becomes, with its content; `taken` are the ids that it may not have.

    Raises SourceError when it is too large, or cannot be read.
    """
    content = _content(name, path)
    sha256 = hashlib.sha256(content).hexdigest()
    document = read_document(name, content, _free_id(sha256, taken))
    if len(document.text) > _CHARACTERS:
        raise SourceError(
            f"{name!r} has {len(document.text):,} characters of text; at most {_CHARACTERS:,} are indexed. "
            "Divide it into parts."
        )
    file = sha256 + PurePosixPath(name).suffix.lower()
    return Upload(document.id, name, file), document, content


def read_document(name: str, content: bytes, document_id: str) -> Document:
    """The document that a file makes. Raises SourceError when it cannot be read."""
    path = PurePosixPath(name)
    try:
        document = document_of(document_id, name, read_file(path, content))
        document = replace(document, title=clip(document.title, _TITLE_CHARACTERS) or name)
        f"{document.title}{document.text}".encode()
    except SourceError:
        raise
    except Exception as error:
        # The parsers of other people's formats fail in ways of their own; the other files are not to suffer for it.
        _log.warning("A file could not be read", exc_info=error)
        raise SourceError(f"{name!r} cannot be read ({type(error).__name__}). Save it in another format.") from error
    return document


def recovered_upload(file: Path) -> Upload:
    """The record of a kept file, made again from what it holds; it is named by its title, or else by its first words.

    A file that cannot be read has its own name, so that it is there when it can be.
    """
    document_id, name = _free_id(file.stem, ()), file.stem
    try:
        document = read_document(file.name, file.read_bytes(), document_id)
        words = _WORD.findall(document.text if document.title == file.stem else document.title)
        name = " ".join(words[:_NAMING_WORDS]) or name
    except (OSError, SourceError) as error:
        _log.warning("What is recovered cannot be read: %s", error)
    return Upload(document_id, shown_name(name + file.suffix), file.name)


def _content(name: str, path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > FILE_BYTES:
            raise SourceError(
                f"{name!r} has {size / 1e6:,.1f} MB; at most {FILE_BYTES / 1e6:,.0f} MB are read. Divide it into parts."
            )
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{name!r} cannot be read ({error.strerror or error}). Upload it again.") from error


def _free_id(sha256: str, taken: Collection[str]) -> str:
    """The same for the same content, so that what was cited is found again after a file was removed and added."""
    return next(each for length in range(16, 65) if (each := f"upload-{sha256[:length]}") not in taken)
