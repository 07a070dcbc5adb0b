"""The measures: right by hand, silent where they do not apply, in range, and equal to what others compute."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Document
from assistant.answer.writing.write import INSTEAD, NOTHING_SUPPORTED, left_out_note
from eval.cases import Case, Span
from eval.measures import MEASURES, Measure, Value, observations, speed, value_of
from eval.measures.refusal import Bin, answered_rightly, reliability, risk_coverage
from eval.measures.retrieval import judged, recall_at, recall_curve
from eval.rows import Quote, Ranked, Row, Writing, from_json, row_of, settle_grounds, to_json
from eval.writing import DISAGREEING, REFUSED, Account, account

NAMED = {measure.name: measure for measure in MEASURES}
EVIDENCE = Span("d", 10, 20)


def case(answerable: bool = True, **fields: Any) -> Case:
    evidence = fields.pop("evidence", (EVIDENCE,) if answerable else ())
    return Case("c", "When?", (), answerable, evidence, **fields)


def row(
    asked: Case,
    *cited: int,
    hits: Sequence[int] = (),
    verdicts: Sequence[str] | None = None,
    refused: bool | None = None,
    **fields: Any,
) -> Row:
    """Cites and found ten characters from each start. Each citation has a statement; refused without citations."""
    verdicts = ["quoted"] * len(cited) if verdicts is None else verdicts
    return Row(
        case=asked,
        gold=("x" * 10,) * len(asked.evidence),
        refused=not cited if refused is None else refused,
        # Other words than "It is so." are those of a single statement, with a marker in the text.
        statements=tuple((_unmarked(fields.get("text", "It is so.")), verdict) for verdict in verdicts),
        citations=tuple(
            Quote(Span("d", start, start + 10), "x" * 10, number, verdicts[number])
            for number, start in enumerate(cited)
        ),
        # Equal scores: only the order of the hits may count.
        hits=tuple(Ranked(Span("d", start, start + 10), 0.5) for start in hits),
        **fields,
    )


def _unmarked(text: str) -> str:
    return text.removesuffix(" [1]")


def said(asked: Case, text: str) -> Row:
    """What comes of a system that returns a plain text: empty, it is a refusal."""
    return Row(asked, ("x" * 10,) * len(asked.evidence), refused=not text, text=text, grounded=False)


def failed(asked: Case) -> Row:
    return Row(asked, (), error="It failed.")


def measured(name: str, *rows: Row) -> Value:
    return value_of(NAMED[name], rows)


def about(value: float, count: int) -> Value:
    return Value(pytest.approx(value, abs=1e-12), count)


def test_names_are_those_that_results_have() -> None:
    assert " | ".join(NAMED) == (
        "recall@1 | recall@5 | recall@10 | precision@5 | MRR@10 | nDCG@10"
        " | accuracy | short-answer match | exact match | token F1 | ROUGE-L"
        " | citation recall | citation precision | statement support | supported citations"
        " | answer rate | refusal recall | refusal precision | balanced accuracy"
        " | answerable AUROC | calibration error | Brier score | risk-coverage area"
        " | follow-up gain | conflicts shown | conflict false alarms | written rate | own words"
        " | seconds p50 | seconds p95 | first words p50 | first words p95 | grounding p50 | grounding p95"
    )
    assert len(NAMED) == len(MEASURES)
    assert {measure.name for measure in MEASURES if measure.better == "lower"} == {
        "calibration error",
        "Brier score",
        "risk-coverage area",
        "conflict false alarms",
        *("seconds p50", "seconds p95", "first words p50", "first words p95", "grounding p50", "grounding p95"),
    }


class TestRetrieval:
    """The evidence is 10..20: a span at 10 or 15 meets it, one at 16 or 50 does not."""

    def test_recall_and_mean_reciprocal_rank(self) -> None:
        rows = [
            row(case(), hits=(10, 50)),  # rank 1
            row(case(), hits=(50, 16, 15)),  # rank 3
            row(case(), hits=(50,) * 10 + (10,)),  # rank 11, beyond ten
            failed(case()),  # found nothing
            row(case(False), hits=(10,)),  # does not count
            said(case(), "It is so."),  # what it found is not known: does not count
        ]

        # One of four at rank 1; two of four within five and ten; (1 + 1/3 + 0 + 0) / 4 = 1/3.
        assert measured("recall@1", *rows) == Value(0.25, 4)
        assert measured("recall@5", *rows) == Value(0.5, 4)
        assert measured("recall@10", *rows) == Value(0.5, 4)
        assert measured("MRR@10", *rows) == about(1 / 3, 4)
        assert recall_curve(rows) == (0.25, 0.25, *[0.5] * 8)
        assert recall_curve(rows[4:]) == (None,) * 10
        assert value_of(recall_at(3), rows) == Value(0.5, 4)

    def test_what_was_found_before_a_case_failed_is_ranked(self) -> None:
        misquoted = row(case(), 10, hits=(10,), error="Citation 1 does not quote 'd' at 10.")

        assert measured("recall@1", misquoted, failed(case())) == Value(0.5, 2)
        assert measured("citation recall", misquoted) == Value(0.0, 1)

    def test_precision(self) -> None:
        rows = [
            row(case(), hits=(10, 50, 15, 50, 50, 10)),  # two of the first five
            row(case(), hits=(10,)),  # one of five, though no more were found
            row(case()),  # none
            row(case(False), hits=(10,)),  # does not count
        ]

        # (2/5 + 1/5 + 0) / 3 = 1/5
        assert measured("precision@5", *rows) == about(0.2, 3)

    def test_discounted_gain(self) -> None:
        two = case(evidence=(EVIDENCE, Span("e", 0, 10)))
        rows = [
            row(case(), hits=(50, 10)),  # at rank 2, of one relevant: 1/log2(3)
            row(two, hits=(10, 50)),  # one at rank 1, one was not found: 1 / (1 + 1/log2(3))
            row(case(), hits=(10, 15, 50)),  # both that meet the evidence are relevant, and on top: 1
            row(case()),  # 0
            row(case(False), hits=(10,)),  # does not count
        ]

        # 1/log2(3) = 0.63093; 1/1.63093 = 0.61315; (0.63093 + 0.61315 + 1 + 0) / 4 = 0.56102
        assert measured("nDCG@10", *rows) == Value(pytest.approx(0.56102, abs=1e-5), 4)

    def test_what_is_relevant(self) -> None:
        # 8..28 meets both of the first two; no hit meets the third.
        asked = case(evidence=(Span("d", 10, 14), Span("d", 20, 26), Span("e", 0, 5)))
        wide = Row(asked, (), hits=(Ranked(Span("d", 40, 60), 1.0), Ranked(Span("d", 8, 28), 1.0)))

        assert judged(wide) == ({"hit 2": 1, "evidence 3": 1}, {"hit 1": 1.0, "hit 2": 0.5})


class TestAnswers:
    def test_accuracy_wants_every_fact_in_any_wording(self) -> None:
        asked = case(facts=(("1953", "fifty-three"), ("october",)))
        rows = [
            row(asked, 10, text="In October fifty-three. [1]"),  # both
            row(asked, 10, text="In October. [1]", short="1953"),  # both, one in the short answer
            row(asked, 10, text="In 1953. [1]"),  # one lacks
            row(asked, text="October 1953"),  # refused
            row(asked, 10, text="October 1953", error="It failed."),
            row(case(), 10),  # names no facts: does not count
        ]

        # Two of five.
        assert measured("accuracy", *rows) == Value(0.4, 5)

    def test_short_answers_match_as_words(self) -> None:
        too_long = "one two three four five six seven eight nine"
        rows = [
            row(case(answers=("The U.S. Army",)), 10, text="It was a u s army!"),  # but for case and articles
            row(case(answers=("Kim", "195")), 10, text="In 1953, by Kimberley."),  # only parts of words
            row(case(answers=("1953",)), text="1953"),  # refused
            row(case(answers=(too_long,)), 10, text=too_long),  # does not count
            row(case(answers=("the",)), 10, text="the"),  # nothing left of it: does not count
        ]

        # One of three.
        assert measured("short-answer match", *rows) == about(1 / 3, 3)

    def test_exact_match_and_token_f1(self) -> None:
        asked = case(answers=("The U.S. Army", "army of 1953"))
        rows = [
            row(asked, 10, short="US army", text="It was the US army. [1]"),  # the first, but for case and points
            row(asked, 10, short="the army"),  # 1 of 1 word, in 1 of 2 of the first reference: F1 = 2*1/(1+2) = 2/3
            row(asked, 10),  # no few words: "it is so", which shares none
            row(asked),  # refused: 0
            row(case(), 10, short="US army"),  # no references: does not count
            row(case(False, answers=("US army",)), 10, short="US army"),  # does not count
        ]

        # (1 + 0 + 0 + 0) / 4 and (1 + 2/3 + 0 + 0) / 4 = 5/12
        assert measured("exact match", *rows) == Value(0.25, 4)
        assert measured("token F1", *rows) == about(5 / 12, 4)

    def test_words_are_counted_as_often_as_both_have_them(self) -> None:
        asked = case(answers=("no no yes",))

        # Shared: "no" once, "yes" once. 2*2 / (3 + 2) = 4/5.
        assert measured("token F1", row(asked, 10, short="yes, no")) == about(0.8, 1)
        # Shared: "no" twice. 2*2 / (3 + 3) = 2/3.
        assert measured("token F1", row(asked, 10, short="no, no, no")) == about(2 / 3, 1)
        assert measured("token F1", row(case(answers=("the",)), 10, short="a")) == Value(1.0, 1)
        assert measured("token F1", row(case(answers=("the",)), 10, short="one")) == Value(0.0, 1)

    def test_markers_are_no_words_of_the_answer(self) -> None:
        asked = case(answers=("It is so.",))
        with_marker = row(asked, 10, text="It is so. [1]")
        plain_texts = [said(asked, "It is so."), said(asked, "It [2] is so [1][3].")]

        for name in ("exact match", "token F1", "ROUGE-L"):
            assert measured(name, with_marker, *plain_texts) == Value(1.0, 3)

    def test_the_number_of_a_citation_is_not_held(self) -> None:
        asked = case(answers=("1",), facts=((r"\b1\b",),), conflict=("1", "2"))
        rows = [
            row(asked, 10, 50, text="It is so. [1] It is so. [2]", conflicts=1, verdicts=["quoted"] * 2),
            said(asked, "It is so [1]. It is so [2]."),
        ]
        rows[0] = replace(rows[0], statements=(("It is so.", "quoted"),) * 2)

        assert measured("accuracy", *rows) == Value(0.0, 2)
        assert measured("short-answer match", *rows) == Value(0.0, 2)
        assert measured("conflicts shown", rows[0]) == Value(0.0, 1)
        # What stands in brackets is left where it is no marker.
        assert measured("accuracy", said(asked, "It is [about 1].")) == Value(1.0, 1)

    def test_longest_common_subsequence(self) -> None:
        asked = case(answers=("Nothing.", "so it is and it was"))
        rows = [
            # "it is" of "it is so", 2 of 3, and of the second reference, 2 of 6: F1 = 2*2/(3+6) = 4/9
            row(asked, 10, text="It is so. [1]", short="not looked at"),
            row(asked, text="so it is"),  # refused: 0
            failed(asked),  # 0
            row(case(), 10),  # no references: does not count
        ]

        assert measured("ROUGE-L", *rows) == about(4 / 27, 3)


class TestCitations:
    def test_against_the_evidence(self) -> None:
        rows = [
            row(case(), 10, 50),  # one of two is right
            row(case(), 50),  # none of one
            row(case()),  # refused: missed, and no citation to be wrong
            row(case(), 10, error="It failed."),  # missed, and none to be right
            row(case(False), 50),  # does not count
        ]

        # One of four cases; one of three citations.
        assert measured("citation recall", *rows) == Value(0.25, 4)
        assert measured("citation precision", *rows) == about(1 / 3, 3)
        assert [answered_rightly(each) for each in rows] == [True, False, False, False, False]

    def test_against_what_supports_them(self) -> None:
        rows = [
            row(case(), 10, 50, verdicts=["quoted", "partly", "unsupported"]),
            row(case(False), 50, verdicts=["supported", "unchecked"]),  # support does not ask whether it is answerable
            row(case(), refused=True, verdicts=["unsupported"]),  # refused: does not count
            row(case(), 10, error="It failed."),  # does not count
        ]

        # Statements: quoted and supported of five. Citations: quoted and supported of three.
        assert measured("statement support", *rows) == Value(0.4, 5)
        assert measured("supported citations", *rows) == about(2 / 3, 3)


class TestRefusal:
    def test_refusal(self) -> None:
        rows = [
            *[row(case(), 10)] * 3,  # answered rightly
            row(case()),  # refused wrongly
            row(case(False)),  # refused rightly
            row(case(False), 10),  # answered wrongly
            failed(case(False)),  # neither
        ]

        # Answered 3 of 4 answerable; refused 1 of 3 unanswerable; 1 of 2 refused were unanswerable.
        assert measured("answer rate", *rows) == Value(0.75, 4)
        assert measured("refusal recall", *rows) == about(1 / 3, 3)
        assert measured("refusal precision", *rows) == Value(0.5, 2)
        # (3/4 + 1/3) / 2 = 13/24
        assert measured("balanced accuracy", *rows) == about(13 / 24, 7)
        # Both kinds must be there.
        assert measured("balanced accuracy", *rows[:4]) == Value(None, 0)
        assert measured("balanced accuracy", *rows[4:]) == Value(None, 0)

    def test_area_under_the_receiver_operating_characteristic(self) -> None:
        rows = [
            row(case(), 10, certainty=0.9),
            row(case(), certainty=0.4),
            row(case(False), 10, certainty=0.4),
            row(case(False), certainty=0.1),
            row(case(), 10),  # no certainty: does not count
        ]

        # Of the four pairs three are in order and one is even: (3 + 1/2) / 4 = 0.875
        assert measured("answerable AUROC", *rows) == about(0.875, 4)
        assert measured("answerable AUROC", *rows[:2]) == Value(None, 0)
        assert measured("answerable AUROC", *rows[2:4]) == Value(None, 0)

    def test_calibration(self) -> None:
        rows = [
            row(case(), certainty=1.0),
            row(case(False), certainty=0.92),  # with the one before: 0.96 and 1/2 answerable
            row(case(), certainty=0.3),
            row(case(False), certainty=0.25),  # with the one before: 0.275 and 1/2
            row(case(), certainty=0.35),  # alone: 0.35 and 1
            row(case(False)),  # no certainty: does not count
        ]

        # (2*|0.5 - 0.96| + 2*|0.5 - 0.275| + |1 - 0.35|) / 5 = (0.92 + 0.45 + 0.65) / 5 = 0.404
        assert measured("calibration error", *rows) == about(0.404, 5)
        # (0 + 0.8464 + 0.49 + 0.0625 + 0.4225) / 5 = 1.8214 / 5 = 0.36428
        assert measured("Brier score", *rows) == about(0.36428, 5)
        assert reliability(rows) == (
            Bin(0.2, 0.3, pytest.approx(0.275), 0.5, 2),
            Bin(0.3, 0.4, pytest.approx(0.35), 1.0, 1),
            Bin(0.9, 1.0, pytest.approx(0.96), 0.5, 2),
        )
        assert reliability(rows[5:]) == ()

    def test_risk_and_coverage(self) -> None:
        rows = [
            row(case(False), 10, certainty=0.2),  # answered and unanswerable: wrong
            row(case(), 10, 50, certainty=0.9),  # right
            row(case(), hits=(10, 50), certainty=0.5),  # refused; its first hit meets the evidence: right
            row(case(), 50, hits=(10,), certainty=0.5),  # answered from elsewhere: wrong
            row(case(), 10),  # no certainty: does not count
        ]

        # The two at 0.5 have no order: half wrong each. Risk 0/1, 0.5/2, 1/3, 2/4; the mean is 13/12 / 4 = 13/48.
        assert risk_coverage(rows) == pytest.approx(np.array([[0.25, 0], [0.5, 0.25], [0.75, 1 / 3], [1, 0.5]]))
        assert measured("risk-coverage area", *rows) == about(13 / 48, 4)
        assert risk_coverage(rows[4:]).shape == (0, 2)

    @pytest.mark.parametrize(
        ("last", "risk"),
        [
            (row(case(), hits=(50, 10), certainty=0.1), 1.0),  # only the second hit is right
            (row(case(), certainty=0.1), 1.0),  # found nothing
            (row(case(False, evidence=(EVIDENCE,)), hits=(10,), certainty=0.1), 1.0),  # refused rightly: no answer is
            (row(case(), 10, error="It failed.", certainty=0.1), 1.0),
            (row(case(), 50, 10, certainty=0.1), 0.0),  # any citation suffices
        ],
    )
    def test_what_is_wrong(self, last: Row, risk: float) -> None:
        assert risk_coverage([last])[0].tolist() == [1.0, risk]


class TestDialogue:
    def test_what_the_history_is_worth(self) -> None:
        right, wrong = row(case(), 10), row(case(), 50)
        rows = [
            *[replace(right, alone=wrong)] * 2,  # +1 each
            replace(wrong, alone=right),  # -1
            replace(right, alone=right),  # 0
            replace(right, alone=failed(case())),  # says nothing of the history: does not count
            replace(failed(case()), alone=right),  # nor does this
            replace(said(case(), "So."), alone=said(case(), "So.")),  # cites nothing that is known: does not count
            replace(right, alone=said(case(), "So.")),  # does not count
            right,  # was not asked alone: does not count
            replace(row(case(False), 10), alone=row(case(False))),  # does not count
        ]

        # (2 - 1 + 0) / 4 = 1/4
        assert measured("follow-up gain", *rows) == Value(0.25, 4)
        assert measured("follow-up gain", rows[2]) == Value(-1.0, 1)


class TestConflicts:
    def test_those_that_are(self) -> None:
        asked = case(conflict=("37,000", "28,500"))
        both = "37,000 in one, 28,500 in the other."
        rows = [
            row(asked, 10, text=both, conflicts=1),  # shown
            row(asked, 10, text=both),  # both values, not shown as a conflict
            row(asked, 10, text="37,000", conflicts=1),  # one value lacks
            failed(asked),
            said(asked, both),  # shows no sources: does not count
            row(case(), 10, text=both, conflicts=1),  # none in dispute: does not count
        ]

        # One of four.
        assert measured("conflicts shown", *rows) == Value(0.25, 4)

    def test_a_value_is_held_as_words(self) -> None:
        asked = case(conflict=("12", "U.S. Army"))

        assert measured("conflicts shown", row(asked, 10, text="2012, the u.s. army.", conflicts=1)) == Value(0.0, 1)
        assert measured("conflicts shown", row(asked, 10, text="12, the u.s. army.", conflicts=1)) == Value(1.0, 1)

    def test_those_that_are_not(self) -> None:
        rows = [
            row(case(), 10, conflicts=2),  # a false alarm
            row(case(), 10),
            row(case(False), 10),
            row(case()),  # refused: does not count
            row(case(conflict=("1", "2")), 10, conflicts=1),  # does not count
            failed(case()),  # does not count
            said(case(), "It is so."),  # shows no sources: does not count
        ]

        # One of three.
        assert measured("conflict false alarms", *rows) == about(1 / 3, 3)


class TestWriting:
    """Answers that a language model was to write: two of its words, three quoted in their place, one refused."""

    ROWS = (
        row(case(), 10, 20, verdicts=["supported", "quoted"], writing=Writing(0.4, 0.1)),
        row(case(), 10, verdicts=["quoted"], writing=Writing(0.2, 0.3), note=left_out_note(2)),
        row(
            case(), 10, writing=Writing(0.6, 0.2), note=f"{NOTHING_SUPPORTED} {INSTEAD} “Who?” The sources do not say."
        ),
        row(case(), 10, writing=Writing(0.8, 90.0), note=f"The language model 'x' did not finish. {INSTEAD}"),
        row(case(), 10, 20, conflicts=1, writing=Writing()),
        row(case(False), writing=Writing()),
        row(case(), 10, verdicts=["supported"]),  # of a system without a model: does not count
        failed(case()),
    )

    def test_how_much_is_in_its_words(self) -> None:
        # Two of the five that were answered. Of their three statements one stands in no source word for word.
        assert measured("written rate", *self.ROWS) == about(2 / 5, 5)
        assert measured("own words", *self.ROWS) == about(1 / 3, 3)
        assert measured("own words", *self.ROWS[2:]) == Value(None, 0)

    def test_what_a_reader_waits_for(self) -> None:
        # 0.2, 0.4, 0.6, 0.8: between the second and the third. After what broke off nothing was checked: 0.1, 0.2, 0.3;
        # at 0.95 * 2 = 1.9 after the first, 0.2 + 0.9 * 0.1 = 0.29.
        assert measured("first words p50", *self.ROWS) == about(0.5, 4)
        assert measured("grounding p50", *self.ROWS) == about(0.2, 3)
        assert measured("grounding p95", *self.ROWS) == about(0.29, 3)

    def test_why_the_others_are_not(self) -> None:
        assert account(self.ROWS) == Account(
            cases=6,
            written=2,
            reasons={NOTHING_SUPPORTED: 1, "The language model 'x' did not finish.": 1, DISAGREEING: 1, REFUSED: 1},
            left_out=2,
            shortened=1,
        )
        assert account(self.ROWS[6:]) is None

    def test_rows_keep_it(self) -> None:
        assert tuple(from_json(to_json(each)) for each in self.ROWS) == self.ROWS


class TestSpeed:
    def test_quantiles(self) -> None:
        rows = [row(case(), seconds=seconds) for seconds in (0.4, 0.1, 0.2, None, 0.3)]

        # Between the second and the third of four: 0.25. At 0.95 * 3 = 2.85 after the first: 0.3 + 0.85 * 0.1 = 0.385.
        assert measured("seconds p50", *rows) == about(0.25, 4)
        assert measured("seconds p95", *rows) == about(0.385, 4)


def test_of_a_plain_text_only_the_words_are_measured() -> None:
    asked = case(answers=("so",), facts=(("so",),), conflict=("so", "not so"))
    rows = [said(asked, "It is so."), said(case(False), ""), replace(said(asked, "No."), alone=said(asked, "So."))]

    assert {name for name in NAMED if measured(name, *rows).value is not None} == {
        *("accuracy", "short-answer match", "exact match", "token F1", "ROUGE-L"),
        *("answer rate", "refusal recall", "refusal precision", "balanced accuracy"),
    }


def test_whether_sources_are_known_is_kept() -> None:
    documents = {"d": Document("d", "Notes", "x" * 99)}
    text, answer = (row_of(case(), documents, given, 0.1, None) for given in ("It is so.", Answer("", "", "It is so.")))

    assert (text.grounded, answer.grounded) == (False, True)
    assert from_json(to_json(text)) == text
    assert from_json(to_json(answer)) == answer


def test_a_failure_among_plain_texts_misses_no_citation() -> None:
    texts = [said(case(), "It is so."), failed(case())]

    assert value_of(NAMED["citation recall"], settle_grounds(texts)) == Value(None, 0)
    assert value_of(NAMED["answer rate"], settle_grounds(texts)) == Value(0.5, 2)
    # One answer with its sources tells that the system has some; failures alone tell nothing.
    for mixed in ([*texts, row(case(), 10)], texts[1:]):
        assert settle_grounds(mixed) == tuple(mixed)


MISSED_BY_FAILING = {
    *("recall@1", "recall@5", "recall@10", "precision@5", "MRR@10", "nDCG@10"),
    *("citation recall", "answer rate"),
}


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_what_applies_nowhere_has_no_value(measure: Measure) -> None:
    assert value_of(measure, []) == Value(None, 0)
    # A failed case is none of what was measured: neither answered nor refused, never timed, and gave no certainty.
    seen = value_of(measure, [failed(case())])
    assert seen == Value(0.0, 1) if measure.name in MISSED_BY_FAILING else Value(None, 0)


TIMES = {measure.name for measure in speed.MEASURES}
ROWS = st.lists(
    st.builds(
        row,
        st.builds(
            case,
            st.booleans(),
            answers=st.sampled_from([(), ("so",), ("It is so", "the")]),
            facts=st.sampled_from([(), (("so",),)]),
            conflict=st.sampled_from([(), ("so", "x")]),
        ),
        hits=st.lists(st.integers(0, 50), max_size=12),
        text=st.sampled_from(["", "so", "It is so x."]),
        short=st.sampled_from(["", "so"]),
        certainty=st.none() | st.sampled_from([0.0, 0.3, 1.0]) | st.floats(0, 1),
        conflicts=st.integers(0, 1),
        seconds=st.none() | st.floats(0, 100),
        note=st.sampled_from(["", INSTEAD, f"{NOTHING_SUPPORTED} {INSTEAD}"]),
        writing=st.none() | st.builds(Writing, st.none() | st.floats(0, 100), st.none() | st.floats(0, 100)),
        error=st.sampled_from([None, None, "It failed."]),
        alone=st.none() | st.builds(row, st.just(case()), st.integers(0, 50)),
    ).flatmap(
        lambda made: st.builds(
            lambda cited, verdict: replace(
                made,
                refused=not cited,
                statements=(("It is so.", verdict),) * len(cited),
                citations=tuple(Quote(Span("d", at, at + 10), "x" * 10, 0, verdict) for at in cited),
                # The same case on both sides.
                alone=made.alone and replace(made.alone, case=made.case),
            ),
            st.lists(st.integers(0, 50), max_size=4),
            st.sampled_from(["quoted", "supported", "partly", "unsupported", "unchecked"]),
        )
    ),
    max_size=8,
)


@given(ROWS, st.randoms())
def test_laws(rows: list[Row], chance: random.Random) -> None:
    values = {name: value_of(measure, rows) for name, measure in NAMED.items()}

    for name, (value, count) in ((name, (each.value, each.count)) for name, each in values.items()):
        assert (value is None) == (count == 0)
        low, high = (-1, 1) if name == "follow-up gain" else (0, 100) if name in TIMES else (0, 1)
        assert value is None or low - 1e-9 <= value <= high + 1e-9
    for lower, higher in (
        ("recall@1", "MRR@10"),
        ("MRR@10", "recall@10"),
        ("nDCG@10", "recall@10"),
        ("exact match", "token F1"),
        ("seconds p50", "seconds p95"),
        ("grounding p50", "grounding p95"),
    ):
        assert (values[lower].value or 0.0) <= (values[higher].value or 0.0) + 1e-9
    shuffled = chance.sample(rows, len(rows))
    for name, each in values.items():
        assert measured(name, *shuffled).count == each.count
        assert measured(name, *shuffled).value == pytest.approx(each.value, abs=1e-9)


def random_rows(seed: int, number: int) -> list[Row]:
    """Rows as a run has them: spans of evidence, hits and citations that meet some of them, equal certainties."""
    chance = random.Random(seed)
    words = "the army signed a treaty in 1953 at Busan, U.S. forces stayed; no other did".split()

    def span() -> Span:
        start = chance.randrange(60)
        return Span(chance.choice("de"), start, start + chance.randint(3, 30))

    def text(longest: int) -> str:
        return " ".join(chance.choices(words, k=chance.randint(0, longest)))

    made = []
    for identity in range(number):
        answerable, failing = chance.random() < 0.6, chance.random() < 0.1
        disputed = tuple(chance.sample(words[4:], 2)) if answerable and chance.random() < 0.3 else ()
        asked = Case(
            id=str(identity),
            question="When?",
            history=(),
            answerable=answerable,
            evidence=tuple(span() for _ in range(chance.randint(1, 3))) if answerable else (),
            answers=tuple(text(12) for _ in range(chance.randint(0, 3))),
            facts=((chance.choice(words), "treaty"), (chance.choice(words),)) if chance.random() < 0.5 else (),
            conflict=disputed,
        )
        if failing:
            made.append(Row(asked, (), error="It failed."))
            continue
        refused = chance.random() < 0.4
        said = tuple((text(12), "quoted") for _ in range(0 if refused else 2))
        made.append(
            Row(
                case=asked,
                gold=(),
                refused=refused,
                text=" ".join(f"{each} [{number}]" for number, (each, _) in enumerate(said, 1)),
                short="" if refused else text(3),
                certainty=chance.choice([0.0, 0.1, 0.25, 0.5, 0.7, 0.999, 1.0, chance.random()]),
                seconds=chance.random(),
                statements=said,
                citations=() if refused else tuple(Quote(span(), "", 0, "quoted") for _ in range(chance.randint(1, 3))),
                hits=tuple(Ranked(span(), 1.0) for _ in range(chance.randint(0, 10))),
                conflicts=chance.randint(0, 1),
            )
        )
    return made


RUN = random_rows(1953, 300)


class TestAgreement:
    """With the definitions in words, and with the libraries that have the measure, on 300 random rows."""

    def test_with_the_definitions(self) -> None:
        """Each is the mean of a list that is the definition's sentence; errors are neither answers nor refusals."""

        def meet(one: Span, other: Span) -> bool:
            shared = set(range(one.start, one.end)) & set(range(other.start, other.end))
            return one.document_id == other.document_id and 2 * len(shared) >= min(
                one.end - one.start, other.end - other.start
            )

        def right(span: Span, asked: Case) -> bool:
            return any(meet(span, evidence) for evidence in asked.evidence)

        def words(text: str) -> list[str]:
            return [word for word in re.findall(r"\w+", text.lower()) if word not in {"a", "an", "the"}]

        def holds(said: list[str], sought: list[str]) -> bool:
            return any(said[at : at + len(sought)] == sought for at in range(len(said)))

        def told(each: Row) -> str:
            return " ".join((each.short, *(text for text, _ in each.statements)))

        answerable = [each for each in RUN if each.case.answerable]
        unanswerable = [each for each in RUN if not each.case.answerable]
        refused = [each for each in RUN if each.refused]
        answered = [each for each in answerable if not each.refused and each.error is None]
        ranks = [
            next((rank for rank, hit in enumerate(each.hits[:10], 1) if right(hit.span, each.case)), None)
            for each in answerable
        ]
        short = [
            (each, references)
            for each in answerable
            if (references := [words(text) for text in each.case.answers if 1 <= len(words(text)) <= 8])
        ]
        rate = [each in answered for each in answerable]
        refusals = [each.refused for each in unanswerable]
        disputed = [each for each in answerable if each.case.conflict]
        definitions: dict[str, Sequence[float]] = {
            **{f"recall@{k}": [rank is not None and rank <= k for rank in ranks] for k in (1, 5, 10)},
            "MRR@10": [0 if rank is None else 1 / rank for rank in ranks],
            "citation recall": [
                each in answered and any(right(cited.span, each.case) for cited in each.citations)
                for each in answerable
            ],
            "citation precision": [right(cited.span, each.case) for each in answered for cited in each.citations],
            "short-answer match": [
                each in answered and any(holds(words(told(each)), reference) for reference in references)
                for each, references in short
            ],
            "accuracy": [
                each in answered
                and all(any(re.search(f"(?i){one}", told(each)) for one in patterns) for patterns in each.case.facts)
                for each in answerable
                if each.case.facts
            ],
            "answer rate": rate,
            "refusal recall": refusals,
            "refusal precision": [not each.case.answerable for each in refused],
            "conflicts shown": [
                each.conflicts >= 1 and all(holds(words(told(each)), words(value)) for value in each.case.conflict)
                for each in disputed
            ],
        }

        for name, scores in definitions.items():
            # Neither all nor none, or the comparison would be of little worth.
            assert 0 < sum(scores) < len(scores)
            assert measured(name, *RUN) == about(sum(scores) / len(scores), len(scores))
        both = (sum(rate) / len(rate) + sum(refusals) / len(refusals)) / 2
        assert measured("balanced accuracy", *RUN) == about(both, len(RUN))

    @pytest.mark.parametrize(
        ("name", "known_as"),
        [
            ("recall@1", "Success@1"),
            ("recall@5", "Success@5"),
            ("recall@10", "Success@10"),
            ("precision@5", "P@5"),
            ("MRR@10", "RR@10"),
            ("nDCG@10", "nDCG@10"),
        ],
    )
    def test_with_ir_measures(self, name: str, known_as: str) -> None:
        """Here on all queries at once, with passages named by their characters and scored downwards from 100."""
        import ir_measures

        answerable = [each for each in RUN if each.case.answerable]
        qrels, found = [], []
        for each in answerable:
            named = [f"{rank}:{hit.span}" for rank, hit in enumerate(each.hits)]
            found += [ir_measures.ScoredDoc(each.case.id, passage, 100.0 - rank) for rank, passage in enumerate(named)]
            met = {evidence for evidence in each.case.evidence for hit in each.hits if hit.span.meets(evidence)}
            relevant = [passage for passage, hit in zip(named, each.hits, strict=True) if each.meets(hit.span)]
            unmet = [str(evidence) for evidence in each.case.evidence if evidence not in met]
            qrels += [ir_measures.Qrel(each.case.id, passage, 1) for passage in relevant + unmet]

        expected = ir_measures.parse_measure(known_as).calc_aggregate(qrels, found)

        assert measured(name, *RUN) == about(expected, len(answerable))

    def test_ndcg_with_scikit_learn(self) -> None:
        """It ranks everything; so what was not found is put last, after ten things that are not relevant."""
        from sklearn.metrics import ndcg_score

        scores = []
        for each in RUN:
            if each.case.answerable:
                relevant, found = judged(each)
                missed = len(relevant.keys() - found.keys())
                gains = [*(relevant.get(name, 0) for name in found), *[0] * 10, *[1] * missed]
                ranking = [*found.values(), *[0.0] * 10, *[-1.0] * missed]
                scores.append(ndcg_score([gains], [ranking], k=10))

        assert measured("nDCG@10", *RUN) == about(sum(scores) / len(scores), len(scores))

    def test_auroc_and_brier_score_with_scikit_learn(self) -> None:
        from sklearn.metrics import brier_score_loss, roc_auc_score

        certain = [(each.case.answerable, each.certainty) for each in RUN if each.certainty is not None]
        labels, certainties = zip(*certain, strict=True)

        assert measured("answerable AUROC", *RUN) == about(roc_auc_score(labels, certainties), len(certain))
        assert measured("Brier score", *RUN) == about(brier_score_loss(labels, certainties), len(certain))

    def test_reliability_with_scikit_learn(self) -> None:
        from sklearn.calibration import calibration_curve

        certain = [(each.case.answerable, each.certainty) for each in RUN if each.certainty is not None]
        answerable, certainty = calibration_curve(*zip(*certain, strict=True), n_bins=10)
        bins = reliability(RUN)

        assert [each.answerable for each in bins] == pytest.approx(answerable)
        assert [each.certainty for each in bins] == pytest.approx(certainty)
        assert sum(each.count for each in bins) == len(certain)
        error = sum(each.count * abs(each.answerable - each.certainty) for each in bins) / len(certain)
        assert measured("calibration error", *RUN) == about(error, len(certain))

    def test_rouge_l_with_rouge_score(self) -> None:
        from rouge_score.rouge_scorer import RougeScorer

        expected = [
            max(
                RougeScorer(["rouge1", "rougeL"])
                .score(reference, " ".join(text for text, _ in each.statements))["rougeL"]
                .fmeasure
                for reference in each.case.answers
            )
            if each.error is None and not each.refused
            else 0.0
            for each in RUN
            if each.case.answerable and each.case.answers
        ]

        assert measured("ROUGE-L", *RUN) == about(sum(expected) / len(expected), len(expected))

    def test_risk_over_every_order_of_equal_certainties(self) -> None:
        """The area is the mean over random orders of the cases that are equally certain."""
        certain = [each for each in RUN if each.certainty is not None][:40]
        wrong = [risk_coverage([each])[0, 1] for each in certain]
        chance = random.Random(1)

        def area() -> float:
            order = sorted(range(len(certain)), key=lambda at: (-(certain[at].certainty or 0.0), chance.random()))
            return float(np.mean([np.mean([wrong[at] for at in order[:k]]) for k in range(1, len(order) + 1)]))

        areas = [area() for _ in range(2000)]

        # Four standard errors of the mean of 2,000 orders.
        off = 4 * float(np.std(areas)) / 2000**0.5
        assert measured("risk-coverage area", *certain).value == pytest.approx(float(np.mean(areas)), abs=off)
        assert off > 0


def test_observations_say_which_rows_they_are_of() -> None:
    rows = [row(case(False)), row(case(), 10, 50), row(case(), 50)]

    seen, positions = observations(NAMED["citation precision"], rows)

    # The sum and the number of the citations of each.
    assert seen.tolist() == [[1.0, 2.0], [0.0, 1.0]]
    assert positions.tolist() == [1, 2]
