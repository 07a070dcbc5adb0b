"""The built index: nothing is embedded twice, a store is whole or refused, and a reader is never disturbed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from documents import documents as random_documents
from embedders import FailingEmbedder, HashingEmbedder
from hypothesis import given, settings
from numpy.typing import NDArray

from assistant import Document, Passage, Settings, build_index
from assistant.errors import (
    ModelError,
    SettingsError,
    SourceError,
    StoreDamaged,
    StoreError,
    StoreMismatch,
    StoreMissing,
)
from assistant.ingest.split import SPLITTING, Split
from assistant.search.hybrid import Found, search
from assistant.search.minilm import MiniLM
from assistant.search.store import RECORD, Store, StoredDocument, Vectors, check_record, read_record
from assistant.search.write import write_store
from assistant.settings import load_settings

DOCUMENTS = [
    Document("bridge", "The bridge", "# Building\n\nThe bridge was opened in 1931. It is made of steel.", "1990-01-01"),
    Document("river", "The river", "The river rises in the hills.\n\nIt ends in the sea.", pages=(0, 31)),
    Document("town", "The town", "The town has 3,000 people. Most of them fish."),
]
QUERY = "When was the bridge opened?"


def build(path: Path, documents: Sequence[Document] = DOCUMENTS, others: Sequence[Store] = ()) -> HashingEmbedder:
    """Builds with an embedder of its own, which then tells what was embedded."""
    embedder = HashingEmbedder()
    build_index(documents, path, embedder=embedder, others=others)
    return embedder


def ask(path: Path, query: str = QUERY) -> list[tuple[str, float]]:
    store = Store(path)
    try:
        return hits(search(store, HashingEmbedder(), query, 5))
    finally:
        store.close()


def hits(found: Found) -> list[tuple[str, float]]:
    return [(hit.passage.text, hit.score) for hit in found.hits]


def files(path: Path) -> list[str]:
    return sorted(each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file())


# Building


def test_a_store_holds_the_documents_as_they_were(tmp_path: Path) -> None:
    report = build_index(DOCUMENTS, tmp_path, embedder=HashingEmbedder())

    store = Store(tmp_path)
    assert (report.added, report.replaced, report.removed, report.skipped) == (("bridge", "river", "town"), (), (), ())
    assert report.passages == len(store.splits) == 3
    assert list(store.documents.values()) == DOCUMENTS
    assert [split.passage.document_id for split in store.splits] == ["bridge", "river", "town"]
    store.close()


def test_building_again_embeds_nothing_and_changes_nothing(tmp_path: Path) -> None:
    build(tmp_path)
    record = (tmp_path / "record.json").read_bytes()

    again = HashingEmbedder()
    report = build_index(DOCUMENTS, tmp_path, embedder=again)

    assert again.embedded == []
    assert report.skipped == ("bridge", "river", "town")
    assert (report.added, report.replaced, report.removed) == ((), (), ())
    assert (tmp_path / "record.json").read_bytes() == record


def test_building_again_opens_no_embedder(tmp_path: Path) -> None:
    build_index(DOCUMENTS, tmp_path, embedder=HashingEmbedder(name="/nowhere"))

    assert build_index(DOCUMENTS, tmp_path, Settings(embedder="/nowhere")).skipped == ("bridge", "river", "town")
    with pytest.raises(ModelError):
        build_index(DOCUMENTS[1:], tmp_path, Settings(embedder="/nowhere"))


@settings(max_examples=8)
@given(random_documents)
def test_building_again_changes_nothing_whatever_the_documents(document: Document) -> None:
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder), [document, *DOCUMENTS])
        record = read_record(Path(folder))

        assert build(Path(folder), [document, *DOCUMENTS]).embedded == []
        assert read_record(Path(folder)) == record
        # Written anew from what is stored, because documents are gone.
        assert build(Path(folder), [document]).embedded == []


def test_only_a_changed_document_is_embedded_again(tmp_path: Path) -> None:
    build(tmp_path)
    changed = [DOCUMENTS[0], replace(DOCUMENTS[1], text="The river floods in spring."), DOCUMENTS[2]]

    embedder = HashingEmbedder()
    report = build_index(changed, tmp_path, embedder=embedder)

    assert embedder.embedded == ["The river\nThe river floods in spring.", "The river floods in spring."]
    assert (report.replaced, report.skipped) == (("river",), ("bridge", "town"))
    fresh = tmp_path / "fresh"
    build(fresh, changed)
    assert ask(tmp_path) == ask(fresh)


def test_a_changed_date_is_a_changed_document(tmp_path: Path) -> None:
    build(tmp_path)

    report = build_index([replace(DOCUMENTS[0], date="1991"), *DOCUMENTS[1:]], tmp_path, embedder=HashingEmbedder())

    assert report.replaced == ("bridge",)


def test_a_document_can_be_added_and_removed(tmp_path: Path) -> None:
    build(tmp_path, DOCUMENTS[:2])

    embedder = HashingEmbedder()
    report = build_index(DOCUMENTS[1:], tmp_path, embedder=embedder)

    assert (report.added, report.removed, report.skipped) == (("town",), ("bridge",), ("river",))
    assert all("bridge" not in text for text in embedder.embedded)
    assert "The bridge" not in " ".join(text for text, _ in ask(tmp_path))


def test_documents_keep_the_order_they_are_given_in(tmp_path: Path) -> None:
    build(tmp_path)

    assert build(tmp_path, DOCUMENTS[::-1]).embedded == []
    assert list(read_record(tmp_path).documents) == ["town", "river", "bridge"]


def test_two_builds_give_the_same_answers(documents: tuple[Document, ...], tmp_path: Path) -> None:
    for name in "ab":
        build(tmp_path / name, [*documents, *large()])

    records = [replace(read_record(tmp_path / name), generation="") for name in "ab"]
    assert records[0] == records[1]
    for query in ("When was the treaty signed?", "burden sharing costs", "Camp Humphreys"):
        assert ask(tmp_path / "a", query) == ask(tmp_path / "b", query)


def test_a_title_longer_than_the_window_leaves_room_for_the_text(tmp_path: Path) -> None:
    document = Document("d", "word " * 900, "# " + "heading " * 900 + "\n\nThe bridge was opened in 1931.")

    embedder = build(tmp_path, [document])

    assert all(embedder.count_tokens(text) <= embedder.window for text in embedder.embedded)
    assert any(text.endswith("\nThe bridge was opened in 1931.") for text in embedder.embedded)


def test_progress_counts_every_text_once(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    embedder = HashingEmbedder()

    build_index(DOCUMENTS, tmp_path, embedder=embedder, progress=lambda *now: told.append(now))

    total = len(embedder.embedded)
    assert [done for done, _, _ in told] == sorted({done for done, _, _ in told})
    assert told[-1] == (total, total, "The town")


@pytest.mark.parametrize(
    ("documents", "says"),
    [
        ([], "There are no documents to index"),
        ([DOCUMENTS[0], DOCUMENTS[0]], "Two documents have the id 'bridge'"),
        ([Document("blank", "Blank", " \n")], "The document 'blank' has no text"),
        ([Document("half", "Half", "a \ud83d b")], "The document 'half' holds half of a character"),
    ],
)
def test_documents_that_cannot_be_indexed_are_refused_and_nothing_is_lost(
    tmp_path: Path, documents: list[Document], says: str
) -> None:
    build(tmp_path)
    before = files(tmp_path)

    with pytest.raises(SourceError, match=says):
        build(tmp_path, documents)

    assert files(tmp_path) == before


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    for place in ("file", "file/store"):
        with pytest.raises(StoreError, match=r"file.*' cannot be written \(.+\)\. Make room or give permission"):
            build(tmp_path / place)


def test_a_folder_of_other_things_does_not_become_a_store(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Mine.")
    before = files(tmp_path)

    with pytest.raises(StoreError, match=r"holds other things \('letter.txt'\) and no index. Choose an empty"):
        build(tmp_path)

    assert files(tmp_path) == before


@pytest.mark.parametrize("limit", [1_000, 50_000])
def test_a_full_disk_is_told_and_the_old_store_goes_on(tmp_path: Path, limit: int) -> None:
    """A limit on the size of files stands in for the disk: the first stops the texts, the second the vectors."""
    build(tmp_path)
    before = ask(tmp_path)
    code = """
