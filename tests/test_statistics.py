"""Intervals and tests: right by hand, equal to scipy's where both exist, and as often right as they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eval.cases import Case, Span
from eval.compare.gate import GATED
from eval.measures import MEASURES, Measure, observations
from eval.measures.measure import Numbers, mean
from eval.rows import Row
from eval.statistics import FEWEST_DOCUMENTS, Difference, Estimate, clusters, difference, estimates, holm, resamples
from eval.statistics.intervals import interval, resampled

ANSWERED = mean("answered", lambda row: (float(row.answered),))
SECONDS = mean("seconds", lambda row: () if row.seconds is None else (row.seconds,), limits=None)


def row(
    number: int,
    document: str | None,
    *,
    refused: bool = False,
    seconds: float | None = None,
    about: str | None = None,
) -> Row:
    """A case of a document, or of none, with what the measures above look at."""
    evidence = () if document is None else (Span(document, 0, 9),)
    case = Case(f"case {number}", "Why?", (), document is not None, evidence, document_id=about)
    return Row(case, (), refused=refused, seconds=seconds)


def rows_of(documents: Sequence[Sequence[float]]) -> list[Row]:
    """A row for each number, which is its seconds, in a document for each sequence."""
    return [
        row(100 * number + place, f"document {number}", seconds=seconds)
        for number, inside in enumerate(documents)
        for place, seconds in enumerate(inside)
    ]


def interval_of(measure: Measure, rows: Sequence[Row], confidence: float = 0.95) -> tuple[float, float]:
    seen, positions = observations(measure, rows)
    drawn_from = clusters(rows)
    values = resampled(measure, seen, resamples(drawn_from)[:, positions])
    low, high = interval(values, drawn_from.of_row[positions], confidence)
    assert low is not None
    assert high is not None
    return low, high


def compared(measure: Measure, a: Sequence[Row], b: Sequence[Row]) -> Difference:
    drawn_from = clusters(a)
    return difference(measure, observations(measure, a), observations(measure, b), drawn_from, resamples(drawn_from))


class TestClusters:
    def test_the_cases_of_a_document_are_one_and_a_case_without_evidence_is_its_own(self) -> None:
        rows = [row(n, f"document {n % 8}") for n in range(12)] + [row(12, None), row(13, None)]

        found = clusters(rows)

        assert found.unit == "documents"
        assert found.of_row.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 8, 9]
        assert found.sizes == (8, 2)

    def test_an_unanswerable_case_belongs_to_the_document_that_it_is_about(self) -> None:
        rows = [row(n, f"document {n % 7}") for n in range(14)]
        about = [row(14 + n, None, about=document) for n, document in enumerate(("document 3", "another", None))]

        found = clusters([*rows, *about])

        # Only with the document that no answerable case is of there are eight.
        assert found.unit == "documents"
        assert found.of_row.tolist() == [0, 1, 2, 3, 4, 5, 6] * 2 + [3, 7, 8]
        assert found.sizes == (8, 1)

    def test_cases_are_resampled_by_their_kind_whatever_they_are_about(self) -> None:
        found = clusters([row(0, None, about="d"), row(1, "d"), row(2, "d")])

        assert (found.unit, found.of_row.tolist(), found.sizes) == ("cases", [2, 0, 1], (2, 1))

    def test_fewer_documents_could_never_fail_the_gate(self) -> None:
        # Worse on each of n documents has a chance of 1 / 2^n; the gate allows each of its measures .05 / 8.
        assert 0.5**FEWEST_DOCUMENTS <= 0.05 / len(GATED) < 0.5 ** (FEWEST_DOCUMENTS - 1)

    def test_few_documents_are_not_resampled(self) -> None:
        rows = [row(n, f"document {n % (FEWEST_DOCUMENTS - 1)}") for n in range(12)] + [row(12, None)]

        found = clusters([rows[-1], *rows[:-1]])

        assert found.unit == "cases"
        assert sorted(found.of_row.tolist()) == list(range(13))
        assert found.of_row[0] == 12
        assert found.sizes == (12, 1)

    def test_they_do_not_depend_on_what_a_system_did(self) -> None:
        rows = [row(n, f"document {n % 10}" if n % 3 else None) for n in range(40)]
        refusing = [replace(each, refused=True) for each in rows]

        assert np.array_equal(resamples(clusters(rows)), resamples(clusters(refusing)))


class TestResamples:
    def test_a_document_is_drawn_whole_and_each_kind_of_case_as_often_as_there_are(self) -> None:
        rows = [row(n, f"document {n % 8}") for n in range(40)] + [row(40 + n, None) for n in range(10)]

        times = resamples(clusters(rows))

        assert times.shape == (1000, 50)
        assert (times[:, :8] == times[:, 8:16]).all()
        assert (times[:, :8].sum(axis=1) == 8).all()
        assert (times[:, 40:].sum(axis=1) == 10).all()
        # Each is there once on average, and missing with a chance of (1 - 1/8)^8 = 0.34 or (1 - 1/10)^10 = 0.35.
        assert times.mean() == pytest.approx(1, abs=0.02)
        assert (times == 0).mean() == pytest.approx(0.345, abs=0.02)

    def test_of_no_rows_there_is_no_estimate(self) -> None:
        assert {(each.value, each.count, each.low) for each in estimates([]).values()} == {(None, 0, None)}


class TestInterval:
    def test_it_is_scipys_where_cases_are_many_and_independent(self) -> None:
        seconds = np.random.default_rng(5).gamma(2, size=400)
        rows = [row(n, "d", seconds=each) for n, each in enumerate(seconds)]

        theirs = stats.bootstrap((seconds,), np.mean, n_resamples=20_000, method="percentile", rng=3)

        assert interval_of(SECONDS, rows) == pytest.approx(tuple(theirs.confidence_interval), abs=0.02)

    def test_it_is_wide_where_the_questions_on_a_document_share_its_fate(self) -> None:
        outcomes = [[1.0] * 20 if number % 2 else [0.0] * 20 for number in range(10)]
        by_documents = interval_of(SECONDS, rows_of(outcomes))
        # The same 200 outcomes, all of one document: taken for 200 independent ones.
        by_cases = interval_of(SECONDS, rows_of([[each for inside in outcomes for each in inside]]))

        # Ten fair coins: .5 -+ 2.26 * sqrt(.25 / 9) is .12 to .88; 200: .5 -+ 1.97 * sqrt(.25 / 199) is .43 to .57.
        assert by_documents == pytest.approx((0.12, 0.88), abs=0.06)
        assert by_cases == pytest.approx((0.43, 0.57), abs=0.02)

    @pytest.mark.parametrize("documents", [FEWEST_DOCUMENTS, 20])
    def test_it_holds_the_truth_about_as_often_as_it_says(self, documents: int) -> None:
        generator = np.random.default_rng(11)
        held = 0
        for _ in range(120):
            # Documents of 10 to 30 questions differ in how many of their questions are answered: .7 on average.
            chances = generator.beta(7, 3, documents)
            drawn = [generator.binomial(1, chance, generator.integers(10, 31)) for chance in chances]
            low, high = interval_of(SECONDS, rows_of([[float(each) for each in inside] for inside in drawn]))
            held += low <= 0.7 <= high

        # 120 times .95 is 114, with a standard deviation of 2.4; plain percentiles hold it 103 times with 8 documents.
        assert held >= 107

    def test_a_measure_of_one_case_has_no_interval(self) -> None:
        rows = [row(0, "d", seconds=1.0), row(1, "d")]
        seen, positions = observations(SECONDS, rows)
        drawn_from = clusters(rows)

        assert interval(
            resampled(SECONDS, seen, resamples(drawn_from)[:, positions]), drawn_from.of_row[positions]
        ) == (
            None,
            None,
        )

    def test_resamples_without_a_value_are_left_out(self) -> None:
        rows = [row(n, "d", refused=n > 0) for n in range(5)]
        one = mean("first", lambda each: (1.0,) if each.answered or each.case.id == "case 4" else ())
        seen, positions = observations(one, rows)

        values = resampled(one, seen, resamples(clusters(rows))[:, positions])

        # Two of five cases count; neither is drawn with a chance of (3/5)^5 = .078.
        assert np.isnan(values).mean() == pytest.approx(0.078, abs=0.03)
        assert set(values[~np.isnan(values)]) == {1.0}

    def test_what_does_not_vary_has_none(self) -> None:
        # Their means differ by rounding.
        rows = [row(n, "d", seconds=0.1) for n in range(7)]
        seen, positions = observations(SECONDS, rows)
        drawn_from = clusters(rows)

        values = resampled(SECONDS, seen, resamples(drawn_from)[:, positions])

        assert interval(values, drawn_from.of_row[positions]) == (None, None)


class TestLimits:
    """A mean at its limit: Clopper and Pearson's interval, over the effective number of clusters."""

    def test_all_of_five(self) -> None:
        found = estimates([row(n, "d") for n in range(5)], [ANSWERED])["answered"]

        # .025^(1/5) = e^(-3.689 / 5) = .478
        assert (found.value, found.count, found.high) == (1.0, 5, 1.0)
        assert found.low == pytest.approx(0.478, abs=5e-4)
        assert found.low == pytest.approx(stats.binomtest(5, 5).proportion_ci(0.95, "exact").low)

    def test_none_of_five(self) -> None:
        found = estimates([row(n, "d", refused=True) for n in range(5)], [ANSWERED])["answered"]

        assert (found.value, found.low) == (0.0, 0.0)
        assert found.high == pytest.approx(0.522, abs=5e-4)

    def test_all_of_one(self) -> None:
        assert estimates([row(0, "d")], [ANSWERED])["answered"] == Estimate(1.0, 1, pytest.approx(0.025), 1.0)

    def test_clusters_count_by_their_effective_number(self) -> None:
        # Eight documents of 1, 1, 1, 1, 1, 1, 1 and 7 cases are worth 14^2 / (7 + 49) = 3.5.
        rows = rows_of([[1.0]] * 7 + [[1.0] * 7])

        found = estimates(rows, [ANSWERED])["answered"]

        assert found.low == pytest.approx(0.025 ** (1 / 3.5))

    def test_limits_need_not_be_0_and_1(self) -> None:
        rated = mean("rated", lambda each: (each.seconds or 0.0,), limits=(1, 5))
        ends = [[row(n, "d", seconds=seconds) for n in range(5)] for seconds in (1.0, 5.0, 3.0)]

        worst, best, between = (estimates(rows, [rated])["rated"] for rows in ends)

        # 4 * (1 - .478) = 2.087 from the end.
        assert worst == Estimate(1.0, 5, 1.0, pytest.approx(3.087, abs=1e-3))
        assert best == Estimate(5.0, 5, pytest.approx(2.913, abs=1e-3), 5.0)
        assert between == Estimate(3.0, 5, None, None)

    def test_what_is_no_mean_of_limited_things_has_none(self) -> None:
        rows = [row(n, "d", seconds=1.0) for n in range(5)] + [row(5 + n, None, refused=True) for n in range(5)]

        found = estimates(rows)

        assert found["balanced accuracy"] == Estimate(1.0, 10, None, None)
        assert found["seconds p50"] == Estimate(1.0, 5, None, None)

    def test_gains_in_both_directions_are_not_at_a_limit(self) -> None:
        same = row(0, "d")
        rows = [replace(same, alone=same) for _ in range(5)]

        assert estimates(rows)["follow-up gain"] == Estimate(0.0, 5, None, None)


