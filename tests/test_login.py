"""Logins: who may have one, how people and programs use it, and that nothing answers without it."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import re
import stat
import subprocess
import sys
import time
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from starlette.requests import HTTPConnection

from assistant import Assistant
from assistant.conversations import Conversations
from assistant.errors import TooManyRequests, UserError
from assistant.server.limits import Limits, Rates
from assistant.server.login import address_of
from assistant.server.sessions import SECONDS, Sessions, session_key
from assistant.server.users import Users
from tests.served import ADA, BOB, COMMAND, Served

QUESTION = "When was the Mutual Defense Treaty signed?"
OPEN = {"/login", "/login.css", "/favicon.svg", "/favicon.ico"}


@pytest.fixture
def users(tmp_path: Path) -> Users:
    return Users(tmp_path / "data" / "users.toml")


class TestUsers:
    def test_passwords_are_kept_as_salted_hashes_that_only_the_owner_can_read(
        self, users: Users, tmp_path: Path
    ) -> None:
        for name in ("ada", "bob"):
            users.add(name, "the same password")
        file = tmp_path / "data" / "users.toml"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        assert "the same password" not in file.read_text()
        assert len(set(re.findall(r'"(\$argon2id\$[^"]+)"', file.read_text()))) == 2
        assert users.names == ("ada", "bob")
        assert users.verified("ada", "the same password")
        assert not users.verified("ada", "another password")
        assert not users.verified("eve", "the same password")

    @pytest.mark.parametrize(
        "name", ["", "Ada", "a b", "-ada", ".ada", "../ada", "a/b", "a" * 33, "ada\n", "ädä", "local"]
    )
    def test_a_name_that_could_not_be_a_folders_is_refused(self, users: Users, name: str) -> None:
        with pytest.raises(UserError, match="Take"):
            users.add(name, "a long password")
        assert users.names == ()

    @pytest.mark.parametrize("password", ["", "nine char", "x" * 1001])
    def test_a_password_must_be_neither_short_nor_endless(self, users: Users, password: str) -> None:
        with pytest.raises(UserError, match="at least 10"):
            users.add("ada", password)

    def test_nobody_is_replaced_by_adding(self, users: Users) -> None:
        users.add(*ADA)
        with pytest.raises(UserError, match="assistant users password ada"):
            users.add("ada", "another password")
        assert users.verified(*ADA)

    def test_what_another_process_changes_counts(self, users: Users, tmp_path: Path) -> None:
        other = Users(tmp_path / "data" / "users.toml")
        users.add(*ADA)
        assert other.verified(*ADA)
        users.set_password("ada", "another password")
        assert not other.verified(*ADA)
        users.remove("ada")
        assert other.names == ()
        with pytest.raises(UserError, match="There is no user 'ada'"):
            other.remove("ada")

    def test_the_same_password_typed_on_another_keyboard(self, users: Users) -> None:
        users.add("ada", "caf\N{LATIN SMALL LETTER E WITH ACUTE} au lait")
        assert users.verified("ada", "cafe\N{COMBINING ACUTE ACCENT} au lait")

    def test_a_name_that_nobody_has_takes_as_long_as_a_wrong_password(self, users: Users) -> None:
        users.add(*ADA)

        def fastest(name: str) -> float:
            times = []
            for _ in range(4):
                started = time.process_time()
                assert not users.verified(name, "a wrong password")
                times.append(time.process_time() - started)
            return min(times)

        assert 0.5 < fastest("nobody") / fastest("ada") < 2

    @pytest.mark.parametrize("content", ["", "passwords = 5", "[passwords]\n'../x' = 'y'", "[passwords", "\0"])
    def test_a_file_that_is_none_of_ours_is_not_taken_for_an_empty_one(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "users.toml").write_text(content)
        with pytest.raises(UserError, match=r"users\.toml' cannot be read"):
            _ = Users(tmp_path / "users.toml").names


class TestCommand:
    @staticmethod
    def run(data: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, "users", *arguments, "--data", data], input=stdin, capture_output=True, text=True, check=False
        )

    def test_adds_lists_changes_and_removes(self, users: Users, tmp_path: Path) -> None:
        data = tmp_path / "data"
        assert self.run(data, "add", "ada", stdin="correct horse battery\n").stdout == "ada can log in now.\n"
        assert users.verified(*ADA)
        assert self.run(data, "list").stdout == "ada\n"
        assert self.run(data, "password", "ada", stdin="another password\n").returncode == 0
        assert users.verified("ada", "another password")
        assert self.run(data, "remove", "ada").returncode == 0
        assert users.names == ()

    def test_what_cannot_be_is_said_in_a_sentence(self, tmp_path: Path) -> None:
        for arguments, said in (
            (("add", "Ada"), "'Ada' cannot be"),
            (("add", "ada"), "at least 10"),
            (("remove", "ada"), "no user 'ada'"),
        ):
            done = self.run(tmp_path, *arguments, stdin="short\n")
            assert done.returncode == 1
            assert done.stderr.startswith("Error: ")
            assert said in done.stderr

    @pytest.mark.parametrize(("again", "added"), [("correct horse battery", True), ("correct horse batterie", False)])
    def test_a_terminal_is_asked_twice_and_shows_nothing(
        self, users: Users, tmp_path: Path, again: str, added: bool
    ) -> None:
        ours, theirs = pty.openpty()
        command = [COMMAND, "users", "add", "ada", "--data", tmp_path / "data"]
        with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True):
            os.close(theirs)
            shown = b""
            for question, typed in ((b"characters: ", ADA[1]), (b"again: ", again)):
                while question not in shown:
                    shown += os.read(ours, 1000)
                os.write(ours, f"{typed}\n".encode())
            with suppress(OSError):  # Linux's way to tell that the other end was closed.
                while more := os.read(ours, 1000):
                    shown += more
        os.close(ours)
        assert b"horse" not in shown
        assert (b"can log in now" if added else b"differ") in shown
        assert (users.names == ("ada",)) is added

    def test_a_login_for_nobody_is_not_served(self, store: Path, tmp_path: Path) -> None:
        done = subprocess.run(
            [COMMAND, "serve", "--login", "--host", "0.0.0.0", "--store", store, "--data", tmp_path],  # noqa: S104
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr == "Error: There is no user who could log in. Add one with: assistant users add NAME\n"


def seal_of(users: Users) -> str:
    """What stands in a cookie of ADA for her password."""
    return hashlib.sha256(str(users.hash_of("ada")).encode()).hexdigest()


class TestSessions:
    @pytest.fixture
    def key(self, tmp_path: Path) -> str:
        return session_key(tmp_path / "data" / "secret")

    @pytest.fixture
    def ended(self, tmp_path: Path) -> Path:
        return tmp_path / "data" / "ended"

    def test_the_key_is_made_once_and_only_for_its_owner(self, key: str, tmp_path: Path) -> None:
        file = tmp_path / "data" / "secret"
        assert len(bytes.fromhex(key)) == 32
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert session_key(file) == key
        file.write_text("short")
        with pytest.raises(UserError, match="too short"):
            session_key(file)

    def test_a_session_ends_with_the_password_and_with_the_user(self, users: Users, key: str, ended: Path) -> None:
        users.add(*ADA)
        sessions = Sessions(key, users, ended)
        first = sessions.begin("ada")
        assert sessions.user(first) == "ada"
        users.set_password("ada", "another password")
        assert sessions.user(first) is None
        second = sessions.begin("ada")
        users.remove("ada")
        assert sessions.user(second) is None

    def test_only_what_was_signed_here_counts(self, users: Users, key: str, ended: Path) -> None:
        users.add(*ADA)
        sessions = Sessions(key, users, ended)
        cookie = sessions.begin("ada")
        assert sessions.user(cookie) == "ada"
        for value in ("", "ada", cookie[:-1], "x" + cookie, Sessions("another key", users, ended).begin("ada")):
            assert sessions.user(value) is None

    def test_what_another_version_signed_is_no_session(self, users: Users, key: str, ended: Path) -> None:
        users.add(*ADA)
        signed = URLSafeTimedSerializer(key, salt="session", signer_kwargs={"digest_method": hashlib.sha256})
        for content in ("ada", None, [], ["ada"], ["ada", seal_of(users)], ["ada", seal_of(users), 5], {"name": "ada"}):
            assert Sessions(key, users, ended).user(str(signed.dumps(content))) is None

    def test_a_logout_ends_that_session_for_good(self, users: Users, key: str, ended: Path) -> None:
        users.add(*ADA)
        sessions = Sessions(key, users, ended)
        laptop, phone = sessions.begin("ada"), sessions.begin("ada")
        sessions.end(laptop)
        for each in (sessions, Sessions(key, users, ended)):
            assert each.user(laptop) is None
            assert each.user(phone) == "ada"

    def test_ended_sessions_are_remembered_as_long_as_they_could_last(
        self, users: Users, key: str, ended: Path
    ) -> None:
        users.add(*ADA)
        sessions = Sessions(key, users, ended)
        sessions.end(sessions.begin("ada"))
        (old,) = ended.iterdir()
        os.utime(old, (0, time.time() - SECONDS - 1))
        sessions.end(sessions.begin("ada"))
        assert len(list(ended.iterdir())) == 1
        assert not old.exists()

    def test_only_a_session_can_be_ended(self, users: Users, key: str, ended: Path) -> None:
        users.add(*ADA)
        for value in ("", "ada", "../x", Sessions("another key", users, ended).begin("ada")):
            Sessions(key, users, ended).end(value)
        assert not ended.exists()

    def test_a_logout_that_cannot_be_kept_says_so(self, users: Users, key: str, ended: Path) -> None:
        users.add(*ADA)
        ended.write_text("in the way")
        sessions = Sessions(key, users, ended)
        with pytest.raises(UserError, match="You are not logged out"):
            sessions.end(sessions.begin("ada"))

    def test_a_session_lasts_twelve_hours(self, users: Users, key: str, ended: Path) -> None:
        users.add(*ADA)

        class Earlier(TimestampSigner):
            seconds = 0

            def get_timestamp(self) -> int:
                return super().get_timestamp() - self.seconds

        signed = URLSafeTimedSerializer(
            key, salt="session", signer=Earlier, signer_kwargs={"digest_method": hashlib.sha256}
        )
        content = ["ada", seal_of(users), "0"]
        for seconds, user in ((SECONDS - 60, "ada"), (SECONDS + 60, None)):
            Earlier.seconds = seconds
            assert Sessions(key, users, ended).user(str(signed.dumps(content))) == user


class TestTries:
    def test_a_user_from_one_address_has_five_wrong_ones_a_minute(self) -> None:
        limits = Limits(Rates(), clock=lambda: 1000.0)
        for _ in range(5):
            limits.may_try("1.1.1.1", "ada")
            limits.tried("1.1.1.1", "ada")
        with pytest.raises(TooManyRequests, match="more than 5 wrong passwords") as refused:
            limits.may_try("1.1.1.1", "ada")
        assert refused.value.seconds == 60
        limits.may_try("1.1.1.1", "bob")
        limits.may_try("2.2.2.2", "ada")

    def test_an_address_cannot_try_everybody(self) -> None:
        limits = Limits(Rates())
        for number in range(20):
            limits.tried("1.1.1.1", f"user{number}")
        with pytest.raises(TooManyRequests):
            limits.may_try("1.1.1.1", "ada")

    @pytest.mark.parametrize(
        ("host", "counts_for"),
        [
            ("10.0.0.1", "10.0.0.1"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("a name", "a name"),
        ],
    )
    def test_a_network_of_version_6_is_one_address(self, host: str, counts_for: str) -> None:
        assert address_of(HTTPConnection({"type": "http", "client": (host, 1)})) == counts_for


def log_in(client: httpx.Client, user: tuple[str, str], path: str = "/login", **headers: str) -> httpx.Response:
    """What the form of the login page sends."""
    name, password = user
    browser = {"Accept": "text/html", "Origin": str(client.base_url).rstrip("/"), **headers}
    return client.post(path, data={"username": name, "password": password}, headers=browser)


def operations(openapi: dict[str, Any]) -> set[tuple[str, str]]:
    """The paths that it describes, each with each of its methods."""
    return {(path, method.upper()) for path, methods in openapi["paths"].items() for method in methods}


class TestDoor:
    def test_every_route_asks_for_the_login(self, locked: Served) -> None:
        with locked.client(ADA) as ada:
            ours = operations(ada.get("/api").json())
        # In a process of its own: Gradio leaves an event loop behind.
        code = "import gradio, json; print(json.dumps(gradio.routes.App.create_app(gradio.Blocks()).openapi()))"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        gradios = operations(json.loads(told.stdout))
        assert len(gradios) > 70
        assert len(ours) == 3
        hidden = {
            ("/api", "GET"),
            ("/mcp", "POST"),
            ("/mcp", "GET"),
            ("/logout", "POST"),
            ("/nothing", "GET"),
            ("/", "PUT"),
        }
        answered = set()
        with locked.client() as nobody:
            for path, method in sorted(gradios | ours | hidden):
                filled = re.sub(r"\{[^}]*\}", "1", path)
                for accept in ("text/html", "*/*"):
                    got = nobody.request(method, filled, headers={"Accept": accept})
                    if got.status_code == 401:
                        assert "no-store" in got.headers["cache-control"]
                    elif got.status_code == 303:
                        assert got.headers["location"].startswith("/login")
                    else:
                        answered.add(filled)
        assert answered == {"/favicon.ico"}  # It is among OPEN, as are those that Gradio does not have.
        with locked.client() as nobody:
            assert {path for path in OPEN if nobody.get(path).status_code == 200} == OPEN

    def test_a_person_logs_in_and_out(self, locked: Served) -> None:
        with locked.client(Accept="text/html") as browser:
            asked = browser.get("/?conversation=abc")
            assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=%2F%3Fconversation%3Dabc")
            page = browser.get(asked.headers["location"])
            assert page.status_code == 200
            assert "script" not in page.text
            assert "unsafe" not in page.headers["content-security-policy"]
            action = re.search(r'action="([^"]*)"', page.text)
            assert action
            let_in = log_in(browser, ADA, action[1])
            assert (let_in.status_code, let_in.headers["location"]) == (303, "/?conversation=abc")
            cookie = let_in.headers["set-cookie"]
            assert {"HttpOnly", "SameSite=strict", f"Max-Age={SECONDS}"} <= set(cookie.split("; "))
            assert browser.get("/").status_code == 200
            assert browser.get("/config").json()["username"] == "ada"
            kept = browser.cookies["assistant_session"]
            left = browser.post("/logout")
            assert (left.status_code, left.headers["location"]) == (303, "/login")
            assert browser.get("/").status_code == 303
        with locked.client(Cookie=f"assistant_session={kept}") as thief:
            assert thief.get("/config").status_code == 401

    def test_a_stranger_can_send_no_more_than_a_name_and_a_password(self, locked: Served) -> None:
        with locked.client() as browser:
            assert log_in(browser, ("nobody", "\N{SNOWMAN}" * 1000)).status_code == 401
            refused = log_in(browser, ("nobody", "x" * 20_000))
        assert refused.status_code == 413
        assert "more than 20 kB" in refused.text

    def test_a_wrong_password_and_an_unknown_name_look_the_same(self, locked: Served) -> None:
        with locked.client() as browser:
            replies = [log_in(browser, (name, "a wrong password")) for name in ("bob", "nobody")]
        assert [reply.status_code for reply in replies] == [401, 401]
        assert replies[0].text.replace("bob", "nobody") == replies[1].text
        assert "The name or the password is wrong." in replies[0].text

    def test_the_name_need_not_be_typed_again(self, locked: Served) -> None:
        name = '{{next}}"><script>\x1b'
        with locked.client() as browser:
            refused = log_in(browser, (name, "a wrong password"))
        assert ' value="{{next}}&quot;&gt;&lt;script&gt;"' in refused.text
        assert refused.text.count(" autofocus") == 1
        assert 'autocomplete="current-password" required autofocus' in refused.text

    @pytest.mark.parametrize(
        "wanted", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:1", "/\n/x"]
    )
    def test_a_login_leads_to_this_server_only(self, locked: Served, wanted: str) -> None:
        with locked.client() as browser:
            let_in = log_in(browser, ADA, str(httpx.URL("/login", params={"next": wanted})))
        assert (let_in.status_code, let_in.headers["location"]) == (303, "/")

    def test_another_site_cannot_log_anyone_in_or_out(self, locked: Served) -> None:
        with locked.client() as browser:
            for headers in ({"Origin": "https://example.org"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:1"}):
                assert log_in(browser, ADA, **headers).status_code == 403
            assert browser.post("/logout", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403

    def test_names_of_others_are_not_answered(self, locked: Served) -> None:
        with locked.client(ADA) as ada:
            for host, status in (("example.org", 421), (f"chat.example.org:{locked.port}", 200), ("localhost", 200)):
                assert ada.get("/config", headers={"Host": host}).status_code == status

    def test_a_removed_user_is_out_at_once(self, locked: Served) -> None:
        eve = ("eve", "for a short while")
        locked.users.add(*eve)
        with locked.client() as browser, locked.client(eve) as program:
            log_in(browser, eve)
            assert browser.get("/config").status_code == program.get("/config").status_code == 200
            locked.users.remove("eve")
            assert browser.get("/config").status_code == program.get("/config").status_code == 401

    def test_programs_are_told_how_and_scripts_of_the_page_are_not(self, locked: Served) -> None:
        with locked.client() as client:
            assert client.get("/config").headers["www-authenticate"].startswith("Basic ")
            assert "www-authenticate" not in client.get("/config", headers={"Sec-Fetch-Mode": "cors"}).headers

    @pytest.mark.parametrize(
        "header", ["Basic", "Basic !!!", "Basic " + b64encode(b"ada").decode(), "Bearer x", "Basic /w=="]
    )
    def test_a_header_that_names_nobody_lets_nobody_in(self, locked: Served, header: str) -> None:
        with locked.client(Authorization=header) as client:
            assert client.get("/config").status_code == 401

    def test_trying_passwords_comes_to_an_end(self, locked: Served) -> None:
        dora = ("dora", "a password of hers")
        locked.users.add(*dora)
        with locked.client() as browser:
            for _ in range(5):
                assert log_in(browser, ("dora", "a wrong password")).status_code == 401
            refused = log_in(browser, dora)
            assert refused.status_code == 429
            assert 1 <= int(refused.headers["retry-after"]) <= 60
            assert "Try again in" in refused.text
            assert (
                browser.get("/config", headers={"Authorization": httpx.BasicAuth(*dora)._auth_header}).status_code
                == 429
            )
            assert log_in(browser, ADA).status_code == 303


class TestApart:
    def test_a_session_of_the_page_is_its_users_alone(self, locked: Served) -> None:
        with locked.client(ADA) as ada, locked.client(BOB) as bob:
            functions = ada.get("/config").json()["dependencies"]
            ask = next(each["id"] for each in functions if each["api_name"] == "ask")
            for client, question in ((ada, QUESTION), (bob, "What is the MDT?")):
                asked = {"data": [question, None, None], "fn_index": ask, "session_hash": "same"}
                assert client.post("/gradio_api/queue/join", json=asked).status_code == 200
            for client, own, other in ((bob, "What is the MDT?", QUESTION), (ada, QUESTION, "What is the MDT?")):
                streamed = client.get("/gradio_api/queue/data", params={"session_hash": "same"}).text
                assert own in streamed
                assert other not in streamed

    @pytest.mark.parametrize("kind", ["application/json", "Application/JSON", "application/x+json", "text/plain", ""])
    def test_nobody_gets_into_a_session_by_its_full_name(self, locked: Served, kind: str) -> None:
        with locked.client(BOB) as bob:
            functions = bob.get("/config").json()["dependencies"]
            ask = next(each["id"] for each in functions if each["api_name"] == "ask")
            asked = json.dumps({"data": ["?", None, None], "fn_index": ask, "session_hash": "ada~hers"})
            headers = {"Content-Type": kind} if kind else {}
            sent = bob.post("/gradio_api/queue/join", content=asked, headers=headers)
            assert bob.get("/gradio_api/call/ask/ada~hers").status_code == 404
            if sent.status_code == 200:
                streamed = bob.get("/gradio_api/queue/data", params={"session_hash": "ada~hers"}).text
                assert sent.json()["event_id"] in streamed

    def test_a_conversation_is_exported_to_its_owner_alone(self, locked: Served, assistant: Assistant) -> None:
        hers = Conversations(locked.data / "conversations.sqlite", "ada")
        identity = hers.start()
        hers.add(identity, assistant.ask(QUESTION))
        with locked.client(ADA) as ada, locked.client(BOB) as bob:
            assert ada.get(f"/export/{identity}.md").status_code == 200
            refused = bob.get(f"/export/{identity}.md")
            assert refused.status_code == 404
            assert refused.json()["error"].startswith("There is no conversation")
