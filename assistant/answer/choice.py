"""How many sentences make an answer: the best one, what goes on from it, and every other likely to answer as well."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from assistant.answer.asking.question import PLURAL, Question
from assistant.answer.tables import heads_of, of_the_rows_asked_for, rows_named
from assistant.ingest.split import BETWEEN_HEADINGS
from assistant.search.hybrid import Found, Sentence
from assistant.search.terms import terms, words

if TYPE_CHECKING:
    from assistant.answer.evidence import Candidate

_SHARPNESS = 4.0
"""By how much a unit of score raises a sentence's log odds; fitted by `python -m eval.fit.choice` (eval/README.md)."""
LEAST_SHARE = 0.25
"""A further sentence is quoted where the probability that it is the answer is at least this."""

_SAYING_NOTHING = frozenset(terms("need want have list everything things items"))
"""What is asked for is no other for these."""
_NUMBER = re.compile(r"\A(?:[\d.]+|Q)[.):]?\s+")
_ALIKE = frozenset(
    "a an the my your our their its his her i you we one they he she it do does did can could may might".split()
)
_ALONE = 1.0
"""The log odds from which on a sentence answers by itself, although a list of steps is asked for."""
_SOON = 2
"""A list that is announced at most so many sentences on is still introduced by the sentence."""

LEANS_BACK = re.compile(r"(?:It|They|He|She|Its|Their|His|Her|This|These|Those|Such|That)\b")
"""How a sentence begins that the one before it tells the subject of."""


def choose(
    question: Question,
    found: Found,
    candidates: Sequence[Candidate],
    limit: int,
    least_share: float = LEAST_SHARE,
    disagreeing: Sequence[Sentence] = (),
) -> tuple[Sentence, ...]:
    """The sentences that make the answer: the best, what goes on from it, and others likely enough to answer as well.

    There are at most `limit`, and after one that announces a list all the list's items, before a row its table's head.
    Where a heading names what is asked for, they are the items of the list under it, as far as these were found.
    `candidates` are best first, and at least one. Sentences that are known to disagree stand instead of the best,
    however few may be quoted, and none of what else is quoted says the same as one of them.
    """
    best = candidates[0].sentence
    if not disagreeing and (items := _announced(best, found)):
        return (best, *items)
    if not disagreeing and question.several and (announcing := _announcing(question, best, found)):
        return (announcing, *_announced(announcing, found))
    if not disagreeing and (items := _headed(question, _item_asked_for(question, candidates[0], found), found)):
        return tuple(items)
    chosen = [*disagreeing] or [best, *_continued(question, best, found)]
    explains = question.several and not disagreeing and not candidates[0].has_value
    introduced = _introduced(best, found) if explains else []
    chosen += introduced
    said = {sentence.text for sentence in chosen}
    unlike = without_copies(candidates)
    for candidate, share in zip(unlike, shares([each.score for each in unlike]), strict=True):
        sentence = candidate.sentence
        if share >= least_share and sentence.text not in said:
            chosen.append(sentence)
    if explains and not introduced:
        chosen += [each for each in _of_section(question, best, found) if each not in chosen]
    most = max(limit, len(disagreeing))
    heads = heads_of(found)
    if heads and not question.several and not disagreeing:
        asked = frozenset(found.weights)
        named = rows_named(best, heads, asked) if best in heads else []
        chosen = of_the_rows_asked_for([*chosen, *(row for row in named if row not in chosen)], heads, asked)
    lists = {sentence: _announced(sentence, found) for sentence in chosen[:most]}
    listed = {item for items in lists.values() for item in items}.difference(disagreeing)
    quoted = [*disagreeing]
    for sentence, items in lists.items():
        if sentence not in listed:  # An item has its place in its list.
            head = [heads[sentence]] if sentence in heads and sentence not in disagreeing else []
            quoted += [*head, sentence, *items]
    return tuple(dict.fromkeys(quoted))


def under_the_question(question: Question, found: Found) -> tuple[Sentence, ...]:
    """What stands under the one heading that is the very question, small words aside; none if there is no such."""
    asked = _said(question.text)
    section = [each for each in found.sentences if _heading(each).endswith("?") and _said(_heading(each)) == asked]
    # Of two documents that answer it, or of two places in one, neither is the answer.
    places = {(each.passage.document_id, each.passage.heading) for each in section}
    return tuple(sorted(section, key=lambda each: each.start)) if asked and len(places) == 1 else ()


def _said(question: str) -> list[str]:
    """The words of a question in their order, without those that differ where nothing else is asked: "may I", "my"."""
    return [word for word in words(_NUMBER.sub("", question)) if word not in _ALIKE]


