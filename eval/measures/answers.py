"""Whether the answer says what it should: required facts, and likeness to reference answers.

All are over answerable cases, and 0 where the case was refused or failed: an answer was due. Refusing
unanswerable cases is measured apart (SQuAD 2.0 would count it as a match with nothing). Citation markers are no words
of an answer (`Row.said`).
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable

from eval.cases import plain_words, without_articles
from eval.measures.measure import Observation, mean
from eval.rows import Row

_LONGEST_SHORT_ANSWER = 8


def accuracy(row: Row) -> Observation:
    """1 if the answer holds every required fact, over answerable cases that name facts. 0 or 1.

    A fact is held if one of its patterns is found, in any case of letters, in all that the reader is told.
    """
    if not row.case.answerable or not row.case.facts:
        return ()
    text = row.whole_answer
    held = all(any(re.search(each, text, re.IGNORECASE) for each in patterns) for patterns in row.case.facts)
    return (float(row.answered and held),)


def short_answer_match(row: Row) -> Observation:
    """1 if the answer contains a reference, over answerable cases with one of at most eight words. 0 or 1.

    Both are compared as `plain_words`, in all that the reader is told: what Rajpurkar et al. (2016) call an exact
    match, without the condition that nothing else be said.
    """
    references = [each for each in map(plain_words, row.case.answers) if 0 < len(each.split()) <= _LONGEST_SHORT_ANSWER]
    if not row.case.answerable or not references:
        return ()
    return (float(row.answered and any(holds(row, reference) for reference in references)),)


def exact_match(row: Row) -> Observation:
    """1 if the answer is a reference, word for word, over answerable cases with references. 0 or 1.

    Rajpurkar et al. (2016): letters in lower case, without punctuation and articles; best over the references.
    The answer is its few words where it has them, because this measure and token F1 were made for answers
    of few words and would otherwise tell only how long a sentence is; the statements where it has not.
    """
    return _best(row, lambda reference, answer: float(reference == answer))


def token_f1(row: Row) -> Observation:
    """2PR / (P + R) of the words of answer and reference, as multisets. 0 to 1.

    P and R are the share of the answer's words that the reference has, and the reverse. Over the same
    cases, on the same words and from the same source as `exact_match`; two empty texts are alike.
    """
    return _best(row, _f1)


def rouge_l(row: Row) -> Observation:
    """ROUGE-L: F1 of the longest common subsequence of words of the statements and a reference. 0 to 1.

    Over answerable cases with references, best over them (Lin 2004; rouge-score's tokens, ASCII letters and digits in
    lower case, unstemmed). For long references: against a few words a whole sentence has low precision.
    """
    from rouge_score.rouge_scorer import RougeScorer

    if not row.case.answerable or not row.case.answers:
        return ()
    if not row.answered:
        return (0.0,)
    return (float(RougeScorer(["rougeL"]).score_multi(row.case.answers, row.said)["rougeL"].fmeasure),)


def holds(row: Row, text: str) -> bool:
    """Whether the words of `text`, of which there are some, stand one after the other in all that the reader is told.

    "12" is not held by "2012".
    """
    return f" {plain_words(text)} " in f" {plain_words(row.whole_answer)} "


def _best(row: Row, likeness: Callable[[str, str], float]) -> Observation:
    if not row.case.answerable or not row.case.answers:
        return ()
    if not row.answered:
        return (0.0,)
    answer = _squad(row.short or row.said)
    return (max(likeness(_squad(reference), answer) for reference in row.case.answers),)


def _f1(reference: str, answer: str) -> float:
    expected, given = reference.split(), answer.split()
    if not expected or not given:
        return float(expected == given)
    shared = (Counter(expected) & Counter(given)).total()
    return 2 * shared / (len(expected) + len(given))


def _squad(text: str) -> str:
    # Unlike `plain_words`, SQuAD joins what punctuation divides ("U.S." is "us") and keeps punctuation beyond ASCII.
    return without_articles(text.lower().translate(str.maketrans("", "", string.punctuation)))


MEASURES = (
    mean("accuracy", accuracy),
    mean("short-answer match", short_answer_match),
    mean("exact match", exact_match),
    mean("token F1", token_f1),
    mean("ROUGE-L", rouge_l),
)
