"""The reader's training: what is drawn from an example, the loss, and weights that the assistant can read."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from found import found_in
from safetensors.torch import load_file

from assistant import Document, Turn, load_sources
from assistant.answer.reading import minilm, mpnet
from assistant.answer.reading.reader import Reading
from assistant.answer.reading.sequence import question_ids, sequence
from assistant.search.embed import open_embedder
from assistant.search.minilm import open_tokenizer, weights_folder
from eval.cases import load_cases, load_corpus
from eval.fit.reader import held_out
from eval.fit.reader.__main__ import _losses, part_with, train
from eval.fit.reader.altered import Values
from eval.fit.reader.average import average
from eval.fit.reader.candidates import (
    Asked,
    Example,
    Shown,
    as_case,
    from_benchmark,
    from_questions,
    from_questions_on,
    read_questions,
)
from eval.fit.reader.conversations import conversations, talked_about
from eval.fit.reader.draw import Recipe, Sampler
from eval.fit.reader.gather import COLLECTIONS, QUESTIONS, libraries
from eval.fit.reader.networks import NETWORKS, Row

ANSWER = Shown("The bridge opened in 1932.", "Bridges", "", True)
OTHERS = tuple(Shown(f"Tower {n} is tall.", "Bridges", "", False) for n in range(9))
EXAMPLE = Example("set", "bridges", "When did the Harbour Bridge open?", (ANSWER, *OTHERS))


def test_the_loss_is_worked_out_against_nothing() -> None:
    answered, nothing = _losses(torch.tensor([1.0, 2.0, 0.0]), [[True, False], [False]])
    # Of two candidates with log odds 1 and 2 the first is right: log(e^1 + e^2 + e^0) - 1.
    assert answered.item() == pytest.approx(math.log(math.e + math.e**2 + 1) - 1)
    # One candidate with log odds 0, and nothing answers: log(e^0 + e^0) - 0.
    assert nothing.item() == pytest.approx(math.log(2))
    # Every candidate answers, and the answers were held back: there is nothing to learn from.
    (empty,) = _losses(torch.tensor([]), [[]])
    assert empty.item() == 0


def test_an_example_is_drawn_with_its_answer_unless_something_was_changed() -> None:
    always = Sampler([EXAMPLE], Recipe(1, 1e-4, 7, withheld=0, exchanged=0, contradicted=0, erased=0), None)
    question, shown = always.draw(EXAMPLE)
    assert question == EXAMPLE.question
    assert len(shown) == 5
    assert ANSWER in shown
    withheld = Sampler([EXAMPLE], Recipe(1, 1e-4, 7, withheld=1), None)
    assert not any(each.answers for each in withheld.draw(EXAMPLE)[1])


def test_a_part_of_an_epoch_has_all_of_some_sets() -> None:
    few, many = replace(EXAMPLE, origin="few"), replace(EXAMPLE, origin="many")
    part = part_with([few] * 2 + [many] * 8, ["few"], 0.5, seed=7)
    assert sorted(each.origin for each in part) == ["few"] * 2 + ["many"] * 3
    assert len(part_with([few] * 9 + [many], ["few"], 0.5, seed=7)) == 9


def test_an_exchanged_name_leaves_nothing_that_answers() -> None:
    other = Example("set", "bridges", "Who built the Tower Bridge?", EXAMPLE.candidates)
    sampler = Sampler([EXAMPLE, other], Recipe(1, 1e-4, 7, withheld=0, exchanged=1), None)
    question, shown = sampler.draw(EXAMPLE)
    assert question == "When did the Tower Bridge open?"
    assert ANSWER.sentence in [each.sentence for each in shown]
    assert not any(each.answers for each in shown)


def _signed(*said: str) -> Shown:
    text = "Ida Rask signed the lease on 3 May 1911, and Olaf Brandt paid for it."
    return Shown(
        text, "The mill", "", bool(said), tuple((text.index(each), text.index(each) + len(each)) for each in said)
    )


@pytest.mark.parametrize(
    ("question", "said", "left", "gone"),
    [
        ("When was the lease signed?", "3 May 1911", ("Ida Rask", "Olaf Brandt"), "1911"),
        ("Who signed the lease?", "Ida Rask signed the lease", ("3 May 1911", "Olaf Brandt"), "Ida"),
        ("Who paid for the lease that Ida Rask signed?", "Olaf Brandt paid", ("3 May 1911", "Ida Rask"), "Olaf"),
    ],
)
def test_a_sentence_without_the_value_that_answers_is_no_answer(
    question: str, said: str, left: tuple[str, ...], gone: str
) -> None:
    shown = _signed(said)
    example = Example("set", "mill", question, (shown,))
    erased = Values([example], random.Random(3)).erased(question, shown)
    assert erased is not None
    assert not erased.answers
    assert all(each in erased.sentence for each in left)
    assert gone not in erased.sentence


def test_what_is_said_in_no_value_cannot_be_erased() -> None:
    shown = _signed("signed the lease")
    assert Values([], random.Random(3)).erased("What did she do in 1911?", shown) is None
    assert Values([], random.Random(3)).erased("Who was it?", replace(shown, said=())) is None


@pytest.mark.parametrize(
    ("sentence", "place", "before"),
    [
        ("She met Ida Rask in the Silk War.", "", ""),  # a value of another kind is left
        ("Rask met her, Ida Rask.", "", ""),  # half of the name is left
        ("Nils saw Ida Rask.", "", ""),  # a name is left, though one word alone is none by its form
        ("She met Ida Rask.", "Ida Rask", ""),
        ("She met Ida Rask.", "", "Ida Rask came."),
    ],
)
def test_nothing_is_erased_where_an_answer_may_be_left(sentence: str, place: str, before: str) -> None:
    values = Values([], random.Random(3))
    shown = Shown(sentence, place, before, True, ((0, len(sentence)),))
    assert values.erased("Who was it?", shown) is None
    assert values.erased("Who was it?", Shown("She met Ida Rask.", "", "", True, ((0, 17),))) is not None


def test_without_opposites_their_share_is_not_erased() -> None:
    shown = _signed("Ida Rask")
    example = Example("set", "mill", "Who signed the lease?", (shown, *OTHERS))
    recipe = Recipe(1, 1e-4, 7, withheld=0, exchanged=0, contradicted=1, erased=0, beside=0, altered=0)
    assert shown in Sampler([example], recipe, None).draw(example)[1]


def test_what_the_question_names_is_not_exchanged() -> None:
    shown = Shown("Holm won the Arden Prize for Lamps.", "", "", True, ((0, 34),))
    question = "Who won the Arden Prize?"
    values = Values([Example("set", "a", "Who was it?", (_signed("Ida Rask"),))], random.Random(3))
    assert all("Arden Prize" in values.altered(question, shown).sentence for _ in range(20))


def test_another_value_in_its_place_answers_as_well() -> None:
    question = "Who signed the lease?"
    shown, other = _signed("Ida Rask"), Shown("Nils Holm did.", "", "", True, ((0, 9),))
    values = Values([Example("set", "mill", question, (other,))], random.Random(3))
    altered = [values.altered(question, shown) for _ in range(30)]
    assert all(each.answers for each in altered)
    assert any(each.sentence == shown.sentence.replace("Ida Rask", "Nils Holm") for each in altered)
    without_another = [each.sentence for each in altered if "Nils Holm" not in each.sentence]
    assert without_another
    assert all(each.startswith("Ida Rask signed the lease") and each != shown.sentence for each in without_another)


@pytest.mark.parametrize(("share", "erased"), [(1.0, True), (0.0, False)])
def test_an_answer_is_erased_for_its_share_of_the_questions(share: float, erased: bool) -> None:
    shown = _signed("Ida Rask")
    example = Example("set", "mill", "Who signed the lease?", (shown, *OTHERS))
    recipe = Recipe(1, 1e-4, 7, withheld=0, exchanged=0, contradicted=0, erased=share, beside=0, altered=0)
    _, drawn = Sampler([example], recipe, None).draw(example)
    assert (shown in drawn) is not erased
    assert any(each.answers for each in drawn) is not erased


def test_beside_an_answer_may_stand_the_same_without_its_value() -> None:
    shown = _signed("Ida Rask")
    example = Example("set", "mill", "Who signed the lease?", (shown, *OTHERS))
    recipe = Recipe(1, 1e-4, 7, withheld=0, exchanged=0, contradicted=0, erased=0, beside=1)
    _, drawn = Sampler([example], recipe, None).draw(example)
    assert len(drawn) == 5
    signed = [each for each in drawn if "signed the lease" in each.sentence]
    assert sorted(each.answers for each in signed) == [False, True]
    assert "Ida Rask" not in next(each.sentence for each in signed if not each.answers)


@pytest.mark.parametrize(("name", "weights"), [("minilm", minilm.WEIGHTS), ("mpnet", mpnet.ADAPTER)])
def test_a_step_of_training_gives_weights_like_the_shipped_ones(name: str, weights: Path) -> None:
    network = NETWORKS[name]()
    before = network.learned()
    train(network, [EXAMPLE], Recipe(1, 1e-3, 7, questions=1), None)
    after, shipped = network.learned(), load_file(weights)
    assert any(name.endswith((".up", ".query.weight")) and not torch.equal(before[name], after[name]) for name in after)
    assert {name: tensor.shape for name, tensor in after.items()} == {n: t.shape for n, t in shipped.items()}
    assert any(not torch.equal(before[name], after[name]) for name in after)
    network.take_up(shipped)
    assert all(torch.equal(tensor, shipped[name]) for name, tensor in network.learned().items())


def test_an_interrupted_run_goes_on_to_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interruption(Exception):
        pass

    recipe, kept = Recipe(25, 1e-4, 7, questions=1, group=2), tmp_path / "run"
    whole, parts = NETWORKS["minilm"](), NETWORKS["minilm"]()
    parts.load_state_dict(whole.state_dict())
    train(whole, [EXAMPLE], recipe, None)
    forward, steps = parts.forward, iter(range(23))

    def interrupted(rows: Sequence[Row]) -> torch.Tensor:
        if next(steps, None) is None:
            raise Interruption
        return forward(rows)

    monkeypatch.setattr(parts, "forward", interrupted)
    with pytest.raises(Interruption):
        train(parts, [EXAMPLE], recipe, None, kept)
    fresh = NETWORKS["minilm"]()
    with pytest.raises(ValueError, match="another recipe"):
        train(fresh, [EXAMPLE], replace(recipe, rate=2e-4), None, kept)
    train(fresh, [EXAMPLE], recipe, None, kept)
    assert not kept.exists()
    expected = whole.state_dict()
    assert all(torch.allclose(tensor, expected[name], atol=1e-6) for name, tensor in fresh.state_dict().items())
    assert not torch.allclose(parts.head.weight, whole.head.weight, atol=1e-5)


LINES = (
    "The lighthouse of Marn was painted in 1902.",
    "It was built in 1871.",
    "It stands on a rock.",
    "Ships pass it every day.",
    "Its lamp is green, and was lit by gas until 1931.",
    "The keeper's name was Ida Rask.",
)


@pytest.mark.parametrize(("name", "reader"), [("minilm", minilm.MiniLMReader), ("mpnet", mpnet.MPNetReader)])
def test_the_assistant_reads_as_the_network_that_was_trained(
    name: str, reader: type[minilm.MiniLMReader | mpnet.MPNetReader]
) -> None:
    network = NETWORKS[name]()
    network.take_up(load_file(minilm.WEIGHTS if name == "minilm" else mpnet.ADAPTER))
    question = "When was the lighthouse of Marn erected?"
    readings = [Reading(each, "") for each in found_in(question, LINES).sentences]
    tokenizer = open_tokenizer(weights_folder())
    asked = question_ids(tokenizer, question)
    with torch.no_grad():
        trained = network.eval()([sequence(tokenizer, asked, each.sentence.text, each.place, "") for each in readings])
    differences = (trained - torch.tensor(reader().read(question, readings))).abs()
    # Both compute in bfloat16, if the processor does. Without segments MiniLM's would be .05 on average.
    assert differences.mean() < 0.03


def test_the_average_of_runs_is_that_of_each_of_their_weights() -> None:
    runs = [
        {"weight": torch.tensor([1.0, 2.0]).half(), "bias": torch.tensor(0.5)},
        {"weight": torch.tensor([3.0, -2.0]), "bias": torch.tensor(0.0)},
    ]
    averaged = average(runs)
    assert averaged["weight"].tolist() == [2.0, 0.0]
    assert averaged["bias"] == 0.25
    assert all(tensor.dtype == torch.float16 for tensor in averaged.values())


def test_examples_come_from_a_benchmark_with_what_answers_marked(tmp_path: Path) -> None:
    text = "The Harbour Bridge opened in 1932. It is made of steel. Many people cross it every day."
    case = {
        "id": "1",
        "question": "When did the Harbour Bridge open?",
        "history": [],
        "answerable": True,
        "answers": [],
    }
    case["evidence"] = [{"document_id": "b", "start": 0, "end": 34}]
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"id": "b", "title": "Bridge", "text": text}))
    (tmp_path / "cases.jsonl").write_text(json.dumps(case))
    (example,) = from_benchmark(tmp_path, tmp_path / "stores")
    assert [(each.sentence, each.answers) for each in example.candidates[:1]] == [(text[:34], True)]
    assert sum(each.answers for each in example.candidates) == 1


BRIDGES = Document(
    "b",
    "Bridges",
    "Harbour\n\nThe Harbour Bridge opened in 1932. It is made of steel.\n\n"
    "Tower\n\nThe Tower Bridge opened in 1894. It lifts.",
)


def asked(question: str, *answers: str, **row: object) -> Asked:
    """A question about the bridges, answered by these words."""
    spans = [[BRIDGES.text.index(words), BRIDGES.text.index(words) + len(words)] for words in answers]
    return Asked("set", BRIDGES.id, {"question": question, "answers": spans, **row})


def test_a_written_question_has_the_sentences_of_its_part_of_the_text() -> None:
    tower = (BRIDGES.text.index("Tower"), len(BRIDGES.text))
    whole, part, nothing = from_questions(
        [
            asked("When did it open?", "opened in 1932"),
            asked("When did it open?", "opened in 1894", part=tower),
            asked("Who built it?"),
        ],
        {("set", "b"): BRIDGES},
        open_embedder("minilm"),
    )
    opened = {each.sentence: each for each in whole.candidates if "opened" in each.sentence}
    assert [each.answers for each in opened.values()] == [each.startswith("The Harbour") for each in opened]
    assert len(opened) == 2
    assert {each.sentence for each in part.candidates} >= {"The Tower Bridge opened in 1894.", "It lifts."}
    assert not any("Harbour" in each.sentence or "steel" in each.sentence for each in part.candidates)
    (lifts,) = (each for each in part.candidates if each.sentence == "It lifts.")
    assert lifts.before == "The Tower Bridge opened in 1894."
    (answer,) = (each for each in part.candidates if each.answers)
    assert answer.sentence == "The Tower Bridge opened in 1894."
    assert [answer.sentence[start:end] for start, end in answer.said] == ["opened in 1894"]
    assert not any(each.answers for each in nothing.candidates)


def test_a_question_written_for_all_documents_has_what_search_finds_in_them(tmp_path: Path) -> None:
    other = Document("o", "Ferries", "The ferry to the island sails every hour. It takes cars.")
    start = other.text.index("It takes")
    example, both = from_questions_on(
        [BRIDGES, other],
        [
            asked("When did the Harbour Bridge open?", "opened in 1932"),
            asked("What is made of steel, and what takes cars?", "made of steel", also={"o": [[start, start + 9]]}),
        ],
        "set",
        tmp_path,
    )
    assert example.document_id == "b"
    said = {each.sentence: [each.sentence[a:b] for a, b in each.said] for each in both.candidates if each.answers}
    assert said == {"It is made of steel.": ["made of steel"], "It takes cars.": ["It takes "]}
    assert [each.sentence for each in example.candidates if each.answers] == ["The Harbour Bridge opened in 1932."]
    assert any("ferry" in each.sentence for each in example.candidates)


def test_a_row_of_a_table_is_shown_as_the_assistant_reads_it(tmp_path: Path) -> None:
    prices = Document("p", "Prices", "Ticket | Single | Return\n\nAdult | £7 | £12\n\nChild | £3 | £5")
    start = prices.text.index("Child | £3")
    question = {"question": "What does a single cost for a child?", "answers": [[start, start + 10]]}
    (example,) = from_questions_on([prices], [Asked("set", "p", question)], "set", tmp_path)
    shown = {each.sentence: (each.answers, each.said) for each in example.candidates}
    assert shown["Ticket Child: Single £3; Return £5"] == (True, ())
    assert shown["Ticket Adult: Single £7; Return £12"] == (False, ())


@pytest.mark.parametrize("library", libraries(), ids=lambda folder: folder.name)
def test_questions_about_a_library_name_places_in_its_documents(library: Path) -> None:
    documents = {each.id: each for each in load_sources(library).documents}
    asked_here = [each for each in read_questions(QUESTIONS) if each.origin == library.name]
    assert len(asked_here) > 100
    for each in asked_here:
        for span in as_case("1", each).evidence:
            quoted = documents[span.document_id].text[span.start : span.end]
            assert quoted == quoted.strip() != "", each.row["question"]


def test_libraries_are_held_out_as_a_whole() -> None:
    flags: dict[str, set[bool]] = {}
    for each in read_questions(QUESTIONS):
        flags.setdefault(each.origin, set()).add(each.is_held_out)
    held = {folder.name: flags[folder.name] for folder in libraries()}
    assert all(len(told) == 1 for told in held.values())
    assert {name for name, told in held.items() if told == {True}} == {"companies", "harbour", "renting"}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_held_out_questions_are_cases_of_their_texts(name: str, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    cases = held_out.held_out(name)

    held_out.write(cases, file)

    # Reading them checks that their spans lie in the texts.
    assert load_cases(file, {each.id: each for each in load_corpus(COLLECTIONS[name])}) == tuple(cases)
    assert 0 < sum(case.answerable for case in cases) < len(cases)


@pytest.mark.parametrize("name", sorted(talked_about()))
def test_conversations_on_a_library_are_cases_of_its_documents(name: str, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    (library,) = (folder for folder in libraries() if folder.name == name)
    cases = conversations(name)

    held_out.write(cases, file)

    assert load_cases(file, {each.id: each for each in load_sources(library).documents}) == tuple(cases)
    for before, case in pairwise(cases):
        assert case.history in ((), (*before.history, Turn(before.question, "")))
    assert all(case.tags == (("first", "second", "later")[min(len(case.history), 2)],) for case in cases)
    others = (each for each in read_questions(QUESTIONS) if each.origin == name and not each.is_held_out)
    trained = {each.row["question"].lower() for each in others}
    assert trained.isdisjoint(case.question.lower() for case in cases)


def test_of_squad_what_is_held_out_is_about_the_article_left_out_of_the_training() -> None:
    assert {case.document_id for case in held_out.held_out("squad2")} == {"1973_oil_crisis"}
