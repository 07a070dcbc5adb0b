"""Trains the reader that `assistant.answer.reader` runs. The assistant never imports it; READER.md has the recipe."""
