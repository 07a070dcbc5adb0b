"""Makes the suggestions: each question is asked, and kept only if the sentence it was drawn from answers it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, zip_longest

from assistant.assistant import Assistant
from assistant.errors import QuestionError
from assistant.ingest.sentences import Span
from assistant.ingest.split import Split
from assistant.search.terms import terms
from assistant.suggest.clarity import Clarity
from assistant.suggest.drafts import Draft, drafts
from assistant.suggest.suggestions import Suggestion, Suggestions
from assistant.suggest.vocabulary import Vocabulary
from assistant.types import Document, Passage

Progress = Callable[[int, int, str], None]
"""Told how many milliseconds were spent, of how many at most, and the title of the document at hand."""

_SENTENCES = 20_000
_SENTENCES_OF_DOCUMENT = 500
_GOLDEN = 0.6180339887
_PLAINEST = {"what": 0.6, "which": 0.4}
"""Forms that leave open what they ask for count for less: "What does Harvard offer?" """


@dataclass(frozen=True, slots=True)
class _Candidate:
    draft: Draft
    passage: Passage
    sentence: Span


def suggest_questions(
    assistant: Assistant,
    limit_per_document: int = 20,
    seconds: float = 10.0,
    progress: Progress | None = None,
    *,
    documents: Collection[str] | None = None,
) -> Suggestions:
    """Questions that the assistant's documents answer, from as many documents, headings and forms as there are.

    Each was asked, and the sentence it was drawn from is among those cited. Takes `seconds` at most,
    and a little more for the last question. `documents`, if given, are the ids of those to ask about.
    """
    started = time.perf_counter()
    kept: dict[str, Suggestion] = {}
    count: Counter[str] = Counter()
    for candidate in _candidates(assistant.store.splits, assistant.documents, documents):
        spent = time.perf_counter() - started
        if spent >= seconds:
            break
        passage = candidate.passage
        if progress:
            progress(int(1000 * spent), int(1000 * seconds), passage.title)
        question = candidate.draft.question
        key = question.casefold()
        if count[passage.document_id] < limit_per_document and key not in kept and _answers(assistant, candidate):
            start, end = candidate.sentence
            kept[key] = Suggestion(question, candidate.draft.form, passage.document_id, passage.heading, start, end)
            count[passage.document_id] += 1
    return Suggestions(tuple(kept.values()), assistant.store.record.generation)


def _answers(assistant: Assistant, candidate: _Candidate) -> bool:
    """Whether the sentence that the question was drawn from is among those that answer it."""
    try:
        citations = assistant.ask(candidate.draft.question).citations
    except QuestionError:
        return False
    start, end = candidate.sentence
    return any(
        each.document_id == candidate.passage.document_id and each.start < end and start < each.end
        for each in citations
    )


def _candidates(
    splits: Sequence[Split], documents: Sequence[Document], about: Collection[str] | None
) -> Iterator[_Candidate]:
    """The candidates of all documents in turn, or of those with the ids `about`, the best of each first.

    Of many documents those asked about before time is up lie far apart: their places are multiples of
    the golden ratio, which spread evenly however many there are (Weyl 1910).
    """
    sentences = (_text(split.passage, span) for split, span in _sample(splits, _SENTENCES))
    vocabulary = Vocabulary(sentences, [document.title for document in documents])
    clarity = Clarity([split.passage for split in splits])
    of_documents = [
        list(group)
        for document_id, group in groupby(splits, key=lambda split: split.passage.document_id)
        if about is None or document_id in about
    ]
    spread = sorted(range(len(of_documents)), key=lambda place: place * _GOLDEN % 1)
    rounds = zip_longest(*(_of_document(of_documents[place], vocabulary, clarity) for place in spread))
    return (each for each in chain.from_iterable(rounds) if each)


def _of_document(splits: Sequence[Split], vocabulary: Vocabulary, clarity: Clarity) -> Iterator[_Candidate]:
    """The candidates of one document, the one that says most of what it is about first, and then the most unlike."""
    waiting = [
        _Candidate(draft, split.passage, span)
        for split, span in _sample(splits, _SENTENCES_OF_DOCUMENT)
        for draft in drafts(_text(split.passage, span), vocabulary, _before(split, span))
        if clarity.says_what_it_is_about(draft, split.passage)
    ]
    mentioned = Counter(word for split in splits for word in terms(split.passage.text))
    worth = [_worth(each, mentioned) for each in waiting]
    used: Counter[str] = Counter()
    while waiting:
        best = max(range(len(waiting)), key=lambda i: worth[i] - sum(used[trait] for trait in _traits(waiting[i])))
        worth.pop(best)
        candidate = waiting.pop(best)
        used.update(_traits(candidate))
        yield candidate


def _worth(candidate: _Candidate, mentioned: Counter[str]) -> float:
    about = terms(candidate.draft.about)
    titled = bool(set(about) & set(terms(candidate.passage.title)))
    headed = bool(set(about) & set(terms(candidate.passage.heading)))
    often = sum(min(mentioned[word], 5) for word in about) / (5 * len(about)) if about else 0.0
    return titled + headed + often - _PLAINEST.get(candidate.draft.form, 0.0)


def _traits(candidate: _Candidate) -> tuple[str, ...]:
    """What two questions should not share: form, heading, subject and sentence."""
    draft, passage = candidate.draft, candidate.passage
    return f"form {draft.form}", f"heading {passage.heading}", f"about {draft.about}", f"at {candidate.sentence}"


def _sample(splits: Sequence[Split], limit: int) -> Iterator[tuple[Split, Span]]:
    """The sentences with their passages; of more than `limit` about so many, evenly spread."""
    step = max(1, sum(len(split.sentences) for split in splits) // limit)
    spans = ((split, span) for split in splits for span in split.sentences)
    return (each for place, each in enumerate(spans) if place % step == 0)


def _before(split: Split, span: Span) -> list[str]:
    """The sentences of the passage in front of one."""
    return [_text(split.passage, each) for each in split.sentences if each < span]


def _text(passage: Passage, span: Span) -> str:
    start, end = span
    return " ".join(passage.text[start - passage.start : end - passage.start].split())
