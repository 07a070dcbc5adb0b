"""`python -m eval.fit.choice --set STORE CASES ...`: fits `assistant.answer.choice` on cases of stores.

Prints the sharpness that makes the sentences that answer most likely, and what citation recall and precision
come of each least share, where nothing is refused.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from assistant.answer.choice import choose, shares
from eval.fit.observe import Observation, observe

_LEAST_SHARES = (0.08, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3)
_LIMIT = 4
_SHARPNESSES = [0.1 * step for step in range(5, 150)]


def fit(observed: Sequence[Observation]) -> float:
    """The sharpness of greatest likelihood: that of a case is the share of all sentences that answer it."""
    return max(_SHARPNESSES, key=lambda sharpness: _likelihood(observed, sharpness))


def _likelihood(observed: Sequence[Observation], sharpness: float) -> float:
    logs = []
    for each in observed:
        parts = zip(each.candidates, shares([candidate.score for candidate in each.candidates], sharpness), strict=True)
        if right := sum(share for candidate, share in parts if each.answers(candidate.sentence)):
            logs.append(math.log(right))
    return mean(logs)


def measured(observed: Sequence[Observation], least: float) -> tuple[float, float, float]:
    """Citation recall, citation precision and sentences an answer where a further one needs a share of `least`."""
    right = []
    for each in observed:
        chosen = choose(each.question, each.found, each.candidates, _LIMIT, least)
        right.append([each.answers(sentence) for sentence in chosen])
    cited = [answers for row in right for answers in row]
    return mean(any(row) for row in right), mean(cited), len(cited) / len(right)


def main() -> None:
    """Reads the sets and prints a sharpness and a table for each."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit.choice", description=__doc__)
    parser.add_argument(
        "--set", nargs=2, type=Path, action="append", required=True, metavar=("STORE", "CASES"), dest="sets"
    )
    parser.add_argument("--leave-out", default="unseen", metavar="TAG", help="cases with this tag are not looked at")
    given = parser.parse_args()
    for store, cases in given.sets:
        observed = [each for each in observe(store, cases, given.leave_out) if each.case.answerable]
        print(f"{cases}: {len(observed)} cases, sharpness {fit(observed):.1f}")
        for least in _LEAST_SHARES:
            recall, precision, count = measured(observed, least)
            print(f"  share {least:5.3f}  recall {recall:.3f}  precision {precision:.3f}  sentences {count:.2f}")


if __name__ == "__main__":
    main()
