"""A person's library: what they add can be asked at once, is theirs alone, and is never lost or half there."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from embedders import HashingEmbedder
from fpdf import FPDF
from numpy.typing import NDArray

from assistant import Assistant, Document, Settings, build_index
from assistant.answer.reading.reader import CASCADE, Reader, Reading, open_reader
from assistant.errors import LibraryError, StoreError
from assistant.library import Libraries, Library
from assistant.library.uploads import FILE_BYTES, FILES_AT_ONCE
from assistant.search.store import Store

SHIPPED = [
    Document("bridge", "The bridge", "The Kestrel bridge was opened in 1931. It is made of steel."),
    Document("river", "The river", "The river Wend rises in the hills. It ends in the sea."),
]
QUESTION = "When was the Kestrel bridge opened?"
TOWER = "The Heron tower was built in 1874. It is 60 metres high."
SETTINGS = Settings(certainty=0)


@lru_cache(maxsize=1)
def reader() -> Reader:
    return open_reader(CASCADE)


class Place:
    """A shared index in a folder, libraries over it, and files to add to them."""

    def __init__(self, folder: Path, embedder: HashingEmbedder, documents: Sequence[Document] = SHIPPED) -> None:
        self.folder = folder
        self.embedder = embedder
        self.reader = reader()
        self.index(documents)
        self.opened: list[tuple[Libraries, Assistant]] = []

    def index(self, documents: Sequence[Document]) -> None:
        build_index(documents, self.folder / "shared", embedder=HashingEmbedder())

    def libraries(self, open_stores: int = 10) -> Libraries:
        """As a server that has just been started has them."""
        base = Assistant(Store(self.folder / "shared"), self.embedder, self.reader, SETTINGS)
        self.opened.append((Libraries(base, self.folder / "libraries", open_stores), base))
        return self.opened[-1][0]

    def library(self, user: str = "ann") -> Library:
        return self.libraries().of(user)

    def file(self, name: str = "tower.txt", content: str | bytes = TOWER) -> tuple[str, Path]:
        path = self.folder / "incoming" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return name, path

    def kept(self, user: str = "ann") -> list[str]:
        folder = self.folder / "libraries" / user
        return sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.name != ".lock")

    def stores(self, user: str = "ann") -> int:
        return len(list((self.folder / "libraries" / user / "store").glob("*")))

    def close(self) -> None:
        for libraries, base in self.opened:
            libraries.close()
            base.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    opened = Place(tmp_path, HashingEmbedder())
    yield opened
    opened.close()


def ids(library: Library) -> list[str]:
    return [each.id for each in library.documents]


def texts(library: Library) -> list[str]:
    return [each.text for each in library.documents]


def found(library: Library, question: str = "How high is the Heron tower?") -> str:
    """The document that stands first for the question."""
    with library.assistant() as assistant:
        return assistant.ask(question).hits[0].passage.document_id


# What can be asked


def test_a_library_without_changes_is_the_shared_index_and_costs_nothing(place: Place) -> None:
    library = place.library()

    with library.assistant() as assistant:
        assert assistant is place.opened[0][1]
        assert "1931" in assistant.ask(QUESTION).text
    assert ids(library) == ["bridge", "river"]
    assert library.passages == {"bridge": 1, "river": 1}
    assert not (place.folder / "libraries").exists()


def test_what_is_added_can_be_asked_and_nothing_else_is_embedded_again(place: Place) -> None:
    library = place.library()

    (added,) = library.add([place.file()])

    assert (added.name, added.problem) == ("tower.txt", "")
    assert added.document_id not in (None, "bridge", "river")
    assert texts(library) == [*(each.text for each in SHIPPED), TOWER]
    assert library.documents[2].title == "tower"
    assert library.passages[str(added.document_id)] == 1
    assert all("Heron" in text or "60 metres" in text for text in place.embedder.embedded)
    assert found(library) == added.document_id


def test_what_one_person_adds_nobody_else_sees(place: Place) -> None:
    libraries = place.libraries()
    libraries.of("ann").add([place.file()])

    assert TOWER not in texts(libraries.of("bob"))
    assert found(libraries.of("bob")) in ("bridge", "river")
    assert libraries.of("bob").original(ids(libraries.of("ann"))[2]) is None
    for name in ("", "..", "../ann", "Ann", "a/b"):
        with pytest.raises(ValueError, match="is not the name of a user"):
            libraries.of(name)


def test_an_added_document_is_there_after_a_restart(place: Place) -> None:
    place.library().add([place.file()])
    before = list(place.embedder.embedded)

    again = place.library()

    assert texts(again)[2] == TOWER
    assert place.embedder.embedded == before
    assert [each.name for each in again.added] == ["tower.txt"]


def test_a_removed_upload_is_gone_for_good(place: Place) -> None:
    library = place.library()
    (added,) = library.add([place.file()])
    assert any(TOWER.encode() in path.read_bytes() for path in place.folder.glob("libraries/ann/documents/*"))

    library.remove(str(added.document_id))

    assert ids(library) == ["bridge", "river"]
    assert place.kept() == ["documents", "library.json", "store"]
    assert "tower" not in (place.folder / "libraries/ann/library.json").read_text()
    with pytest.raises(LibraryError, match=r"There is no document 'upload-.*' to remove"):
        library.remove(str(added.document_id))


def test_a_shipped_document_is_removed_for_one_person_and_restored(place: Place) -> None:
    libraries = place.libraries()
    ann = libraries.of("ann")

    ann.remove("bridge")

    assert ids(ann) == ["river"]
    assert found(ann, QUESTION) == "river"
    assert [each.id for each in ann.removed] == ["bridge"]
    assert ids(libraries.of("bob")) == ["bridge", "river"]
    with pytest.raises(LibraryError, match="The last document cannot be removed"):
        ann.remove("river")
    ann.restore()
    assert (ids(ann), ann.removed) == (["bridge", "river"], ())
    assert place.embedder.embedded.count(SHIPPED[0].text) == 0


def test_the_same_file_added_after_it_was_removed_has_its_old_id(place: Place) -> None:
    library = place.library()
    (first,) = library.add([place.file()])
    library.remove(str(first.document_id))

    (second,) = library.add([place.file("other name.txt")])

    assert second.document_id == first.document_id


def test_the_same_file_twice_is_told_and_added_once(place: Place) -> None:
    library = place.library()

    results = library.add([place.file(), place.file("copy.txt"), place.file("b.txt", SHIPPED[0].text)])
    later = library.add([place.file("later.txt")])

    assert [bool(each.document_id) for each in (*results, *later)] == [True, False, False, False]
    assert results[1].problem == "'copy.txt' is there already, as 'tower'. It was not added again."
    assert results[2].problem == "'b.txt' is there already, as 'The bridge'. It was not added again."
    assert len(library.documents) == 3


def test_an_id_that_a_shared_document_has_is_not_given_again(place: Place) -> None:
    name = str(place.library().add([place.file()])[0].document_id)
    place.index([*SHIPPED, Document(name, "Of the same name", "The Wend has eels.")])

    (added,) = place.library("bob").add([place.file()])

    assert added.document_id != name
    assert str(added.document_id).startswith(name)
    assert texts(place.library("bob"))[2:] == ["The Wend has eels.", TOWER]
    assert TOWER in texts(place.library("ann"))  # whose id the shared one took afterwards


# What cannot be added


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_added(place: Place) -> None:
    files = [
        place.file("empty.txt", ""),
        place.file("film.mp4", "x"),
        place.file("latin.txt", "Gebäude".encode("latin-1")),
        place.file("broken.pdf", b"%PDF-1.4 and no more"),
        ("gone.txt", place.folder / "gone.txt"),
        place.file("large.txt", b"a" * (FILE_BYTES + 1)),
        place.file("long.txt", "A word. " * 260_000),
        place.file("page.html", "<html><body></body></html>"),
        place.file(),
    ]

    results = place.library().add(files)

    says = [each.problem.partition(" ")[2] for each in results]
    assert says[0].startswith("has no text in it")
    assert says[1].startswith("is of a kind that cannot be read")
    assert says[2].startswith("is not UTF-8 text (byte 3)")
    assert says[3].startswith("is not a PDF that can be read")
    assert says[4].startswith("cannot be read (No such file")
    assert says[5] == "has 20.0 MB; at most 20 MB are read. Divide it into parts."
    assert says[6] == "has 2,080,000 characters of text; at most 2,000,000 are indexed. Divide it into parts."
    assert says[7].startswith("has no text in it")
    assert says[8] == ""
    assert [each.name for each in results] == [name for name, _ in files]
    assert len(list(place.folder.glob("libraries/ann/documents/*"))) == 1


def test_too_many_files_at_once_are_told(place: Place) -> None:
    files = [place.file(f"{n}.txt", f"Number {n} is here.") for n in range(FILES_AT_ONCE + 2)]

    results = place.library().add(files)

    assert [bool(each.document_id) for each in results] == [True] * FILES_AT_ONCE + [False] * 2
    assert (
        results[-1].problem
        == f"'{FILES_AT_ONCE + 1}.txt' is one too many: 20 files are added at once. Add it afterwards."
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Windows\\x.txt", "x.txt"),
        ("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt"),
        ("a\x00b\x1b[2J\ud83d.txt", "a b [2J .txt"),
        ("x" * 400 + ".txt", "x" * 115 + "….txt"),
        ("….txt/", "….txt"),
    ],
)
def test_a_name_is_never_a_path(place: Place, name: str, shown: str) -> None:
    library = place.library()

    (added,) = library.add([(name, place.file()[1])])

    assert (added.name, added.problem) == (shown, "")
    (kept,) = place.folder.glob("libraries/ann/documents/*")
    assert kept.name == f"{hashlib.sha256(TOWER.encode()).hexdigest()}.txt" == library.added[0].file
    assert [each.name for each in place.folder.iterdir()].count("etc") == 0
    assert ids(place.library())[2] == added.document_id


def test_a_file_that_hides_no_text_of_its_own_adds_nothing(place: Place) -> None:
    library = place.library()

    (added,) = library.add([place.file("a file.exe")])

    assert added.document_id is None
    assert ids(library) == ["bridge", "river"]
    assert "store" not in place.kept()


# What changes under it


def test_a_shared_index_built_anew_is_followed_and_uploads_stay(place: Place) -> None:
    libraries = place.libraries()
    ann, bob = libraries.of("ann"), libraries.of("bob")
    ann.add([place.file()])
    ann.remove("river")
    place.embedder.embedded.clear()

    place.index(
        [SHIPPED[1], replace(SHIPPED[0], text="The Kestrel bridge was opened in 1932."), Document("x", "X", "New.")]
    )

    assert texts(ann) == ["The Kestrel bridge was opened in 1932.", "New.", TOWER]
    assert ids(bob) == ["river", "bridge", "x"]
    assert texts(place.library()) == texts(ann)
    assert place.embedder.embedded == []  # all of it is in one of the stores
    assert place.stores() == 1


def test_a_library_that_comes_to_be_what_is_shared_needs_no_store(place: Place) -> None:
    library = place.library()
    library.remove("river")

    place.index(SHIPPED[:1])

    assert ids(library) == ["bridge"]
    assert place.stores() == 0


def test_a_damaged_personal_store_is_built_anew_from_what_was_added(place: Place) -> None:
    library = place.library()
    library.add([place.file()])
    place.opened[0][0].close()
    next(place.folder.glob("libraries/ann/store/*/*/documents.jsonl")).write_text("{")

    assert texts(place.library())[2] == TOWER
    shutil.rmtree(place.folder / "libraries/ann/store")
    assert texts(place.library())[2] == TOWER


def test_a_record_that_cannot_be_read_is_told_and_nothing_is_deleted(place: Place) -> None:
    place.library().add([place.file()])
    path = place.folder / "libraries/ann/library.json"
    whole = path.read_text()
    for broken in (whole[:40], "[]", json.dumps({**json.loads(whole), "store": "../../shared"})):
        path.write_text(broken)
        for use in (lambda library: library.documents, lambda library: library.add([place.file("b.txt", "B.")])):
            with pytest.raises(LibraryError, match=r"library\.json' cannot be read \(.+\)\. Put back a copy of it"):
                use(place.library())
    path.unlink()  # as it says

    assert texts(place.library())[2] == TOWER


@pytest.mark.parametrize(
    "use",
    [
        lambda library, _: library.documents,
        lambda library, place: library.add([place.file("b.txt", "B.")]),
        lambda library, _: library.remove("bridge"),
        lambda library, _: library.restore(),
        lambda library, _: library.original(library.added[1].id),
    ],
)
def test_what_was_added_is_found_again_without_its_record(
    place: Place, use: Callable[[Library, Place], object]
) -> None:
    paper = pdf(place.folder, "The heron eats fish.", title="Of Herons")
    before = place.library().add(
        [place.file(), ("h.pdf", paper), place.file("<b>.md", "# Owls: *a* life\n\nThey hunt.")]
    )
    place.opened[0][0].close()
    (place.folder / "libraries/ann/library.json").unlink()

    use(place.library(), place)

    library = place.library()
    found_again = {each.id: each.title for each in library.documents}
    assert [found_again[str(each.document_id)] for each in before] == [
        "The Heron tower was built in 1874 It", "Of Herons", "Owls: a life",
    ]  # fmt: skip
    assert TOWER in texts(library)
    original = library.original(str(before[1].document_id))
    assert original is not None
    assert original.read_bytes() == paper.read_bytes()
    library.remove(str(before[0].document_id))
    assert TOWER not in texts(place.library())


def test_what_cannot_be_read_is_kept_without_a_record_too(place: Place) -> None:
    place.library().add([place.file()])
    kept = place.folder / "libraries/ann/documents"
    (kept / "0.txt").write_bytes(b"\xff")
    (kept / "1.txt.new").write_bytes(b"cut sh")
    (place.folder / "libraries/ann/library.json").unlink()

    assert texts(place.library())[2:] == [TOWER]

    place.library().restore()
    assert {each.read_bytes() for each in kept.iterdir()} == {TOWER.encode(), b"\xff"}


def test_a_folder_that_cannot_be_written_is_told(place: Place) -> None:
    (place.folder / "libraries").write_text("not a folder")

    library = place.library()

    assert ids(library) == ["bridge", "river"]
    with pytest.raises(LibraryError, match=r"Your documents at '.*ann' cannot be written \(.+\)\. Make room"):
        library.add([place.file()])


class BrokenEmbedder(HashingEmbedder):
    """Fails when it is told to."""

    broken = False

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.broken:
            raise StoreError("there is no more room")
        return super().embed(texts)


def test_an_add_that_fails_leaves_the_library_as_it_was(tmp_path: Path) -> None:
    embedder = BrokenEmbedder()
    place = Place(tmp_path, embedder)
    library = place.library()
    library.add([place.file()])
    before = place.kept()
    embedder.broken = True

    with pytest.raises(StoreError):
        library.add([place.file("b.txt", "The owl hunts at night.")])

    assert place.kept() == before
    embedder.broken = False
    assert library.add([place.file("b.txt", "The owl hunts at night.")])[0].document_id
    place.close()


KILLED = """
import sys, time
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from embedders import HashingEmbedder
import assistant.library.folder as folder
from test_library import Place

