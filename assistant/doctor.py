"""Examines an installation: Python, packages, models, index, sources. Finds out; repairs nothing."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, StoreError
from assistant.settings import Settings
from assistant.wording import count

DISTRIBUTION = "conversational-retrieval-assistant"
_REINSTALL = "Run in the project's folder: pip install --force-reinstall -c constraints.txt -e ."


@dataclass(frozen=True, slots=True)
class Check:
    """What was examined, what was found, and a sentence for each thing that is wrong and what to do about it."""

    name: str
    found: str
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"name": self.name, "ok": self.ok, "found": self.found, "problems": list(self.problems)}


def examine(settings: Settings, sources: Path | None = None) -> tuple[Check, ...]:
    """Every check, in the order in which a fault of one explains the next.

    `sources` is the folder that the index was built from; without it the last check is left out.
    Raises nothing: a check that cannot be carried out is one that fails.
    """
    checks = [
        _check("python", _python),
        _check("packages", _packages),
        _check("embedder", lambda: _embedder(settings)),
        _check("reader", lambda: _reader(settings)),
        _check("index", lambda: _index(settings)),
    ]
    if settings.llm:
        checks.append(_check("language model", lambda: _llm(settings)))
    if sources is not None:
        checks.append(_check("sources", lambda: _sources(sources, settings.store)))
    return tuple(checks)


def _check(name: str, look: Callable[[], tuple[str, Sequence[str]]]) -> Check:
    try:
        found, problems = look()
    except AssistantError as error:
        return Check(name, "", (str(error),))
    except Exception as error:  # What is broken may break in any way, and the other checks must still be made.
        fault = f"{type(error).__name__}: {error}".rstrip(".")
        return Check(name, "", (f"This could not be checked ({fault}). {_REINSTALL}",))
    return Check(name, found, tuple(problems))


def _python() -> tuple[str, Sequence[str]]:
    from packaging.specifiers import SpecifierSet

    version, needed = platform.python_version(), metadata.metadata(DISTRIBUTION)["Requires-Python"]
    if SpecifierSet(needed).contains(version):
        return version, ()
    return version, [f"This is Python {version} and {needed} is needed. Make the virtual environment with that one."]


def _packages() -> tuple[str, Sequence[str]]:
    from packaging.requirements import Requirement

    every = [Requirement(line) for line in metadata.requires(DISTRIBUTION) or ()]
    needed = [each for each in every if each.marker is None or each.marker.evaluate({"extra": ""})]
    problems = []
    for each in needed:
        version = _installed(each.name)
        if version is None or not each.specifier.contains(version, prereleases=True):
            fault = "is not installed" if version is None else f"is {version} and {each.specifier} is needed"
            problems.append(f'{each.name} {fault}. Run: pip install "{each.name}{each.specifier}"')
    return f"{count(len(needed), 'package')}{'' if problems else ', each in its pinned version'}", problems


def _installed(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _embedder(settings: Settings) -> tuple[str, Sequence[str]]:
    from assistant.search.embed import MINILM, open_embedder

    embedder = open_embedder(settings.embedder)
    return f"{embedder.name}{', weights as pinned' if settings.embedder == MINILM else ''}", ()


def _reader(settings: Settings) -> tuple[str, Sequence[str]]:
    from assistant.answer.reading.mpnet import INSTALL, is_installed
    from assistant.answer.reading.reader import CASCADE, MINILM_READER, SHIPPED, open_reader

    open_reader(settings.reader)
    if settings.reader == CASCADE and not is_installed():
        return f"{MINILM_READER} alone, weights as pinned; with a larger one answers are better. Run: {INSTALL}", ()
    return f"{settings.reader}{', weights as pinned' if settings.reader in SHIPPED else ''}", ()


def _llm(settings: Settings) -> tuple[str, Sequence[str]]:
    from assistant.llm.check import check_llm

    return check_llm(settings.llm, seconds=settings.llm_seconds, window=settings.llm_window)


def _index(settings: Settings) -> tuple[str, Sequence[str]]:
    from assistant.search.embed import embedder_name
    from assistant.search.store import Store, check_record

    store = Store(settings.store)
    store.close()
    check_record(settings.store, store.record, embedder_name(settings.embedder), settings.passage_characters)
    held = f"{count(len(store.documents), 'document')}, {count(len(store.splits), 'passage')}"
    return f"{held} in {settings.store}", ()


def _sources(folder: Path, store: Path) -> tuple[str, Sequence[str]]:
    from assistant.ingest.sources import load_sources
    from assistant.search.store import document_hash, read_record

    sources = load_sources(folder)
    problems = list(sources.problems)
    found = f"{count(len(sources.documents), 'document')} in {folder}"
    try:
        indexed = read_record(store).documents
    except StoreError:  # The check of the index has said so.
        return found, problems
    present = {document.id: document_hash(document) for document in sources.documents}
    differing = [f"{key!r} is new" for key in present if key not in indexed]
    differing += [f"{key!r} was changed" for key in present if key in indexed and indexed[key] != present[key]]
    differing += [f"{key!r} is no longer there" for key in indexed if key not in present]
    if differing:
        problems.append(
            f"The index at {str(store)!r} is not of what {str(folder)!r} holds now: {', '.join(differing)}. "
            f"Build it again with: {shlex.join(('assistant', 'index', str(folder), '--store', str(store)))}"
        )
    return (found if problems else f"{found}, as indexed"), problems
