"""`python -m eval.fit.certainty --set STORE CASES ...`: fits `assistant.answer.certainty` on cases of stores.

Every set counts the same, and so do its answerable and its unanswerable questions. Questions of the other
sets are asked of the first as well: they are unanswerable there, and teach what a question about something
else looks like. Prints the weights to put there; and for each set how well weights that were fitted on the
others tell its answerable questions from its unanswerable ones.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.answer.certainty import Signals, signals_of
from eval.cases import Case
from eval.fit.observe import Observation, observe

if TYPE_CHECKING:
    from numpy.typing import NDArray

_REGULARISATION = 0.3
"""Inverse strength of the L2 penalty on the weights of standardised signals."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The signals of a set's questions, shape (questions, signals), and which are answerable, shape (questions,)."""

    name: str
    signals: NDArray[np.float64]
    answerable: NDArray[np.bool_]

    @classmethod
    def of(cls, name: str, observed: Sequence[Observation]) -> Sample:
        """The sample of what was observed."""
        signals = [astuple(signals_of(each.question, each.found, each.candidates)) for each in observed]
        return cls(name, np.array(signals), np.array([each.case.answerable for each in observed]))

    @property
    def weights(self) -> NDArray[np.float64]:
        """What each question counts: half of the sample is shared by the answerable ones, half by the others."""
        share = self.answerable.mean()
        if share in (0.0, 1.0):
            return np.full(len(self.answerable), 1 / len(self.answerable))
        each = np.where(self.answerable, 0.5 / share, 0.5 / (1 - share))
        return np.asarray(each / len(self.answerable))


def fit(samples: Sequence[Sample]) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of the logistic regression."""
    from sklearn.linear_model import LogisticRegression

    signals = np.concatenate([sample.signals for sample in samples])
    answerable = np.concatenate([sample.answerable for sample in samples])
    counts = np.concatenate([sample.weights for sample in samples])
    centre, spread = signals.mean(0), signals.std(0) + 1e-9
    # The penalty is weighed against the sum of the counts: made so, the number of questions.
    model = LogisticRegression(C=_REGULARISATION, max_iter=1000)
    model.fit((signals - centre) / spread, answerable, sample_weight=counts / counts.sum() * len(answerable))
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ centre)


def main() -> None:
    """Reads the sets, fits on all of them, and on all but each."""
    from sklearn.metrics import roc_auc_score

    parser = argparse.ArgumentParser(prog="python -m eval.fit.certainty", description=__doc__)
    parser.add_argument(
        "--set", nargs=2, type=Path, action="append", required=True, metavar=("STORE", "CASES"), dest="sets"
    )
    parser.add_argument("--leave-out", default="unseen", metavar="TAG", help="cases with this tag are not looked at")
    parser.add_argument("--elsewhere", type=int, default=8, help="questions of each other set asked of the first")
    given = parser.parse_args()
    (store, cases), *others = given.sets
    observed = [list(observe(path, own, given.leave_out)) for path, own in others]
    chance = random.Random(7)
    elsewhere: list[Case] = []
    for rows in observed:
        elsewhere += [replace(each.case, answerable=False) for each in chance.sample(rows, given.elsewhere)]
    observed.insert(0, list(observe(store, cases, given.leave_out, elsewhere)))
    samples = [Sample.of(str(path), rows) for (_, path), rows in zip(given.sets, observed, strict=True)]
    weights, bias = fit(samples)
    for field, weight in zip(fields(Signals), weights, strict=True):
        print(f"{field.name:14} {weight:8.3f}")
    print(f"{'bias':14} {bias:8.3f}")
    for sample in samples:
        if len(samples) > 1 and 0 < sample.answerable.mean() < 1:
            own, own_bias = fit([each for each in samples if each is not sample])
            area = roc_auc_score(sample.answerable, sample.signals @ own + own_bias)
            print(f"AUROC {area:.3f} over {len(sample.answerable)} questions of {sample.name}, fitted on the others")


if __name__ == "__main__":
    main()
