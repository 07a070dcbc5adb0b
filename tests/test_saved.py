"""Conversations as a file: nothing is lost, each is told from the next, and no other file is written into."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Citation, Hit, Passage, Statement
from assistant.conversations.files import ConversationFile, read_conversations
from assistant.errors import ConversationError


def answer(question: str) -> Answer:
    """An answer with something in every field that has parts."""
    cited = Citation(1, "d", "Notes", 0, len(question), question, 3)
    statement = Statement("It is so.", (cited,), "quoted")
    hit = Hit(Passage("d", "Notes", "", 0, len(question), question), 0.5)
    return Answer(question, question, "It is so. [1]", (statement,), (cited,), (), (hit,), 0.1, "so", 0.7)


WHEN, WHY, WHO = map(answer, ("When?", "Why?", "Who?"))
FULL = Path("/dev/full")


@given(st.lists(st.lists(st.text().map(answer), min_size=1, max_size=3), max_size=3))
def test_nothing_is_lost(conversations: list[list[Answer]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "chat.jsonl"
        saved = ConversationFile(path)
        for number, conversation in enumerate(conversations):
            if number == 1:
                saved.start_afresh()
            elif number:
                saved = ConversationFile(path)
            for each in conversation:
                saved.append(each)

        assert read_conversations(path) == tuple(map(tuple, conversations))


def test_a_line_is_an_answer_and_a_blank_one_parts_conversations(tmp_path: Path) -> None:
    saved = ConversationFile(tmp_path / "chat.jsonl")
    saved.append(WHEN)
    saved.append(WHY)
    saved.start_afresh()
    saved.append(WHO)

    first, second, blank, third, end = (tmp_path / "chat.jsonl").read_text("ascii").split("\n")

    assert [Answer.from_dict(json.loads(line)) for line in (first, second, third)] == [WHEN, WHY, WHO]
    assert (blank, end) == ("", "")


def test_a_last_line_without_its_end_is_an_answer_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_text(json.dumps(WHEN.to_dict()))

    ConversationFile(path).append(WHY)

    assert read_conversations(path) == ((WHEN,), (WHY,))


def test_answers_on_many_lines_were_asked_alone(tmp_path: Path) -> None:
    one_line, many_lines = json.dumps(WHY.to_dict()), json.dumps(WHEN.to_dict(), indent=2)
    path = tmp_path / "asked.json"
    path.write_text(f"{many_lines}\n{many_lines}\n{one_line}\n{one_line}\r\n \r\n{one_line}\n{many_lines}")

    assert read_conversations(path) == ((WHEN,), (WHEN,), (WHY, WHY), (WHY,), (WHEN,))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "Line 1 of .* is no answer .*Expecting property name"),
        (b"\n\n[1]", "Line 3 of .* is no answer "),
        (b'{"question": "When?"}', "it lacks 'searched_for'"),
        (json.dumps({**WHEN.to_dict(), "hits": 3}).encode(), "is no answer "),
        (json.dumps(WHEN.to_dict()).encode()[:-9], "Line 1 of .* is no answer "),
        (b"[" * 100_000, "Line 1 of .* is no answer "),
        (b"\xff", "is no saved conversation"),
    ],
)
def test_what_is_no_conversation_is_told_and_kept(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)

    with pytest.raises(ConversationError, match=why):
        read_conversations(path)
    with pytest.raises(ConversationError, match=why):
        ConversationFile(path)
    assert path.read_bytes() == content


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConversationError, match="cannot be read"):
        read_conversations(tmp_path / "none.jsonl")


@pytest.mark.skipif(not FULL.exists(), reason="the system has no device that is always full")
def test_a_full_disk_is_told() -> None:
    saved = ConversationFile(FULL)

    with pytest.raises(ConversationError, match="cannot be saved to '/dev/full'"):
        saved.append(WHEN)
