"""Questions that the documents answer: made when they are indexed, offered at first and after an answer."""

from assistant.suggest.make import suggest_questions
from assistant.suggest.suggestions import Suggestion, Suggestions

__all__ = ["Suggestion", "Suggestions", "suggest_questions"]
