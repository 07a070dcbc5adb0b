"""What can be evaluated: anything that takes a question with its history and gives an answer."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant import Answer, AssistantError, Citation, Document, Hit, Statement, Turn


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer where a language model may write, and what was seen while it came.

    `first_words` are the seconds until anything of it was there to be read, `grounding` those from the end of what the
    model wrote to the answer that is checked. None where the model was not asked or wrote nothing.
    """

    answer: Answer
    first_words: float | None
    grounding: float | None


System = Callable[[str, Sequence[Turn]], Answer | Streamed | str]
"""Answers a question. If it raises, that case has failed; of a plain text nothing is known but its words."""

HITS = 10
"""How many passages a plain pipeline brings back: as many as the assistant does by default."""

# A mark of the source's own, "[7]", would read as a citation.
_FOOTNOTE = re.compile(r"\[(\d+)\]")


class SystemUnavailable(AssistantError):
    """A system that was asked for cannot be had."""


def plain_pipeline(find: Callable[[str], Sequence[Hit]], documents: Mapping[str, Document]) -> System:
    """Quotes the best passage that `find` gives, whole, whatever is asked: it never refuses.

    It searches for the question as it was typed, without what was said before.
    """

    def ask(question: str, _history: Sequence[Turn] = ()) -> Answer:
        started = time.perf_counter()
        hits = tuple(find(question))
        passage = hits[0].passage
        page = documents[passage.document_id].page_at(passage.start)
        citation = Citation(1, passage.document_id, passage.title, passage.start, passage.end, passage.text, page)
        text = _FOOTNOTE.sub(r"(\1)", " ".join(passage.text.split()))
        return Answer(
            question=question,
            searched_for=question,
            text=f"{text} [1]",
            statements=(Statement(text, (citation,), "quoted"),),
            citations=(citation,),
            hits=hits,
            seconds=time.perf_counter() - started,
        )

    return ask
