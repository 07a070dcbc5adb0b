"""`python -m eval.certainty CASES STORE ...`: fits the weights of `assistant.answer.certainty`.

Prints the weights to put there, and how well they tell answerable from unanswerable cases under
ten-fold cross-validation. Cases must be ones that the reader was not trained on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np

from assistant.answer.certainty import Signals, signals_of
from assistant.answer.dialogue import standalone
from assistant.answer.evidence import rank_candidates
from assistant.answer.question import analyse
from assistant.answer.reader import Reader
from assistant.search.embed import open_embedder
from assistant.search.hybrid import search
from assistant.search.store import Store
from assistant.settings import Settings
from eval.cases import Case, load_cases


def observe(cases: Sequence[Case], store: Store, reader: Reader, settings: Settings) -> Iterator[tuple[Signals, bool]]:
    """The signals of each case that has candidates, and whether it is answerable."""
    embedder = open_embedder(settings.embedder)
    for case in cases:
        query = standalone(case.question, case.history)
        found = search(store, embedder, query, settings.passages)
        question = analyse(query)
        candidates = rank_candidates(question, found, reader)
        if candidates:
            yield signals_of(question, found, candidates), case.answerable


def fit(observed: Sequence[tuple[Signals, bool]]) -> tuple[Signals, float, float]:
    """Weights, bias, and the cross-validated area under the ROC curve; both classes count the same."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import cross_val_predict

    values = np.array([astuple(signals) for signals, _ in observed])
    answerable = np.array([answer for _, answer in observed])
    centre, spread = values.mean(0), values.std(0) + 1e-9
    model = LogisticRegression(C=0.3, class_weight="balanced")
    scaled = (values - centre) / spread
    held_out = cross_val_predict(model, scaled, answerable, cv=10, method="predict_proba")[:, 1]
    model.fit(scaled, answerable)
    weights = model.coef_[0] / spread
    bias = float(model.intercept_[0] - weights @ centre)
    return Signals(*(round(float(weight), 3) for weight in weights)), bias, float(roc_auc_score(answerable, held_out))


def main() -> None:
    """Reads pairs of a cases file and the store of its corpus."""
    parser = argparse.ArgumentParser(prog="python -m eval.certainty", description=__doc__)
    parser.add_argument(
        "pairs", nargs="+", type=Path, metavar="CASES STORE", help="cases, and the store they are about"
    )
    paths = parser.parse_args().pairs
    settings, reader = Settings(), Reader()
    observed: list[tuple[Signals, bool]] = []
    for cases, path in zip(paths[::2], paths[1::2], strict=True):
        store = Store(path)
        observed += observe(load_cases(cases, store.documents), store, reader, settings)
        store.close()
    weights, bias, area = fit(observed)
    for field in fields(Signals):
        print(f"{field.name:14} {getattr(weights, field.name):8.3f}")
    print(f"{'bias':14} {bias:8.3f}\nAUROC {area:.3f} over {len(observed)} cases, cross-validated")


if __name__ == "__main__":
    main()
