"""first draft"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.search.hybrid import Found, Sentence
from assistant.search.terms import terms


@dataclass(frozen=True)
class Evidence:
    sentences: tuple[Sentence, ...]
    short: str


def find_evidence(found: Found, limit: int, certainty: float) -> Evidence:
    total = sum(found.weights.values()) or 1
    scored = []
    for s in found.sentences:
        cov = sum(found.weights.get(t, 0) for t in set(terms(s.text))) / total
        scored.append((s.cosine + 0.5 * cov, s))
    scored.sort(key=lambda x: -x[0])
    if scored[0][0] < 0.5:
        return Evidence((), "")
    return Evidence(tuple(s for _, s in scored[:2]), "")