class TestEstimates:
    def test_every_measure_is_there_with_its_interval_around_it(self) -> None:
        generator = np.random.default_rng(2)
        rows = [
            row(n, f"document {n % 9}" if n % 3 else None, refused=bool(generator.random() < 0.4), seconds=n / 10)
            for n in range(90)
        ]

        found = estimates(rows)

        assert list(found) == [measure.name for measure in MEASURES]
        rate = found["answer rate"]
        assert rate.count == 60
        assert rate.value is not None
        assert rate.low is not None
        assert rate.high is not None
        assert rate.low < rate.value < rate.high
        assert found["accuracy"].value is found["accuracy"].low is None

    def test_others_can_be_asked_for(self) -> None:
        rows = [row(n, "d", refused=n > 0, seconds=float(n)) for n in range(3)]

        found = estimates(rows, [SECONDS, ANSWERED])

        assert {name: each.value for name, each in found.items()} == {"seconds": 1.0, "answered": 1 / 3}

    def test_the_same_rows_give_the_same_numbers(self) -> None:
        rows = [row(n, f"document {n % 9}", refused=n % 5 == 0, seconds=n / 7) for n in range(60)]

        assert estimates(rows) == estimates([replace(each) for each in rows])


class TestTests:
    def test_mcnemar_counts_the_cases_that_changed(self) -> None:
        # Of 30 cases b answers 8 that a refused, and refuses 1 that a answered.
        a = [row(n, "d", refused=n < 8) for n in range(30)]
        b = [row(n, "d", refused=n == 29) for n in range(30)]

        found = compared(ANSWERED, a, b)

        assert (found.value_a, found.value_b) == (22 / 30, 29 / 30)
        assert found.difference == pytest.approx(7 / 30)
        assert found.test == "McNemar"
        # Nine fair coins of which 8 or more, or 1 or fewer, fall on one side: 2 * (1 + 9) / 2^9.
        assert found.p == pytest.approx(20 / 512)

    def test_mcnemar_is_the_permutation_test_of_shares(self) -> None:
        # The same outcomes, observed as a mean that is no share: the seconds are 0 or 2.
        a = [row(n, "d", seconds=0.0 if n < 8 else 2.0) for n in range(30)]
        b = [row(n, "d", seconds=0.0 if n == 29 else 2.0) for n in range(30)]

        found = compared(SECONDS, a, b)

        assert found.test == "permutation"
        assert found.p == pytest.approx(20 / 512)

    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=9))
    def test_a_permutation_of_cases_is_scipys(self, pairs: list[tuple[int, int]]) -> None:
        before, after = [float(one) for one, _ in pairs], [float(other) for _, other in pairs]

        def gap(x: Numbers, y: Numbers, axis: int) -> Numbers:
            return np.asarray(y.mean(axis=axis) - x.mean(axis=axis))

        found = compared(SECONDS, rows_of([before]), rows_of([after]))
        theirs = stats.permutation_test((before, after), gap, permutation_type="samples", n_resamples=np.inf)

        # Only shares have another test, and it is the same one.
        assert found.p == pytest.approx(min(1.0, theirs.pvalue))

    def test_documents_are_swapped_whole(self) -> None:
        # In each of 8 documents b is better on all 10 questions: one chance in 2^8 each way, however many questions.
        a, b = rows_of([[0.0] * 10] * 8), rows_of([[1.0] * 10] * 8)

        found = compared(SECONDS, a, b)

        assert (found.test, found.p) == ("permutation", 2 / 256)

    def test_a_gain_on_one_document_is_no_gain(self) -> None:
        a = rows_of([[0.0] * 40, *[[0.0, 1.0]] * 7])
        b = rows_of([[1.0] * 40, *[[0.0, 1.0]] * 7])

        found = compared(SECONDS, a, b)

        assert found.difference == pytest.approx(40 / 54)
        assert found.p == 1.0
        assert found.low == 0.0

    def test_a_sample_of_permutations_is_near_the_exact_probability(self) -> None:
        # 40 changes of which 27 are gains, by 2 and by 3 so that it is no share; the normal approximation is by hand:
        # sum 27 * 2.5 - 13 * 2.5 = 35, standard deviation sqrt(40 * (4 + 9) / 2) = 16.1, z = 2.17 and p = .030.
        changes = [(2.0 + n % 2) * (1 if n < 27 else -1) for n in range(40)]
        a, b = rows_of([[5.0] * 40]), rows_of([[5.0 + change for change in changes]])

        found = compared(SECONDS, a, b)

        assert found.p == pytest.approx(0.030, abs=0.015)

    @pytest.mark.parametrize(("cases", "end"), [(5, 0.0438), (6, -0.0815)])
    def test_where_every_case_changes_alike_the_interval_is_the_sign_tests(self, cases: int, end: float) -> None:
        a, b = ([row(n, "d", refused=refused) for n in range(cases)] for refused in (False, True))

        found = compared(ANSWERED, a, b)

        # Lost are at least .025^(1/5) = .478 of all, or .025^(1/6) = .541, and the others are gained at best:
        # 1 - 2 * .478 = .044 and 1 - 2 * .541 = -.081. Five of five have a p of 2 / 2^5 = .06, six of six of .03.
        assert (found.difference, found.low) == (-1.0, -1.0)
        assert found.high == pytest.approx(end, abs=1e-3)
        assert found.p == 2 / 2**cases

    def test_equal_runs_do_not_differ(self) -> None:
        rows = [row(n, f"document {n % 7}", refused=n % 4 == 0, seconds=n / 3) for n in range(40)]

        for measure in MEASURES:
            found = compared(measure, rows, rows)
            if found.value_a is not None:
                assert (found.difference, found.low, found.high, found.p) == (0, 0, 0, 1)

    def test_where_a_measure_does_not_apply_there_is_no_difference(self) -> None:
        a = [row(n, "d", seconds=1.0) for n in range(4)]
        b = [row(n, "d") for n in range(4)]

        assert compared(SECONDS, a, b) == Difference("seconds", 1.0, 4, None, 0)

    def test_a_case_that_only_one_run_has_a_score_for_counts_in_that_run(self) -> None:
        a = [row(0, "d", seconds=1.0), row(1, "d", seconds=3.0)]
        b = [row(0, "d", seconds=1.0), row(1, "d")]

        found = compared(SECONDS, a, b)

        assert (found.value_a, found.count_a, found.value_b, found.count_b) == (2.0, 2, 1.0, 1)

    def test_chance_alone_is_seldom_a_difference(self) -> None:
        generator = np.random.default_rng(7)
        small = 0
        for _ in range(100):
            # Both runs are equally good on average; which is better on a document is chance, for all its questions.
            lift = generator.normal(0, 0.3, 8)
            a = rows_of(generator.normal(0, 0.5, (8, 10)).tolist())
            b = rows_of((generator.normal(0, 0.5, (8, 10)) + lift[:, None]).tolist())
            p = compared(SECONDS, a, b).p
            assert p is not None
            small += p < 0.05

        # 5 are expected, with a standard deviation of 2.2; swapping single cases would find 22.
        assert small <= 11


class TestHolm:
    def test_by_hand(self) -> None:
        # Sorted .01, .02, .03, .04: times 4, 3, 2, 1 is .04, .06, .06, .04, and none is below the one before it.
        assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])

    def test_nothing_exceeds_one(self) -> None:
        assert holm([0.9, 0.5]) == [1.0, 1.0]
        assert holm([]) == []
