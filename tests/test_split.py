"""Laws of passages and sentences over random documents, and where sentences and headings are found."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from documents import documents
from embedders import HashingEmbedder
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant import Document
from assistant.ingest.blocks import find_blocks
from assistant.ingest.sentences import in_item, sentence_spans
from assistant.ingest.split import SPLITTING, Split, Window, context_of, split_document, with_context
from assistant.search.embed import Embedder

_MARKS = re.compile(r"^(?:#{1,6}|[-*•·–]|\(?\d{1,2}[.)]|\(?[a-z]\))[ \t]+")

_WINDOWS = st.builds(Window, st.integers(16, 300), st.integers(100, 1000), st.just(HashingEmbedder().count_tokens))


def split(text: str, title: str = "", tokens: int = 254, characters: int = 800) -> list[Split]:
    return split_document(Document("d", title, text), Window(tokens, characters, HashingEmbedder().count_tokens))


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@given(documents, _WINDOWS)
@example(Document("d", "", "0. \u00a00"), Window(64, 200, len))
def test_a_passage_is_its_slice_and_its_sentences_lie_in_order_inside_it(document: Document, window: Window) -> None:
    splits = split_document(document, window)

    assert splits
    position = 0
    for each in splits:
        passage = each.passage
        assert document.text[passage.start : passage.end] == passage.text
        assert (passage.start, passage.end) == (each.sentences[0][0], each.sentences[-1][1])
        for start, end in each.sentences:
            assert position <= start < end
            assert document.text[start:end] == document.text[start:end].strip()
            position = end


@given(documents, _WINDOWS)
@example(Document("d", "", "# Only a heading"), Window(64, 200, len))
@example(Document("d", "", "Text here.\n\n# Empty\n\n# Full\n\nMore text."), Window(64, 200, len))
@example(Document("d", "", "Espresso 2.50\nLatte 3.00\nMocha 3.50\nTea 2.00\nWater 1.00"), Window(64, 200, len))
def test_every_word_is_in_one_sentence_or_in_a_heading(document: Document, window: Window) -> None:
    """What lies outside sentences is blank, a bullet, or a heading with its marks and closing full stop.

    That no character is in two sentences follows from their order, which the law before this one holds.
    """
    splits = split_document(document, window)
    headings = {each.passage.heading for each in splits}

    spans = [span for each in splits for span in each.sentences]
    edges = [0, *[offset for span in spans for offset in span], len(document.text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        for line in document.text[start:end].splitlines():
            words = " ".join(_MARKS.sub("", line.strip(), count=1).split())
            bare = words.removesuffix(".")
            left_out = not words or _MARKS.fullmatch(line.strip() + " ")
            assert left_out or any(words in heading or bare in heading for heading in headings), repr(line)


@given(documents, _WINDOWS)
def test_a_passage_with_its_context_fits_the_window(document: Document, window: Window) -> None:
    for each in split_document(document, window):
        context = context_of(document.title, each.passage.heading, window)
        assert window.count_tokens(with_context(context, each.passage.text)) <= window.tokens
        assert len(each.passage.text) <= window.characters


@settings(max_examples=40)
@given(documents, st.sampled_from([100, 800, 8000]))
def test_a_passage_with_its_context_fits_the_window_by_the_model_s_own_tokenizer(
    embedder: Embedder, document: Document, characters: int
) -> None:
    window = Window(embedder.window, characters, embedder.count_tokens)

    for each in split_document(document, window):
        context = context_of(document.title, each.passage.heading, window)
        assert embedder.count_tokens(with_context(context, each.passage.text)) <= embedder.window


def test_bullets_count_towards_the_window(embedder: Embedder) -> None:
    text = "\n".join("- a" for _ in range(400))  # a token for the dash, one for the letter, four characters

    splits = split_document(Document("d", "", text), Window(embedder.window, 800, embedder.count_tokens))

    assert max(embedder.count_tokens(each.passage.text) for each in splits) <= embedder.window


def test_of_a_title_longer_than_the_window_the_first_words_are_the_context() -> None:
    window = Window(20, 800, lambda text: len(text.split()))

    assert context_of("a b c " * 50, "", window) == "a b c a b c a b c a"
    assert context_of("Title", "Heading", window) == "Title – Heading"
    assert context_of("Same", "Same", window) == "Same"
    assert context_of("", "", window) == ""


def test_a_text_without_punctuation_is_cut_between_words() -> None:
    text = " ".join(f"word{number}" for number in range(1000))

    splits = split(text)

    assert len(splits) > 5
    assert " ".join(each.passage.text for each in splits) == text


def test_a_word_longer_than_a_passage_is_cut() -> None:
    assert "".join(each.passage.text for each in split("約" * 2000)) == "約" * 2000


def test_a_million_characters_without_a_full_stop_are_split_in_seconds() -> None:
    assert len(split("lorem ipsum " * 20_000)) > 300


def test_other_passages_come_with_another_number() -> None:
    text = (
        "# Manual\n\n## Cleaning\n\n1. Wash.\n2. Dry it. Wait.\n\nCode | Do\nE1 | Stop. Call.\nE2 | Go.\n\n"
        "Tip\n\nIt is hot. It was.\n\nWhy?\n\nWe say so.\n\nWhen is it?\n\nIn May.\n\n"
        "Publisher:\nThe Press\n\nFees\n----\nA key costs 5 euros. 2.3. It is low."
    )
    told = [(each.passage.heading, each.passage.start, each.passage.end, each.sentences) for each in split(text)]

    # Where the passages change, SPLITTING has to be raised too, or stores go on with the old ones.
    assert (SPLITTING, sha256(repr(told).encode()).hexdigest()[:16]) == (3, "20935b13aea09755")


def test_headings_are_kept_as_a_path_and_not_as_text() -> None:
    text = "# Treaty\n\nIt was signed.\n\n## Aims\n\nPeace was one.\n\n# Forces\n\nThey stayed."

    assert [(each.passage.heading, each.passage.text) for each in split(text)] == [
        ("Treaty", "It was signed."),
        ("Treaty – Aims", "Peace was one."),
        ("Forces", "They stayed."),
    ]


def test_headings_on_consecutive_lines_stand_under_one_another() -> None:
    assert split("Part One\nChapter 1\nIt began in May. It ended in June.")[0].passage.heading == "Part One – Chapter 1"


def test_a_sentence_that_is_broken_into_lines_among_others_that_are_not_is_whole() -> None:
    text = (
        "Income was 41,260 euros, expenses were 38,915 euros. The largest\nexpense was the new roof.\n"
        "The chair closed.\nnot before ten.\n- Bring your own\nand a towel\n"
    )

    told = [text[block.start : block.end] for block in find_blocks(text)]

    assert told == [
        "Income was 41,260 euros, expenses were 38,915 euros. The largest\nexpense was the new roof.",
        "The chair closed.",
        "not before ten.",
        "- Bring your own",
        "and a towel",
    ]


def test_the_rows_of_a_table_are_text_under_its_heading() -> None:
    rows = "Bread | Flour | Time\nRye loaf | 900 g | 55 minutes\nBaguette | 400 g | 22 minutes"

    passages = [each.passage for each in split(f"# Recipes\n\n{rows}\n\nThe oven is hot.")]

    assert {each.heading for each in passages} == {"Recipes"}
    assert rows in " ".join(each.text for each in passages)


def test_a_row_of_a_table_is_whole_whatever_sentences_its_cells_have() -> None:
    text = "Code | Do\nE1 | Stop. Call a dealer.\nE2 | Wait. Then go on.\n\nIt ends. It is over."

    assert [text[a:b] for each in split(text) for a, b in each.sentences] == [
        "Code | Do",
        "E1 | Stop. Call a dealer.",
        "E2 | Wait. Then go on.",
        "It ends.",
        "It is over.",
    ]


def test_titles_with_numbers_are_headings_where_text_stands_under_several() -> None:
    minutes = (
        "1. Ferry\nIt sails.\n\n2. Dredging\n2.1 It begins in May.\n2.2 It ends.\n3. Fruit\n1. Apples\n2. Pears\nAll."
    )
    wrapped = (
        "1. Ferry\n"
        + "The boat sails in the morning, and at night it\n" * 6
        + "2. Tea\nMrs Budge makes it and\nserves it."
    )

    assert [each.passage.heading for each in split(minutes)] == ["1. Ferry", "2. Dredging"]
    assert "1. Apples\n2. Pears" in split(minutes)[-1].passage.text
    assert [each.passage.heading for each in split(wrapped)] == ["1. Ferry", "2. Tea"]
    assert split("1. Ferry\nIt sails.")[0].passage.heading == ""


def test_questions_that_stand_alone_over_their_answers_are_headings_where_there_are_several() -> None:
    text = "Help\nQ: Is it open?\nYes, it is.\nWhy not? We know.\nMay I smoke?\nNo.\nAre you sure?\nAre you not?\nYes."

    assert [each.passage.heading for each in split(text)] == [
        "Help – Q: Is it open?",
        "Help – May I smoke?",
        "Help – Are you not?",
    ]
    assert split("Is it open?\nYes, it is.")[0].passage.heading == ""


def test_a_guessed_heading_stands_under_the_last_that_is_marked() -> None:
    text = "# Manual\n\n## Cleaning\n\nImportant\n\nUnplug it first. It is hot.\n\n## Storage\n\nKeep it dry."

    assert [each.passage.heading for each in split(text)] == ["Manual – Cleaning – Important", "Manual – Storage"]


@pytest.mark.parametrize(
    "text",
    [
        "Prices\nAdults 12 euros\nChildren 6 euros\nDogs free\n\nTickets are sold at the gate. They are yellow.",
        "Keys are at the desk. Ask there. Lost keys\nThey are kept. All of them.",
        "1. Introduction ............ 1\nIt is long. It is old.",
        "Hill    07:00    08:00\nIt runs daily. It is late.",
        "To: Ann\nDate: Monday\nSubject Keys\nFrom Ben\n\nHere they are. Take care.",
    ],
)
def test_the_end_of_a_list_is_no_heading(text: str) -> None:
    assert {each.passage.heading for each in split(text)} == {""}


def test_an_underlined_line_is_a_heading_and_a_rule_nothing() -> None:
    text = "Membership\n----------\nIt costs little. It lasts a year.\n\n=====\n\nIt ends. That is all."

    assert [each.passage.heading for each in split(text)] == ["Membership"]
    told = [text[a:b] for each in split(text) for a, b in each.sentences]
    assert told == ["It costs little.", "It lasts a year.", "It ends.", "That is all."]


def test_short_sentences_that_open_paragraphs_are_no_titles() -> None:
    told = ("Parking costs 20 euros.", "Click the link.", "Yes.", "We close at nine.", "It is on the intranet.")

    assert {each.passage.heading for each in split("\n\n".join(f"{each} It holds for all." for each in told))} == {""}


def test_a_number_alone_belongs_to_what_follows() -> None:
    assert sentences("2.3. Rent may be raised. It is low.") == ["2.3. Rent may be raised.", "It is low."]


def test_one_line_with_a_bar_may_be_a_title() -> None:
    assert split("The Mill | History\nIt was built in 1850. It burned.")[0].passage.heading == "The Mill | History"


def test_a_title_may_stand_over_a_table() -> None:
    assert split("Bakes\nBread | Time\nRye loaf | 55 minutes")[0].passage.heading == "Bakes"


def test_many_short_lines_are_a_list_and_not_headings() -> None:
    menu = "Espresso 2.50\nLatte 3.00\nMocha 3.50\nTea 2.00\nWater 1.00"

    assert [each.passage.text for each in split(menu)] == [menu]


def test_a_heading_with_nothing_under_it_is_text() -> None:
    assert [each.passage.text for each in split("# Closed on Mondays")] == ["Closed on Mondays"]


def test_titles_that_open_paragraphs_become_headings_where_most_do() -> None:
    names = ("Costs", "Command", "Bases", "Exercises")
    text = "\n\n".join(f"{name}. The alliance shares them in {name.lower()}." for name in names)

    assert [each.passage.heading for each in split(text)] == list(names)
    assert [each.passage.heading for each in split("Costs. The alliance shares them.")] == [""]


def test_neither_items_nor_a_heading_are_a_label_s_value() -> None:
    text = "# Ferry\n\n## Luggage\n\nYou need these:\n\n- a ticket\n\n- warm clothing\n\n## On board\n\nDogs may run."
    assert [[text[a:b] for a, b in each.sentences] for each in split(text)] == [
        ["You need these:", "a ticket", "warm clothing"],
        ["Dogs may run."],
    ]
    record = "Subject Categories:\n\n- Politics\n\n- Forces\n\n# Notes\n\nIt was printed."
    assert [record[a:b] for a, b in split(record)[0].sentences] == ["Subject Categories:\n\n- Politics\n\n- Forces"]


def test_a_label_stays_with_its_value() -> None:
    text = "Publisher:\n\nThe Press\n\nIt was printed in 1953."

    assert [text[a:b] for a, b in split(text)[0].sentences] == ["Publisher:\n\nThe Press", "It was printed in 1953."]


def test_lines_wrapped_at_a_width_are_one_paragraph() -> None:
    line = "this line of the paragraph breaks where the page was full and\n"

    assert [len(each.sentences) for each in split("The " + line * 9 + "it ends here.", tokens=1000)] == [1]


@pytest.mark.parametrize(
    "text",
    [
        "He lives in the U.S.|He works for the U.S. Army.",
        "See e.g. the treaty.|It was, i.e. is, good.",
        "Smith et al. found it.|Fig. 2 shows it.|Dr. Kim agreed.|No. 5 is next.",
        "J. R. R. Tolkien wrote it.|George W. Bush read it.",
        "It cost 3.14 dollars.|It rose 2.5 percent.|3.5 million came.",
        '"Stop!" he said.|"Why?" she asked.|He left.',
        "He said “I will go.”|She stayed.",
        "Wait... what is that?|I see…|Then it ended.",
        "The treaty was signed on Oct. 1, 1953.|Gen. Lee came at 5 p.m. yesterday.|He left.",
        "ROK-U.S. alliance is old.|Anti-U.S. sentiment rose in the U.S.|It fell.",
        "ROK-U.S. Alliance is a title.|It is long.",
        "Mr. and Mrs. Smith vs. Jones Inc. won.|Then they lost.",
        "The cat sat .|The dog ran .|It cost $ 5.00 .",
        "Vol. 3, pp. 12-14 are cited.|See Sec. 2.1.|Then go.",
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str) -> None:
    assert sentences(text.replace("|", " ")) == text.split("|")


@pytest.mark.parametrize("bullet", ["- ", "* ", "• ", "– ", "1. ", "12) ", "(3) ", "a) ", "(b) "])
def test_a_bullet_is_not_part_of_its_sentence(bullet: str) -> None:
    assert sentences(f"{bullet}First item here. It has two sentences.") == ["First item here.", "It has two sentences."]


def test_items_with_letters_are_parted_where_lines_wrap() -> None:
    line = "this line of the paragraph breaks where the page was full and\n"

    text = "The " + line * 9 + "it ends here.\na) one thing\n(b) another thing"
    wrapped = split(text, tokens=1000)

    spans = [span for each in wrapped for span in each.sentences]
    assert [text[start:end] for start, end in spans[1:]] == ["one thing", "another thing"]


def test_sentences_on_wrapped_lines_belong_to_their_item() -> None:
    text = "The duties are:\n- Oil the gate at\nnight. Do so\ntwice. Be quiet.\n- Feed it.\nAll are paid.\n\n- Rest."
    text += "\n\nEnd."
    starts = [text.index(each) for each in ("Oil", "Do so", "Be quiet", "Feed", "Rest")]
    assert [in_item(text, start) for start in starts] == [True] * 5
    assert not any(in_item(text, text.index(each)) for each in ("The duties", "All are", "End."))


def test_an_abbreviation_of_one_letter_is_not_a_bullet() -> None:
    assert sentences("c. 1850 it was a village.") == ["c. 1850 it was a village."]


@pytest.mark.parametrize(
    "text",
    [
        "It lies in the valley.[3]| It cost much.[4][5]| Then it fell.",
        "It lies in the valley.[3]|It cost much. [4]",
        "It lies in the valley.| [12] It cost much.",  # may open the sentence
        "[1] Smith wrote it.| [2] Lee did.",
        "[3]",
    ],
)
def test_a_footnote_mark_stays_with_the_sentence_it_follows(text: str) -> None:
    assert sentences(text.replace("|", "")) == [each.strip() for each in text.split("|")]


def test_a_number_that_opens_a_sentence_is_not_a_bullet() -> None:
    assert sentences("37,000 troops stayed. 40 left. 5 returned.") == [
        "37,000 troops stayed.",
        "40 left.",
        "5 returned.",
    ]
