"""Answers in a language model's words: what it is shown, what it wrote, and which of that the sources support."""
