"""Reaching a language model: whichever it is, it is asked in one way, can be stopped, and fails in sentences.

Owns the connection. What is asked, and what becomes of the reply, is the business of others.
"""

from assistant.llm.base import LanguageModel, Message
from assistant.llm.open import name_of, open_llm

__all__ = ["LanguageModel", "Message", "name_of", "open_llm"]