def without_copies(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of the candidates that are word for word alike the first: a copy in another document tells nothing more."""
    unlike: dict[str, Candidate] = {}
    for candidate in candidates:
        unlike.setdefault(candidate.sentence.text, candidate)
    return list(unlike.values())


def shares(scores: Sequence[float], sharpness: float = _SHARPNESS) -> list[float]:
    """For each score the probability that its sentence is the one that answers, if one of them does.

    It is exp(b s) / sum of exp(b s'), the conditional logit (McFadden 1974). A sentence that is alone near the
    best is likely to answer, one of a dozen near the best is not: a margin in score cannot tell these apart.
    """
    highest = max(scores)
    odds = [math.exp(sharpness * (score - highest)) for score in scores]
    total = sum(odds)
    return [each / total for each in odds]


def _announced(sentence: Sentence, found: Found) -> list[Sentence]:
    """The items of the list that a sentence announces with a colon; of an item of several sentences the first."""
    if not sentence.text.endswith(":"):
        return []
    listed = takewhile(lambda other: other.in_item, _following(sentence, found))
    return [other for other in listed if other.is_item]


def _announcing(question: Question, item: Sentence, found: Found) -> Sentence | None:
    """What announces the list that the item is of, where that and not the item names what is asked for: "Dough:"."""
    asked = set(terms(question.text))
    if not item.is_item or asked & set(terms(item.text)):
        return None
    announcing = (each for each in found.sentences if each.text.endswith(":") and asked & set(terms(each.text)))
    return next((each for each in announcing if item in _announced(each, found)), None)


def _item_asked_for(question: Question, best: Candidate, found: Found) -> Sentence:
    """The best sentence, or where it does not plainly answer, the first item under a heading that names all asked for.

    "How do I charge the battery?" is answered by the steps under "Charging the battery", each of which tells but one.
    """
    items = (each for each in found.sentences if each.is_item and _names_all(question, each))
    of_steps = question.kind in ("how", "what", "which", "definition") and "not" not in words(question.text)
    alone = best.logit >= _ALONE or best.has_value or not of_steps
    return best.sentence if alone else next(items, best.sentence)


def _names_all(question: Question, sentence: Sentence) -> bool:
    """Whether the heading over a sentence names all that is asked for, and nothing else."""
    heading, title = _heading(sentence), sentence.passage.title
    named, asked = set(terms(_NUMBER.sub("", heading))), set(terms(question.text))
    return bool(named) and named <= asked and asked <= named | set(terms(title)) | _SAYING_NOTHING and heading != title


def _headed(question: Question, sentence: Sentence, found: Found) -> list[Sentence]:
    """The items of the list of which the sentence is one, where their heading names all that is asked for.

    "What should I bring?" is answered by all that is listed under "What to bring", "Is a towel needed?" by one item.
    """
    if not sentence.is_item or not _names_all(question, sentence) or question.kind == "yes or no":
        return []
    place = (sentence.passage.document_id, sentence.passage.heading)
    around = {
        each.start: each
        for each in (*found.sentences, *found.continued)
        if (each.passage.document_id, each.passage.heading) == place
    }
    in_order = [around[start] for start in sorted(around)]
    at = in_order.index(sentence)
    before = list(takewhile(_goes_on, pairwise(in_order[at::-1])))
    after = list(takewhile(_goes_on, ((later, each) for each, later in pairwise(in_order[at:]))))
    return [each for each in in_order[at - len(before) : at + len(after) + 1] if each.is_item]


def _goes_on(pair: tuple[Sentence, Sentence]) -> bool:
    """Whether both are of one list, the first right behind the second."""
    later, earlier = pair
    return later.in_item and earlier.in_item and later.follows(earlier)


def _heading(sentence: Sentence) -> str:
    """The innermost heading of its passage."""
    return sentence.passage.heading.rpartition(BETWEEN_HEADINGS)[2]


def _introduced(sentence: Sentence, found: Found) -> list[Sentence]:
    """What announces the list that soon follows a sentence, if one does.

    "The core provisions are the basis of the alliance. Key elements include:" names them only in the list.
    """
    soon = _following(sentence, found)[:_SOON]
    return next(([other] for other in soon if _announced(other, found)), [])


def _of_section(question: Question, sentence: Sentence, found: Found) -> list[Sentence]:
    """What follows the sentence where it begins a passage under a heading that names the things asked for.

    "What are the challenges?" is answered by all that stands under "Challenges", not by its first sentence.
    """
    heading = _heading(sentence)
    asked, named = set(terms(question.text)), set(terms(heading))
    things = {term for thing in PLURAL.findall(heading.lower()) for term in terms(thing)}
    begins = sentence.start == sentence.passage.start
    return _following(sentence, found) if begins and things and named <= asked else []


def _following(sentence: Sentence, found: Found) -> list[Sentence]:
    """The text after the sentence, under the same heading, as far as all of it was found; in its order."""
    document = sentence.passage.document_id
    later = sorted(
        (
            other
            for other in (*found.sentences, *found.continued)
            if other.start > sentence.start and other.passage.document_id == document
        ),
        key=lambda other: other.start,
    )
    in_a_row = takewhile(lambda pair: pair[0].follows(pair[1]), zip(later, [sentence, *later], strict=False))
    return [other for other, _ in in_a_row]


def _continued(question: Question, sentence: Sentence, found: Found) -> list[Sentence]:
    """The sentence that goes on from it, where reasons or ways are asked for and it may only say that there are some.

    The one before is not quoted with it: what "it" stands for, the question names.
    """
    after = [other for other in found.sentences if other.rank == sentence.rank][sentence.place + 1 : sentence.place + 2]
    return after if question.kind in ("why", "how") and after and LEANS_BACK.match(after[0].text) else []