import resource, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from test_store import build, large
from assistant.errors import StoreError
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    build(Path(sys.argv[1]), large())
except StoreError as error:
    print(error)
"""

    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path, Path(__file__).parent, str(limit)], capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"The index at {str(tmp_path)!r} cannot be written (")
    assert ask(tmp_path) == before
    build(tmp_path, large())
    assert len(list(tmp_path.glob("generation-*"))) == 2


def stored(*sentences: tuple[int, int], start: int = 4, text: str = "bridge") -> StoredDocument:
    """A document of one passage, as a program might give it to the store."""
    passage = Passage("d", "", "", start, start + len(text), text)
    vectors = np.eye(max(1, len(sentences)), dtype=np.float32)
    return StoredDocument(Document("d", "", "The bridge."), (Split(passage, sentences),), Vectors(vectors[:1], vectors))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (stored((4, 10), start=3), r"the passage is not what stands at 3\.\.9 of 'd'"),
        (stored((4, 10), text="Bridge"), "the passage is not what stands at"),
        (stored((4, 11)), r"a sentence lies outside its passage 4\.\.10 of 'd'"),
        (stored((4, 6), (3, 4)), "a sentence lies outside"),
        (stored((5, 5)), "a sentence lies outside"),
    ],
)
def test_spans_that_do_not_agree_with_the_text_are_not_written(
    tmp_path: Path, wrong: StoredDocument, says: str
) -> None:
    build(tmp_path)
    before = files(tmp_path)

    with pytest.raises(ValueError, match=says):
        write_store(tmp_path, [stored((4, 10)), wrong], "hashing", 800)

    assert files(tmp_path) == before


def test_a_setting_of_the_environment_that_is_not_valid_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant import Assistant

    build(tmp_path)
    monkeypatch.setenv("ASSISTANT_PASSAGES", "abc")

    for use in (build, Assistant.open):
        with pytest.raises(SettingsError, match=r"The environment variable ASSISTANT_PASSAGES is 'abc': .* unset it\."):
            use(tmp_path)
    with pytest.raises(ValueError, match="passages"):
        load_settings(passages="abc")
    assert load_settings(passages=3).passages == 3


def test_building_writes_nowhere_else_and_calls_no_one(tmp_path: Path) -> None:
    code = """
