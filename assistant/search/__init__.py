"""Embeds, stores and finds passages: from question to `Hit`."""
