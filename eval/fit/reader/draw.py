"""Draws what one step of training shows the reader: a question and candidates, with things changed in either.

Nothing answers when the question has no answer, when the answers were held back, when a name or number in it was
exchanged for another question's, when a word of it was turned into its opposite, and when the value that answers was
taken out.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.fit.reader.altered import Values
from eval.fit.reader.candidates import Example, Shown
from eval.fit.reader.wordnet import WordNet

_HARD = 8
"""Wrong candidates are drawn from the best so many."""
_EXCHANGED = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})*\b|\b\d{2,4}\b")


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers of a training run."""

    steps: int
    rate: float
    seed: int
    questions: int = 20
    """Questions a step."""
    group: int = 5
    """Candidates a question."""
    withheld: float = 0.10
    exchanged: float = 0.12
    contradicted: float = 0.10
    erased: float = 0.10
    """Share of the questions of which the value that answers is taken out, where it can be."""
    beside: float = 0.3
    """Share of the others where, if it can be taken out, the sentence without it stands beside the answer."""
    altered: float = 0.3
    """Share of the sentences that answer which get another value, or lose one elsewhere."""
    reworded: float = 0.3


class Sampler:
    """Draws from an example the question and the candidates of one step, by `chance`, whose state can be kept."""

    def __init__(self, examples: Sequence[Example], recipe: Recipe, wordnet: WordNet | None) -> None:
        self._recipe, self._wordnet = recipe, wordnet
        self.chance = random.Random(recipe.seed)
        self._values = Values(examples, self.chance)
        self._pool: dict[str, list[str]] = defaultdict(list)
        for example in examples:
            self._pool[example.origin] += _EXCHANGED.findall(example.question)

    def draw(self, example: Example) -> tuple[str, list[Shown]]:
        """A question, perhaps changed, with its candidates; those that no longer answer are marked so."""
        recipe, chance = self._recipe, self.chance
        right = [shown for shown in example.candidates if shown.answers]
        wrong = [shown for shown in example.candidates if not shown.answers][:_HARD]
        question = example.question
        lot = chance.random() - recipe.withheld
        if not right or lot < 0:
            drawn = self._some(wrong, recipe.group)
        else:
            changed = erased = None
            if lot < recipe.exchanged:
                changed = self._exchange(question, example.origin)
            elif lot < recipe.exchanged + recipe.contradicted:
                changed = self._wordnet.contradict(question, chance) if self._wordnet else None
            elif lot < recipe.exchanged + recipe.contradicted + recipe.erased:
                erased = self._values.erased(question, chance.choice(right))
            if changed:
                question = changed
                drawn = [replace(chance.choice(right), answers=False), *self._some(wrong, recipe.group - 1)]
            elif erased:
                drawn = [erased, *self._some(wrong, recipe.group - 1)]
            else:
                drawn = self._answered(question, right, wrong)
        if self._wordnet and chance.random() < recipe.reworded:
            question = self._wordnet.reword(question, 0.35, chance)
        return question, drawn

    def _answered(self, question: str, right: list[Shown], wrong: list[Shown]) -> list[Shown]:
        """One or two sentences that answer, some with other values, beside others, some without their values."""
        recipe, chance = self._recipe, self.chance
        answers = self._some(right, chance.choice((1, 2)))
        if chance.random() < recipe.beside and (erased := self._values.erased(question, answers[0])):
            others = [erased, *self._some(wrong, recipe.group - len(answers) - 1)]
        else:
            others = self._some(wrong, recipe.group - len(answers))
        answers = [
            self._values.altered(question, shown) if chance.random() < recipe.altered else shown for shown in answers
        ]
        return [*answers, *others]

    def shuffled(self, examples: Sequence[Example], count: int) -> list[Example]:
        """`count` examples, each once before any comes again."""
        order: list[Example] = []
        while len(order) < count:
            order += self.chance.sample(examples, len(examples))
        return order[:count]

    def _some(self, shown: list[Shown], count: int) -> list[Shown]:
        return self.chance.sample(shown, min(count, len(shown)))

    def _exchange(self, question: str, origin: str) -> str | None:
        matches = list(_EXCHANGED.finditer(question))
        if not matches:
            return None
        match = self.chance.choice(matches)
        alike = [
            each
            for each in self._pool[origin]
            if each[0].isdigit() == match.group()[0].isdigit() and each != match.group()
        ]
        return question[: match.start()] + self.chance.choice(alike) + question[match.end() :] if alike else None