import sys
calls = ("socket.connect", "socket.getaddrinfo", "socket.sendto")
sys.addaudithook(lambda event, _: sys.exit(event) if event in calls else None)
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from test_store import ask, build
build(Path(sys.argv[1])); print(ask(Path(sys.argv[1]))[0][0])
"""
    home = tmp_path / "home"
    home.mkdir()

    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "store", Path(__file__).parent],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "The bridge was opened in 1931. It is made of steel."
    assert done.stderr == ""
    assert files(home) == []


# Whole or refused


def test_no_store_is_reported_with_the_command_that_builds_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreMissing, match=r"There is no index at '.*none'\. Build it with: assistant index FOLDER"):
        Store(tmp_path / "none")
    with pytest.raises(StoreMissing, match=r"--store '.*/two words'$"):
        Store(tmp_path / "two words")
    with pytest.raises(StoreMissing, match=r"--store .*/index/store$"):
        Store(tmp_path / "index" / "store")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreMissing, match=r"Build it with: python -m index, in the project's folder$"):
        Store(Path("index/store"))
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreMissing):
        Store(tmp_path / "file")


def test_a_store_without_a_record_is_absent(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "record.json").unlink()

    with pytest.raises(StoreMissing):
        Store(tmp_path)
    build(tmp_path)
    assert ask(tmp_path)


@pytest.mark.parametrize(
    "content", ["", '{"format": 1', "[]", "3", '{"format": 1}', '{"format": 1, "generation": 3}', "\udcff"]
)
def test_a_half_written_record_is_damage(tmp_path: Path, content: str) -> None:
    build(tmp_path)
    (tmp_path / "record.json").write_bytes(content.encode("utf-8", "surrogateescape"))

    with pytest.raises(StoreDamaged, match=r"record\.json' of the index cannot be read\. Build it with:"):
        Store(tmp_path)
    assert build(tmp_path).embedded
    assert ask(tmp_path)


@pytest.mark.parametrize(
    ("field", "value"),
    [("generation", "generation-9"), ("generation", 3), ("generation", "../x"), ("passages", 99), ("documents", None)],
)
def test_a_record_that_does_not_describe_the_store_is_damage(tmp_path: Path, field: str, value: object) -> None:
    build(tmp_path)
    record = json.loads((tmp_path / "record.json").read_text())
    (tmp_path / "record.json").write_text(json.dumps(record | {field: value}))

    with pytest.raises(StoreDamaged, match=r"is incomplete or altered \(.*\)\. Build it with:"):
        Store(tmp_path)


def test_another_format_is_refused_by_its_number(tmp_path: Path) -> None:
    build(tmp_path)
    record = json.loads((tmp_path / "record.json").read_text())
    (tmp_path / "record.json").write_text(json.dumps(record | {"format": 99}))

    with pytest.raises(StoreMismatch, match=r"has format 99; this version reads \d+\. Build it with:"):
        Store(tmp_path)
    assert build(tmp_path).embedded
    assert ask(tmp_path)


def large() -> list[Document]:
    """Enough sentences that Chroma saves a vector index as a whole, which it does after a thousand."""
    texts = [" ".join(f"Sentence {n} of part {part} is w{n * part}." for n in range(100)) for part in range(12)]
    return [*DOCUMENTS, *(Document(f"part {part}", f"Part {part}", text) for part, text in enumerate(texts))]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that has every kind of file. Copied before it is damaged."""
    path = tmp_path_factory.mktemp("whole") / "store"
    build(path, large())
    return path


