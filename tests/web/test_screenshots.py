"""The states that the pictures in docs/ show can be reached, and the pictures are all there."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext

from docs.screenshots import HERE, STATES, reach, small
from tests.served import Served

MOST_BYTES = 3_000_000


@pytest.mark.parametrize(
    "name", [name for name, state in STATES.items() if not (state.login or state.adds or state.writes)]
)
def test_a_state_is_reached(name: str, browse: Callable[..., BrowserContext], server: Served) -> None:
    state = STATES[name]
    reach(state, browse(*state.window, **state.look()), server.address)


@pytest.mark.parametrize("name", [name for name, state in STATES.items() if state.adds])
def test_a_state_with_an_added_document_is_reached(
    name: str, browse: Callable[..., BrowserContext], adding: str
) -> None:
    state = STATES[name]
    reach(state, browse(*state.window, **state.look()), adding)


def test_there_is_a_picture_of_each_state_at_the_size_of_its_window() -> None:
    pictures = {path.stem: path for path in HERE.glob("*.png")}

    assert set(pictures) == set(STATES)
    for name, path in pictures.items():
        with Image.open(path) as picture:
            assert picture.size == STATES[name].window
    assert sum(path.stat().st_size for path in pictures.values()) < MOST_BYTES


def test_a_smaller_picture_shows_the_same() -> None:
    large = Image.effect_noise((80, 60), 40).convert("RGB")
    file = io.BytesIO()
    large.save(file, "PNG")

    made = small(file.getvalue())

    assert len(made) < len(file.getvalue())
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.size == large.size
        shown = picture.convert("RGB")
        far = max(abs(a - b) for a, b in zip(shown.tobytes(), large.tobytes(), strict=True))
    assert far < 12
