"""What keeps people from using the page, as axe-core finds it."""

from __future__ import annotations

from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def expect_no_barrier(page: Page) -> None:
    """Axe finds nothing serious in the page as it is, in light and in dark."""
    schemes: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 0), ("dark", 1))
    for scheme, dark in schemes:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("body.dark")).to_have_count(dark)
        serious = [
            (each["id"], each["impact"], [node["target"] for node in each["nodes"]])
            for each in Axe().run(page).response["violations"]
            if each["impact"] in ("serious", "critical")
        ]
        assert serious == [], scheme
