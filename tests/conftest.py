"""What many tests share: the shipped sources, the pinned model, a store really built from them, an open assistant."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from assistant import Document, Settings, build_index, load_sources
from assistant.answer.reading.reader import Reader, open_reader
from assistant.answer.reading.remembering import Remembering
from assistant.search.embed import Embedder, open_embedder
from assistant.search.store import Store

if TYPE_CHECKING:
    from assistant import Assistant
    from tests.served import Served

ROOT = Path(__file__).parent.parent

# Two cores shared with the rest of the suite: how long one example takes says nothing.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
settings.load_profile("suite")


def pytest_configure() -> None:
    """Keeps model loaders, in this process and in those that tests start, from asking a hub.

    And lets these processes be interrupted: what a script starts in the background is not, nor what that starts.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    _keep_to_own_cores()
    os.environ["HF_HUB_OFFLINE"] = "1"
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        del os.environ[name]


def _keep_to_own_cores() -> None:
    """Gives each of several workers its share of the cores: threads that wait for each other's cores spin."""
    worker, workers = os.environ.get("PYTEST_XDIST_WORKER", ""), int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if worker and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        own = cores[int(worker.removeprefix("gw")) % len(cores) :: workers]
        for thread in Path("/proc/self/task").iterdir():  # also those that imports have started
            os.sched_setaffinity(int(thread.name), own)


@pytest.fixture(scope="session")
def documents() -> tuple[Document, ...]:
    """The shipped sources."""
    return load_sources(ROOT / "sources").documents


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The pinned MiniLM."""
    return open_embedder("minilm")


@pytest.fixture(scope="session")
def reader() -> Reader:
    """The shipped reader, as `Assistant.open` has it: tests ask the same again and again."""
    return Remembering(open_reader(Settings().reader))


@pytest.fixture(scope="session")
def store(documents: tuple[Document, ...], embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the shipped sources. Shared: a test that changes a store builds its own."""
    path = tmp_path_factory.mktemp("index") / "store"
    build_index(documents, path, embedder=embedder)
    return path


@pytest.fixture(scope="session")
def assistant(store: Path, embedder: Embedder, reader: Reader) -> Iterator[Assistant]:
    """The assistant over the shipped sources."""
    from assistant import Assistant

    opened = Assistant(Store(store), embedder, reader, Settings())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def locked(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that asks for a login: of ADA, BOB and whoever a test adds. It has tools, and takes few questions."""
    from tests.served import ADA, BOB, served

    options = ("--login", "--mcp", "--questions", "8", "--host-name", "chat.example.org")
    with served(store, tmp_path_factory.mktemp("locked"), *options, users=dict((ADA, BOB))) as running:
        yield running
