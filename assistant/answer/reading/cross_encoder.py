"""A reader of another maker: any cross-encoder of sentence-transformers."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from assistant.answer.reading.reader import CASCADE, Reading
from assistant.errors import ModelError

_WITH_A_HEAD = ("ForSequenceClassification", "ForCausalLM")


class CrossEncoderReader:
    """Any sentence-transformers cross-encoder with one output, by hub name or path. A hub name needs the network once.

    Its output before any activation is taken for log odds. The order of sentences and the certainty of an answer
    were fitted to the shipped readers': with a model that is surer or less sure than it, certainty is no probability
    until `python -m eval.fit.certainty` has fitted it again. Safe to use from several threads.
    """

    def __init__(self, name: str) -> None:
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging

        logging.set_verbosity_error()
        logging.disable_progress_bar()
        instead = f"Check the name or path, or use {CASCADE!r}, which needs no network."
        try:
            self._model = CrossEncoder(name, device="cpu")
        except Exception as error:  # The loaders of weights, tokenizers and settings raise errors of many kinds.
            raise ModelError(
                f"The reader {name!r} cannot be loaded ({' '.join(str(error).split())}). {instead}"
            ) from error
        architectures = self._model.config.architectures or ()
        if len(self._model) == 1 and not any(each.endswith(_WITH_A_HEAD) for each in architectures):
            # The library would give it a head of random numbers, and answers would be chosen by chance.
            raise ModelError(
                f"{name!r} is no cross-encoder but {', '.join(architectures) or 'another model'}. {instead}"
            )
        if self._model.num_labels != 1:
            raise ModelError(
                f"The reader {name!r} gives {self._model.num_labels} numbers for a sentence, where one is "
                f"needed. {instead}"
            )
        self._lock = threading.Lock()  # the tokenizer may not be used by two threads at once

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:
        """One number a reading, in order. It is shown as to the shipped readers: sentence, place, sentence before."""
        from torch.nn import Identity

        if not readings:
            return []
        pairs = [(question, " | ".join(filter(None, (r.text, r.place, r.before)))) for r in readings]
        with self._lock:
            scores = self._model.predict(pairs, activation_fn=Identity(), show_progress_bar=False)
        return [float(score) for score in scores]
