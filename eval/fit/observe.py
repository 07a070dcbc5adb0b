"""What the assistant has before it when it decides about a case: `certainty` and `choice` are fitted on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answer.asking.dialogue import standalone
from assistant.answer.asking.question import Question, analyse
from assistant.answer.evidence import Candidate, rank_candidates, without_orders
from assistant.answer.reading.reader import open_reader
from assistant.search.embed import open_embedder
from assistant.search.hybrid import Found, Sentence, search
from assistant.search.store import Store
from assistant.settings import Settings
from eval.cases import Case, Span, load_cases


@dataclass(frozen=True, slots=True)
class Observation:
    """A case with what was found for it: its question taken apart, and the candidates, best first; at least one."""

    case: Case
    found: Found
    question: Question
    candidates: tuple[Candidate, ...]

    def answers(self, sentence: Sentence) -> bool:
        """Whether the sentence meets the evidence of the case."""
        span = Span(sentence.passage.document_id, sentence.start, sentence.end)
        return any(span.meets(evidence) for evidence in self.case.evidence)


def observe(store: Path, cases: Path, left_out: str = "", elsewhere: Sequence[Case] = ()) -> Iterator[Observation]:
    """The cases of a store's documents but for those tagged `left_out`, and `elsewhere`'s, where anything was found.

    A question that asks for several things is one observation: what is fitted judges one question at a time.
    """
    opened = Store(store)
    settings = Settings()
    embedder, reader = open_embedder(settings.embedder), open_reader(settings.reader)
    own = [case for case in load_cases(cases, opened.documents) if left_out not in case.tags]
    for case in (*own, *elsewhere):
        query = standalone(case.question, case.history)
        found = without_orders(search(opened, embedder, query, settings.passages))
        question = analyse(found.query)
        if candidates := rank_candidates(question, found, reader):
            yield Observation(case, found, question, tuple(candidates))
    opened.close()
