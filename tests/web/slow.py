"""A server whose embedder takes its time: `python -m tests.web.slow STORE DATA`."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answer.reading.reader import open_reader
from assistant.answer.reading.remembering import Remembering
from assistant.assistant import Assistant
from assistant.search.embed import Embedder, open_embedder
from assistant.search.store import Store
from assistant.server.limits import Rates
from assistant.server.serve import serve
from assistant.settings import load_settings
from tests.served import address_in

SLOWLY = "Slowly"
SECONDS = 2.0


class SlowEmbedder:
    """The pinned model, which takes seconds for a text that asks for it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.dimensions = embedder.dimensions
        self.window = embedder.window

    def count_tokens(self, text: str) -> int:
        return self._embedder.count_tokens(text)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if any(SLOWLY in text for text in texts):
            time.sleep(SECONDS)
        return self._embedder.embed(texts)


@contextmanager
def served_slowly(store: Path, data: Path) -> Iterator[str]:
    """The address of such a server, in a process of its own."""
    command = [sys.executable, "-m", "tests.web.slow", str(store), str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        try:
            yield address_in(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def main(store: str, data: str) -> None:
    settings = load_settings(store=store, data=data)

    def open_assistant() -> Assistant:
        embedder, reader = SlowEmbedder(open_embedder(settings.embedder)), Remembering(open_reader(settings.reader))
        return Assistant(Store(settings.store), embedder, reader, settings)

    serve(open_assistant, settings, port=0, rates=Rates(questions=600))


if __name__ == "__main__":
    main(*sys.argv[1:])