class SlowEmbedder(HashingEmbedder):
    def embed(self, texts):
        if sys.argv[3] == "embedding" and any("owl" in text for text in texts):
            print("now", flush=True); time.sleep(60)
        return super().embed(texts)

def stop(*_):
    print("now", flush=True); time.sleep(60)

place = Place(Path(sys.argv[1]), SlowEmbedder())
library = place.library()
sys.addaudithook(lambda event, args: stop() if sys.argv[3] == "writing" and event == "os.rename"
                 and str(args[1]).endswith("library.json") else None)
library.add([place.file("owl.txt", "The owl hunts at night.")])
"""


@pytest.mark.parametrize("moment", ["embedding", "writing"])
def test_a_process_that_is_killed_leaves_the_library_as_it_was(place: Place, moment: str) -> None:
    place.library().add([place.file()])
    command = [sys.executable, "-c", KILLED, str(place.folder), str(Path(__file__).parent), moment]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        process.send_signal(signal.SIGKILL)

    after = place.library()

    assert texts(after) == [*(each.text for each in SHIPPED), TOWER]
    assert place.stores() == 2  # one that was begun
    assert after.add([place.file("owl.txt", "The owl hunts at night.")])[0].document_id
    assert (len(texts(after)), place.stores()) == (4, 1)
    assert len(list(place.folder.glob("libraries/ann/documents/*"))) == 2


# Many at once


def test_an_answer_keeps_the_store_it_began_with(place: Place) -> None:
    library = place.library()
    library.add([place.file()])

    with library.assistant() as before:
        answers = before.stream("How high is the Heron tower?")
        next(answers)
        for name, text in (("b", "The owl hunts at night."), ("c", "The eel swims."), ("d", "The hare runs.")):
            library.add([place.file(f"{name}.txt", text)])
        library.remove(before.documents[2].id)
        *_, answer = answers
        assert "60 metres" in answer.text
        assert place.stores() == 2
    assert place.stores() == 1
    assert len(before.documents) == 3
    with pytest.raises(ValueError, match="the store is closed"):
        before.ask(QUESTION)
    assert TOWER not in texts(library)


def test_a_conversation_goes_on_while_documents_are_added(place: Place) -> None:
    library = place.library()
    answers: list[str] = []
    errors: list[BaseException] = []
    done = threading.Event()

    def converse() -> None:
        try:
            while not done.is_set():
                with library.assistant() as assistant:
                    answers.append(assistant.ask(QUESTION).text)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=converse)
    thread.start()
    for n in range(6):
        assert library.add([place.file(f"{n}.txt", f"The Wend has {n} mills.")])[0].document_id
    library.remove("river")
    done.set()
    thread.join()

    assert errors == []
    assert len(answers) > 6
    assert all("1931" in answer for answer in answers)
    assert len(library.documents) == 7


class WaitingEmbedder(HashingEmbedder):
    """Embeds a document about owls only when it is allowed to."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.allowed = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if any("owl" in text for text in texts):
            self.reached.set()
            assert self.allowed.wait(20)
        return super().embed(texts)


