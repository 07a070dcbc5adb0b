"""What a fresh machine is given: pins that agree, a Makefile that installs once, a checkout that runs from anywhere."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from assistant.answer.reading.mpnet import INSTALL, PACKAGES

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonical(name): version for name, version in pins}


def dependencies(*extras: str) -> list[str]:
    """What the package needs, and its extras."""
    project = PROJECT["project"]
    return [*project["dependencies"], *(each for extra in extras for each in project["optional-dependencies"][extra])]


def test_every_dependency_is_pinned_as_the_constraints_say() -> None:
    pinned = constraints()
    for requirement in dependencies("eval", "local", "test"):
        name, version = requirement.split("==")
        assert pinned[canonical(name)] == version
    assert pinned["torch"] == "2.13.0"


def test_the_larger_reader_is_installed_as_it_says_itself() -> None:
    making = ["make", "--dry-run", "--always-make", ".venv/installed"]
    made = subprocess.run(making, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (written,) = re.findall(r"^pip install .*mpnet.*", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    spelt_out = subprocess.run(["bash", "-c", f"echo {written}"], capture_output=True, text=True, check=True).stdout

    assert spelt_out.split() == INSTALL.split()
    (line,) = [each for each in made.splitlines() if PACKAGES[0] in each]
    assert set(INSTALL.split()) <= set(line.split())


def test_the_constraints_hold_whatever_the_dependencies_need() -> None:
    pinned = constraints()
    waiting = [Requirement(each) for each in dependencies("eval", "local", "test")]
    seen = set()
    while waiting:
        needed = waiting.pop()
        name = canonical(needed.name)
        if name == "setuptools" or (name, *needed.extras) in seen:  # Every virtual environment has it.
            continue
        assert name in pinned, f"constraints.txt lacks {name}"
        seen.add((name, *needed.extras))
        for each in map(Requirement, metadata.requires(name) or ()):
            if not each.marker or any(each.marker.evaluate({"extra": extra}) for extra in ("", *needed.extras)):
                waiting.append(each)


def runtime_imports(file: Path) -> set[str]:
    """The top-level packages that a module imports when it runs, anywhere in it."""
    names: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(file.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            names |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).partition(".")[0])
        waiting += ast.iter_child_nodes(node)
    return names - sys.stdlib_module_names


@pytest.mark.parametrize(
    ("folder", "extras"),
    [("assistant", ["local"]), ("index", []), ("eval", ["eval"]), ("tests", ["eval", "test"]), ("docs", ["test"])],
)
def test_what_is_imported_is_declared(folder: str, extras: list[str]) -> None:
    declared = {canonical(Requirement(each).name) for each in dependencies(*extras)}
    own = {"assistant", "index", "eval", "docs", "tests", *(path.stem for path in (ROOT / "tests").glob("*.py"))}
    homes = metadata.packages_distributions()
    for file in (ROOT / folder).rglob("*.py"):
        for name in runtime_imports(file) - own:
            assert declared & {canonical(each) for each in homes[name]}, f"{file} imports {name}"


def test_the_tests_are_found_however_pytest_is_called() -> None:
    found = subprocess.run(
        [Path(sys.executable).with_name("pytest"), "--collect-only", "tests/test_eval.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout


def test_constraints_are_names_and_versions() -> None:
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        assert re.fullmatch(r"#.*|[\w.-]+==[\w.]+", line), line


def make(target: str, checkout: Path) -> str:
    """What `make` would run."""
    return subprocess.run(
        ["make", "--dry-run", target],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_make_sets_up_indexes_and_opens_the_chat(checkout: Path) -> None:
    steps = make("chat", checkout)
    order = [steps.index(step) for step in ("-m venv", "pip install", "-m index", "assistant serve --open")]
    assert order == sorted(order)
    assert "constraint constraints.txt" in steps


def test_make_test_installs_the_test_extra(checkout: Path) -> None:
    steps = make("test", checkout)
    order = [steps.index(step) for step in ("-m venv", '".[eval,test]"', "-m pytest")]
    assert order == sorted(order)


@pytest.mark.parametrize("target", ["chat", "test"])
def test_make_installs_nothing_again_until_the_pins_change(checkout: Path, target: str) -> None:
    # One after the other, as an installation would.
    for age, name in enumerate(("bin/python", "installed", "installed-for-tests")):
        file = checkout / ".venv" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        time = (checkout / "Makefile").stat().st_mtime + 10 + age
        os.utime(file, (time, time))
    assert "pip install" not in make(target, checkout)
    os.utime(checkout / "constraints.txt", (time + 10, time + 10))
    assert "pip install" in make(target, checkout)


def test_the_index_is_built_in_the_checkout_wherever_one_stands(tmp_path: Path) -> None:
    for name in ("index", "sources"):
        shutil.copytree(ROOT / name, tmp_path / "checkout" / name, ignore=shutil.ignore_patterns("store"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    built = subprocess.run(
        [sys.executable, tmp_path / "checkout" / "index"], cwd=elsewhere, capture_output=True, text=True, check=False
    )
    assert (built.returncode, built.stderr) == (0, "")
    assert (tmp_path / "checkout" / "index" / "store" / "record.json").exists()
    assert not list(elsewhere.iterdir())
    again = subprocess.run(
        [sys.executable, "-m", "index"], cwd=tmp_path / "checkout", capture_output=True, text=True, check=True
    )
    assert again.stdout.startswith("Unchanged 3 documents")


def test_only_the_library_is_installed_and_nothing_of_it_is_left_out() -> None:
    setuptools = PROJECT["tool"]["setuptools"]
    assert setuptools["packages"]["find"]["include"] == ["assistant*"]
    files = [path for path in (ROOT / "assistant").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert any(path.suffix == ".safetensors" for path in files)
    for path in files:
        assert (path.parent / "__init__.py").exists(), f"{path} is in no package"
        if path.suffix != ".py":
            assert any(path.match(pattern) for pattern in setuptools["package-data"]["*"]), path


def test_the_continuous_integration_runs_the_documented_command() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "\nmake test" in script.read_text("utf-8")


def test_the_licence_is_the_one_that_is_declared() -> None:
    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert "Apache License\n                           Version 2.0" in (ROOT / "LICENSE").read_text("utf-8")
