"""The README's examples are run as written, in a folder that holds what a set-up checkout holds."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from assistant import Settings
from tests.served import served

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
PYTHON = [number for number, (kind, _) in enumerate(BLOCKS) if kind == "python"]
ADDRESS = "http://127.0.0.1:7860"


def missing(expected: str, output: str) -> str:
    """The first part of `expected` that `output` lacks; `...` stands for anything."""
    position = 0
    for part in filter(None, map(str.strip, expected.split("..."))):
        found = output.find(part, position)
        if found < 0:
            return part
        position = found + len(part)
    return ""


@pytest.fixture
def checkout(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "sources", tmp_path / "sources")
    shutil.copytree(store, tmp_path / "index" / "store")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(number: int, address: str = ADDRESS) -> None:
    code = BLOCKS[number][1].replace(ADDRESS, address)
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile(code, f"README.md, block {number}", "exec"), {})  # noqa: S102 - it is our own
    kind, expected = BLOCKS[number + 1]
    assert kind == "text"
    assert not missing(expected, output.getvalue())


@pytest.mark.parametrize("number", [number for number in PYTHON if ADDRESS not in BLOCKS[number][1]])
@pytest.mark.usefixtures("checkout")
def test_python(number: int) -> None:
    run(number)


def test_python_over_http(store: Path, tmp_path: Path) -> None:
    (number,) = (number for number in PYTHON if ADDRESS in BLOCKS[number][1])
    with served(store, tmp_path) as server:
        run(number, server.address)


def test_terminal(checkout: Path) -> None:
    examples = [
        example
        for kind, block in BLOCKS
        if kind == "console"
        for example in re.findall(r"^\$ (.+)\n((?:[^$].*\n|\n)*)", block, re.MULTILINE)
    ]
    assert len(examples) >= 5
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command, expected in examples:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=checkout,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), command
        assert not missing(expected, done.stdout), command


def default_of(field: FieldInfo) -> str:
    if field.default_factory:
        return "the user's data folder"
    return "none" if field.default in ("", None) else str(field.default)


def test_settings() -> None:
    rows = re.findall(r"^\| `ASSISTANT_(\w+)` \| `(.+?)` \| (.+) \|$", README, re.MULTILINE)
    assert rows == [
        (name.upper(), default_of(field), field.description) for name, field in Settings.model_fields.items()
    ]


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        assert (ROOT / target).exists(), target


def test_folders_are_those_of_the_checkout() -> None:
    for folder in re.findall(r"^    ([\w/]+/)", README, re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder
