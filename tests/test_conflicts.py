"""Sources that disagree: which values can both be right, and what an answer shows of those that cannot."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from found import found_in
from hypothesis import given
from hypothesis import strategies as st
from planted import TUNED, UNSEEN, Planted

from assistant import Answer, Assistant, Document, Settings, build_index
from assistant.answer.asking.question import analyse
from assistant.answer.choice import choose
from assistant.answer.compose import compose
from assistant.answer.conflicts.alike import contradiction, tell
from assistant.answer.conflicts.asked import Asked, asked_for
from assistant.answer.conflicts.claims import claimed, held
from assistant.answer.conflicts.find import find_conflict
from assistant.answer.conflicts.moments import moment_of
from assistant.answer.conflicts.names import name_of
from assistant.answer.conflicts.polarity import contradict
from assistant.answer.conflicts.quantities import quantity_of
from assistant.answer.evidence import Candidate, Evidence
from assistant.answer.reading.reader import Reader
from assistant.answer.values import Value, find_values
from assistant.search.embed import Embedder
from assistant.search.store import Store
from assistant.search.terms import terms
from eval.cases import Case, Span
from eval.fit.conflicts import fit, pairs
from eval.fit.observe import Observation

Ask = Callable[..., Answer]

FILLING = (
    Document("bread", "Baking bread", "Bread is baked from flour, water and yeast. The dough rests for an hour."),
    Document("bees", "Bees", "Bees collect nectar from flowers. A hive has one queen."),
    Document("tides", "Tides", "Tides follow the Moon. They are highest at new and full moon."),
)


@pytest.fixture
def ask(tmp_path: Path, embedder: Embedder, reader: Reader) -> Iterator[Ask]:
    """Asks about documents, given by their texts or whole; the texts get titles and dates. Others are beside them."""
    opened: list[Assistant] = []

    def asked(question: str, *documents: str | Document, statements: int = 4) -> Answer:
        told = [
            each if isinstance(each, Document) else Document(f"d{n}", f"Report {n}", each, date=f"200{n}-05-01")
            for n, each in enumerate(documents, 1)
        ]
        store = tmp_path / f"store{len(opened)}"
        build_index([*told, *FILLING], store, embedder=embedder)
        opened.append(Assistant(Store(store), embedder, reader, Settings(statements=statements)))
        answer = opened[-1].ask(question)
        texts = {each.id: each.text for each in (*told, *FILLING)}
        for conflict in answer.conflicts:
            assert conflict.statements == answer.statements[: len(conflict.statements)]
            for statement in conflict.statements:
                (cited,) = statement.citations
                assert texts[cited.document_id][cited.start : cited.end] == cited.quote != ""
        return answer

    yield asked
    for each in opened:
        each.close()


def sides(answer: Answer) -> list[str]:
    """What the statements of the one conflict say."""
    (conflict,) = answer.conflicts
    return [statement.text for statement in conflict.statements]


TROOPS = "How many troops does the garrison of Arvel have?"
BUILT = "When was the lighthouse of Marn built?"
DESIGNED = "Who designed the Corvin bridge?"
TREATY = "Did the senate of Orland approve the fishing treaty?"
COST = "How much did the Halden tunnel cost?"
CAPITAL = "What is the capital of the island of Tarn?"
COLOUR = "What does the flag of Arvel show?"

IN_1853, IN_1871 = "The lighthouse of Marn was built in 1853.", "The lighthouse of Marn was built in 1871."
CONFLICTS = {
    "number": (TROOPS, "The garrison of Arvel has 28,500 troops.", "The garrison of Arvel has about 37,000 troops."),
    "range": (TROOPS, "The garrison of Arvel has 28,500 troops.", "The garrison of Arvel has 300 to 400 troops."),
    "money": (COST, "The Halden tunnel cost $1.5 billion.", "The Halden tunnel cost $2.4 billion."),
    "date": (BUILT, IN_1853, IN_1871),
    "date in other words": (BUILT, "Marn's old lighthouse dates from 1853.", IN_1871),
    "day": (
        BUILT,
        "The lighthouse of Marn was built on May 3, 1853.",
        "The lighthouse of Marn was built on June 3, 1853.",
    ),
    "person": (
        DESIGNED,
        "The Corvin bridge was designed by Ada Lorne.",
        "The Corvin bridge was designed by Peter Haas.",
    ),
    "person in other words": (
        DESIGNED,
        "The Corvin bridge was designed by Ada Lorne.",
        "Engineer Peter Haas drew the plans of the Corvin bridge himself.",
    ),
    "place": (CAPITAL, "The capital of the island of Tarn is Belmor.", "The capital of the island of Tarn is Osk."),
    "kind not told": (COLOUR, "The flag of Arvel shows three red towers.", "The flag of Arvel shows five red towers."),
    "negation": (
        TREATY,
        "The senate of Orland approved the fishing treaty in the spring.",
        "The senate of Orland never approved the fishing treaty in the spring.",
    ),
    "negation alone": (
        TREATY,
        "The senate of Orland approved the fishing treaty.",
        "The senate of Orland did not approve the fishing treaty.",
    ),
    "opposite": (
        TREATY,
        "The senate of Orland approved the fishing treaty in the spring.",
        "The senate of Orland rejected the fishing treaty in the spring.",
    ),
}
AGREEMENTS = {
    "rounded": (TROOPS, "The garrison of Arvel has 28,500 troops.", "The garrison of Arvel has about 28,000 troops."),
    "about": (TROOPS, "The garrison of Arvel has 37,000 troops.", "The garrison of Arvel has about 37,000 troops."),
    "range": (
        TROOPS,
        "The garrison of Arvel has 24 troops.",
        "The garrison of Arvel has between 20 and 30 troops.",
    ),
    "other thing": (TROOPS, "The garrison of Arvel has 28,500 troops.", "The garrison of Arvel has 12 ships."),
    "other thing in the same words": (
        TROOPS,
        "The garrison of Arvel in the northern hills has 28,500 troops.",
        "The garrison of Arvel in the northern hills has 12 ships.",
    ),
    "change": (
        TROOPS,
        "In 2004 the garrison of Arvel had 37,500 troops.",
        "In 2008 the garrison of Arvel had 28,500 troops.",
    ),
    "money": (COST, "The Halden tunnel cost $1.5 billion.", "The Halden tunnel cost $1,500 million."),
    "currency": (COST, "The Halden tunnel cost $1.5 billion.", "The Halden tunnel cost €1.3 billion."),
    "date": (BUILT, IN_1853, "The lighthouse of Marn was built on May 3, 1853."),
    "name": (DESIGNED, "The Corvin bridge was designed by Ada Lorne.", "The Corvin bridge was designed by A. Lorne."),
    "other subject": (
        DESIGNED,
        "The Corvin bridge was designed by Ada Lorne.",
        "The Tessel cathedral was designed by Peter Haas.",
    ),
    "yes": (
        TREATY,
        "The senate of Orland approved the fishing treaty in the spring.",
        "The senate of Orland had approved the fishing treaty by the end of spring.",
    ),
    "copy": (BUILT, IN_1853, IN_1853),
}
SEVERAL = {
    "members": (
        "Who is a member of the Arvel trio?",
        "Ada Lorne is a member of the Arvel trio.",
        "Peter Haas is a member of the Arvel trio.",
    ),
    "starred": (
        "Who starred in Red Harbour?",
        "Ada Lorne starred in Red Harbour.",
        "Peter Haas starred in Red Harbour.",
    ),
    "award": (
        "What award did Ada Lorne win?",
        "Ada Lorne won the Golden Quill award.",
        "Ada Lorne won the Silver Lamp award.",
    ),
    "visited": ("Which city did Ada Lorne visit?", "Ada Lorne visited Belmor.", "Ada Lorne visited Osk."),
    "lived": ("Where did Ada Lorne live?", "Ada Lorne lived in Belmor.", "Ada Lorne lived in Osk."),
    "include": (
        "What do the sights of Tarn include?",
        "The sights of Tarn include the Belmor Tower.",
        "The sights of Tarn include the Osk Gate.",
    ),
    "such as": (
        "Who designed bridges in Corvin?",
        "Bridges in Corvin were designed by masters such as Ada Lorne.",
        "Bridges in Corvin were designed by masters such as Peter Haas.",
    ),
    "among": (
        "Who designed bridges in Corvin?",
        "Among those who designed bridges in Corvin was Ada Lorne.",
        "Among those who designed bridges in Corvin was Peter Haas.",
    ),
}


# The source's text, the sentence of it that is quoted, and what another document says plainly.
FORMS = {
    "date in a list": (BUILT, "- Built: 1853\n- Height: 40 m\n- Keeper: Ada Lorne", "Built: 1853", IN_1871),
    "date after a label": (
        "When was the Halden tunnel opened?",
        "Opened: 3 May 1931\n\nLength: 4 km",
        "Opened: 3 May 1931",
        "The Halden tunnel was opened on 7 June 1932.",
    ),
    "number in a list": (
        TROOPS,
        "- Troops: 28,500\n- Ships: 12",
        "Troops: 28,500",
        "The garrison of Arvel has 37,000 troops.",
    ),
    "money in a list": (
        COST,
        "- Length: 4 km\n- Cost: $1.5 billion",
        "Cost: $1.5 billion",
        "The Halden tunnel cost $2.4 billion.",
    ),
    "person in a list": (
        DESIGNED,
        "- Designer: Ada Lorne\n- Length: 300 m",
        "Designer: Ada Lorne",
        "The Corvin bridge was designed by Peter Haas.",
    ),
    "place in a list": (
        CAPITAL,
        "- Capital: Belmor\n- Population: 12,000",
        "Capital: Belmor",
        "The capital of the island of Tarn is Osk.",
    ),
    "longer sentence": (
        BUILT,
        "After the wreck, in which forty people died, the town had a lighthouse built, which was finished in 1853.",
        "After the wreck, in which forty people died, the town had a lighthouse built, which was finished in 1853.",
        IN_1871,
    ),
    "yes in a longer sentence": (
        "Is the Corvin bridge open to cars?",
        "Although it is not wide, the bridge is open to cars and bicycles all year.",
        "Although it is not wide, the bridge is open to cars and bicycles all year.",
        "The Corvin bridge is not open to cars.",
    ),
}
TITLES = {
    BUILT: "Lighthouse of Marn",
    TROOPS: "Garrison of Arvel",
    DESIGNED: "Corvin bridge",
    CAPITAL: "Island of Tarn",
    "Is the Corvin bridge open to cars?": "Corvin bridge",
}


class TestAnswers:
    @pytest.mark.parametrize(("question", "first", "second"), CONFLICTS.values(), ids=CONFLICTS)
    def test_both_sides_are_shown_with_source_and_date(self, ask: Ask, question: str, first: str, second: str) -> None:
        answer = ask(question, first, second)

        assert sorted(sides(answer)) == sorted([first, second])
        assert answer.short == ""
        assert answer.text.startswith("The sources disagree. Report ")
        assert f"Report 1 (2001-05-01): {first} [" in answer.text
        assert f"Report 2 (2002-05-01): {second} [" in answer.text

    @pytest.mark.parametrize(("question", "text", "quoted", "plain"), FORMS.values(), ids=FORMS)
    def test_a_source_that_says_it_in_its_own_form_is_a_side(
        self, ask: Ask, question: str, text: str, quoted: str, plain: str
    ) -> None:
        source = Document("source", TITLES.get(question, "The Halden tunnel"), text)
        assert {plain, quoted} <= set(sides(ask(question, source, plain)))

    def test_a_source_that_also_says_the_same_is_no_side(self, ask: Ask) -> None:
        source = Document("source", "The Halden tunnel", "Opened: 3 May 1931\n\nClosed: 4 June 1960")
        answer = ask("When was the Halden tunnel opened?", source, "The Halden tunnel was opened in 1931.")

        assert not answer.refused
        assert answer.conflicts == ()

    @pytest.mark.parametrize(("question", "first", "second"), AGREEMENTS.values(), ids=AGREEMENTS)
    def test_what_can_both_be_right_is_no_conflict(self, ask: Ask, question: str, first: str, second: str) -> None:
        answer = ask(question, first, second)

        assert not answer.refused
        assert answer.conflicts == ()
        assert "disagree" not in answer.text

    @pytest.mark.parametrize(("question", "first", "second"), SEVERAL.values(), ids=SEVERAL)
    def test_several_right_answers_are_no_conflict(self, ask: Ask, question: str, first: str, second: str) -> None:
        answer = ask(question, first, second)

        assert not answer.refused
        assert answer.conflicts == ()

    def test_what_says_too_little_of_what_it_is_about_disagrees_about_nothing(self, ask: Ask) -> None:
        shop = Document("shop", "Bike shop", "You may park in Castle Street, behind the shop.")
        ferry = Document("ferry", "Ferry", "You may park in Harbour Road, beside the ferry.")
        assert ask("Where can I park?", shop, ferry).conflicts == ()

    def test_a_source_may_disagree_with_itself(self, ask: Ask) -> None:
        text = f"{IN_1853} Ships pass it every day. {IN_1871}"
        answer = ask(BUILT, Document("marn", "Marn", text, pages=(0, len(IN_1853))))

        assert sorted(sides(answer)) == [IN_1853, IN_1871]
        assert answer.text.startswith("The source disagrees with itself. Marn (page ")
        assert f"Marn (page 2): {IN_1871} [" in answer.text

    def test_a_third_value_is_a_side_too(self, ask: Ask) -> None:
        third = "The lighthouse of Marn was built in 1902."
        assert sorted(sides(ask(BUILT, IN_1853, IN_1871, third))) == [IN_1853, IN_1871, third]

    def test_a_copy_is_not_quoted_beside_the_conflict(self, ask: Ask) -> None:
        answer = ask(BUILT, IN_1853, IN_1871, IN_1853, IN_1871)

        assert sorted(sides(answer)) == [IN_1853, IN_1871]
        assert len(answer.statements) == 2

    def test_both_sides_are_shown_where_one_statement_is_wanted(self, ask: Ask) -> None:
        third = "The lighthouse of Marn was built in 1902."
        assert len(sides(ask(BUILT, IN_1853, IN_1871, third, statements=1))) == 2

    def test_of_many_sides_as_many_are_shown_as_statements_are_wanted(self, ask: Ask) -> None:
        answer = ask(BUILT, *[f"The lighthouse of Marn was built in {year}." for year in range(1801, 1900, 15)])

        assert len(sides(answer)) == len(answer.statements) == 4

    def test_it_grows_into_the_answer(self, tmp_path: Path, embedder: Embedder, reader: Reader) -> None:
        documents = [Document("a", "One", IN_1853), Document("b", "Two", IN_1871), *FILLING]
        build_index(documents, tmp_path, embedder=embedder)
        assistant = Assistant(Store(tmp_path), embedder, reader, Settings())
        *growing, last = assistant.stream(BUILT)
        assistant.close()

        assert growing[-1].conflicts == ()
        assert last.text.startswith(growing[-1].text)
        assert len(last.conflicts) == 1
        assert Answer.from_dict(last.to_dict()) == last

    @pytest.mark.parametrize(
        ("document", "named"),
        [
            (Document("a", "One [1]\n[9]", IN_1853), "One (1) (9): "),
            (Document("a", "One", IN_1853, date="[9]"), "One ((9)): "),
            (Document("a [9]", "", IN_1853), "a (9): "),
        ],
        ids=["title", "date", "id"],
    )
    def test_a_source_cannot_forge_a_marker(self, ask: Ask, document: Document, named: str) -> None:
        answer = ask(BUILT, document, IN_1871)

        assert f"{named}{IN_1853} [" in answer.text
        assert "[9]" not in answer.text
        assert answer.text.count("[1]") == answer.text.count("[2]") == 1


@pytest.fixture(scope="module")
def shipped(
    documents: tuple[Document, ...], embedder: Embedder, reader: Reader, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    """The shipped sources with every planted sentence, a document each, whose text is its id."""
    path = tmp_path_factory.mktemp("planted")
    told = {text for each in (*TUNED.values(), *UNSEEN.values()) for text in (each.contrary, each.agreeing)}
    build_index([*documents, *(Document(text, "Note", text) for text in sorted(told))], path, embedder=embedder)
    assistant = Assistant(Store(path), embedder, reader, Settings())
    yield assistant
    assistant.close()


def beside(assistant: Assistant, question: str, planted: str, documents: Sequence[Document]) -> Answer:
    """The answer of the shipped documents and one planted sentence."""
    return assistant.ask(question, documents=[planted, *(each.id for each in documents)])


class TestPlanted:
    @pytest.mark.parametrize(("planted", "least"), [(TUNED, 8), (UNSEEN, 6)], ids=["tuned", "unseen"])
    def test_most_are_shown_beside_the_source(
        self, shipped: Assistant, documents: tuple[Document, ...], planted: dict[str, Planted], least: int
    ) -> None:
        shown = []
        for name, each in planted.items():
            answer = beside(shipped, each.question, each.contrary, documents)
            told = [statement.text for conflict in answer.conflicts for statement in conflict.statements]
            if each.contrary in told and any(each.shipped in text for text in told):
                shown.append(name)
        assert len(shown) >= least, shown

    @pytest.mark.parametrize("planted", [*TUNED.values(), *UNSEEN.values()], ids=[*TUNED, *UNSEEN])
    def test_what_agrees_is_no_conflict(
        self, shipped: Assistant, documents: tuple[Document, ...], planted: Planted
    ) -> None:
        answer = beside(shipped, planted.question, planted.agreeing, documents)
        assert not answer.refused
        assert answer.conflicts == ()


def telling(*texts: str, query: str) -> tuple[Sequence[Candidate], Evidence]:
    """Documents of one sentence each, that could not be nearer to the question, and the evidence of their conflict."""
    found = found_in(query, *[(text,) for text in texts])
    near = tuple(replace(each, cosine=1.0, vector=np.ones(1)) for each in found.sentences)
    found = replace(found, sentences=near)
    candidates = [Candidate(sentence, plain=1 - n / 10, logit=5.0) for n, sentence in enumerate(near)]
    question = analyse(query)
    disagreeing = find_conflict(question, found, candidates)
    chosen = choose(question, found, candidates, 4, disagreeing=disagreeing)
    return candidates, Evidence(chosen, 1.0, (), conflicts=(disagreeing,) if disagreeing else ())


_STATEMENTS = st.one_of(
    st.text(min_size=1, max_size=80),
    st.builds(
        "{} {} {} by {}.".format,
        st.sampled_from(["The tower was built in", "It was not built in", "Between 20 and", "No tower was built in"]),
        st.one_of(
            st.integers(0, 10**30).map(str),
            st.sampled_from(["1853", "٣٠٠ BC", "the ſeventeenth century", "ſep 1853", "May", "0" * 40, "$5 million"]),
        ),
        st.sampled_from(["", "million", "feet", "[7]", "to 40"]),
        st.sampled_from(["Ada Lorne", "Peter Haas", "nobody", "Haas", "İ Ǆ"]),
    ),
)


@given(
    st.sampled_from(
        [
            "When was the tower built?",
            "Who built it?",
            "How high is the tower?",
            "Was it built?",
            "What was built there?",
        ]
    )
    | st.text(min_size=1, max_size=60),
    st.lists(_STATEMENTS, min_size=1, max_size=5),
)
def test_whatever_is_said_nothing_fails_and_every_side_is_cited(query: str, texts: list[str]) -> None:
    candidates, evidence = telling(*texts, query=query)
    documents = {f"d{n}": Document(f"d{n}", f"[{n}]", text) for n, text in enumerate(texts)}
    found = found_in(query, *[(text,) for text in texts])

    answer = compose(query, found, evidence, documents)

    assert len(answer.conflicts) == len(evidence.conflicts)
    for conflict in answer.conflicts:
        assert len(conflict.statements) >= 2
        assert len({statement.text for statement in conflict.statements}) == len(conflict.statements)
        for statement in conflict.statements:
            (cited,) = statement.citations
            assert documents[cited.document_id].text[cited.start : cited.end] == cited.quote
    assert len(evidence.sentences) <= len(candidates)


def test_the_law_above_meets_conflicts() -> None:
    texts = "The tower was built in 1853 by Ada Lorne.", "The tower was built in 1902 by Ada Lorne."
    _, evidence = telling(*texts, query="When was the tower built?")
    (sides,) = evidence.conflicts
    assert len(sides) == 2


def test_pairs_answer_alike_where_both_hold_evidence_of_a_case_in_dispute() -> None:
    texts = IN_1853, IN_1871, "The lighthouse of Ost was built in 1899.", "Marn lighthouse dates from 1853."
    found = found_in(BUILT, *[(text,) for text in texts])
    candidates = tuple(Candidate(each, plain=1.0, logit=2.0 - each.rank) for each in found.sentences)
    evidence = Span("d0", 0, 10), Span("d1", 0, 10)
    case = Case("one", BUILT, (), True, evidence, conflict=("1853", "1871"))

    seen = list(pairs([Observation(case, found, analyse(BUILT), candidates)]))

    # The first and the last give one year.
    places = [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)]
    assert [(pair.signals.least_odds, pair.alike) for pair in seen] == [
        (2.0 - worse, (better, worse) == (0, 1)) for better, worse in places
    ]
    weights, _ = fit(seen)
    assert weights.least_odds > 0
    undisputed = replace(case, conflict=())
    assert not any(pair.alike for pair in pairs([Observation(undisputed, found, analyse(BUILT), candidates)]))


def test_a_list_beside_a_conflict_keeps_all_its_items() -> None:
    found = found_in(BUILT, (IN_1853,), (IN_1871,), ("It was built for:", "Ships.", "Boats.", "Rafts."))
    sentences = [
        replace(each, cosine=1.0, vector=np.ones(1), is_item=each.place > 0, in_item=each.place > 0)
        for each in found.sentences
    ]
    found = replace(found, sentences=tuple(sentences))
    candidates = [Candidate(each, plain=1.0, logit=5.0) for each in sentences[:3]]
    disagreeing = find_conflict(analyse(BUILT), found, candidates)

    quoted = choose(analyse(BUILT), found, candidates, 3, disagreeing=disagreeing)

    assert [each.text for each in quoted] == [IN_1853, IN_1871, "It was built for:", "Ships.", "Boats.", "Rafts."]


CAST = "On 3 May 2017 the actress {} was cast in the film Red Harbour to portray the keeper of the harbour."
HAD = "After the long siege of that year the garrison of Arvel had {} troops in the old fort above the river."
IN_2009 = "In 2009 the garrison of Arvel had {} troops in the old fort above the river and none elsewhere."
HOTEL = "{} is a hotel in the centre of Osk with a view of the old harbour and of the hills behind it."
ACTRESSES, NUMBERS, HOTELS = ("Ida Rask", "Ada Lorne"), ("28,500", "37,000"), ("Grand Mira", "Villa Sol")


@pytest.mark.parametrize(
    ("question", "version", "values", "logit", "disputed"),
    [
        (TROOPS, HAD, NUMBERS, 0.1, True),
        (TROOPS, HAD, NUMBERS, -0.1, True),  # the reader doubts both, but nothing is better
        ("How many troops did the garrison of Arvel have in 2021?", IN_2009, NUMBERS, 3.0, False),
        ("Who is starring in the film Red Harbour?", CAST, ACTRESSES, 3.0, True),
        ("Which hotels are in the centre of Osk?", HOTEL, HOTELS, 3.0, False),  # told of, not told
    ],
)
def test_versions_of_a_sentence_disagree(
    question: str, version: str, values: tuple[str, str], logit: float, *, disputed: bool
) -> None:
    versions = [version.format(value) for value in values]
    found = found_in(question, *((text,) for text in versions), **dict.fromkeys(terms(question), 3.0))
    sentences = tuple(replace(each, vector=np.ones(1)) for each in found.sentences)
    candidates = [
        Candidate(sentence, plain=1.0, logit=odds) for sentence, odds in zip(sentences, (logit, -1.0), strict=True)
    ]

    sides = find_conflict(analyse(question), replace(found, sentences=sentences), candidates)

    assert [each.text for each in sides] == (versions if disputed else [])


def test_versions_of_what_hardly_answers_do_not_disagree() -> None:
    texts = ("The garrison of Arvel is old.", *(HAD.format(number) for number in NUMBERS))
    found = found_in(TROOPS, *((text,) for text in texts), **dict.fromkeys(terms(TROOPS), 3.0))
    candidates = [Candidate(each, plain=1.0, logit=-0.1) for each in found.sentences]

    assert find_conflict(analyse(TROOPS), found, candidates) == ()


def test_in_two_passages_about_one_thing_several_may_do_it() -> None:
    question = "Who is starring in the film Red Harbour?"
    around = ("It was shot in Osk.", "The music is by Peter Haas.", "Critics liked the light and the long takes.")
    texts = [(CAST.format(ACTRESSES[0]), *around), (CAST.format(ACTRESSES[1]), "It won a prize for its costumes.")]
    found = found_in(question, *texts, **dict.fromkeys(terms(question), 3.0))
    told = [replace(each, vector=np.ones(1)) for each in found.sentences if each.place == 0]

    assert find_conflict(analyse(question), found, [Candidate(each, plain=1.0, logit=3.0) for each in told]) == ()


def asked(question: str) -> Asked:
    told = asked_for(analyse(question))
    assert told is not None
    return told


@pytest.mark.parametrize(
    ("question", "text", "first"),
    [
        (DESIGNED, "The plans of Corvin Will Smith drew.", "Will Smith"),
        (DESIGNED, "Harry Truman, a Korean, drew the Corvin bridge.", "Harry Truman"),
        ("How many towers had it in 1950?", "In 1950 it had 5 towers.", "5"),
        (
            "In which city is the Academy for Maritime Studies?",
            "Academy for Maritime Studies Belmor Tarn",
            "Belmor Tarn",
        ),
    ],
)
def test_a_name_begins_after_the_words_of_the_question(question: str, text: str, first: str) -> None:
    told = asked(question)
    assert claimed(held(text, told), text, told)[0].value.text == first


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("Austria", "Australia", False),
        ("Charles I", "Charles II", False),
        ("World War I", "World War II", False),
        ("Maria Smith", "Mario Smith", False),
        ("Sara Smith", "Sarah Smith", True),
        ("Assad", "Asad", True),
        ("Korea", "Korean", True),
        ("Charles", "Charles II", True),
        ("Dostoyevsky", "Dostoevsky", True),
        ("Republic of Korea", "ROK", True),
    ],
)
def test_names_agree_as_parts_initials_and_spellings(one: str, other: str, *, agree: bool) -> None:
    assert name_of(one).agrees(name_of(other)) is agree


def test_the_year_that_a_question_names_agrees_with_no_day(ask: Ask) -> None:
    texts = (
        "The 2021 Tarn draft was held on March 2 in Belmor.",
        "The Tarn draft was held on July 29, 2021 in Belmor.",
    )

    assert set(sides(ask("When was the 2021 Tarn draft held?", *texts))) == set(texts)


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "On what day in 1953 was it signed?",
            "It was signed on October 1, 1953.",
            "Signed in 1953, it began in May 1954.",
        ),
        (
            "When was the 1953 pact signed?",
            "It was signed on October 1, 1953.",
            "It was signed in 1953 and told in May 1954.",
        ),
        (
            "When did the 2010 census count?",
            "It counted on 4 May 2010.",
            "It took place in 2010, and was told on 3 June.",
        ),
    ],
)
def test_a_year_that_both_tell_is_common_to_them(question: str, one: str, other: str) -> None:
    found = found_in(question, (one,), (other,))
    first, second = (tell(Candidate(each, plain=1.0, logit=3.0), asked(question)) for each in found.sentences)
    assert contradiction(first, second) is None


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("What is Tarn's state budget?", ("money", "number")),
        ("What was Corvin's year-end profit?", ("money", "number")),
        ("What is the company's revenue?", ("money", "number")),
        ("What is the capital of Tarn?", ("name",)),
    ],
)
def test_the_last_noun_says_what_is_asked_for(question: str, kinds: tuple[str, ...]) -> None:
    assert asked(question).kinds == kinds


def test_what_somebody_has_is_asked_for_like_what_there_is() -> None:
    assert asked("What was Corvin's revenue in 2019?").kinds == asked("What was the revenue in 2019?").kinds
    assert asked("What was Corvin’s revenue in 2019?").certain


@pytest.mark.parametrize(
    "question", ["What did the president say?", "What does the agency do?", "What happened that day?"]
)
def test_what_somebody_does_is_no_name_of_whoever_does_it(question: str) -> None:
    assert not asked(question).certain


def test_one_can_be_signed_by_several_but_on_one_day() -> None:
    assert asked("Who signed the treaty?").several
    assert not asked("When was the treaty signed?").several


WHAT = Asked(
    ("name", "number"), False, single=False, several=False, person=False, place=False, terms=frozenset(), text=""
)


@pytest.mark.parametrize(
    ("one", "other", "right"),
    [
        ("has 28,500 troops", "has about 37,000 troops", False),
        ("has 28,500 troops", "has some 28,000 troops", True),
        ("has 37,000 troops", "has about 37,000 troops", True),
        ("has more than 25,000 men", "has 28,500 men", True),
        ("has nearly 30,000 men", "has 28,500 men", True),
        ("has more than 25,000 men", "has 40,000 men", False),
        ("has between 20 and 30 ships", "has 25 ships", True),
        ("has between 20 and 30 ships", "has 35 ships", False),
        ("has 20 to 30 ships", "has 25 ships", True),
        ("has 20–30 ships", "has 25 ships", True),
        ("has 20 to 30 million people", "has 25 million people", True),
        ("has twenty to thirty ships", "has 25 ships", True),
        ("has 20 ships and 30 boats", "has 25 ships", False),
        ("has between 20 and sixty ships", "has 40 ships", True),
        ("was reduced from 37,000 to 28,500 men", "has 33,000 men", False),
        ("is 12 km long", "is 7.5 miles long", True),
        ("is 12 km long", "is 9 miles long", False),
        ("is 12 km long", "weighs 12 tons", None),
        ("covers 2 square kilometres", "covers 2,000 metres", None),
        ("covers 2 square kilometres", "covers 3 square kilometres", False),
        ("has twenty-five bases", "has 25 bases", True),
        ("has two hundred thousand men", "has 200,000 men", True),
        ("has hundreds of men", "has 5 men", None),
        ("has 20 bases", "has 22 bases", False),
        ("paid $1.5 billion", "paid $1,500 million", True),
        ("paid $1.5 billion", "paid $1.7 billion", False),
        ("paid $5 million", "paid €7 million", None),
        ("rose by 20 percent", "rose by 21%", False),
        ("lasted over five years", "lasted six years", True),
        ("lasted three years", "lasted 36 months", True),
        ("lasted three years", "lasted 50 months", False),
        ("lasted half a century", "lasted fifty years", True),
        ("lasted half a century", "lasted thirty years", False),
        ("has half a million men", "has 500,000 men", True),
        ("lasted two years longer than planned", "lasted five years", None),
        ("in 1953", "on October 1, 1953", True),
        ("on 1 October 1953", "on October 1, 1953", True),
        ("on 2 October 1953", "on October 1, 1953", False),
        ("on October 1, 1953", "on 1953-10-01", True),
        ("in 1954", "on October 1, 1953", False),
        ("in May 1953", "in June 1953", False),
        ("in May 1953", "in 1953", True),
        ("in May 1953", "on June 3", False),
        ("in the 1950s", "on October 1, 1953", True),
        ("in the 1950s", "in 1961", False),
        ("in the 19th century", "in 1853", True),
        ("in the nineteenth century", "in 1903", False),
        ("from 1914 to 1918", "in 1916", True),
        ("in 1914–18", "in 1919", False),
        ("in 1998–02", "in 2001", True),
        ("in 2020-05", "in May 2020", True),
        ("in 2020-05", "in June 2020", False),
        ("in 1200 BC", "in 1200", False),
        ("during the Korean War", "in 1953", None),
        ("in the Maya period", "in June 1953", None),
        ("by Ada Lorne", "by Peter Haas", False),
        ("by Ada Lorne", "by Lorne", True),
        ("by the United Nations", "by UN", True),
        ("by Olga Tokarczuk", "by Olga Tokarczuc", True),
        ("by Rafaël Núñez", "by Rafael Nunez", True),
        ("in South Korea", "in North Korea", False),
    ],
)
def test_values_that_can_both_be_right_agree(one: str, other: str, right: bool | None) -> None:
    first, second = held(one, WHAT), held(other, WHAT)
    agreement = None
    if first and second:
        assert first[0].repeats(first[0])
        agreement = True if first[0].repeats(second[0]) else False if first[0].contradicts(second[0]) else None
        assert second[0].repeats(first[0]) == first[0].repeats(second[0])
        assert second[0].contradicts(first[0]) == first[0].contradicts(second[0])
    assert agreement is right


@pytest.mark.parametrize(
    ("one", "other", "right"),
    [
        ("at 17.45", "at 18:15", False),
        ("at 5.45 pm", "at 17.45", True),
        ("at 5.45", "at 17:45", True),
        ("at 05:45", "at 17:45", False),
        ("at 11.30", "at 23:30", True),
        ("at 7 a.m.", "at 7 p.m.", False),
        ("at 12 a.m.", "at midnight", True),
        ("10 pm to 6 am", "at 11 pm", True),
        ("10 pm to 6 am", "at noon", False),
        ("22:00–02:00", "at 23:30", True),
        ("9.30–5.30", "at 2 pm", True),
        ("on the 3rd", "on the 15th", None),
        ("9.30–17.30", "at 10 a.m.", True),
        ("9–11 am", "at 10:30 pm", False),
        ("9 to 5 pm", "at 11 pm", False),
        ("9 to 5 pm", "at 10 am", True),
        ("9 to 11 pm", "at 10 pm", True),
        ("at noon", "at 12:00", True),
        ("on Mondays", "on Fridays", None),
    ],
)
def test_times_of_day_that_can_both_be_right_agree(one: str, other: str, right: bool | None) -> None:
    asked = asked_for(analyse("What time does it open?"))
    assert asked is not None
    first, second = ([each for each in held(text, asked) if each.value.kind == "time"] for text in (one, other))
    assert (first[0].repeats(second[0]) if first and second else None) is right
    assert (first[0].contradicts(second[0]) if first and second else None) is (None if right is None else not right)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("The drug is approved for children.", "The drug is not approved for children.", True),
        ("The drug is approved for children.", "The drug isn't approved for children.", True),
        ("The drug is approved and safe.", "The drug is not approved and safe.", True),
        ("The drug is approved and safe.", "The drug is not approved and safe for children.", False),
        ("The drug is safe for children.", "The drug is unsafe for children.", True),
        ("The drug is not safe for children.", "The drug is unsafe for children.", False),
        ("The drug is approved for children.", "The drug is approved for small children.", False),
        ("The drug is approved for children.", "If the drug is not approved for children, ask a doctor.", False),
        ("The drug is approved for children.", "The drug is not cheap.", False),
        ("The drug no. 5 is approved for children.", "The drug is approved for children.", False),
    ],
)
def test_yes_and_no_contradict_each_other(one: str, other: str, expected: bool) -> None:
    told = frozenset(terms("Is the drug approved and safe?"))

    assert contradict(one, other, told) is expected
    assert contradict(other, one, told) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("The drug is not approved for children.", "Since 2004 the drug is approved for children of any age.", True),
        ("The drug isn't approved for children.", "Although not cheap, the drug is approved for children.", True),
        ("The drug is approved for children.", "Of the drug for children no tablets are sold, only a syrup.", False),
        ("The drug is not approved for children.", "The drug is not cheap, and approved for children.", False),
        ("The drug is not approved for children.", "The drug is approved.", False),
    ],
)
def test_of_two_that_answer_what_else_they_say_is_not_compared(one: str, other: str, expected: bool) -> None:
    told = frozenset(terms("Is the drug approved for children?"))

    assert contradict(one, other, told, both_answer=True) is expected
    assert contradict(other, one, told, both_answer=True) is expected


HOSTILE = {
    "zeros": "The garrison has 1" + "0" * 320 + " troops.",
    "scales": "The garrison has 5 " + "trillion " * 40 + "troops.",
    "long fraction": "The garrison has 1." + "0" * 400 + "1 troops.",
    "not ASCII": "The garrison had ٣٠٠ troops in the ſeventeenth century, in ſept 1853, by the ２１st century.",
    "months": "The garrison of the Augustan age, the Maya period and the Marne War had troops.",
    "row": "Cauldron Princess Jasmine Linda Larkin Lea Salonga Aladdin Cree Summer Atlantis " * 60,
    "numbers": " ".join(f"{n},{n} troops" for n in range(100, 900)),
    "ranges": "between " * 500 + "1 and " * 500,
    "spaces": "The garrison has 20" + " " * 5000 + "to" + " " * 5000 + "30 troops.",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("question", [TROOPS, BUILT, DESIGNED, TREATY, COLOUR])
def test_hostile_text_is_read_at_once(text: str, question: str) -> None:
    started = time.perf_counter()
    for value in find_values(text):
        quantity_of(value, text)
        moment_of(value, text)
    told = asked(question)
    assert len(claimed(held(text, told), text, told)) <= 8
    for other in (text.replace("1", "2"), IN_1853):
        _, evidence = telling(text, other, text[::-1], query=question)
        assert all(len(sides) <= 4 for sides in evidence.conflicts)
    assert time.perf_counter() - started < 3


def test_a_table_of_numbers_disagrees_with_nothing() -> None:
    tables = [" ".join(f"{n}{digit} troops," for n in range(100, 160)) for digit in (1, 2)]
    _, evidence = telling(*tables, query=TROOPS)
    assert evidence.conflicts == ()


def test_a_number_too_long_to_be_one_means_nothing() -> None:
    text = "1" + "0" * 320
    assert quantity_of(Value("number", 0, len(text), text), text) is None
