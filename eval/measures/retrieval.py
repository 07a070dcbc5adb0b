"""How well the evidence was found: the measures of a ranking, as ir-measures computes them, over answerable cases.

They are over what was found, whatever became of it: a case that was refused, or that failed after its search (its quote
does not stand where it says), keeps its hits. One that failed before has none, and misses. Of a plain text it is not
known what was found.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.measures.measure import Measure, Observation, mean, value_of
from eval.rows import Row

_DEPTH = 10


def recall_at(k: int) -> Measure:
    """Evidence recall@k: the share of answerable cases with a relevant hit among the first k. 0 to 1.

    Any one span of the evidence suffices, so this is what TREC calls Success@k, not its Recall@k (the
    share of all that is relevant). It is the retrieval accuracy of Karpukhin et al. (2020).
    """
    return mean(f"recall@{k}", lambda row: _of_ranking(row, f"Success@{k}"))


def recall_curve(rows: Sequence[Row]) -> tuple[float | None, ...]:
    """recall@k of the rows for k = 1..10; None if none is answerable."""
    return tuple(value_of(recall_at(k), rows).value for k in range(1, _DEPTH + 1))


def precision_at_5(row: Row) -> Observation:
    """P@5: relevant hits among the first five, / 5 however few were found. 0 to 1, over answerable cases.

    Few cases have five relevant passages, so the best that can be reached is well below 1.
    """
    return _of_ranking(row, "P@5")


def reciprocal_rank(row: Row) -> Observation:
    """1 / rank of the first relevant hit, 0 beyond ten. 0 to 1, over answerable cases (MRR; Voorhees 1999)."""
    return _of_ranking(row, "RR@10")


def ndcg(row: Row) -> Observation:
    """DCG@10 / the DCG@10 of an ideal ranking; DCG = sum of 1 / log2(1 + rank) of the relevant hits.

    0 to 1, over answerable cases (Järvelin & Kekäläinen 2002). The ideal ranking has every relevant thing of
    `judged` at the top, so a case with several spans of evidence reaches 1 only if all were found.
    """
    return _of_ranking(row, "nDCG@10")


def judged(row: Row) -> tuple[dict[str, int], dict[str, float]]:
    """What is relevant and what was found, as the qrels and the run of one TREC query.

    The passages of a corpus are not judged beforehand, and systems cut different ones. So a hit is relevant if
    it meets the evidence, once however many spans it meets; and a span that no hit meets is one relevant thing that
    was not found. The run is scored by rank: scores may be equal, and TREC would order those by name.
    """
    hits = [hit.span for hit in row.hits[:_DEPTH]]
    relevant = {f"hit {rank}": 1 for rank, span in enumerate(hits, 1) if row.meets(span)}
    for number, evidence in enumerate(row.case.evidence, 1):
        if not any(span.meets(evidence) for span in hits):
            relevant[f"evidence {number}"] = 1
    return relevant, {f"hit {rank}": 1 / rank for rank in range(1, len(hits) + 1)}


def _of_ranking(row: Row, name: str) -> Observation:
    """The measure that ir-measures knows by `name`; nothing for an unanswerable case or a plain text."""
    import ir_measures

    if not row.case.answerable or not row.grounded:
        return ()
    relevant, found = judged(row)
    return (float(ir_measures.parse_measure(name).calc_aggregate({row.case.id: relevant}, {row.case.id: found})),)


MEASURES = (
    recall_at(1),
    recall_at(5),
    recall_at(10),
    mean("precision@5", precision_at_5),
    mean("MRR@10", reciprocal_rank),
    mean("nDCG@10", ndcg),
)
