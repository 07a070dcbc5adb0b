"""What is kept of one person's library.

    FOLDER/
      library.json     what was added and removed, and which store was built from it
      documents/       the files that were added, named by their SHA-256
      store/           a store of all that can be asked, while that is not what the shared index holds

A change writes files and a store beside those in use, and then puts a new library.json in the place of the old
one in a single step. Whatever library.json does not name was left by a change that was cut short. Where it is
missing, the files tell what was added.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath

from filelock import FileLock

from assistant.errors import LibraryError
from assistant.files import UNFINISHED, write_whole
from assistant.library.uploads import Upload, recovered_upload

_RECORD = "library.json"
_DOCUMENTS = "documents"
_STORES = "store"
_FORMAT = 1
_STORE = re.compile(r"(store-[0-9a-f]+)?")

Signature = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LibraryRecord:
    """What was added and removed, and the store that was built from it.

    `shared` is the fingerprint of the shared index then. `store` is "" where the shared index serves as it is.
    """

    uploads: tuple[Upload, ...] = ()
    removed: tuple[str, ...] = ()
    shared: str = ""
    store: str = ""

    @property
    def unchanged(self) -> bool:
        """Whether the person has the shared documents and no others."""
        return not (self.uploads or self.removed)


class LibraryFolder:
    """The folder of one library. Nothing is written before the first change."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._swept = False
        self._known: tuple[Signature | None, LibraryRecord] = (None, LibraryRecord())

    @property
    def record(self) -> LibraryRecord:
        """What the library consists of, read again where it has changed. Raises LibraryError when it cannot be read."""
        if not self._has_record() and self._kept():
            with self.changing() as recovered:
                return recovered
        return self._read()

    @contextmanager
    def changing(self) -> Iterator[LibraryRecord]:
        """The record, while nobody else changes the library.

        Raises LibraryError when the folder cannot be written.
        """
        with _writing(self._path):
            self._path.mkdir(parents=True, exist_ok=True)
            with FileLock(self._path / ".lock"):
                if not self._has_record():
                    # Before anything is kept: later a file without a record is one whose record was lost.
                    self.write(LibraryRecord(tuple(recovered_upload(each) for each in self._kept())))
                if not self._swept:
                    # Only at first: a store that goes later may still be in use, and the last to use it deletes it.
                    self._sweep_stores(self._read())
                    self._swept = True
                try:
                    yield self._read()
                finally:
                    self._sweep_documents()

    def write(self, record: LibraryRecord) -> None:
        """Makes the library what `record` says."""
        write_whole(self._path / _RECORD, json.dumps({"format": _FORMAT, **asdict(record)}, indent=2))

    def keep(self, upload: Upload, content: bytes) -> None:
        """Keeps an added file. It stays only if a record that names it is written before the change ends."""
        path = self.document(upload)
        path.parent.mkdir(exist_ok=True)
        write_whole(path, content)

    def document(self, upload: Upload) -> Path:
        """Where an added file is kept."""
        return self._path / _DOCUMENTS / upload.file

    def store(self, name: str) -> Path:
        """Where the store that a record names is."""
        return self._path / _STORES / name

    @contextmanager
    def new_store(self) -> Iterator[str]:
        """The name of a store to build; it is deleted when that fails."""
        name = f"store-{secrets.token_hex(8)}"
        try:
            yield name
        except BaseException:
            shutil.rmtree(self.store(name), ignore_errors=True)
            raise

    def _read(self) -> LibraryRecord:
        path = self._path / _RECORD
        now = signature(path)
        if now != self._known[0]:
            self._known = now, _read(path)
        return self._known[1]

    def _has_record(self) -> bool:
        return signature(self._path / _RECORD) is not None

    def _kept(self) -> list[Path]:
        """The files that were added, oldest first, but for those that were not written to their end."""
        files = [each for each in (self._path / _DOCUMENTS).glob("*") if each.suffix != UNFINISHED]
        return sorted(files, key=lambda each: (each.stat().st_mtime_ns, each.name))

    def _sweep_stores(self, record: LibraryRecord) -> None:
        for store in (self._path / _STORES).glob("store-*"):
            if store.name != record.store:
                shutil.rmtree(store, ignore_errors=True)

    def _sweep_documents(self) -> None:
        if not self._has_record():
            return
        named = {each.file for each in self._read().uploads}
        for file in (self._path / _DOCUMENTS).glob("*"):
            if file.name not in named:
                file.unlink(missing_ok=True)


def signature(path: Path) -> Signature | None:
    """Differs when another file has taken the place of this one; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size


def _read(path: Path) -> LibraryRecord:
    try:
        fields = json.loads(path.read_text("utf-8"))
        if fields["format"] != _FORMAT:
            raise ValueError(f"its format is {fields['format']!r}; this version reads {_FORMAT}")
        uploads = tuple(Upload(**each) for each in fields["uploads"])
        record = LibraryRecord(uploads, tuple(fields["removed"]), fields["shared"], fields["store"])
        if not _STORE.fullmatch(record.store) or any(PurePath(each.file).name != each.file for each in uploads):
            raise ValueError("it names a file elsewhere")
        return record
    except FileNotFoundError:
        return LibraryRecord()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LibraryError(
            f"The list of your documents {str(path)!r} cannot be read ({error}). Put back a copy of it, or delete it: "
            "then what you added is found again, though not the names that the files had."
        ) from error


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LibraryError(
            f"Your documents at {str(path)!r} cannot be written ({error.strerror or error}). "
            "Make room or give permission, then try again."
        ) from error
