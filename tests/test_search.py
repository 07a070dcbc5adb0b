"""Finding passages: exact words and meaning, the same each time, and never more than there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from documents import texts
from embedders import HashingEmbedder
from hypothesis import given
from hypothesis import strategies as st

from assistant import Document, Settings, build_index
from assistant.answer.tables import heads_of
from assistant.search.embed import Embedder, open_embedder
from assistant.search.hybrid import Found, search
from assistant.search.lexical import LexicalIndex
from assistant.search.store import Store
from assistant.search.terms import STOP_WORDS, terms, words

Find = Callable[..., Found]


@pytest.fixture(scope="module")
def opened(store: Path) -> Iterator[Store]:
    opened = Store(store)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def find(opened: Store, embedder: Embedder) -> Find:
    return lambda query, limit=5: search(opened, embedder, query, limit)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("October 1, 1953", "October 1, 1953"),
        ("37000 troops", "37,000 USFK troops"),
        ("Osan", "Osan Air Base"),
        ("Ulchi Freedom Guardian", "Ulchi Freedom Guardian"),
        ("THAAD Terminal High Altitude Area Defense", "Terminal High Altitude Area Defense"),
        ("free trade agreement between Korea and the US", "Free Trade"),
    ],
)
def test_exact_dates_names_and_numbers_are_found(find: Find, query: str, words: str) -> None:
    assert any(words in hit.passage.text for hit in find(query, 3).hits)


def test_meaning_is_found_without_a_shared_word(find: Find) -> None:
    found = find("Who pays for keeping foreign soldiers there?", 5)

    assert any("burden" in hit.passage.text.lower() for hit in found.hits)


def test_hits_are_best_first_and_each_passage_once(find: Find) -> None:
    found = find("What is extended deterrence?", 20)

    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert len({hit.passage for hit in found.hits}) == 20


def test_sentences_come_with_their_passages_in_reading_order(find: Find, opened: Store, embedder: Embedder) -> None:
    query = "What is extended deterrence?"
    found = find(query, 5)

    splits = {split.passage: split.sentences for split in opened.splits}
    expected = [
        (rank, place, start, end)
        for rank, hit in enumerate(found.hits)
        for place, (start, end) in enumerate(splits[hit.passage])
    ]
    assert [(each.rank, each.place, each.start, each.end) for each in found.sentences] == expected
    for each in found.sentences:
        assert each.text == opened.documents[each.passage.document_id].text[each.start : each.end]
        assert each.cosine == pytest.approx(float(np.dot(*embedder.embed([each.text, query]))), abs=1e-5)


def test_a_search_gives_the_same_each_time(find: Find) -> None:
    first = find("Why was the alliance formed?", 10)

    assert all(find("Why was the alliance formed?", 10).hits == first.hits for _ in range(5))


def test_threads_get_the_hits_of_their_own_queries(find: Find) -> None:
    queries = ["treaty signed", "burden sharing", "Camp Humphreys", "nuclear umbrella"] * 4
    expected = [find(query).hits for query in queries]

    with ThreadPoolExecutor(8) as pool:
        assert [found.hits for found in pool.map(find, queries)] == expected


def test_a_restricted_search_finds_the_best_of_what_is_allowed(opened: Store, embedder: Embedder) -> None:
    query = "What is extended deterrence?"
    ids = list(opened.documents)

    for allowed in ([ids[0]], ids[1:]):
        found = search(opened, embedder, query, 10, allowed)

        within = [number for number, split in enumerate(opened.splits) if split.passage.document_id in allowed]
        nearest = opened.passage_cosines(embedder.embed([query])[0], within)
        # The vector search is as deep as without a restriction: it misses no passage that is allowed.
        assert opened.nearest_passages(embedder.embed([query])[0], 100, allowed).keys() == nearest.keys()
        assert len(found.hits) == min(10, len(within))
        assert {hit.passage.document_id for hit in found.hits} <= set(allowed)
        assert found.searched == len(allowed)


def test_a_restricted_search_weighs_terms_as_the_whole_store_does(opened: Store, embedder: Embedder) -> None:
    query = "What does the treaty say about Osan?"
    whole = search(opened, embedder, query, 5)

    restricted = search(opened, embedder, query, 5, [next(iter(opened.documents))])

    assert restricted.weights == whole.weights
    assert whole.searched is None


def test_a_restricted_search_scores_what_is_allowed_among_each_other(tmp_path: Path) -> None:
    """Two passages a signal: standardised among themselves, one is at +1 and the other at -1 in each of three."""
    embedder = HashingEmbedder()
    texts_by_id = {
        "a": "The treaty was signed.",
        "b": "Rivers flood.",
        "c": "Treaty treaty treaty.",
        "d": "Hills rise.",
    }
    build_index([Document(name, "", text) for name, text in texts_by_id.items()], tmp_path, embedder=embedder)
    store = Store(tmp_path)

    found = search(store, embedder, "treaty signed", 5, ["a", "b"])

    assert [(hit.passage.document_id, hit.score) for hit in found.hits] == [
        ("a", pytest.approx(2.5)),
        ("b", pytest.approx(-2.5)),
    ]
    store.close()


@pytest.mark.parametrize(
    "query", ["what is it and who was there", "", "?!", "xyzzy plugh", "条約", "a" * 5000, "\x00\x1b"]
)
def test_a_query_that_no_word_matches_still_brings_passages(find: Find, query: str) -> None:
    found = find(query, 5)

    assert len(found.hits) == 5
    assert all(np.isfinite(hit.score) for hit in found.hits)


def test_a_list_that_is_cut_goes_on_in_the_passages_after(tmp_path: Path) -> None:
    items = "- Oil the gate of the yard by the road. Do so twice a year.\n- Sweep the yard.\n"
    items += f"- Feed the mule {'with oats ' * 8}.\n- Lock the barn {'at night ' * 8}.\n\nIt rained."
    document = Document("farm", "Farm", f"# Duties\n\nThe duties are:\n\n{items}")
    embedder = HashingEmbedder()
    build_index([document], tmp_path, Settings(passage_characters=100), embedder=embedder)
    store = Store(tmp_path)

    found = search(store, embedder, "The duties are:", 1)
    assert found.hits[0].passage.text.startswith("The duties are:")
    assert "mule" not in found.hits[0].passage.text
    in_items = [
        (" ".join(each.text.split()[:2]), each.is_item) for each in (*found.sentences, *found.continued) if each.in_item
    ]
    assert in_items == [
        ("Oil the", True),
        ("Do so", False),
        ("Sweep the", True),
        ("Feed the", True),
        ("Lock the", True),
    ]
    assert search(store, embedder, "The duties are:", len(store.splits)).continued == ()
    store.close()


def test_only_the_first_row_opens_a_table_also_where_the_table_is_cut(tmp_path: Path) -> None:
    rows = [f"Fault {letter * 9} | {letter * 60} | {letter * 9}" for letter in "abc"]
    text = "# Faults\n\n" + "\n\n".join(["Fault | Cause | Remedy", *rows, "Ring us.", "Part | Price", "Oil | £3"])
    embedder = HashingEmbedder()
    build_index([Document("f", "", text)], tmp_path, Settings(passage_characters=100), embedder=embedder)
    store = Store(tmp_path)

    found = search(store, embedder, "Which fault?", len(store.splits))

    assert [each.text for each in found.sentences if each.opens_table] == ["Fault | Cause | Remedy", "Part | Price"]
    assert sum(each.place == 0 and each.text in rows for each in found.sentences) > 0  # a passage begins amid the table
    store.close()


def test_rows_bring_the_head_of_their_table_where_a_passage_begins_amid_it(tmp_path: Path) -> None:
    towns = "Ash Birch Cedar Dorn Elm Fir Gorse Hazel Ivy Juniper".split()
    rows = [f"{town}ton-on-the-Water | {number}5 | {number}8" for number, town in enumerate(towns, 1)]
    text = "\n\n".join(["# Fares", "Fares are in euros.", "Stop | Single | Return", *rows, "Buses stop at dusk."])
    settings = Settings(passage_characters=100, passages=1)
    build_index([Document("f", "Fares", text)], tmp_path, settings)
    store = Store(tmp_path)

    found = search(store, open_embedder("minilm"), "What is the single fare to Dornton-on-the-Water?", 1)

    places = [(each.start, each.text) for each in found.sentences]
    assert (text.index(rows[3]), rows[3]) in places
    assert "Stop | Single | Return" not in dict(places).values()
    above = [each.text for each in sorted(found.continued, key=lambda each: each.start)]
    assert above == ["Stop | Single | Return", *rows[: len(above) - 1]]
    assert {head.text for head in heads_of(found).values()} == {"Stop | Single | Return"}
    store.close()


@pytest.mark.parametrize("mark", ["- ", ""], ids=["list", "table"])
def test_what_continues_several_passages_is_brought_once(
    mark: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.search.hybrid._POOL", 2)  # so that what continues them was not looked at before
    towns = "Ash Birch Cedar Dorn Elm Fir Gorse Hazel Ivy Juniper Kale Lime Maple Nut Oak".split()
    rows = [f"{mark}{town}ton-on-the-Water | {number}5 | {number}8" for number, town in enumerate(towns, 1)]
    build_index([Document("f", "Fares", "\n\n".join(rows))], tmp_path, Settings(passage_characters=100))
    store, embedder = Store(tmp_path), open_embedder("minilm")

    for one, other in combinations(towns, 2):
        found = search(store, embedder, f"{one}ton-on-the-Water or {other}ton-on-the-Water?", 2)
        starts = [each.start for each in (*found.sentences, *found.continued)]
        assert len(starts) == len(set(starts))
    store.close()


def test_fewer_passages_than_asked_for_are_all_of_them(find: Find, opened: Store) -> None:
    assert len(find("treaty", 1000).hits) == len(opened.splits)
    assert find("treaty", 0).hits == ()


def test_a_store_of_one_passage_answers_with_it(tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    build_index([Document("d", "", "Only this.")], tmp_path, embedder=embedder)
    store = Store(tmp_path)

    for query in ("only", "", "nothing of the kind"):
        found = search(store, embedder, query, 5)
        assert [(hit.passage.text, hit.score) for hit in found.hits] == [("Only this.", 0.0)]
    store.close()


def test_a_passage_of_function_words_can_be_stored_and_found(tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    build_index([Document("d", "", "It was so."), Document("e", "", "!?")], tmp_path, embedder=embedder)
    store = Store(tmp_path)

    assert len(search(store, embedder, "it was", 5).hits) == 2
    store.close()


def test_word_scores_are_bm25() -> None:
    """Worked by hand: N = 3 texts of 2, 2 and 4 terms, so avgdl = 8/3; k1 = 1.2, b = 0.75.

    "treati" is in two texts: idf = ln(1 + (3 - 2 + 0.5) / (2 + 0.5)) = ln 1.6 = 0.4700. In the first
    text tf = 1 and dl = 2: 1 / (1 + 1.2 (0.25 + 0.75 * 2 / (8/3))) = 1 / 1.975 = 0.50633, times idf 0.23798.
    In the third tf = 2 and dl = 4: 2 / (2 + 1.2 (0.25 + 0.75 * 4 / (8/3))) = 2 / 3.65 = 0.54795, times idf 0.25754.
    """
    index = LexicalIndex.build(["treaty signed", "river floods", "treaty treaties and the fishing town"])

    assert index.scores(["treati"]) == pytest.approx([0.23798, 0.0, 0.25754], abs=1e-4)
    assert index.idf("treati") == pytest.approx(0.47000, abs=1e-4)
    assert (index.frequency("treati"), index.frequency("unknown")) == (2, 0)
    assert index.idf("unknown") == pytest.approx(np.log(1 + 3.5 / 0.5))
    assert list(index.scores(["unknown"])) == [0, 0, 0]


def test_a_word_shared_by_chance_does_not_outweigh_meaning(tmp_path: Path, embedder: Embedder) -> None:
    unlike = ["Rain fell on the harbour town.", "Bread is baked before dawn.", "The choir sings on Sundays."]
    texts = ["The money bag lay on the road.", "Seoul contributes to the cost of the American garrison.", *unlike]
    build_index([Document(str(number), "", text) for number, text in enumerate(texts)], tmp_path, embedder=embedder)
    store = Store(tmp_path)

    found = search(store, embedder, "Which share of the money for keeping foreign soldiers does Korea pay?", 5)

    store.close()
    assert found.hits[0].passage.document_id == "1"


def test_idf_weights_the_terms_of_a_query(find: Find) -> None:
    weights = find("What does the treaty say about Osan?").weights

    assert set(weights) == {"treati", "say", "osan"}
    assert weights["osan"] > weights["treati"] > 0


def test_words_are_matched_as_they_are_meant() -> None:
    assert words("The U.S. sent 37,000 troops; Korea’s allies didn't.") == [
        "the",
        "us",
        "sent",
        "37000",
        "troops",
        "korea",
        "allies",
        "didn't",
    ]
    assert terms("the signing of the treaties") == terms("signed treaty")
    assert terms(" ".join(STOP_WORDS)) == []
    assert terms("They'll say it didn't, and who'd say it wasn't O'Neill's?") == terms("say say O'Neill")
    assert terms("the Model T and vitamin D") == ["model", "t", "vitamin", "d"]
    assert words("1,2 and 3.14") == ["1", "2", "and", "3", "14"]


@given(texts)
def test_terms_are_lower_case(text: str) -> None:
    for term in terms(text):
        assert term
        assert term == term.lower()


@given(st.lists(texts, min_size=1, max_size=6), texts)
def test_word_scores_are_never_negative(passages: list[str], query: str) -> None:
    index = LexicalIndex.build(passages)

    scores = index.scores(terms(query))

    assert scores.shape == (len(passages),)
    assert (scores >= 0).all()
