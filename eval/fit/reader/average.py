"""`python -m eval.fit.reader.average WEIGHTS ... --out FILE`: the mean weights of runs that went on from one another.

What the later run learned is kept, with more of what it forgot (Wortsman et al. 2022, "Robust fine-tuning of
zero-shot models").
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file


def average(runs: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of each tensor over the runs, as half floats."""
    return {name: torch.stack([run[name].float() for run in runs]).mean(0).half() for name in runs[0]}


def main() -> None:
    """Reads the weights of the runs and writes their mean."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit.reader.average", description=__doc__)
    parser.add_argument("weights", nargs="+", type=Path, help="what runs of `python -m eval.fit.reader` wrote")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    save_file(average([load_file(each) for each in given.weights]), given.out)


if __name__ == "__main__":
    main()
