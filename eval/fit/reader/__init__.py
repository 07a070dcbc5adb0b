"""Trains the readers of `assistant.answer.reading`. The assistant never imports it; READER.md has the recipe."""
