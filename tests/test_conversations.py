"""Saved conversations: nothing is lost, nothing is anyone else's, and what is deleted is nowhere any more."""

from __future__ import annotations

import random
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Citation, Conflict, Document, Hit, Passage, Statement
from assistant.conversations import DATABASE, Conversations
from assistant.conversations.changes import changed, place_now
from assistant.errors import AnswerRated, ConversationError, ConversationMissing


def answer(question: str, text: str = "It is so. [1]") -> Answer:
    """An answer with something in every field that has parts."""
    cited = Citation(1, "d", "Notes", 0, len(question), question, 3)
    statement = Statement("It is so.", (cited,), "quoted")
    hit = Hit(Passage("d", "Notes", "", 0, len(question), question), 0.5)
    conflict = Conflict((statement, statement))
    return Answer(question, question, text, (statement,), (cited,), (conflict,), (hit,), 0.1, "so", 0.7)


WHEN, WHY, WHO = map(answer, ("When was it signed?", "Why was it signed?", "Who signed it?"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / DATABASE


@pytest.fixture
def mine(path: Path) -> Conversations:
    return Conversations(path, "ann")


def saved(conversations: Conversations, *answers: Answer) -> str:
    identity = conversations.start()
    for each in answers:
        conversations.add(identity, each)
    return identity


def titles(conversations: Conversations, search: str = "") -> list[str]:
    return [each.title for each in conversations.list(search)]


def bytes_on_disk(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.iterdir())


class TestTurns:
    def test_are_read_as_they_were_added(self, mine: Conversations) -> None:
        before = datetime.now(UTC)
        identity = mine.start()
        first, second = mine.add(identity, WHEN), mine.add(identity, WHY)

        conversation = mine.read(identity)

        assert (conversation.id, conversation.title) == (identity, WHEN.question)
        assert conversation.turns == (first, second)
        assert [(turn.number, turn.answer, turn.rating, turn.note) for turn in conversation.turns] == [
            (0, WHEN, None, ""),
            (1, WHY, None, ""),
        ]
        assert before <= first.asked <= second.asked <= datetime.now(UTC)

    @given(st.lists(st.text(st.characters()).map(answer), max_size=3), st.text(st.characters()))
    def test_nothing_is_lost_whatever_was_asked(self, answers: list[Answer], search: str) -> None:
        with TemporaryDirectory() as folder:
            conversations = Conversations(Path(folder) / DATABASE, "ann")
            identity = saved(conversations, *answers)

            assert [turn.answer for turn in conversations.read(identity).turns] == answers
            assert len(conversations.list()) == bool(answers)
            conversations.list(search)  # whatever is typed is searched for, and no fault

    def test_are_listed_newest_first_once_there_are_any(self, mine: Conversations) -> None:
        mine.start()
        older, newer = saved(mine, WHEN), saved(mine, WHY, WHO)

        assert [(each.id, each.title, each.turns) for each in mine.list()] == [
            (newer, WHY.question, 2),
            (older, WHEN.question, 1),
        ]
        last = mine.add(older, WHO)
        assert [each.id for each in mine.list()] == [older, newer]
        assert mine.list()[0].updated == last.asked

    def test_the_last_may_be_replaced(self, mine: Conversations) -> None:
        identity = saved(mine, WHEN, WHY)

        replaced = mine.replace(identity, 1, WHO)

        assert mine.read(identity).turns[1] == replaced
        assert (replaced.answer, replaced.rating, replaced.note) == (WHO, None, "")
        assert titles(mine, "why") == []
        mine.add(identity, WHEN, stopped=True)
        assert not mine.replace(identity, 2, WHEN).stopped
        assert not mine.read(identity).turns[2].stopped
        for rating, note in (("down", ""), (None, "wrong")):
            mine.rate(identity, 2, rating, note)
            with pytest.raises(AnswerRated, match=r"Turn 3 was rated, so it is kept\."):
                mine.replace(identity, 2, WHO)
        assert mine.read(identity).turns[2].answer == WHEN
        with pytest.raises(ConversationError, match=r"Turn 1 is not the last: the conversation has 3 turns\."):
            mine.replace(identity, 0, WHO)
        with pytest.raises(ConversationError, match="Turn 1 is not the last: the conversation has 0 turns"):
            mine.replace(mine.start(), 0, WHO)

    def test_a_fork_goes_on_from_an_earlier_one(self, mine: Conversations) -> None:
        original = saved(mine, WHEN, WHY)
        mine.rate(original, 0, "up")

        forked = mine.fork(original, 1)
        added = mine.add(forked, WHO)

        assert added.number == 1
        assert [turn.answer for turn in mine.read(forked).turns] == [WHEN, WHO]
        assert [turn.answer for turn in mine.read(original).turns] == [WHEN, WHY]
        assert mine.read(forked).turns[0].asked == mine.read(original).turns[0].asked
        assert [each.conversation for each in mine.rated()] == [original]
        assert [each.id for each in mine.list("when")] == [forked, original]
        assert mine.read(mine.fork(original, 0)).turns == ()
        for number in (-1, 3):
            with pytest.raises(ConversationMissing, match=f"has no turn {number + 1}"):
                mine.fork(original, number)


class TestStopped:
    def test_is_kept_and_copied(self, mine: Conversations) -> None:
        identity = saved(mine, WHEN)
        turn = mine.add(identity, WHY, stopped=True)

        for each in (identity, mine.fork(identity, 2)):
            assert [turn.stopped for turn in mine.read(each).turns] == [False, True]
        assert mine.read(identity).turns[1] == turn

    def test_before_its_first_words_nothing_was_said_that_a_case_could_follow_from(self, mine: Conversations) -> None:
        identity = saved(mine, WHEN)
        nothing = mine.add(identity, Answer("How?", "How?", ""), stopped=True)
        mine.add(identity, WHY)
        mine.rate(identity, 2, "up")

        assert nothing.says_nothing
        assert not any(turn.says_nothing for turn in mine.read(identity).turns if turn.number != 1)
        assert mine.rated()[0].before == (WHEN,)


class TestTitle:
    def test_is_the_first_question_on_one_line(self, mine: Conversations) -> None:
        saved(mine, answer("When\nwas\x1b it " + "x" * 300), WHY)

        (title,) = titles(mine)
        assert title == "When was it " + "x" * 188

    def test_is_what_it_was_renamed_to(self, mine: Conversations) -> None:
        identity = saved(mine, WHEN)
        updated = mine.list()[0].updated

        mine.rename(identity, "  The\n treaty\u2028 \ud800")

        assert (titles(mine), mine.read(identity).title) == (["The treaty"], "The treaty")
        assert mine.list()[0].updated == updated
        mine.rename(identity, "x" * 201)
        assert titles(mine) == ["x" * 200]

    def test_an_empty_name_is_the_first_question_again(self, mine: Conversations) -> None:
        identity = saved(mine, WHEN)
        mine.rename(identity, "The treaty")

        mine.rename(identity, " \n ")

        assert titles(mine) == [WHEN.question]
        assert titles(mine, "treaty") == []


class TestSearch:
    @pytest.fixture
    def mine(self, mine: Conversations) -> Conversations:
        saved(mine, answer("When was it signed?", "In October 1953, naïvely. [1]"), answer("Who paid?", "Seoul."))
        mine.rename(saved(mine, answer("What do rock-climbers fear?", "Rain. [1]")), "Weather")
        return mine

    @pytest.mark.parametrize(
        ("search", "found"),
        [
            ("signed", "When was it signed?"),
            ("SIGN", "When was it signed?"),
            ("october 1953", "When was it signed?"),
            ("seoul oct", "When was it signed?"),  # of different turns
            ("naive", "When was it signed?"),
            ("weath", "Weather"),
            ("climbers", "Weather"),
            ("rock-climb", "Weather"),
            ("fear weather", "Weather"),
            ("october weather", None),
            ("igned", None),
            ("quoted", None),  # only in what is stored
        ],
    )
    def test_finds_words_by_their_beginning(self, mine: Conversations, search: str, found: str | None) -> None:
        assert titles(mine, search) == ([found] if found else [])

    def test_blanks_are_no_search(self, mine: Conversations) -> None:
        assert len(mine.list(" \t")) == 2

    @pytest.mark.parametrize(
        "search",
        [
            *('"', "'", "*", "%", "\x00", "👍", "\ud800", "sig_ed", "signed AND", "signed OR rain", 'signed" OR "rain'),
            *("NOT rain", "title:weather", "{said} : rain", "said : weather", "^rain OR x", "NEAR(signed rain)"),
        ],
    )
    def test_what_is_typed_is_words_and_nothing_else(self, mine: Conversations, search: str) -> None:
        assert titles(mine, search) == []

    @pytest.mark.parametrize("search", ["-rain", "^rain", "(rain", '"rain', "rain*", "rain\x00", "rain 👍", "\train"])
    def test_signs_around_a_word_do_not_matter(self, mine: Conversations, search: str) -> None:
        assert titles(mine, search) == ["Weather"]


class TestDelete:
    def test_is_for_good(self, mine: Conversations, path: Path) -> None:
        deleted = saved(mine, answer("Where is the xylophone?", "Under the quincunx."), WHEN)
        mine.rename(deleted, "Zeugma")
        mine.rate(deleted, 0, "down", "Not the vibraphone")
        kept = saved(mine, WHY)
        secrets = (b"ylophon", b"uincun", b"eugm", b"ibraphon", deleted.encode())
        assert all(secret in bytes_on_disk(path) for secret in secrets)

        with sqlite3.connect(path) as other:
            other.execute("SELECT count(*) FROM turns").fetchone()  # keeps the log there
            mine.delete(deleted)
            assert [secret for secret in secrets if secret in bytes_on_disk(path)] == []
        other.close()

        assert [each.id for each in mine.list()] == [kept]
        assert (mine.list("xylophone"), mine.rated()) == ((), ())
        with pytest.raises(ConversationMissing):
            mine.read(deleted)

    def test_leaves_nothing_between_what_stays(self, mine: Conversations, path: Path) -> None:
        choose = random.Random(20)  # one that leaves words behind if the file is not made anew
        there: dict[str, bytes] = {}
        gone: list[bytes] = []
        for number in range(120):
            if there and choose.random() < 0.4:
                identity = choose.choice(list(there))
                mine.delete(identity)
                gone += [identity.encode(), there.pop(identity)]
                continue
            secret = f"qzx{number}mark"
            filler = " ".join("abcdefgh"[choose.randrange(8)] * 5 for _ in range(choose.choice([3, 30, 300])))
            there[saved(mine, *[Answer(f"{secret} {filler}?", "", f"{filler} {secret}")] * 3)] = secret.encode()

        content = bytes_on_disk(path)

        assert [word for word in gone if word in content] == []
        assert all(word in content for word in there.values())


class TestRating:
    def test_is_kept_with_the_answer(self, mine: Conversations) -> None:
        first, second = saved(mine, WHEN, WHY), saved(mine, WHO)
        mine.rate(second, 0, "up")
        mine.rate(first, 1, "up")
        mine.rate(first, 1, "down", "  It was 1953.\n")

        turn = mine.read(first).turns[1]
        feedback = mine.rated()

        assert (turn.answer, turn.rating, turn.note) == (WHY, "down", "It was 1953.")
        assert [(each.conversation, each.turn, each.before) for each in feedback] == [
            (first, turn, (WHEN,)),
            (second, mine.read(second).turns[0], ()),
        ]
        assert len({each.number for each in feedback}) == 2

    def test_is_taken_back(self, mine: Conversations) -> None:
        identity = saved(mine, WHEN)
        mine.rate(identity, 0, "up", "Good.")

        mine.rate(identity, 0, None)

        assert (mine.read(identity).turns[0].rating, mine.read(identity).turns[0].note) == (None, "")
        assert mine.rated() == ()

    def test_a_number_is_never_another_turns(self, mine: Conversations) -> None:
        first = saved(mine, WHEN)
        mine.rate(first, 0, "up")
        (old,) = mine.rated()
        mine.delete(first)
        mine.rate(saved(mine, WHY), 0, "up")

        assert mine.rated()[0].number > old.number

    def test_a_note_is_at_most_2000_characters(self, mine: Conversations) -> None:
        identity = saved(mine, WHEN)
        mine.rate(identity, 0, "up", "x" * 2000)

        with pytest.raises(ConversationError, match=r"The note has 2,001 characters; at most 2,000 are kept"):
            mine.rate(identity, 0, "up", "x" * 2001)
        assert mine.read(identity).turns[0].note == "x" * 2000

    def test_what_is_no_rating_or_no_turn(self, mine: Conversations) -> None:
        identity = saved(mine, WHEN)

        with pytest.raises(ValueError, match="not 'sideways'"):
            mine.rate(identity, 0, "sideways")  # type: ignore[arg-type]  # what a careless caller does
        with pytest.raises(ConversationMissing, match="has no turn 2"):
            mine.rate(identity, 1, "up")


class TestUsers:
    def test_see_nothing_of_each_other(self, mine: Conversations, path: Path) -> None:
        other = Conversations(path, "bob")
        identity = saved(mine, WHEN)
        mine.rate(identity, 0, "up")

        assert (other.list(), other.list("signed"), other.rated()) == ((), (), ())
        attempts: list[Callable[[], object]] = [
            lambda: other.read(identity),
            lambda: other.add(identity, WHY),
            lambda: other.replace(identity, 0, WHY),
            lambda: other.fork(identity, 1),
            lambda: other.rename(identity, "Mine"),
            lambda: other.rate(identity, 0, "down"),
            lambda: other.delete(identity),
        ]
        for attempt in attempts:
            with pytest.raises(ConversationMissing, match=f"There is no conversation '{identity}'"):
                attempt()
        assert mine.read(identity).title == WHEN.question
        assert [turn.rating for turn in mine.read(identity).turns] == ["up"]

    def test_of_the_machine_do_not_read_the_file(self, mine: Conversations, path: Path) -> None:
        mine.start()

        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    @pytest.mark.parametrize("identity", ["", "none", "' OR 1=1 --", "\ud800", "x" * 100_000])
    def test_an_id_that_is_none(self, mine: Conversations, identity: str) -> None:
        saved(mine, WHEN)

        with pytest.raises(ConversationMissing) as raised:
            mine.read(identity)
        assert len(str(raised.value)) < 200


ADD = """
import sys
from pathlib import Path
from assistant import Answer
from assistant.conversations import Conversations

conversations = Conversations(Path(sys.argv[1]), "ann")
print("ready", flush=True)
sys.stdin.readline()
own = conversations.start()
print(own, flush=True)
shared = sys.stdin.readline().strip()
for number in range(int(sys.argv[3])):
    for identity in (own, shared):
        conversations.add(identity, Answer(f"{sys.argv[2]} {number}", "", "So."))
"""


class TestTogether:
    def test_programs_that_write_at_once_lose_nothing(self, mine: Conversations, path: Path) -> None:
        """Four programs make the file at the same moment, then write to one conversation and one each."""
        count = 15
        programs = [
            subprocess.Popen(
                [sys.executable, "-W", "error", "-c", ADD, path, f"program {number}", str(count)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for number in range(4)
        ]  # fmt: skip

        def said() -> list[str]:
            return [program.stdout.readline().strip() for program in programs if program.stdout]

        def say(line: str) -> None:
            for program in programs:
                assert program.stdin
                program.stdin.write(f"{line}\n")
                program.stdin.flush()

        assert said() == ["ready"] * 4
        say("begin")
        own = said()
        shared = mine.start()
        say(shared)
        ended = [program.communicate(timeout=120) for program in programs]

        assert ended == [("", "")] * 4
        turns = mine.read(shared).turns
        assert [turn.number for turn in turns] == list(range(4 * count))
        for number in range(4):
            expected = [f"program {number} {each}" for each in range(count)]
            assert [turn.answer.question for turn in mine.read(own[number]).turns] == expected
            of_program = [turn.answer.question for turn in turns if f"program {number} " in turn.answer.question]
            assert of_program == expected

    def test_threads_share_one_object(self, mine: Conversations) -> None:
        shared = mine.start()

        def work(number: int) -> None:
            own = saved(mine, WHEN, WHY)
            mine.add(shared, answer(f"Question {number}"))
            mine.rename(own, f"Name {number}")
            mine.list("name")
            if number % 2:
                mine.delete(own)

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(work, range(24)))

        assert len(mine.read(shared).turns) == 24
        assert len(mine.list("name")) == 12

    def test_a_writer_that_fails_halfway_changes_nothing(self, mine: Conversations, path: Path) -> None:
        identity = saved(mine, WHEN)
        with sqlite3.connect(path) as other:
            other.execute("CREATE TRIGGER fail BEFORE UPDATE ON conversations BEGIN SELECT raise(ABORT, 'no'); END")
        other.close()

        with pytest.raises(sqlite3.IntegrityError):
            mine.add(identity, WHY)

        assert [turn.answer for turn in mine.read(identity).turns] == [WHEN]


def no_database(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 100)


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()


def numbered(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 1")
    connection.close()


def newer(path: Path) -> None:
    Conversations(path, "ann").start()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def of_the_first_format(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE turns DROP COLUMN stopped")
        connection.execute("PRAGMA user_version = 1")
    connection.close()


def cut_short(path: Path) -> None:
    saved(Conversations(path, "ann"), *[WHEN] * 30)
    path.write_bytes(path.read_bytes()[:20_000])


class TestFile:
    def test_of_an_older_format_is_read_and_added_to(self, tmp_path: Path) -> None:
        mine = Conversations(tmp_path / "c.sqlite", "ann")
        identity = saved(mine, WHEN)
        mine.rate(identity, 0, "up", "Right")
        before = mine.read(identity)
        of_the_first_format(mine.path)
        assert mine.read(identity) == before
        mine.add(identity, WHY, stopped=True)
        assert [turn.stopped for turn in mine.read(identity).turns] == [False, True]

    @pytest.mark.parametrize(
        ("spoil", "sentence"),
        [
            (no_database, r"is no file of conversations\. Move it away, or name another"),
            (foreign, "is a database of another program"),
            (numbered, "is a database of another program"),
            (newer, r"written by a newer version of this program \(format 99; this one reads up to 2\)"),
            (cut_short, "are damaged .*Restore the file from a copy, or move it away"),
        ],
    )
    def test_that_is_something_else_is_told_and_kept(
        self, tmp_path: Path, spoil: Callable[[Path], None], sentence: str
    ) -> None:
        path = tmp_path / DATABASE
        spoil(path)
        before = path.read_bytes()
        conversations = Conversations(path, "ann")

        for attempt in (conversations.start, conversations.list, conversations.rated):
            with pytest.raises(ConversationError, match=sentence):
                attempt()
        assert path.read_bytes() == before

    def test_an_answer_that_is_damaged_is_told(self, mine: Conversations, path: Path) -> None:
        damaged, whole = saved(mine, WHEN), saved(mine, WHY)
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE turns SET answer = '{}' WHERE question = ?", (WHEN.question,))
        connection.close()

        with pytest.raises(ConversationError, match=r"An answer in .* is damaged \('question'\)"):
            mine.read(damaged)
        assert mine.read(whole).turns[0].answer == WHY

    def test_a_folder_that_cannot_be_written_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("no folder")

        for path in (tmp_path / "data" / DATABASE, tmp_path, Path("/dev/null/data") / DATABASE):
            with pytest.raises(ConversationError, match=r"Conversations cannot be kept in .* Check its permissions"):
                Conversations(path, "ann").start()
        assert (tmp_path / "data").read_text() == "no folder"

    def test_that_is_being_written_for_long_is_told(self, mine: Conversations, path: Path) -> None:
        identity = saved(mine, WHEN)
        with sqlite3.connect(path, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            assert mine.read(identity).turns[0].answer == WHEN  # reading waits for no one
            with pytest.raises(ConversationError, match=r"Another program has been writing to .* Try again"):
                mine.add(identity, WHY)
        other.close()


TEXT = "It was signed in 1953. It took effect in 1954."
CITED = Citation(1, "d", "Notes", 0, 22, TEXT[:22])


class TestChanges:
    @pytest.mark.parametrize(
        ("text", "change", "place"),
        [
            (TEXT, "same", (0, 22)),
            (f"{TEXT} {TEXT}", "same", (0, 22)),  # it stands elsewhere too
            (f"Article I. {TEXT}", "moved", (11, 33)),
            (TEXT.replace("1953", "1955"), "changed", None),
            (f"Note. {TEXT} {TEXT}", "changed", None),  # which of the two is meant cannot be told
            ("", "changed", None),
        ],
    )
    def test_a_quote_in_the_document_of_today(self, text: str, change: str, place: tuple[int, int] | None) -> None:
        document = Document("d", "Notes", text)

        assert (changed(CITED, document), place_now(CITED, document)) == (change, place)

    def test_a_document_that_is_gone(self) -> None:
        assert changed(CITED, None) == "gone"

    def test_overlapping_places_are_two(self) -> None:
        cited = replace(CITED, end=3, quote="aba")

        assert changed(cited, Document("d", "Notes", "x ababa")) == "changed"

    @given(st.text(max_size=20), st.text(max_size=20), st.text(min_size=1, max_size=10))
    def test_a_place_always_has_the_quote(self, before: str, after: str, quote: str) -> None:
        text = before + quote + after
        place = place_now(Citation(1, "d", "Notes", 3, 3 + len(quote), quote), Document("d", "Notes", text))

        assert place is None or text[slice(*place)] == quote
        assert place is not None or text.count(quote) + text[1:].count(quote) > 1
