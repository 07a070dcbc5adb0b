"""One person's library: what they can ask about, and how they change it."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from assistant.assistant import Assistant
from assistant.errors import LibraryError, SourceError, StoreError
from assistant.library.folder import LibraryFolder, LibraryRecord
from assistant.library.opened import Opened, SharedIndex, Shelf
from assistant.library.questions import carry_questions, make_questions
from assistant.library.uploads import FILES, FILES_AT_ONCE, Added, Upload, read_document, read_upload, shown_name
from assistant.suggest import Suggestions
from assistant.types import Document

Progress = Callable[[int, int, str], None]
"""Told how many texts are embedded, of how many, and the title of the document at hand."""

_NOTHING: Mapping[str, Document] = {}
_log = logging.getLogger(__name__)


class Library:
    """The shared documents, plus what one person added, minus what they removed. Safe to use from several threads.

    As long as they changed nothing it is the shared index itself, and costs nothing. Any use raises LibraryError
    or StoreError when the library can be neither read nor brought up to date.
    """

    def __init__(self, shared: SharedIndex, shelf: Shelf, folder: Path) -> None:
        self._shared = shared
        self._shelf = shelf
        self._folder = LibraryFolder(folder)
        self._opening = threading.Lock()

    @contextmanager
    def assistant(self) -> Iterator[Assistant]:
        """The assistant over the documents as they are now. It stays open for the block, whatever changes meanwhile."""
        opened = self._current()
        try:
            yield opened.assistant
        finally:
            opened.release()

    @property
    def documents(self) -> tuple[Document, ...]:
        """The shared ones in their order, then those added, oldest first."""
        with self.assistant() as assistant:
            return assistant.documents

    @property
    def passages(self) -> Mapping[str, int]:
        """How many passages each document has, by its id."""
        with self.assistant() as assistant:
            return Counter(split.passage.document_id for split in assistant.store.splits)

    @property
    def added(self) -> tuple[Upload, ...]:
        """What this person added, oldest first."""
        return self._folder.record.uploads

    @property
    def removed(self) -> tuple[Document, ...]:
        """The shared documents that this person removed and can restore."""
        gone = self._folder.record.removed
        with self._shared.use() as shared:
            return tuple(each for each in shared.assistant.documents if each.id in gone)

    @property
    def suggestions(self) -> Suggestions:
        """Questions that the documents answer: those about what this person added, then those about the shared ones."""
        with self.assistant() as assistant, self._shared.use() as shared:
            own = Suggestions() if assistant is shared.assistant else Suggestions.load(assistant.store.path)
            made = Suggestions.load(shared.store)
        gone = self._folder.record.removed
        return replace(
            made, questions=own.questions + tuple(each for each in made.questions if each.document_id not in gone)
        )

    def add(self, files: Iterable[tuple[str, Path]], progress: Progress | None = None) -> tuple[Added, ...]:
        """Adds files, each given by the name it was uploaded under and where it lies; says what became of each.

        A file that cannot be taken keeps no other from being added. When none can be kept, it raises and the
        library is as it was. They can be asked about a few seconds before it ends, when it looks for questions
        to suggest.
        """
        with self._shared.use() as shared, self._folder.changing() as record, self._built(record, shared) as built:
            present = self._documents(record, shared, built)
            results: list[Added] = []
            uploads: list[Upload] = []
            fresh: dict[str, Document] = {}
            for number, (name, path) in enumerate(files):
                name = shown_name(name)
                try:
                    _check_room(name, number, len(record.uploads) + len(uploads))
                    taken = {each.id for each in (*shared.assistant.documents, *present)}
                    upload, document, content = read_upload(name, path, taken)
                    _check_new(name, document, (*present, *fresh.values()))
                except SourceError as error:
                    results.append(Added(name, None, str(error)))
                    continue
                self._folder.keep(upload, content)
                uploads.append(upload)
                fresh[upload.id] = document
                results.append(Added(name, upload.id))
            if uploads:
                record = replace(record, uploads=(*record.uploads, *uploads))
                record = self._change(record, shared, built, fresh, progress)
                with self._built(record, shared) as rebuilt:
                    if rebuilt:
                        make_questions(rebuilt.assistant, fresh)
            return tuple(results)

    def remove(self, document_id: str) -> None:
        """Takes a document out of this library. One that was added is deleted for good; a shared one can be restored.

        Raises LibraryError for an id of no document, and for the last document.
        """
        with self._shared.use() as shared, self._folder.changing() as record, self._built(record, shared) as built:
            present = {each.id for each in self._documents(record, shared, built)}
            if document_id not in present:
                raise LibraryError(f"There is no document {document_id!r} to remove. It may be removed already.")
            if len(present) == 1:
                raise LibraryError("The last document cannot be removed. Add another one first.")
            uploads = tuple(each for each in record.uploads if each.id != document_id)
            removed = record.removed if len(uploads) < len(record.uploads) else (*record.removed, document_id)
            self._change(replace(record, uploads=uploads, removed=removed), shared, built)

    def restore(self) -> None:
        """Brings back the shared documents that were removed."""
        with self._shared.use() as shared, self._folder.changing() as record, self._built(record, shared) as built:
            self._change(replace(record, removed=()), shared, built)

    def original(self, document_id: str) -> Path | None:
        """The file that a document with pages was read from, where it is kept."""
        for upload in self.added:
            if upload.id == document_id:
                return self._folder.document(upload) if upload.file.endswith(".pdf") else None
        with self._shared.use() as shared:
            return shared.assistant.store.original(document_id)

    def _current(self) -> Opened:
        """What answers, with one more user. Where the shared index has changed, it is built anew."""
        with self._shared.use() as shared:
            if opened := self._fitting(self._folder.record, shared):
                return opened
            with self._folder.changing() as record:
                if opened := self._fitting(record, shared):
                    return opened
                with self._built(record, shared) as built:
                    record = self._change(record, shared, built)
                return self._open(record.store, shared) if record.store else shared.acquire()

    def _fitting(self, record: LibraryRecord, shared: Opened) -> Opened | None:
        """What serves a library of this record, with one more user, if it is there."""
        if record.unchanged:
            return shared.acquire()
        if record.shared != shared.fingerprint:
            return None
        if not record.store:
            return shared.acquire()
        try:
            return self._open(record.store, shared)
        except StoreError:
            return None

    @contextmanager
    def _built(self, record: LibraryRecord, shared: Opened) -> Iterator[Opened | None]:
        """The store that was built last, also of an older shared index; None without one, or if it cannot be opened."""
        try:
            built = self._open(record.store, shared) if record.store else None
        except StoreError as error:
            _log.warning("A personal store is built anew: %s", error)
            built = None
        try:
            yield built
        finally:
            if built:
                built.release()

    def _open(self, store: str, shared: Opened) -> Opened:
        path = self._folder.store(store)
        with self._opening:
            return self._shelf.find(path) or self._shelf.put(shared.assistant.beside(path))

    def _documents(
        self, record: LibraryRecord, shared: Opened, built: Opened | None, fresh: Mapping[str, Document] = _NOTHING
    ) -> tuple[Document, ...]:
        """The documents of a library of this record; `fresh` are those just read, by their ids."""
        known = {**(built.assistant.store.documents if built else {}), **fresh}
        own: dict[str, Document] = {}
        for upload in record.uploads:
            if document := known.get(upload.id) or self._read_again(upload):
                own[upload.id] = document
        hidden = {*record.removed, *own}
        return (*(each for each in shared.assistant.documents if each.id not in hidden), *own.values())

    def _read_again(self, upload: Upload) -> Document | None:
        try:
            return read_document(upload.name, self._folder.document(upload).read_bytes(), upload.id)
        except (OSError, SourceError) as error:
            # The others can still be asked. It stays in the record, and is back when its file is.
            _log.warning("The added document %r is left out: %s", upload.name, error)
            return None

    def _change(
        self,
        record: LibraryRecord,
        shared: Opened,
        built: Opened | None,
        fresh: Mapping[str, Document] = _NOTHING,
        progress: Progress | None = None,
    ) -> LibraryRecord:
        """Makes the library what `record` says: builds its store, then writes the record, which names the store."""
        from assistant.search.build import build_index

        before = self._folder.record.store
        documents = self._documents(record, shared, built, fresh)
        record = replace(record, shared=shared.fingerprint, store="")
        if documents in ((), shared.assistant.documents):
            self._folder.write(record)
        else:
            assistant = shared.assistant
            others = [each.assistant.store for each in (shared, built) if each]
            with self._folder.new_store() as name:
                store = self._folder.store(name)
                build_index(documents, store, assistant.settings, assistant.embedder, progress, others=others)
                if built:
                    carry_questions(built.store, store, {each.id for each in record.uploads})
                record = replace(record, store=name)
                self._folder.write(record)
        if before:
            self._shelf.discard(self._folder.store(before))
        return record


def _check_room(name: str, number: int, held: int) -> None:
    if number >= FILES_AT_ONCE:
        raise SourceError(f"{name!r} is one too many: {FILES_AT_ONCE} files are added at once. Add it afterwards.")
    if held >= FILES:
        raise SourceError(f"{name!r} is one too many: {FILES} documents can be added. Remove one of them first.")


def _check_new(name: str, document: Document, present: Sequence[Document]) -> None:
    for each in present:
        if each.text == document.text:
            raise SourceError(f"{name!r} is there already, as {each.title!r}. It was not added again.")
