"""Cases and corpora: what is read from a file, and what is said, with its line, of each thing that is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Document, Turn
from eval.cases import (
    Case,
    CaseError,
    Span,
    case_from_json,
    case_to_json,
    check_cases,
    load_cases,
    load_corpus,
)
from eval.cases.files import Checked

ROOT = Path(__file__).parent.parent
TEXT = "It was signed on October 1, 1953.\nMore than 28,500 troops are there."
DOCUMENTS = {
    "treaty": Document("treaty", "Treaty", TEXT),
    "alliance": Document("alliance", "Alliance", "About 24,000 troops."),
}
CASE: dict[str, Any] = {
    "id": "one",
    "question": "When was it signed?",
    "history": [{"question": "What is the treaty?", "answer": "A pact."}],
    "answerable": True,
    "evidence": [{"document_id": "treaty", "start": 0, "end": 33}],
    "answers": ["1953"],
}
REFUSED = {**CASE, "answerable": False, "evidence": [], "answers": []}


def lines(path: Path, *rows: object) -> Path:
    """A file with a JSON value a line."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def evidence(start: object = 0, end: object = 33, document_id: object = "treaty") -> dict[str, Any]:
    return {"evidence": [{"document_id": document_id, "start": start, "end": end}]}


class TestReading:
    def test_a_case_is_read(self, tmp_path: Path) -> None:
        row = {**CASE, "facts": [["1953", "fifty-three"]], "conflict": ["1953", "1954"], "tags": ["when"]}

        (case,) = load_cases(lines(tmp_path / "cases.jsonl", row), DOCUMENTS)

        assert case == Case(
            id="one",
            question="When was it signed?",
            history=(Turn("What is the treaty?", "A pact."),),
            answerable=True,
            evidence=(Span("treaty", 0, 33),),
            answers=("1953",),
            facts=(("1953", "fifty-three"),),
            conflict=("1953", "1954"),
            tags=("when",),
        )

    def test_a_label_serves_as_tag_where_there_are_none(self) -> None:
        assert case_from_json({**CASE, "label": "partial"}).tags == ("partial",)
        assert case_from_json({**CASE, "label": "partial", "tags": []}).tags == ("partial",)
        assert case_from_json({**CASE, "label": "partial", "tags": ["when"]}).tags == ("when",)

    def test_blank_lines_a_byte_order_mark_and_other_line_ends_do_no_harm(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.jsonl"
        row = json.dumps({**CASE, "question": "When\u2028was it?"}, ensure_ascii=False)
        path.write_bytes(f"\ufeff{row}\r\n\r\n".encode())

        (case,) = load_cases(path, DOCUMENTS)

        assert case.question == "When\u2028was it?"

    def test_the_document_that_a_case_belongs_to(self) -> None:
        # Evidence says more than what the case is said to be about; without both nothing is known.
        assert case_from_json({**CASE, "document_id": "alliance"}).belongs_to == "treaty"
        assert case_from_json({**REFUSED, "document_id": "alliance"}).belongs_to == "alliance"
        assert case_from_json(REFUSED).belongs_to is None
        assert "document_id" not in case_to_json(case_from_json(REFUSED))

    def test_another_form_is_no_case(self) -> None:
        with pytest.raises(ValueError, match="has null as question"):
            case_from_json({**CASE, "question": None})

    def test_an_earlier_answer_becomes_its_words(self) -> None:
        case = Case("one", "Why?", (Turn("When?", Answer("When?", "When?", "In 1953.")),), False, ())

        assert case_to_json(case)["history"] == [{"question": "When?", "answer": "In 1953."}]

    # Whatever UTF-8 can hold, which half a character is not part of.
    texts = st.text(st.characters(codec="utf-8"), max_size=20)
    several = st.lists(texts, max_size=3).map(tuple)

    @given(
        st.builds(
            Case,
            id=texts,
            question=texts,
            history=st.lists(st.builds(Turn, texts, texts), max_size=2).map(tuple),
            answerable=st.booleans(),
            evidence=st.lists(st.builds(Span, texts, st.integers(), st.integers()), max_size=3).map(tuple),
            answers=several,
            facts=st.lists(several, max_size=2).map(tuple),
            conflict=several,
            tags=several,
            document_id=st.none() | texts,
        )
    )
    def test_nothing_of_a_case_is_lost_in_a_file(self, case: Case) -> None:
        assert case_from_json(json.loads(json.dumps(case_to_json(case), ensure_ascii=False).encode())) == case


class TestFaults:
    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ({"id": 7}, "has 7 as id. Make it a text."),
            ({"id": " "}, "has an empty id. Give it one."),
            ({"question": None}, "has null as question. Make it a text."),
            ({"question": " \n"}, "asks an empty question. Write one."),
            ({"question": "a\ud83d"}, r"has half a character, '\ud83d', in question. Remove it or write both halves."),
            ({"answerable": "no"}, 'has "no" as answerable. Make it true or false.'),
            ({"answers": "1953"}, 'has "1953" as answers. Make it a list of texts.'),
            ({"answers": ["1953", 1953]}, "has 1953 as answers[1]. Make it a text."),
            ({"history": None}, "has null as history. Make it a list of objects with question and answer."),
            ({"history": ["Why?"]}, 'has "Why?" as history[0]. Make it an object with question and answer.'),
            ({"history": [{"question": "Why?"}]}, "lacks 'history[0].answer'. Give it, as a text."),
            (
                {"history": [{"question": "Why?", "answer": None}]},
                "has null as history[0].answer. Make it a text.",
            ),
            ({"evidence": []}, "is answerable and has no evidence. Give the spans that answer it, or make it"),
            ({"evidence": {}}, "has {} as evidence. Make it a list of objects with document_id, start and end."),
            ({"evidence": [7]}, "has 7 as evidence[0]. Make it an object with document_id, start and end."),
            ({"evidence": [{"document_id": "treaty", "start": 1}]}, "lacks 'evidence[0].end'. Give it, as a whole"),
            (evidence("1"), 'has "1" as evidence[0].start. Make it a whole number.'),
            (evidence(end=3.5), "has 3.5 as evidence[0].end. Make it a whole number."),
            (evidence(end=True), "has true as evidence[0].end. Make it a whole number."),
            (evidence(document_id="traety"), "cites the unknown document 'traety'. Is 'treaty' meant?"),
            (evidence(document_id="0815"), "cites the unknown document '0815'. No id is like it: are these the right"),
            # TEXT has 33 + 1 + 34 characters.
            (evidence(60, 69), "cites 60..69 of 'treaty', which has 68 characters. Correct the span."),
            (evidence(-1, 5), "cites -1..5 of 'treaty', which has 68 characters. Correct the span."),
            (evidence(9, 5), "cites 9..5 of 'treaty', which has 68 characters. Correct the span."),
            (evidence(5, 5), "cites 5..5 of 'treaty', which is empty. Correct the span."),
            ({"facts": ["1953"]}, 'has "1953" as facts[0]. Make it a list of texts.'),
            ({"facts": [["1953", 7]]}, "has 7 as facts[0][1]. Make it a text."),
            ({"facts": [["1953", "("]]}, "has '(' as facts[0][1], which is no regular expression (missing ),"),
            ({"facts": [["1953"], []]}, "has an empty facts[1], which no answer matches. Give patterns or remove it."),
            ({"facts": [[""]]}, "has an empty facts[0][0], which every answer matches. Write a pattern or remove it."),
            (
                {"answers": ["1953", " "]},
                "has an empty answers[1], which says nothing. Write a reference or remove it.",
            ),
            ({"conflict": ["1953", "?"]}, "has '?' as conflict[1], which has no words to look for. Write the value or"),
            ({"document_id": 7}, "has 7 as document_id. Make it a text."),
            ({"document_id": "traety"}, "is about the unknown document 'traety'. Is 'treaty' meant?"),
            ({"conflict": "1953"}, 'has "1953" as conflict. Make it a list of texts.'),
            ({"tags": [None]}, "has null as tags[0]. Make it a text."),
            ({"label": 3}, "has 3 as label. Make it a text."),
            ({"fact": [["1953"]]}, "has the unknown field 'fact'. Rename it to 'facts', if that is meant."),
            ({"Tags": ["when"]}, "has the unknown field 'Tags'. Rename it to 'tags', if that is meant."),
        ],
    )
    def test_each_is_told_with_its_line(self, tmp_path: Path, change: dict[str, Any], fault: str) -> None:
        path = lines(tmp_path / "cases.jsonl", CASE, {**CASE, "id": "two", **change})

        (told,) = check_cases(path, DOCUMENTS).faults

        assert told.startswith(f"Line 2 of {str(path)!r} {fault}")
        assert told.endswith((".", "?"))

    @pytest.mark.parametrize("name", sorted(CASE))
    def test_no_field_may_be_left_out(self, tmp_path: Path, name: str) -> None:
        path = lines(tmp_path / "cases.jsonl", {key: value for key, value in CASE.items() if key != name})

        (told,) = check_cases(path, DOCUMENTS).faults

        assert told.startswith(f"Line 1 of {str(path)!r} lacks {name!r}. Give it, as ")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("evidence", CASE["evidence"]),
            ("answers", ["1953"]),
            ("facts", [["1953"]]),
            ("conflict", ["1953", "1954"]),
        ],
    )
    def test_an_unanswerable_case_has_nothing_that_answers_it(self, tmp_path: Path, name: str, value: object) -> None:
        path = lines(tmp_path / "cases.jsonl", {**REFUSED, name: value})

        (told,) = check_cases(path, DOCUMENTS).faults

        assert f"is not answerable and has {name!r}. Empty that list" in told

    def test_two_cases_may_not_share_an_id(self, tmp_path: Path) -> None:
        path = lines(tmp_path / "cases.jsonl", REFUSED, CASE)

        assert check_cases(path, DOCUMENTS).faults == (
            f"Line 2 of {str(path)!r} has the id 'one', which line 1 has. Give each its own.",
        )

    def test_fields_of_another_program_are_let_be(self, tmp_path: Path) -> None:
        # "qid" resembles "id" and "answer" resembles "answers"; both are there already.
        path = lines(tmp_path / "cases.jsonl", {**CASE, "domain": "law", "kind": [], "qid": 7, "answer": "1953"})

        assert check_cases(path, DOCUMENTS) == Checked(1, (), ())

    def test_all_are_told_at_once(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.jsonl"
        two = {**CASE, **evidence("1"), "question": None}
        path.write_text(f"{{\n[1]\n\n{json.dumps(two)}\n{json.dumps({**CASE, **evidence(5, 5)})}\n", "utf-8")

        told = check_cases(path, DOCUMENTS).faults

        assert [each.split(" of ")[0] for each in told] == ["Line 1", "Line 2", "Line 4", "Line 4", "Line 5", "Line 5"]
        assert "is not JSON (" in told[0]
        assert "is not a JSON object" in told[1]
        assert "which line 4 has" in told[4]

    def test_loading_stops_with_the_first_and_counts_the_others(self, tmp_path: Path) -> None:
        path = lines(tmp_path / "cases.jsonl", {**CASE, "question": " "}, CASE, CASE)
        one = lines(tmp_path / "one.jsonl", {**CASE, "question": " "})

        with pytest.raises(CaseError) as several:
            load_cases(path, DOCUMENTS)
        with pytest.raises(CaseError) as single:
            load_cases(one, DOCUMENTS)

        assert str(several.value) == (
            f"Line 1 of {str(path)!r} asks an empty question. Write one. (2 more faults in this file.)"
        )
        assert str(single.value) == f"Line 1 of {str(one)!r} asks an empty question. Write one."

    def test_a_file_that_cannot_be_read_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.jsonl"
        path.write_bytes(b'{"id": "\xff"}')

        with pytest.raises(CaseError, match="is not UTF-8"):
            check_cases(path, DOCUMENTS)
        with pytest.raises(CaseError, match="cannot be read"):
            load_cases(tmp_path / "none.jsonl", DOCUMENTS)

    def test_nesting_without_end_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.jsonl"
        path.write_text("[" * 100_000, "utf-8")

        (told,) = check_cases(path, DOCUMENTS).faults

        assert "is not JSON" in told


class TestDoubts:
    def test_a_fact_that_is_not_in_the_evidence(self, tmp_path: Path) -> None:
        # The first is there but for its case, the second across a line break, the third as its other pattern.
        facts = [["october 1"], ["1953. More"], ["1954", "1953"]]
        path = lines(
            tmp_path / "cases.jsonl",
            {**CASE, **evidence(0, 50), "facts": facts},
            {**CASE, "id": "two", "facts": [["28,500", "24,000"]]},
        )

        assert check_cases(path, DOCUMENTS).doubts == (
            f"Line 2 of {str(path)!r} wants the fact '28,500', which is not in its evidence. "
            "Correct the pattern or the spans.",
        )

    def test_a_value_in_dispute_that_is_not_in_the_evidence(self, tmp_path: Path) -> None:
        # Words in another order are one value; words of two spans are not.
        spans = [*evidence(0, 33)["evidence"], *evidence(34, 68)["evidence"]]
        row = {**CASE, "evidence": spans, "conflict": ["1 October 1953", "1953 troops"]}

        (told,) = check_cases(lines(tmp_path / "cases.jsonl", row), DOCUMENTS).doubts

        assert "has the value '1953 troops' in dispute, which is not in its evidence" in told

    def test_cases_with_faults_are_not_doubted_too(self, tmp_path: Path) -> None:
        path = lines(tmp_path / "cases.jsonl", {**CASE, **evidence(60, 69), "facts": [["1954"]]})

        found = check_cases(path, DOCUMENTS)

        assert (found.cases, len(found.faults), found.doubts) == (1, 1, ())

    def test_a_reference_without_words(self, tmp_path: Path) -> None:
        path = lines(tmp_path / "cases.jsonl", {**CASE, "answers": ["1953", "The"]})
        doubt = "has the reference 'The', which has no words, articles aside. Add one with words."

        assert check_cases(path, DOCUMENTS) == Checked(1, (), (f"Line 1 of {str(path)!r} {doubt}",))

    def test_the_shipped_cases_raise_none(self, documents: tuple[Document, ...]) -> None:
        path, by_id = ROOT / "eval" / "cases.jsonl", {document.id: document for document in documents}

        assert check_cases(path, by_id) == Checked(len(load_cases(path, by_id)), (), ())


class TestCorpus:
    def test_is_read_whatever_line_ends_its_texts_hold(self, tmp_path: Path) -> None:
        text = "One\u2028two\u0085three\x0cfour\nfive."
        rows = [
            {"id": "a", "title": "A", "text": text, "date": "1953-10-01"},
            {"id": "b", "title": "", "text": "B", "date": None},
        ]
        path = tmp_path / "corpus.jsonl"
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n\n", "utf-8")

        assert load_corpus(path) == (Document("a", "A", text, "1953-10-01"), Document("b", "", "B"))

    @pytest.mark.parametrize(
        ("row", "fault"),
        [
            ({"id": "b", "title": "B"}, "lacks 'text'. Give it, as a text."),
            ({"id": 1, "title": "B", "text": "B"}, "has 1 as id. Make it a text."),
            ({"id": "b", "title": "B", "text": "B", "date": 1953}, "has 1953 as date. Make it a text or null."),
            ({"id": "a", "title": "B", "text": "B"}, "has the id 'a', which line 1 has. Give each its own."),
        ],
    )
    def test_a_fault_is_told_with_its_line(self, tmp_path: Path, row: dict[str, Any], fault: str) -> None:
        path = lines(tmp_path / "corpus.jsonl", {"id": "a", "title": "A", "text": "A"}, row)

        with pytest.raises(CaseError) as raised:
            load_corpus(path)

        assert str(raised.value) == f"Line 2 of {str(path)!r} {fault}"


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        ((0, 10), (5, 30), True),  # overlap 5, half of 10
        ((0, 10), (6, 30), False),  # overlap 4, less than half of 10
        ((0, 100), (40, 44), True),  # the shorter lies within
        ((0, 10), (10, 20), False),  # they only touch
    ],
)
def test_spans_meet_by_half_of_the_shorter(one: tuple[int, int], other: tuple[int, int], meets: bool) -> None:
    assert Span("d", *one).meets(Span("d", *other)) is meets
    assert Span("d", *other).meets(Span("d", *one)) is meets
    assert not Span("d", *one).meets(Span("e", *other))
