"""What a language model made of a run's answers: scores, and failures that are counted and never taken for scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from eval.measures import Measure
from eval.measures.measure import Limits, Observation, mean
from eval.rows import Row

Kind = Literal["correctness", "faithfulness"]
"""What is judged: whether the answer is right, 1 to 5, where there are references; and whether what it quotes
supports it, 0 or 1, where it quotes something."""
KINDS: tuple[Kind, ...] = get_args(Kind)
_LIMITS: Mapping[Kind, Limits] = {"correctness": (1, 5), "faithfulness": (0, 1)}

TIMEOUT, NO_CONNECTION, NOT_ASKED = "timeout", "no connection", "not asked"
PATIENCE = 5
"""After so many failures in a row to reply at all, the judge is given up: each may take a minute, for every score."""
GIVEN_UP = f"After {PATIENCE} requests in a row without a reply, the judge was not asked any more."


@dataclass(frozen=True, slots=True)
class Score:
    """A number with the judge's reason for it; or None with `failure`, the kind of failure, and its details.

    The kinds are "timeout", "no connection", "HTTP 500" or any other status, "unparsable", and "not asked" once
    the judge was given up.
    """

    value: float | None
    reason: str
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The scores by case id, and which model on which server gave them. Refusals and failed cases have none."""

    server: str
    model: str
    scores: Mapping[str, Mapping[Kind, Score]]

    def score(self, kind: Kind, row: Row) -> Score | None:
        """Of the row's answer; None where it was not asked for."""
        return self.scores.get(row.case.id, {}).get(kind)

    def measure(self, kind: Kind) -> Measure:
        """The mean of the scores, as a measure of the rows that were judged."""

        def observe(row: Row) -> Observation:
            score = self.score(kind, row)
            return () if score is None or score.value is None else (score.value,)

        return mean(f"judged {kind}", observe, limits=_LIMITS[kind])

    def failures(self, kind: Kind) -> Counter[str]:
        """How often each kind of failure took the place of a score."""
        asked = (scores[kind] for scores in self.scores.values() if kind in scores)
        return Counter(score.failure for score in asked if score.failure is not None)

    @property
    def given_up(self) -> bool:
        """Whether the judge was not asked any more."""
        return any(NOT_ASKED in self.failures(kind) for kind in KINDS)

    def to_json(self) -> dict[str, Any]:
        """`{"server", "model", "scores": {CASE ID: {KIND: {"value", "reason", "failure"}}}}`."""
        return {
            "server": self.server,
            "model": self.model,
            "scores": {
                case: {kind: asdict(score) for kind, score in each.items()} for case, each in self.scores.items()
            },
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Judged:
        """The inverse of `to_json`. Raises KeyError or TypeError when `fields` is not such an object."""
        return cls(
            fields["server"],
            fields["model"],
            {
                case: {kind: Score(**each[kind]) for kind in KINDS if kind in each}
                for case, each in fields["scores"].items()
            },
        )