def test_nobody_else_waits_for_a_long_add_and_one_person_is_served_in_turn(tmp_path: Path) -> None:
    embedder = WaitingEmbedder()
    place = Place(tmp_path, embedder)
    libraries = place.libraries()
    ann = libraries.of("ann")
    ann.add([place.file()])
    files = [place.file("owl.txt", "The owl hunts at night."), place.file("hare.txt", "The hare runs.")]
    threads = [threading.Thread(target=ann.add, args=([file],)) for file in files]
    threads[0].start()
    assert embedder.reached.wait(20)
    threads[1].start()

    assert found(ann).startswith("upload-")  # her questions are answered too
    assert libraries.of("bob").add([place.file("eel.txt", "The eel swims.")])[0].document_id
    time.sleep(0.2)
    assert len(ann.documents) == 3  # the second waits for the first
    embedder.allowed.set()
    for thread in threads:
        thread.join(20)

    assert texts(ann)[2:] == [TOWER, "The owl hunts at night.", "The hare runs."]
    place.close()


def test_few_stores_stay_open_and_all_can_be_asked(place: Place) -> None:
    libraries = place.libraries(open_stores=2)
    users = [f"user{n}" for n in range(5)]
    for user in users:
        libraries.of(user).add([place.file(f"{user}.txt", f"The gate of {user} is green.")])

    for user in (*users, *reversed(users)):
        assert f"The gate of {user} is green." in texts(libraries.of(user))
    with libraries.of("user0").assistant() as held:
        for user in users[1:]:
            found(libraries.of(user))
        assert held.ask(QUESTION).text  # in use, so not among those that were closed


