"""The suggested questions about what a person added: made after adding, and kept with each store built later."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from assistant.assistant import Assistant
from assistant.errors import StoreError
from assistant.search.store import read_record
from assistant.suggest import Suggestions, suggest_questions

_SECONDS = 3.0
_QUESTIONS = 10

_log = logging.getLogger(__name__)


def make_questions(assistant: Assistant, documents: Collection[str]) -> None:
    """Adds questions that the documents with these ids answer to those kept with the assistant's store.

    It raises nothing: without questions the documents can be asked about just the same.
    """
    store = assistant.store.path
    try:
        made = suggest_questions(assistant, _QUESTIONS, _SECONDS, documents=documents)
        replace(made, questions=(*made.questions, *Suggestions.load(store).questions)).save(store)
    except Exception as error:
        # Whatever is wrong with a suggestion must not undo the adding of a document.
        _log.warning("No questions are suggested about what was added", exc_info=error)


def carry_questions(before: Path, after: Path, documents: Collection[str]) -> None:
    """Keeps the questions of one store, as far as they are about these documents, with the store that follows it."""
    try:
        kept = tuple(each for each in Suggestions.load(before).questions if each.document_id in documents)
        Suggestions(kept, read_record(after).generation).save(after)
    except StoreError as error:
        _log.warning("The suggested questions about what was added are lost: %s", error)
