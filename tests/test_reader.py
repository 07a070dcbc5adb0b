"""Readers of other makers: any cross-encoder of sentence-transformers can take the place of the shipped one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from found import found_in

from assistant import Assistant, Settings
from assistant.answer.minilm_reader import MiniLMReader
from assistant.answer.reader import CrossEncoderReader, Reading, open_reader
from assistant.doctor import examine
from assistant.errors import ModelError
from assistant.search.minilm import weights_folder


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


def test_the_shipped_reader_is_the_default() -> None:
    assert isinstance(open_reader(Settings().reader), MiniLMReader)


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
    with pytest.raises(
        ModelError, match=r"The reader 'nobody/nothing' cannot be loaded .*or use 'minilm-reader', which"
    ):
        open_reader("nobody/nothing")
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_reader(str(tmp_path))


def test_a_model_that_gives_several_numbers_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="gives 3 numbers for a sentence, where one is needed"):
        CrossEncoderReader(str(saved(tmp_path, outputs=3)))


def test_an_encoder_without_a_head_is_told() -> None:
    with pytest.raises(ModelError, match="is no cross-encoder"):
        CrossEncoderReader(str(weights_folder()))
