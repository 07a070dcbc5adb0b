"""What may import what, and what importing costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = sorted((ROOT / "assistant").rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Names of the modules that a file imports anywhere, in functions too; names of a package count as its modules."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def rooms(folder: str) -> list[Path]:
    files = sorted((ROOT / "assistant" / folder).rglob("*.py"))
    assert files
    return files


def offending(files: list[Path], *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in sorted(imports(path))
        if any(name == each or name.startswith(f"{each}.") for each in forbidden)
    ]


def test_the_package_imports_neither_the_index_nor_the_evaluation() -> None:
    assert offending(PACKAGE, "index", "eval", "tests") == []


@pytest.mark.parametrize(
    ("room", "later"),
    [
        ("ingest", ["search", "answer", "web", "cli", "assistant", "settings"]),
        ("search", ["answer", "web", "cli", "assistant"]),
        (
            "llm",
            ["ingest", "search", "answer", "suggest", "library", "conversations", "web", "server", "cli", "assistant"],
        ),
        ("answer", ["suggest", "library", "conversations", "web", "server", "cli", "assistant"]),
        ("suggest", ["library", "conversations", "web", "server", "cli"]),
        ("library", ["conversations", "web", "server", "cli"]),
        ("conversations", ["suggest", "library", "web", "server", "cli"]),
        ("web", ["server", "cli"]),
        ("server", ["cli"]),
        ("llamaindex", ["ingest", "search", "answer", "suggest", "library", "conversations", "web", "server", "cli"]),
    ],
)
def test_a_stage_imports_no_later_one(room: str, later: list[str]) -> None:
    assert offending(rooms(room), *(f"assistant.{each}" for each in later)) == []


def test_nothing_imports_the_adapters() -> None:
    others = [path for path in PACKAGE if path not in rooms("llamaindex")]

    assert offending(others, "assistant.llamaindex") == []


def test_types_and_errors_import_nothing_of_the_package() -> None:
    assert offending([ROOT / "assistant" / "types.py", ROOT / "assistant" / "errors.py"], "assistant") == []


@pytest.mark.parametrize("folder", ["index", "eval"])
def test_a_runnable_folder_does_not_lean_on_the_other(folder: str) -> None:
    other = {"index": "eval", "eval": "index"}[folder]
    files = sorted((ROOT / folder).rglob("*.py"))

    assert files
    assert offending(files, other, "tests") == []


def test_importing_the_package_costs_nothing() -> None:
    heavy = "torch transformers sentence_transformers gradio chromadb openvino numpy pydantic llama_index".split()
    code = f"import assistant, sys; print([name for name in {heavy} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_opening_an_index_needs_no_torch(store: Path) -> None:
    code = (
        "import sys; from assistant import Assistant; "
        "Assistant.open(sys.argv[1]).ask('When was the treaty signed?'); "
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'gradio'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code, store], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_every_public_name_can_be_imported() -> None:
    import assistant

    for name in assistant.__all__:
        assert getattr(assistant, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = assistant.nothing