def test_stores_that_nobody_uses_are_closed(place: Place) -> None:
    libraries = place.libraries()
    users = [f"user{n}" for n in range(5)]
    for user in users:
        libraries.of(user).add([place.file(f"{user}.txt", f"The gate of {user} is green.")])
    # Chroma lets go of what a build opened only after a while, so copies are opened.
    copies = Path(shutil.copytree(place.folder / "libraries", place.folder / "copies"))
    few = Libraries(place.opened[0][1], copies, open_stores=2)

    for user in users:
        assert len(few.of(user).documents) == 3
    with few.of("user0").assistant():
        for user in users[1:]:
            assert len(few.of(user).documents) == 3
        assert come_to_be_open(copies, {"user0", "user4"})
    few.close()

    assert come_to_be_open(copies, set())


def come_to_be_open(folder: Path, users: set[str]) -> bool:
    """Whether these are the users whose stores this process holds open; Chroma closes files a moment later."""
    deadline = time.monotonic() + 5
    while open_users(folder) != users and time.monotonic() < deadline:
        time.sleep(0.05)
    return open_users(folder) == users


def open_users(folder: Path) -> set[str]:
    """Whose stores below the folder this process holds open."""
    held = [each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    return {each.relative_to(folder).parts[0] for each in held if each.is_relative_to(folder)}


def test_closing_lets_an_answer_end(place: Place) -> None:
    library = place.library()
    library.add([place.file()])

    with library.assistant() as assistant:
        place.opened[0][0].close()
        assert assistant.ask(QUESTION).text
    with pytest.raises(ValueError, match="the store is closed"):
        assistant.ask(QUESTION)
    place.opened.clear()


# Originals


def pdf(folder: Path, *pages: str, title: str = "") -> Path:
    document = FPDF()
    document.set_title(title)
    document.set_font("helvetica", size=12)
    for text in pages:
        document.add_page()
        document.multi_cell(0, text=text)
    path = folder / "made.pdf"
    document.output(str(path))
    return path


def test_the_original_of_an_added_pdf_is_kept(place: Place) -> None:
    library = place.library()
    path = pdf(place.folder, "The heron eats fish.", "It stands still for hours.")

    added, text = library.add([("Heron.PDF", path), place.file()])

    original = library.original(str(added.document_id))
    assert original is not None
    assert original.read_bytes() == path.read_bytes()
    assert [each.pages is not None and len(each.pages) for each in library.documents[2:]] == [2, False]
    assert library.original(str(text.document_id)) is None
    assert library.original("bridge") is None
    assert library.original("no such document") is None


def test_an_index_keeps_the_originals_that_it_is_given(place: Place) -> None:
    path = pdf(place.folder, "The heron eats fish.")
    documents = [*SHIPPED, Document("a/../heron", "Heron", "The heron eats fish.\n", pages=(0,))]
    shared, embedder = place.folder / "shared", HashingEmbedder()

    for originals in ({"a/../heron": path}, {"a/../heron": path}, {}):
        build_index(documents, shared, embedder=embedder, originals=originals)
        kept = place.library().original("a/../heron")
        assert kept is not None
        assert kept.read_bytes() == path.read_bytes()
    build_index(documents[1:], shared, embedder=embedder)
    library = place.library()
    library.add([place.file()])
    kept = library.original("a/../heron")
    assert kept is not None
    assert embedder.embedded.count("The heron eats fish.") == 1

    kept.write_bytes(b"another")
    with pytest.raises(StoreError, match="was altered"):
        Store(shared)


# Suggested questions


def test_what_is_added_is_suggested_and_stays_so_while_other_things_change(
    assistant: Assistant, tmp_path: Path
) -> None:
    libraries = Libraries(assistant, tmp_path / "libraries")
    bridge, bank = tmp_path / "bridge.md", tmp_path / "bank.txt"
    bridge.write_text(
        "# The Kestrel Bridge\n\nThe Kestrel Bridge was opened in 1931. It was designed by Anna Hentzau.\n"
    )
    bank.write_text("The Zenda Bank was founded in 1850. It has many branches.")
    ann = libraries.of("ann")

    (first,) = ann.add([("bridge.md", bridge)])
    asked = "When was the Kestrel Bridge opened?"
    assert asked in [each.question for each in ann.suggestions.questions]
    (second,) = ann.add([("bank.txt", bank)])
    ann.remove(assistant.documents[0].id)

    again = Libraries(assistant, tmp_path / "libraries").of("ann")
    assert {"When was the Zenda Bank founded?", asked} <= {each.question for each in again.suggestions.questions}
    assert not again.suggestions.first(documents=[assistant.documents[0].id])
    with again.assistant() as opened:
        for each in again.suggestions.questions:
            assert each.document_id in (first.document_id, second.document_id)
            assert each.document_id in [cited.document_id for cited in opened.ask(each.question).citations]
    ann.remove(str(first.document_id))
    assert asked not in [each.question for each in ann.suggestions.questions]
    assert libraries.of("bob").suggestions.questions == ()
    libraries.close()


def test_an_add_succeeds_although_no_question_can_be_made(assistant: Assistant, tmp_path: Path) -> None:
    class Unanswering:
        """Fails at every question."""

        def read(self, question: str, readings: Sequence[Reading]) -> NoReturn:
            raise RuntimeError(f"no answer to {question!r} in {len(readings)} sentences")

    base = Assistant(Store(assistant.store.path), assistant.embedder, Unanswering(), SETTINGS)
    file = tmp_path / "bank.txt"
    file.write_text("The Zenda Bank was founded in 1850.")

    libraries = Libraries(base, tmp_path / "libraries")
    (added,) = libraries.of("ann").add([("bank.txt", file)])

    assert added.document_id
    assert libraries.of("ann").suggestions.questions == ()
    libraries.close()
    base.close()
