"""Runs a transformer network with OpenVINO: converted once from PyTorch, kept, and run in batches.

After the conversion neither PyTorch nor transformers is imported, which makes the first answer
seconds faster and a query about ten times cheaper.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import numpy as np
from filelock import FileLock
from platformdirs import user_cache_path

from assistant.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BATCH = 8  # on two cores larger batches lose more to padding than they gain
_FORM = 2
"""Of the converted models that are kept: one of another form is not used. To be raised when `convert` changes."""

_in_use: WeakValueDictionary[Path, Any] = WeakValueDictionary()
"""Compiled models, by where they are kept, as long as a network has them: the weights of assistants that are open
together, 0.2 GB and a second each, are the same and never change."""
_compiling = threading.Lock()


class Network:
    """A BERT-like network from token ids to one vector or number a sequence. Safe to use from several threads."""

    def __init__(self, name: str, convert: Callable[[], Any], *, half: bool = False) -> None:
        """`name` identifies the weights; `convert` makes the OpenVINO model when no kept copy fits.

        With `half` its weights are kept as half floats, and it computes in bfloat16 on a processor made for that:
        three times as fast, correct to two or three digits. Raises ModelError when the converted model cannot be kept.
        """
        self._model = _compiled(name, convert, half)  # held, so that it is shared for as long
        self._request = self._model.create_infer_request()
        self._has_segments = any("token_type_ids" in each.names for each in self._model.inputs)
        self._lock = threading.Lock()

    def run(self, sequences: Sequence[Sequence[int]], second: Sequence[int] | None = None) -> NDArray[np.float32]:
        """The network's output for each sequence of token ids, in order, shape (len(sequences), ...).

        `second` gives for each sequence where its second segment begins; only for networks that know segments.
        """
        if second is not None and not self._has_segments:
            raise ValueError("this network knows no segments")
        outputs: list[Any] = [None] * len(sequences)
        # Sequences of like length go together, so that little is padded.
        order = sorted(range(len(sequences)), key=lambda i: len(sequences[i]))
        for first in range(0, len(order), _BATCH):
            batch = order[first : first + _BATCH]
            ids = np.zeros((len(batch), max(len(sequences[i]) for i in batch)), np.int64)
            mask, types = np.zeros_like(ids), np.zeros_like(ids)
            for row, i in enumerate(batch):
                length = len(sequences[i])
                ids[row, :length] = sequences[i]
                mask[row, :length] = 1
                if second is not None:
                    types[row, second[i] : length] = 1
            inputs = {"input_ids": ids, "attention_mask": mask}
            if self._has_segments:
                inputs["token_type_ids"] = types
            with self._lock:
                result = self._request.infer(inputs)[0]
            for row, i in enumerate(batch):
                outputs[i] = result[row]
        return np.stack(outputs) if outputs else np.zeros((0,), np.float32)


@cache
def has_bfloat16() -> bool:
    """Whether the processor is made for products of bfloat16. Another can compute them too, but slower than floats."""
    import openvino

    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _compiled(name: str, convert: Callable[[], Any], half: bool) -> Any:
    """The model, ready to compute; the same for all networks of a process that have these weights at a time."""
    import openvino

    version = openvino.__version__.split("-")[0]
    kept = user_cache_path("conversational-retrieval-assistant") / f"{name}-{_FORM}-openvino-{version}"
    with _compiling:
        if (model := _in_use.get(kept)) is None:
            precision = "bf16" if half and has_bfloat16() else "f32"
            hints = {
                "INFERENCE_PRECISION_HINT": precision,
                "PERFORMANCE_HINT": "LATENCY",
                # What is compiled is kept too, which makes the next start a second faster. OpenVINO tells by itself
                # whether it fits the model and the processor, and compiles anew where it is damaged.
                "CACHE_DIR": str(kept / "compiled"),
            }
            with _alone_in(kept):
                _keep(kept, convert, half)
                model = _in_use[kept] = openvino.Core().compile_model(kept / "model.xml", "CPU", hints)
        return model


@contextmanager
def _alone_in(kept: Path) -> Iterator[None]:
    """Keeps other processes waiting that start at the same time and would write the same files.

    Where nobody may write there is nothing to wait for.
    """
    lock = FileLock(kept.with_name(f".{kept.name}.lock"))
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _keep(kept: Path, convert: Callable[[], Any], half: bool) -> None:
    """Puts the model there in OpenVINO's form, if it is not yet; a damaged copy is made again."""
    import openvino

    try:
        if not _is_sealed(kept):
            kept.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=kept.parent) as temporary:
                fresh = Path(temporary)
                openvino.save_model(convert(), fresh / "model.xml", compress_to_fp16=half)
                (fresh / "sha256").write_text(_seal(fresh))
                # The seal goes last: a copy interrupted half way does not match it and is made again.
                for part in ("model.bin", "model.xml", "sha256"):
                    (fresh / part).replace(kept / part)
    except OSError as error:
        raise ModelError(
            f"The converted model cannot be kept at {str(kept)!r} ({error.strerror}). "
            "Make that folder writable and room in it, or set XDG_CACHE_HOME to one that has both."
        ) from error


def _is_sealed(kept: Path) -> bool:
    try:
        return (kept / "sha256").read_bytes() == _seal(kept).encode()
    except FileNotFoundError:
        return False


def _seal(folder: Path) -> str:
    digest = hashlib.sha256()
    for part in ("model.bin", "model.xml"):
        digest.update((folder / part).read_bytes())
    return digest.hexdigest()


def load_encoder(folder: Path, weights: Mapping[str, Any] | None = None) -> Any:
    """The encoder in `folder`; PyTorch tensors `weights` replace those of the folder, by name, and all others stay."""
    from transformers import AutoModel
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    encoder = AutoModel.from_pretrained(folder, attn_implementation="eager", local_files_only=True)
    if weights:
        encoder.load_state_dict({**encoder.state_dict(), **weights})
    return encoder


def convert(encoder: Any, head: Callable[[Any], Any], *, segments: bool = True) -> Any:
    """The OpenVINO form of an encoder, its token vectors averaged and given to `head`.

    `segments` says whether it is told which of two segments a token belongs to.
    """
    import warnings

    import openvino
    import torch

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder, self.head = encoder, head

        # Tracing takes the inputs from the names here: what came in `**kwargs` would be dropped.
        def forward(
            self,
            input_ids: torch.Tensor,
            attention_mask: torch.Tensor,
            token_type_ids: torch.Tensor | None = None,
        ) -> Any:
            kinds = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
            hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask, **kinds).last_hidden_state
            weight = attention_mask.unsqueeze(-1).to(hidden.dtype)
            return self.head((hidden * weight).sum(1) / weight.sum(1))

    example = torch.ones(2, 8, dtype=torch.long)
    inputs = {"input_ids": example, "attention_mask": example}
    if segments:
        inputs["token_type_ids"] = example * 0
    with warnings.catch_warnings():
        # Tracing warns of branches that never change here.
        warnings.simplefilter("ignore")
        return openvino.convert_model(Pooled().eval(), example_input=inputs)
