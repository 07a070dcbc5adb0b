"""Fitting certainty and the choice of sentences: what the scripts of `eval` make of observations."""

from __future__ import annotations

import numpy as np
import pytest
from found import found_in

from assistant.answer.asking.question import analyse
from assistant.answer.evidence import Candidate
from eval.cases import Case, Span
from eval.fit import certainty, choice
from eval.fit.observe import Observation

TEXTS = ("Camp One lies in the north.",), ("Camp Two lies in the south.",)


def observed(*scores: float, right: int) -> Observation:
    """Two candidates with these scores, of which that of number `right` answers."""
    found = found_in("Where is the camp?", *TEXTS)
    candidates = [Candidate(sentence, plain=score) for sentence, score in zip(found.sentences, scores, strict=True)]
    candidates.sort(key=lambda candidate: -candidate.score)
    case = Case("one", found.query, (), True, (Span(f"d{right}", 0, len(TEXTS[right][0])),))
    return Observation(case, found, analyse(found.query), tuple(candidates))


def test_scores_that_are_always_right_are_believed_more() -> None:
    wrong = observed(1.0, 0.0, right=1)
    often, seldom = ([observed(1.0, 0.0, right=0)] * times + [wrong] for times in (9, 3))
    # A share of 9/10 is odds of 9, e^(b * 1): b = ln 9 = 2.2. And ln 3 = 1.1.
    assert choice.fit(often) == pytest.approx(2.2)
    assert choice.fit(seldom) == pytest.approx(1.1)


def test_recall_and_precision_of_a_least_share() -> None:
    cases = [observed(1.0, 0.9, right=1), observed(1.0, 0.0, right=0)]
    # Both sentences of the first and one of the second: 2 of 2 cases, 2 of 3 citations, 3 sentences in 2 answers.
    assert choice.measured(cases, 0.3) == pytest.approx((1.0, 2 / 3, 1.5))
    assert choice.measured(cases, 0.9) == pytest.approx((0.5, 0.5, 1.0))


def sample(answerable: list[bool], signal: list[float]) -> certainty.Sample:
    return certainty.Sample("a set", np.array(signal)[:, None], np.array(answerable))


def test_answerable_and_unanswerable_questions_of_a_set_count_the_same() -> None:
    mixed = sample([True, True, True, False], [0.0] * 4)
    assert mixed.weights == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 2])
    assert sample([True, True], [0.0] * 2).weights == pytest.approx([0.5, 0.5])


def test_a_signal_of_answerable_questions_gets_weight() -> None:
    weights, bias = certainty.fit([sample([True, True, False, False], [2.0, 3.0, -2.0, -3.0])])
    assert weights[0] > 0
    # The signal means as much above zero as below it.
    assert bias == pytest.approx(0.0, abs=1e-6)
