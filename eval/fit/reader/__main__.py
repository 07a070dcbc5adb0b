"""`python -m eval.fit.reader BENCHMARK ... --selection FILE --sources FOLDER --wordnet FOLDER`: trains a reader.

A group of candidates for one question (`draw.py`) competes with "nothing here answers", whose log odds are fixed
at 0, so that what the reader says is comparable between questions.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from statistics import fmean

import torch
from safetensors.torch import load_file, save_file
from sklearn.metrics import roc_auc_score
from torch.nn.utils import clip_grad_norm_

from assistant.answer.reading.sequence import POSITIONS, question_ids, sequence
from assistant.search.minilm import open_tokenizer, weights_folder
from eval.fit.reader.candidates import Example, read_questions
from eval.fit.reader.draw import Recipe, Sampler
from eval.fit.reader.gather import QUESTIONS, examples_of, sets_together
from eval.fit.reader.networks import NETWORKS, Network
from eval.fit.reader.wordnet import WordNet


def part_with(examples: Sequence[Example], whole: Collection[str], share: float, seed: int) -> list[Example]:
    """All of the sets `whole`, and others drawn at random up to a share of all the examples, 0 to 1."""
    kept = [each for each in examples if each.origin in whole]
    others = [each for each in examples if each.origin not in whole]
    return kept + random.Random(seed).sample(others, max(0, int(share * len(examples)) - len(kept)))


def train(
    network: Network, examples: Sequence[Example], recipe: Recipe, wordnet: WordNet | None, kept: Path | None = None
) -> None:
    """Trains the network in place: AdamW, linear warm-up and decay, products in bfloat16 where the processor has it.

    Every 20 steps what it needs to go on is written to the file `kept`, and it begins with what that file has; at the
    end the file is removed. Raises ValueError where the file is of another recipe or other examples.
    """
    torch.manual_seed(recipe.seed)
    tokenizer = open_tokenizer(weights_folder())
    sampler = Sampler(examples, recipe, wordnet)
    order = sampler.shuffled(examples, recipe.steps * recipe.questions)
    optimizer = torch.optim.AdamW((p for p in network.parameters() if p.requires_grad), weight_decay=0.01)
    first, of = 0, repr((recipe, [each.question for each in order[:: recipe.questions]]))
    if kept and kept.exists():
        state = torch.load(kept)
        if state["of"] != of:
            raise ValueError(
                f"{str(kept)!r} is of a run with another recipe or other examples: remove it, or name another"
            )
        network.load_state_dict(state["network"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        sampler.chance.setstate(state["chance"])
        torch.set_rng_state(state["dropped"])
        first = state["step"]
    started = time.monotonic()
    network.train()
    for step in range(first, recipe.steps):
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * min(1, (step + 1) / (0.08 * recipe.steps)) * max(0.02, 1 - step / recipe.steps)
        drawn = [sampler.draw(each) for each in order[step * recipe.questions : (step + 1) * recipe.questions]]
        rows = [
            sequence(tokenizer, asked, shown.sentence, shown.place, shown.before)
            for asked, candidates in ((question_ids(tokenizer, question), shown) for question, shown in drawn)
            for shown in candidates
        ]
        logits = network(rows)
        loss = torch.stack(_losses(logits, [[s.answers for s in shown] for _, shown in drawn])).mean()
        optimizer.zero_grad()
        loss.backward()
        clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        if step % 20 == 19:
            print(
                f"step {step + 1}/{recipe.steps}  loss {loss.item():.3f}  {time.monotonic() - started:.0f} s",
                flush=True,
            )
            if kept:
                state = {
                    "of": of,
                    "step": step + 1,
                    "network": {name: each for name, each in network.named_parameters() if each.requires_grad},
                    "optimizer": optimizer.state_dict(),
                    "chance": sampler.chance.getstate(),
                    "dropped": torch.get_rng_state(),
                }
                torch.save(state, part := kept.with_name(f"{kept.name}.part"))
                part.replace(kept)  # whole, however it is interrupted
    if kept:
        kept.unlink(missing_ok=True)


def _losses(logits: torch.Tensor, groups: list[list[bool]]) -> list[torch.Tensor]:
    """For each group, minus the log share of its right candidates, or of "nothing" where there is none."""
    losses = []
    for scores, answers in zip(logits.split([len(group) for group in groups]), groups, strict=True):
        everything = torch.logsumexp(torch.cat([scores, scores.new_zeros(1)]), 0)
        right = scores[torch.tensor(answers, dtype=torch.bool)]
        losses.append(everything - torch.logsumexp(right, 0) if len(right) else everything)
    return losses


@torch.no_grad()
def measure(network: Network, examples: Sequence[Example]) -> str:
    """How well the reader tells questions with an answer from those without, and finds it, in a line."""
    tokenizer = open_tokenizer(weights_folder())
    network.eval()
    odds, first = [], []
    for example in examples:
        asked = question_ids(tokenizer, example.question)
        rows = [sequence(tokenizer, asked, each.sentence, each.place, each.before) for each in example.candidates]
        logits = network(rows)
        answerable = any(each.answers for each in example.candidates)
        odds.append((float(torch.logsumexp(logits, 0)), answerable))
        if answerable:
            first.append(example.candidates[int(logits.argmax())].answers)
    area = roc_auc_score([answerable for _, answerable in odds], [value for value, _ in odds])
    return f"{len(odds)} questions held out: area under the ROC curve {area:.3f}, answer first {fmean(first):.3f}"


def main() -> None:
    """Reads the data, trains, says how well it does on what was held out, and writes the weights."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit.reader", description=__doc__)
    parser.add_argument("benchmarks", nargs="+", type=Path, help="folders with corpus.jsonl and cases.jsonl")
    parser.add_argument("--selection", type=Path, required=True, help="an answer-sentence selection file")
    parser.add_argument("--sources", type=Path, default=Path("sources"), help="the shipped documents")
    parser.add_argument("--wordnet", type=Path, help="WordNet's folder of data and index files")
    parser.add_argument("--held-out", nargs="*", default=[], help="ids of documents whose questions are left out")
    parser.add_argument("--network", choices=NETWORKS, default="minilm", help="which of the two readers")
    parser.add_argument("--start", type=Path, help="weights to go on from; default: as they were before any training")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keeps there what an interrupted run needs")
    parser.add_argument(
        "--epochs", type=float, default=1.0, help="how often each question is shown; with --whole a share"
    )
    parser.add_argument(
        "--whole", nargs="*", default=[], metavar="SET", help="sets of which a part of an epoch has all"
    )
    parser.add_argument("--steps", type=int, help="end after so many; default: when every question was shown so often")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--questions", type=int, default=20, help="questions a step")
    parser.add_argument("--group", type=int, default=5, help="candidates a question")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    sets = {*sets_together(), given.selection.stem, *(folder.name for folder in given.benchmarks)}
    if missing := {each.origin for each in read_questions(QUESTIONS)} - sets:
        parser.error(f"{QUESTIONS.name} asks about {', '.join(sorted(missing))} as well: name them too")
    if unknown := set(given.whole) - sets:
        parser.error(f"--whole names {', '.join(sorted(unknown))}, which is no set of the training")
    if given.whole and given.epochs > 1:
        parser.error("--whole takes a part of an epoch: --epochs can be at most 1 with it")
    if given.steps is not None and given.steps < 1:
        parser.error(f"--steps must be at least 1, not {given.steps}")
    examples, held_out = examples_of(given.benchmarks, given.selection, given.sources, set(given.held_out))
    torch.manual_seed(given.seed)
    network = NETWORKS[given.network]()
    if given.start:
        network.take_up(load_file(given.start))
    print(f"{len(examples)} questions, at most {POSITIONS} tokens a sequence")
    print(measure(network, held_out), flush=True)
    wordnet = WordNet(given.wordnet) if given.wordnet else None
    if given.whole:
        examples = part_with(examples, given.whole, given.epochs, given.seed)
    epochs = 1.0 if given.whole else given.epochs
    steps = given.steps or int(len(examples) * epochs / given.questions)
    train(network, examples, Recipe(steps, given.rate, given.seed, given.questions, given.group), wordnet, given.keep)
    save_file(network.learned(), given.out)
    print(measure(network, held_out))


if __name__ == "__main__":
    main()
