"""The answer that a language model writes: streamed as it comes, then tied to the sources, or given up for their words.

What the reader is shown while it is written is marked as not checked. The last answer holds what the sources
support, by the policy that the settings name.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from assistant.answer.compose import compose, refusal, tie, with_markers
from assistant.answer.evidence import Evidence
from assistant.answer.reading.reader import Reader
from assistant.answer.writing.draft import Written, finished, repeats_itself, take_apart
from assistant.answer.writing.ground import Grounded, ground
from assistant.answer.writing.prompt import build_prompt, safe_passages
from assistant.errors import LanguageModelError
from assistant.llm import LanguageModel
from assistant.search.embed import Embedder
from assistant.search.hybrid import Found, join
from assistant.settings import Settings
from assistant.types import Answer, Document, Passage, Statement, Turn

_log = logging.getLogger(__name__)

_PAUSE = 0.05
"""Seconds between two answers that grow: more often nobody can read, and each is taken apart anew."""
_ENOUGH = 2000
"""Characters of an answer after which no more is read: four sentences with room to spare."""
_DOUBT = 0.5
"""Where the model finds no answer and the certainty is below this, the sources are taken not to answer."""
INSTEAD = "These sentences are quoted from the sources instead."
"""Ends the note of every answer that was to be written and is not; before it stands why."""
FOUND_NOTHING = "The language model found no answer in the passages."
NOTHING_SUPPORTED = "The sources support nothing that the language model wrote in answer."


def left_out_note(sentences: int) -> str:
    """The note of an answer that lacks so many of the sentences that were written."""
    if sentences == 1:
        return "1 sentence is left out: the sources do not support it, or it does not answer."
    return f"{sentences} sentences are left out: the sources do not support them, or they do not answer."


@dataclass(frozen=True, slots=True)
class Writing:
    """A language model, with what it takes to check what it writes."""

    model: LanguageModel
    embedder: Embedder
    reader: Reader
    documents: Mapping[str, Document]
    settings: Settings

    def answers(
        self, question: str, history: Sequence[Turn], parts: Sequence[Found], evidence: Evidence
    ) -> Iterator[Answer]:
        """The answer as it is written; the last one is whole and checked. Raises nothing of the model's faults."""
        found = join(parts)
        extracted = compose(question, found, evidence, self.documents)
        passages = safe_passages(evidence)
        unfinished = Answer(question, found.query, "", hits=evidence.hits, certainty=evidence.certainty)
        reply, shown = "", 0.0
        try:
            prompt = build_prompt(self.model, found.query, history, passages[: self.settings.llm_passages])
            with closing(self.model.stream(prompt.messages, prompt.most_tokens)) as pieces:
                for piece in pieces:
                    reply += piece
                    if repeats_itself(reply):
                        break
                    if not piece or time.perf_counter() - shown >= _PAUSE:
                        written = take_apart(reply)
                        if sum(len(each.text) for each in written) > _ENOUGH:
                            break
                        yield _growing(unfinished, written)
                        if piece:  # That there was nothing a moment ago is no reason to hold back the first words.
                            shown = time.perf_counter()
        except LanguageModelError as error:
            _log.warning("%s", error)
            yield _noted(extracted, f"{error.brief} {INSTEAD}")
            return
        written = finished(take_apart(reply))
        yield _growing(unfinished, written)  # all of it: what is left to do is to check it
        yield self._checked(written, passages, parts, evidence, extracted)

    def _checked(
        self,
        written: Sequence[Written],
        passages: Sequence[Passage],
        parts: Sequence[Found],
        evidence: Evidence,
        extracted: Answer,
    ) -> Answer:
        grounded = ground(written, passages, parts, self.embedder, self.reader)
        # What would be quoted without a model answers as well, whatever is thought of it alone.
        good = [e for e in grounded if e.is_supported and (e.answers or e.sentence in evidence.sentences)]
        # That something is not so may be what a source says.
        declining = {each.text for each in written if each.declines} - {each.text for each in good}
        if not good and not (written and len(declining) == len(written)):
            return _noted(extracted, f"{NOTHING_SUPPORTED} {INSTEAD}")
        if not good and evidence.certainty < _DOUBT:
            refused = refusal(extracted.question, join(parts), evidence, self.documents)
            return _noted(refused, "The language model found no answer in the passages either.")
        if not good:
            return _noted(extracted, f"{FOUND_NOTHING} {INSTEAD}")
        marking = self.settings.llm_policy == "mark"
        kept = [each for each in grounded if each.text not in declining] if marking else good
        return _answer(kept, len(grounded) - len(kept), extracted, self.documents)


def _answer(kept: Sequence[Grounded], left_out: int, extracted: Answer, documents: Mapping[str, Document]) -> Answer:
    """The statements with their citations, each quote once."""
    statements, citations = tie(
        [(each.text, each.verdict, (each.sentence,) if each.sentence else ()) for each in kept], documents
    )
    quotes = {citation.quote for citation in citations}
    direct = extracted.statements[0].citations[0].quote
    return replace(
        _noted(extracted, left_out_note(left_out) if left_out else ""),
        text=" ".join(map(with_markers, statements)),
        statements=statements,
        citations=citations,
        short=extracted.short if direct in quotes else "",
    )


def _noted(answer: Answer, note: str) -> Answer:
    """The answer with this note before the one that it has, if any."""
    return replace(answer, note=" ".join(filter(None, (note, answer.note))))


def _growing(unfinished: Answer, written: Sequence[Written]) -> Answer:
    """What was written so far, as nobody has checked it."""
    statements = tuple(Statement(each.text, (), "unchecked") for each in written)
    return replace(unfinished, text=" ".join(each.text for each in written), statements=statements)
