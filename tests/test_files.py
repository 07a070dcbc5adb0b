"""Files are replaced whole, or stay as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.files import write_whole


def test_it_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    write_whole(path, "é")
    assert path.read_text("utf-8") == "é"
    write_whole(path, b"\xff")
    assert path.read_bytes() == b"\xff"
    assert [*tmp_path.iterdir()] == [path]


def test_what_cannot_be_written_leaves_the_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    write_whole(path, "earlier")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "half a character: \ud800")
    assert path.read_text("utf-8") == "earlier"
    assert [*tmp_path.iterdir()] == [path]


def test_what_is_private_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    write_whole(tmp_path / "private", "", private=True)
    write_whole(tmp_path / "shared", "")
    (tmp_path / "usual").touch()
    private, shared, usual = ((tmp_path / name).stat().st_mode for name in ("private", "shared", "usual"))
    assert private & 0o077 == 0
    assert shared == usual
