"""`python -m eval.certainty STORE --tag tuned --elsewhere CASES ...`: fits `assistant.answer.certainty`.

Prints the weights to put there, and how well they tell answerable from unanswerable questions under
ten-fold cross-validation. The cases must be ones that the reader was not trained on; questions on
other documents are unanswerable here, and teach what a question about something else looks like.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from pathlib import Path

from assistant.answer.certainty import Signals, signals_of
from assistant.answer.dialogue import standalone
from assistant.answer.evidence import rank_candidates
from assistant.answer.question import analyse
from assistant.answer.reader import Reader
from assistant.search.embed import open_embedder
from assistant.search.hybrid import search
from assistant.search.store import Store
from assistant.settings import Settings
from eval.cases import load_cases

Asked = tuple[str, bool]
"""A question that stands alone, and whether the documents answer it."""


def observe(asked: Sequence[Asked], store: Store) -> Iterator[tuple[Signals, bool]]:
    """The signals of each question that has candidates, and whether it is answerable."""
    settings = Settings()
    embedder, reader = open_embedder(settings.embedder), Reader()
    for query, answerable in asked:
        found = search(store, embedder, query, settings.passages)
        question = analyse(query)
        if candidates := rank_candidates(question, found, reader):
            yield signals_of(question, found, candidates), answerable


def fit(observed: Sequence[tuple[Signals, bool]]) -> tuple[Signals, float, float]:
    """Weights, bias, and the cross-validated area under the ROC curve; both classes count the same."""
    import numpy as np
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
    """Reads cases of the store's documents, and questions on others."""
    parser = argparse.ArgumentParser(prog="python -m eval.certainty", description=__doc__)
    parser.add_argument("store", type=Path, help="the index of the documents that the cases are about")
    parser.add_argument("--cases", type=Path, default=Path(__file__).with_name("cases.jsonl"))
    parser.add_argument("--tag", help="only cases with this tag")
    parser.add_argument("--elsewhere", type=Path, nargs="*", default=[], help="cases of other documents")
    parser.add_argument("--each", type=int, default=15, help="questions drawn from each of those")
    given = parser.parse_args()
    store = Store(given.store)
    asked = [
        (standalone(case.question, case.history), case.answerable)
        for case in load_cases(given.cases, store.documents)
        if given.tag is None or given.tag in case.tags
    ]
    chance = random.Random(7)
    for path in given.elsewhere:
        lines = path.read_text("utf-8").splitlines()
        asked += [(json.loads(line)["question"], False) for line in chance.sample(lines, given.each)]
    observed = list(observe(asked, store))
    store.close()
    weights, bias, area = fit(observed)
    for field in fields(Signals):
        print(f"{field.name:14} {getattr(weights, field.name):8.3f}")
    print(f"{'bias':14} {bias:8.3f}\nAUROC {area:.3f} over {len(observed)} questions, cross-validated")


if __name__ == "__main__":
    main()
