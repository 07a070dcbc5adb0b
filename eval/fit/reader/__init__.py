"""Trains the reader of `assistant.answer.minilm_reader`. The assistant never imports it; READER.md has the recipe."""
