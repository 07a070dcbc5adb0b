"""Weights that are shipped with the package."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from assistant.errors import ModelError


def check_shipped(weights: Path, expected: str) -> None:
    """Raises ModelError when the file is missing, or its sha256 is not the expected one."""
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"The reader's weights {str(weights)!r} cannot be read ({error.strerror}). Install the package again."
        ) from error
    if found != expected:
        raise ModelError(
            f"The reader's weights {str(weights)!r} were altered: their sha256 is {found}, not {expected}. "
            "Install the package again."
        )


def load_shipped(weights: Path) -> tuple[Any, dict[str, Any]]:
    """The linear head, and the other tensors of PyTorch by name, as floats."""
    import torch
    from safetensors.torch import load_file

    tensors = {name: tensor.float() for name, tensor in load_file(weights).items()}
    head = torch.nn.Linear(tensors["head.weight"].shape[1], 1)
    head.load_state_dict({"weight": tensors.pop("head.weight"), "bias": tensors.pop("head.bias")})
    return head, tensors