def test_a_damaged_file_is_noticed_or_does_not_matter(whole: Path, tmp_path: Path) -> None:
    """Each file in turn: deleted, emptied, cut in half, and with some of its bytes altered."""
    expected = ask(whole)
    unnoticed = set()
    for name in files(whole):
        if name in ("record.json", ".lock"):
            continue
        content = (whole / name).read_bytes()
        middle = len(content) // 2
        altered = (
            content[:middle] + bytes(byte ^ 0x55 for byte in content[middle : middle + 99]) + content[middle + 99 :]
        )
        for number, damage in enumerate((None, b"", content[:middle], altered)):
            if damage == content:
                continue
            copy = shutil.copytree(whole, tmp_path / f"{number}-{name.replace('/', '-')}")
            (copy / name).unlink() if damage is None else (copy / name).write_bytes(damage)
            try:
                answers = ask(copy)
            except StoreDamaged:
                continue
            assert answers == expected, f"{name} was damaged and the answers changed"
            unnoticed.add(Path(name).name)
    # Chroma makes a vector index again as long as it has not saved it as a whole; some pages of a database are unused.
    assert unnoticed <= {"data_level0.bin", "header.bin", "length.bin", "link_lists.bin", "chroma.sqlite3"}


def test_a_damaged_store_is_built_anew(whole: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(whole, tmp_path / "copy")
    next(copy.rglob("chroma.sqlite3")).write_bytes(b"not a database")

    report = build_index(large(), copy, embedder=HashingEmbedder())

    assert len(report.added) == len(large())
    assert ask(copy) == ask(whole)


def test_a_store_of_another_embedder_or_other_parameters_is_refused_with_what_differs(tmp_path: Path) -> None:
    build(tmp_path)
    record = read_record(tmp_path)

    check_record(tmp_path, record, "hashing", 800)
    with pytest.raises(StoreMismatch, match=r"was built with embedder 'hashing', not 'minilm'\. Build it with:"):
        check_record(tmp_path, record, "minilm", 800)
    with pytest.raises(
        StoreMismatch, match=r"built with embedder 'hashing', not 'x' and passage_characters 800, not 9"
    ):
        check_record(tmp_path, record, "x", 9)
    with pytest.raises(StoreMismatch, match=r"by setting ASSISTANT_EMBEDDER=hashing ASSISTANT_PASSAGE_CHARACTERS=800$"):
        check_record(tmp_path, record, "x", 9)
    with pytest.raises(StoreMismatch, match=r"by setting ASSISTANT_EMBEDDER=minilm$"):
        check_record(tmp_path, replace(record, embedder=MiniLM.name), "x", 800)


def test_opening_refuses_a_store_of_another_embedder(tmp_path: Path) -> None:
    from assistant import Assistant

    build(tmp_path)

    with pytest.raises(StoreMismatch, match="embedder 'hashing', not 'all-MiniLM-L6-v2@"):
        Assistant.open(tmp_path)


def open_files(folder: Path) -> list[Path]:
    """The files of the folder that this process holds open."""
    held = [each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    return sorted(each for each in held if each.is_relative_to(folder))


def test_opening_leaves_nothing_open_when_a_model_cannot_be_had(tmp_path: Path) -> None:
    from assistant import Assistant

    build_index(DOCUMENTS, tmp_path / "built", embedder=HashingEmbedder(name="/nowhere"))
    # Chroma lets go of what a build opened only after a while, so a copy is opened.
    copy = Path(shutil.copytree(tmp_path / "built", tmp_path / "copy"))

    with pytest.raises(StoreMismatch):  # said before the model is looked for
        Assistant.open(copy, Settings(embedder="/nowhere either"))
    with pytest.raises(ModelError):
        Assistant.open(copy, Settings(embedder="/nowhere"))

    assert open_files(copy) == []


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    build(tmp_path)
    store = Store(tmp_path)
    store.close()

    with pytest.raises(ValueError, match="the store is closed"):
        search(store, HashingEmbedder(), QUERY, 5)


def test_building_makes_anew_what_a_version_with_other_passages_made(tmp_path: Path) -> None:
    build(tmp_path)
    record = json.loads((tmp_path / RECORD).read_text())
    assert record["splitting"] == SPLITTING
    (tmp_path / RECORD).write_text(json.dumps({**record, "splitting": SPLITTING - 1}))

    with closing(Store(tmp_path)) as earlier:
        assert len(build(tmp_path, others=[earlier]).embedded) > len(DOCUMENTS)

    assert read_record(tmp_path).splitting == SPLITTING
    assert read_record(tmp_path).generation != record["generation"]


@pytest.mark.parametrize("changed", ["embedder", "passage_characters"])
def test_building_in_another_way_makes_the_store_anew(tmp_path: Path, changed: str) -> None:
    build(tmp_path)
    other = HashingEmbedder(dimensions=32, name="smaller") if changed == "embedder" else HashingEmbedder()

    report = build_index(
        DOCUMENTS, tmp_path, Settings(passage_characters=800 if changed == "embedder" else 200), embedder=other
    )

    assert report.added == ("bridge", "river", "town")
    assert len(other.embedded) > 6


# Undisturbed


@pytest.mark.parametrize("after", [0, 2])
def test_an_interrupted_rebuild_leaves_the_old_store(tmp_path: Path, after: int) -> None:
    build(tmp_path)
    before = ask(tmp_path)
    changed = [replace(document, text=document.text + " More.") for document in DOCUMENTS]

    with pytest.raises(KeyboardInterrupt):
        build_index(changed, tmp_path, embedder=FailingEmbedder(after))

    assert ask(tmp_path) == before
    assert build(tmp_path, changed).embedded


def test_a_rebuild_that_dies_while_writing_leaves_the_old_store(tmp_path: Path) -> None:
    build(tmp_path)
    before = ask(tmp_path)
    half = tmp_path / "generation-2"  # what a build leaves that was killed before it wrote the record
    half.mkdir()
    (half / "documents.jsonl").write_text("{")

    assert ask(tmp_path) == before
    build(tmp_path, DOCUMENTS[:1])
    assert not half.exists()
    assert len(ask(tmp_path)) == 1


class AskingEmbedder(HashingEmbedder):
    """Searches an open store each time that it is asked to embed for a new one."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.answers: list[list[tuple[str, float]]] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.answers.append(hits(search(self.store, HashingEmbedder(), QUERY, 5)))
        return super().embed(texts)


def test_a_reader_goes_on_answering_from_what_it_opened(tmp_path: Path) -> None:
    build(tmp_path)
    reader = Store(tmp_path)
    before = hits(search(reader, HashingEmbedder(), QUERY, 5))
    embedder = AskingEmbedder(reader)

    build_index([DOCUMENTS[1], Document("new", "New", "A new text.")], tmp_path, embedder=embedder)

    assert embedder.answers
    assert embedder.answers == [before] * len(embedder.answers)
    assert hits(search(reader, HashingEmbedder(), QUERY, 5)) == before
    assert [split.passage.document_id for split in Store(tmp_path).splits] == ["river", "new"]
    reader.close()


class RivalEmbedder(HashingEmbedder):
    """Starts a second build of the store while the first one embeds."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.refusals: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        try:
            build(self.path)
        except StoreError as error:
            self.refusals.append(str(error))
        return super().embed(texts)


def test_a_second_build_at_the_same_time_is_refused(tmp_path: Path) -> None:
    rival = RivalEmbedder(tmp_path)

    build_index(DOCUMENTS, tmp_path, embedder=rival)

    assert set(rival.refusals) == {
        f"Another build of {str(tmp_path)!r} is under way. Wait for it to end, then try again."
    }
    assert ask(tmp_path)


def test_generations_that_no_one_can_need_are_removed(tmp_path: Path) -> None:
    for count in (1, 2, 3, 1):
        build(tmp_path, DOCUMENTS[:count])

    assert sorted(path.name.split("-")[1] for path in tmp_path.glob("generation-*")) == ["3", "4"]


def test_a_store_can_be_deleted_and_built_again_while_it_is_open(tmp_path: Path) -> None:
    build(tmp_path / "store")
    opened = Store(tmp_path / "store")
    shutil.rmtree(tmp_path / "store")

    build(tmp_path / "store", DOCUMENTS[:1])

    assert [text for text, _ in ask(tmp_path / "store")] == [DOCUMENTS[0].text.partition("\n\n")[2]]
    opened.close()
