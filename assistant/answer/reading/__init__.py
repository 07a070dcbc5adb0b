"""Readers: they read a question and a sentence together and say whether the sentence answers it."""
