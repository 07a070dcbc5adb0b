"""`python -m eval.fit.conflicts --set STORE CASES ...`: fits `assistant.answer.conflicts.alike` on cases of stores.

Two sentences with different values that both hold evidence of a case which has values in dispute answer alike; all
other pairs stand together by chance. Prints the weights of the signals and the bias.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from assistant.answer.conflicts.alike import Signals
from assistant.answer.conflicts.asked import asked_for
from assistant.answer.conflicts.disagree import Dispute
from assistant.answer.conflicts.find import told
from eval.fit.observe import Observation, observe


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences found for one case: their signals, and whether they answer it alike."""

    case: str
    signals: Signals
    alike: bool


def pairs(observed: Iterable[Observation]) -> Iterator[Pair]:
    """The pairs of which the assistant must judge whether they answer alike."""
    for each in observed:
        asked = asked_for(each.question)
        if asked is None or not asked.kinds:
            continue
        dispute = Dispute(asked, each.found.weights, told(each.candidates, asked))
        for one, other in dispute.compared():
            sides = (side.candidate.sentence for side in (one, other))
            alike = bool(each.case.conflict) and all(map(each.answers, sides))
            yield Pair(each.case.id, dispute.signals(one, other), alike)


def fit(observed: Iterable[Pair]) -> tuple[Signals, float]:
    """The weights and the bias of a logistic regression."""
    from sklearn.linear_model import LogisticRegression

    seen = list(observed)
    model = LogisticRegression(max_iter=5000)
    model.fit([astuple(pair.signals) for pair in seen], [pair.alike for pair in seen])
    return Signals(*map(float, model.coef_[0])), float(model.intercept_[0])


def main() -> None:
    """Reads the sets and prints the fit to all of them."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit.conflicts", description=__doc__)
    parser.add_argument(
        "--set", nargs=2, type=Path, action="append", required=True, metavar=("STORE", "CASES"), dest="sets"
    )
    parser.add_argument("--leave-out", default="unseen", metavar="TAG", help="cases with this tag are not looked at")
    given = parser.parse_args()
    seen = [pair for store, cases in given.sets for pair in pairs(observe(store, cases, given.leave_out))]
    weights, bias = fit(seen)
    print(f"{sum(pair.alike for pair in seen)} of {len(seen)} pairs are alike")
    for field in fields(weights):
        print(f"{field.name}={getattr(weights, field.name):.2f}")
    print(f"bias {bias:.2f}")


if __name__ == "__main__":
    main()
