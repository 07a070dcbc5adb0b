"""Turns a conversation into HTML. Pure functions: values in, markup out.

Whatever comes from a person or a document goes through `plain`, here and in its neighbours, and so
stays text. Such text carries `dir="auto"`: its own direction never turns the page around it.

What a reader does in this HTML reaches the server as an event of the component that holds it, sent by
`static/answer.js`. `turn` counts the exchanges of the conversation from 0:

    select  {reference}             open this place in the source pane (`assistant.web.conversation` names places)
    submit  {question}              ask this suggestion
    retry   {turn}                  ask the question of the last turn again
    edit    {turn, question}        ask this instead of the question of that turn
    like    {turn, rating, note}    keep this feedback; rating is "up", "down" or "" for none

Copying, cards and moving between citations happen in the browser alone. The page updates what differs
and keeps the rest, so whatever a reader has opened, typed or focused survives an answer that grows;
it is held in popovers and fields, never in attributes, which an update would put back.
The whole text of what was asked and answered comes from `render_conversation(conversation, documents,
follow_ups)`; what a `select` opens from `assistant.web.source.render_pane(reference, conversation,
documents, ...)`, both with the documents that this person can open, by their ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.types import Answer, Document
from assistant.web.actions import render_actions
from assistant.web.answer import render_answer, render_written
from assistant.web.conversation import Exchange
from assistant.web.markup import plain, question_buttons, sign
from assistant.wording import clip, count, searched_for, waiting

__all__ = ["plain", "render_conversation", "render_exchange", "render_start"]

_QUESTION_CHARACTERS = 400


def render_start(documents: int, examples: Sequence[str]) -> str:
    """What stands where the conversation will be."""
    suggestions = f'<p class="label">For example</p>{question_buttons(examples, "examples")}' if examples else ""
    return (
        '<div class="start"><h2>What would you like to know?</h2>'
        f"<p>Answers come from {count(documents, 'document')} and nothing else. The number after a sentence opens "
        "its source at the very words. What the sources do not say is not answered.</p>"
        f"{suggestions}</div>"
    )


def render_conversation(
    conversation: Sequence[Exchange], documents: Mapping[str, Document], follow_ups: Sequence[str] = ()
) -> str:
    """All exchanges, oldest first, and then questions that might follow."""
    last = len(conversation) - 1
    exchanges = "".join(
        render_exchange(each, turn, documents, last=turn == last) for turn, each in enumerate(conversation)
    )
    if not (follow_ups and conversation and conversation[-1].finished):
        return exchanges
    return (
        f'{exchanges}<aside class="follow-ups" aria-label="Suggested questions">'
        f'<p class="label">You could ask next</p>{question_buttons(follow_ups, "suggestions")}</aside>'
    )


def render_exchange(exchange: Exchange, turn: int, documents: Mapping[str, Document], *, last: bool = True) -> str:
    """A question with its answer as far as it has come, and what can be done with it. `last`: none follows."""
    question = plain(clip(exchange.question.strip(), _QUESTION_CHARACTERS)) or "<em>An empty question</em>"
    actions = render_actions(exchange, turn, documents, last=last) if exchange.finished else ""
    return (
        f'<article class="exchange" data-turn="{turn}" aria-busy="{str(not exchange.finished).lower()}">'
        f'<h2 class="question" dir="auto">{question}</h2>{_searched_for(exchange)}{_body(exchange, turn, documents)}'
        f"{actions}</article>"
    )


def _body(exchange: Exchange, turn: int, documents: Mapping[str, Document]) -> str:
    if exchange.problem:
        return f'<p class="problem">{sign("!")} {plain(exchange.problem)}</p>'
    if exchange.stopped and not exchange.said:
        return f'<p class="stopped">{sign("■")} Stopped before there was an answer.</p>'
    answer = exchange.answer
    # An answer without statements is a refusal only once it is finished.
    if answer is None or not (answer.statements or exchange.finished):
        return f'<p class="waiting">{waiting(answer)}</p>'
    if answer.provisional and not exchange.finished:
        return render_written(answer)
    return render_answer(answer, turn, documents) + (_stopped(answer) if exchange.stopped else "")


def _stopped(answer: Answer) -> str:
    came = (
        "A language model wrote this, and it was not checked against the sources."
        if answer.provisional
        else "This is as far as the answer came."
    )
    return f'<p class="stopped">{sign("■")} Stopped. {came}</p>'


def _searched_for(exchange: Exchange) -> str:
    searched = searched_for(exchange.answer) if exchange.answer else ""
    if not searched:
        return ""
    return f'<p class="searched">{sign("⌕")} <span>Searched for:</span> <q dir="auto">{plain(searched)}</q></p>'
