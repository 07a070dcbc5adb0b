"""Fits what the assistant ships: the reader, the certainty, how many sentences are quoted. It imports none of it."""
