"""Runnable from a checkout: `python -m index` builds the store of the shipped sources."""
