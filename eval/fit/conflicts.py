"""`python -m eval.fit.conflicts --set STORE CASES ...`: fits `assistant.answer.conflicts.alike` on cases of stores.

Pairs of sentences that give the same right value answer alike; pairs of different documents whose values differ
stand together by chance, where the documents hold no conflicts. Prints the weights of the signals and the bias.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from assistant.answer.conflicts.alike import contradiction, signals, tell
from assistant.answer.conflicts.asked import asked_for
from assistant.search.terms import words
from eval.fit.observe import Observation, observe

_FIRST = 10
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences found for one case: their signals, and whether they answer it alike."""

    case: str
    signals: tuple[float, float, float]
    alike: bool


def pairs(observed: Iterable[Observation]) -> Iterator[Pair]:
    """The pairs that are surely alike and those that surely are not, of questions that ask for one kind of value."""
    for each in observed:
        asked = asked_for(each.question)
        if asked is None or asked.several or not asked.kinds or not asked.certain:
            continue
        right = [" ".join(words(answer)) for answer in each.case.answers if len(answer.split()) <= _MOST_WORDS]
        tellings = [tell(candidate, asked) for candidate in each.candidates[:_FIRST]]
        for one, other in combinations(tellings, 2):
            agreed = [mine for mine in one.claims if any(mine.repeats(theirs) for theirs in other.claims)]
            told = [" ".join(words(claim.value.text)) for claim in agreed]
            if one.text != other.text and any(value in answer for value in told for answer in right):
                yield Pair(each.case.id, signals(one, other), alike=True)
            elif one.document_id != other.document_id and contradiction(one, other):
                yield Pair(each.case.id, signals(one, other), alike=False)


def fit(observed: Iterable[Pair]) -> tuple[list[float], float]:
    """The weights and the bias of a logistic regression in which every case counts once, and both kinds the same."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    told = list(observed)
    counts = Counter((pair.case, pair.alike) for pair in told)
    model = LogisticRegression(class_weight="balanced", max_iter=2000)
    model.fit(
        np.array([pair.signals for pair in told]),
        [pair.alike for pair in told],
        sample_weight=[1 / counts[pair.case, pair.alike] for pair in told],
    )
    return [float(weight) for weight in model.coef_[0]], float(model.intercept_[0])


def main() -> None:
    """Reads the sets and prints the fit to all of them."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit.conflicts", description=__doc__)
    parser.add_argument(
        "--set", nargs=2, type=Path, action="append", required=True, metavar=("STORE", "CASES"), dest="sets"
    )
    parser.add_argument("--leave-out", default="unseen", metavar="TAG", help="cases with this tag are not looked at")
    given = parser.parse_args()
    told = [pair for store, cases in given.sets for pair in pairs(observe(store, cases, given.leave_out))]
    weights, bias = fit(told)
    print(f"{sum(pair.alike for pair in told)} of {len(told)} pairs are alike")
    print(f"weights {', '.join(f'{weight:.2f}' for weight in weights)}, bias {bias:.2f}")


if __name__ == "__main__":
    main()
