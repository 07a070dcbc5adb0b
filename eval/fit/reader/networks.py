"""What is trained: MiniLM's encoder whole, or what is added to MPNet's, each with a linear head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from transformers import AutoModel, PreTrainedModel

from assistant.answer.reading.mpnet import mpnet_folder, mpnet_sequence
from assistant.search.minilm import weights_folder
from assistant.search.network import has_bfloat16

Row = tuple[list[int], int]
"""Token ids of MiniLM's, and where the second part begins, as `assistant.answer.reading.sequence` makes them."""
_PADDED = 25
"""So many sequences are padded to one length."""
_RANK = 16
"""Width of the two matrices whose product is added to one of MPNet's: 5 MB in all."""
_SCALE = 2.0
"""What the product is multiplied by while it is trained: twice the rate, for the optimizer."""


class Network(torch.nn.Module):
    """An encoder with a linear head over the average of its token vectors, which gives log odds."""

    def __init__(self, encoder: PreTrainedModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = torch.nn.Linear(encoder.config.hidden_size, 1)
        torch.nn.init.normal_(self.head.weight, std=0.02)
        torch.nn.init.constant_(self.head.bias, -1.0)

    def forward(self, rows: Sequence[Row]) -> torch.Tensor:
        """Log odds, shape (rows,). Rows of like length go together, so that little is padded."""
        order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_bfloat16()):
            parts = [self._odds([rows[i] for i in order[a : a + _PADDED]]) for a in range(0, len(order), _PADDED)]
        return torch.cat(parts).float()[torch.tensor(order).argsort()]

    def _odds(self, rows: Sequence[Row]) -> torch.Tensor:
        inputs = self.inputs(rows)
        hidden = self.encoder(**inputs).last_hidden_state
        weight = inputs["attention_mask"].unsqueeze(-1).to(hidden.dtype)
        odds: torch.Tensor = self.head((hidden * weight).sum(1) / weight.sum(1)).squeeze(-1)
        return odds

    def inputs(self, rows: Sequence[Row]) -> dict[str, torch.Tensor]:
        """What the encoder is given, each of shape (rows, tokens)."""
        raise NotImplementedError

    def learned(self) -> dict[str, torch.Tensor]:
        """What training changed, as half floats, by the names that the assistant reads."""
        raise NotImplementedError

    def take_up(self, weights: Mapping[str, torch.Tensor]) -> None:
        """Goes on from what an earlier run learned."""
        raise NotImplementedError


class MiniLMNetwork(Network):
    """The quick reader: all layers are trained, and word embeddings stay as they are."""

    def __init__(self) -> None:
        # Drawing which attention to drop, and the kernel that skips its weights, took a third of each step.
        super().__init__(
            AutoModel.from_pretrained(
                weights_folder(), local_files_only=True, attn_implementation="eager", attention_probs_dropout_prob=0.0
            )
        )
        self.encoder.embeddings.requires_grad_(False)

    def inputs(self, rows: Sequence[Row]) -> dict[str, torch.Tensor]:
        """Ids, mask and segments."""
        inputs = _padded([ids for ids, _ in rows])
        types = torch.zeros_like(inputs["input_ids"])
        for row, (ids, second) in enumerate(rows):
            types[row, second : len(ids)] = 1
        return {**inputs, "token_type_ids": types}

    def learned(self) -> dict[str, torch.Tensor]:
        """The layers and the head."""
        return {
            name.removeprefix("encoder.") if name.startswith("encoder.") else name: tensor.half().contiguous()
            for name, tensor in self.state_dict().items()
            if not name.startswith(("encoder.embeddings", "encoder.pooler"))
        }

    def take_up(self, weights: Mapping[str, torch.Tensor]) -> None:
        """Goes on from what `learned` gave."""
        names = {name if name.startswith("head.") else f"encoder.{name}": tensor for name, tensor in weights.items()}
        self.load_state_dict({name: tensor.float() for name, tensor in names.items()}, strict=False)


class MPNetNetwork(Network):
    """The large reader: to each matrix of its layers a product of two narrow ones is added, and these are trained."""

    def __init__(self) -> None:
        with mpnet_folder() as folder:
            # Nothing is dropped: drawing what to drop took a third of each step, and so few weights overfit little.
            encoder = AutoModel.from_pretrained(
                folder, local_files_only=True, attention_probs_dropout_prob=0.0, hidden_dropout_prob=0.0
            )
        super().__init__(encoder)
        encoder.requires_grad_(False)
        self._added: dict[str, Adapted] = {}
        for layer_name, layer in encoder.encoder.layer.named_children():
            for name, module in list(layer.named_modules()):
                if isinstance(module, torch.nn.Linear):
                    parent, _, own = name.rpartition(".")
                    added = Adapted(module)
                    setattr(layer.get_submodule(parent), own, added)
                    self._added[f"encoder.layer.{layer_name}.{name}"] = added

    def inputs(self, rows: Sequence[Row]) -> dict[str, torch.Tensor]:
        """Ids and mask."""
        return _padded([mpnet_sequence(*row) for row in rows])

    def learned(self) -> dict[str, torch.Tensor]:
        """The narrow matrices and the head."""
        tensors = {f"head.{name}": tensor for name, tensor in self.head.state_dict().items()}
        for name, added in self._added.items():
            tensors[f"{name}.up"], tensors[f"{name}.down"] = _SCALE * added.up, added.down
        return {name: tensor.detach().half().contiguous() for name, tensor in tensors.items()}

    def take_up(self, weights: Mapping[str, torch.Tensor]) -> None:
        """Goes on from what `learned` gave."""
        self.head.load_state_dict({name: weights[f"head.{name}"].float() for name in ("weight", "bias")})
        with torch.no_grad():
            for name, added in self._added.items():
                added.up.copy_(weights[f"{name}.up"].float() / _SCALE)
                added.down.copy_(weights[f"{name}.down"].float())


class Adapted(torch.nn.Module):
    """A linear layer that stays as it is, and what is added to its output (Hu et al. 2021, "LoRA")."""

    def __init__(self, linear: torch.nn.Linear) -> None:
        super().__init__()
        self.linear = linear.to(torch.bfloat16) if has_bfloat16() else linear
        self.down = torch.nn.Parameter(torch.randn(_RANK, linear.in_features) / linear.in_features**0.5)
        self.up = torch.nn.Parameter(torch.zeros(linear.out_features, _RANK))

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """The layer's output for `given`."""
        added = torch.nn.functional.linear(torch.nn.functional.linear(given, self.down), self.up)
        output: torch.Tensor = self.linear(given) + _SCALE * added
        return output


NETWORKS: dict[str, type[MiniLMNetwork | MPNetNetwork]] = {"minilm": MiniLMNetwork, "mpnet": MPNetNetwork}


def _padded(sequences: Sequence[Sequence[int]]) -> dict[str, torch.Tensor]:
    ids = torch.zeros(len(sequences), max(map(len, sequences)), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = torch.tensor(sequence)
        mask[row, : len(sequence)] = 1
    return {"input_ids": ids, "attention_mask": mask}
