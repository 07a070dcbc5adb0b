"""Chromium as the tests drive it: Debian's without windows, which takes a fifth less time, or else its browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

_EITHER = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    """The browser, closed afterwards."""
    installed = next((path for path in _EITHER if path.exists()), None)
    if installed is None:
        pytest.fail("The browser tests need Chromium. Install it with: apt-get install chromium-headless-shell")
    browser = playwright.chromium.launch(executable_path=installed, args=_FLAGS)
    yield browser
    browser.close()
