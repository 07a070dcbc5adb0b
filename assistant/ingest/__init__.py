"""Reads files and splits them into passages: from folder to `Document` to `Passage`."""
