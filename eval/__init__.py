"""Measures the assistant offline: facts, citations, refusal. Run with `python -m eval`."""
