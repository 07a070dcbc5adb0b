"""Saved conversations: kept in SQLite, searched, rated, exported, and held against the documents of today."""

from assistant.conversations.conversations import Conversations
from assistant.conversations.database import DATABASE
from assistant.conversations.records import Conversation, Feedback, Rating, SavedTurn, Summary

__all__ = ["DATABASE", "Conversation", "Conversations", "Feedback", "Rating", "SavedTurn", "Summary"]
