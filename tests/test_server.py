"""The server as it runs: what it answers to, what it refuses, and the headers of all it says."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import signal
import socket
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fpdf import FPDF

from assistant import Assistant, build_index, load_sources
from assistant.conversations import Conversations
from assistant.errors import ServeError, TooManyRequests
from assistant.search.embed import Embedder
from assistant.server.downloads import file_name
from assistant.server.limits import Limits, Rates
from assistant.server.serve import serve
from assistant.settings import load_settings
from assistant.web.conversation import ask
from tests.served import Served, served

MEGABYTE = 1_000_000
QUESTION = "When was the Mutual Defense Treaty signed?"


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """A store of one PDF, of two pages."""
    folder = tmp_path_factory.mktemp("little")
    pdf = FPDF()
    pdf.set_font("helvetica")
    for page in ("The Mutual Defense Treaty was signed on October 1, 1953.", "It has six articles."):
        pdf.add_page()
        pdf.write(text=page)
    (folder / "sources").mkdir()
    pdf.output(str(folder / "sources" / "a treaty.pdf"))
    sources = load_sources(folder / "sources")
    build_index(sources.documents, folder / "store", embedder=embedder, originals=sources.originals)
    return folder / "store"


@pytest.fixture(scope="module")
def little_assistant(little: Path) -> Iterator[Assistant]:
    with closing(Assistant.open(little)) as opened:
        yield opened


@pytest.fixture(scope="module")
def server(little: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(little, tmp_path_factory.mktemp("server"), "--questions", "5") as running:
        yield running


class TestStart:
    def test_it_ends_though_a_page_is_open_and_whoever_still_waits_is_told_so(
        self, little: Path, tmp_path: Path
    ) -> None:
        with ExitStack() as left:
            with served(little, tmp_path, ended_by=signal.SIGINT) as running:
                client = left.enter_context(running.client())
                assert client.get("/").status_code == 200
                alive = left.enter_context(client.stream("GET", "/gradio_api/heartbeat/open"))
                assert next(alive.iter_lines()) == "data: ALIVE"
                connection = left.enter_context(closing(http.client.HTTPConnection("127.0.0.1", running.port)))
                connection.request("POST", "/api/ask", headers={"Content-Length": "100"})  # and nothing of it
                with running.client() as other:
                    assert other.get("/api").status_code == 200  # It has come to the one before, too.
            reply = connection.getresponse()
            assert reply.status == 503
            assert b"is being stopped" in reply.read()

    def test_a_port_in_use_is_found_before_anything_slow(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(ServeError, match=f"'127.0.0.1', port {port}: Address already in use") as error:
                serve(lambda: pytest.fail("opened"), load_settings(data=tmp_path), port=port)
        assert str(error.value).count("Address already in use") == 1

    def test_a_data_folder_that_cannot_be_made_is_found_before_anything_slow(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(ServeError, match=r"data folder '.*' cannot be made: Not a directory"):
            serve(lambda: pytest.fail("opened"), load_settings(data=tmp_path / "file" / "data"), port=0)


class TestHosts:
    @pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:7860", socket.gethostname()])
    def test_its_own_names_and_addresses(self, server: Served, host: str) -> None:
        with server.client() as client:
            assert client.get("/config", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize(
        "host", ["example.org", "localhost.example.org", "127.0.0.1.example.org", "[", "a@b", "?", ""]
    )
    def test_no_others(self, server: Served, host: str) -> None:
        with server.client() as client:
            refused = client.get("/config", headers={"Host": host})
        assert refused.status_code in (400, 421)

    @pytest.mark.parametrize("path", ["/api/ask", "/gradio_api/queue/join", "/gradio_api/upload"])
    def test_other_sites_cannot_do_anything(self, server: Served, path: str) -> None:
        for headers in (
            {"Origin": "https://example.org"},
            {"Origin": "null"},
            {"Origin": "http://["},
            {"Origin": ""},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            with server.client(**headers) as client:
                refused = client.post(path, json={"question": QUESTION})
            assert refused.status_code == 403
            assert "another site" in refused.json()["error"]

    def test_no_other_site_is_told_that_it_may_read(self, server: Served) -> None:
        for host in ("localhost", "192.168.1.5"):
            with server.client(Origin="https://example.org", Host=host) as client:
                headers = client.get("/config").headers
                asked = client.options("/config", headers={"Access-Control-Request-Method": "GET"}).headers
            assert not [name for name in (*headers, *asked) if name.startswith("access-control")]


class TestHeaders:
    @pytest.mark.parametrize("path", ["/", "/config", "/theme.css", "/api", "/nothing", "/favicon.ico", "/export/x.md"])
    def test_each_is_there_once(self, server: Served, path: str) -> None:
        with server.client() as client:
            headers = client.get(path).headers
        for name in (
            "content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy",
            "permissions-policy", "cross-origin-opener-policy", "cross-origin-resource-policy",
        ):  # fmt: skip
            assert len(headers.get_list(name)) == 1, name
        assert "default-src 'self'" in headers["content-security-policy"]
        assert ("cache-control" not in headers) is (path in ("/theme.css", "/favicon.ico"))

    def test_the_page_names_no_other_host_to_load_from(self, server: Served) -> None:
        with server.client() as client:
            page = client.get("/").text
        loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(https?:[^"]*)"', page)
        assert [url for url in loaded if not url.startswith(server.address)] == []

    def test_the_icon_is_our_own(self, server: Served) -> None:
        with server.client() as client:
            for name in ("ico", "svg"):
                assert client.get(f"/favicon.{name}").headers["content-type"] == "image/svg+xml"


class TestClosed:
    @pytest.mark.parametrize(
        "path",
        [
            "/gradio_api/file=/etc/passwd", "/gradio_api/file=https://example.org/", "/gradio_api/file/etc/passwd",
            "/gradio_api/proxy=https://example.org/", "/gradio_api/deep_link?session_hash=x", "/monitoring",
            "/gradio_api/vibe-code", "/gradio_api/dev/reload", "/gradio_api/token", "/docs", "/openapi.json", "/logout",
            "/mcp",
            "/gradio_api//file=/etc/passwd", "/gradio_api/./file=/etc/passwd", "/gradio_api/call/../file=/etc/passwd",
        ],
    )  # fmt: skip
    def test_what_the_page_does_not_need(self, server: Served, path: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("GET", path)
        assert connection.getresponse().status in (404, 405)
        connection.close()

    def test_an_uploaded_file_cannot_be_read_back(self, server: Served) -> None:
        with server.client() as client:
            (path,) = client.post("/gradio_api/upload", files={"files": ("note.txt", b"A secret.")}).json()
            assert Path(path).read_bytes() == b"A secret."
            assert Path(path).parents[1].stat().st_mode & 0o077 == 0
            assert client.get(f"/gradio_api/file={path}").status_code == 404


class TestUploads:
    def test_the_kind_is_looked_at_first(self, server: Served) -> None:
        with server.client() as client:
            refused = client.post("/gradio_api/upload", files={"files": ("run.exe", b"MZ")})
        assert refused.status_code == 415
        assert refused.json()["error"].startswith("'run.exe' is not of a kind that can be read.")

    def test_a_file_that_is_too_large(self, server: Served) -> None:
        with server.client() as client:
            just = client.post("/gradio_api/upload", files={"files": ("a.txt", b"x" * 20 * MEGABYTE)})
            assert just.status_code == 200
            assert self.sent(server, self.form("b.txt", 21), announced=True) == 413
            assert self.sent(server, self.form("b.txt", 21), announced=False) == 413

    @pytest.mark.parametrize("data", [[{}, {}], [[{}]], [{"x": {}}]])
    def test_a_file_is_not_fetched_from_another_address(self, server: Served, data: list[Any]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as elsewhere, server.client() as client:
            elsewhere.settimeout(1)
            host, port = elsewhere.getsockname()
            file = {"path": f"http://{host}:{port}/a.txt", "meta": {"_type": "gradio.FileData"}}
            sent = json.loads(json.dumps(data).replace("{}", json.dumps(file)))
            body = {"data": sent, "session_hash": "x", "fn_index": 0}
            for path in ("/gradio_api/queue/join", "/gradio_api/run/ask", "/gradio_api/call/ask"):
                refused = client.post(path, json=body)
                assert refused.status_code == 400
                assert "not fetched from another address" in refused.json()["error"]
            with pytest.raises(TimeoutError):
                elsewhere.accept()

    def test_a_body_that_is_too_large_elsewhere(self, server: Served) -> None:
        body = (b"x" * MEGABYTE for _ in range(3))
        assert self.sent(server, body, announced=False, path="/api/ask", kind="application/json") == 413

    def test_a_body_that_is_announced_as_too_large_is_not_waited_for(self, server: Served) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.putrequest("POST", "/gradio_api/upload")
        connection.putheader("Content-Length", str(500 * MEGABYTE))
        connection.endheaders()
        response = connection.getresponse()
        assert response.status == 413
        assert b"more than 401 MB" in response.read()
        connection.close()

    @pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "multipart/form-data; boundary=other"])
    def test_what_is_no_form(self, server: Served, kind: str) -> None:
        with server.client() as client:
            assert client.post("/gradio_api/upload", content=b"x", headers={"Content-Type": kind}).status_code == 400

    def test_too_many_in_a_minute(self) -> None:
        now = 0.0
        limits = Limits(Rates(uploads=2), clock=lambda: now)
        limits.upload("a")
        now = 20.5
        limits.upload("a")
        limits.upload("b")
        with pytest.raises(TooManyRequests, match=r"^That is more than 2 uploads in a minute\. Try again in 40 s\.$"):
            limits.upload("a")
        now = 60.0
        limits.upload("a")
        with pytest.raises(TooManyRequests, match="again in 21 s"):
            limits.upload("a")

    @staticmethod
    def form(name: str, megabytes: int) -> Iterator[bytes]:
        yield (
            f'--edge\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            "Content-Type: text/plain\r\n\r\n"
        ).encode()
        for _ in range(megabytes):
            yield b"x" * MEGABYTE
        yield b"\r\n--edge--\r\n"

    @staticmethod
    def sent(
        server: Served,
        body: Iterator[bytes],
        *,
        announced: bool,
        path: str = "/gradio_api/upload",
        kind: str = "multipart/form-data; boundary=edge",
    ) -> int:
        """The status that a body sent piece by piece gets, with its length announced or without."""
        pieces = list(body)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        headers = {"Content-Type": kind}
        if announced:
            headers["Content-Length"] = str(sum(map(len, pieces)))
        with suppress(BrokenPipeError, ConnectionResetError):  # It may refuse before everything was sent.
            connection.request("POST", path, iter(pieces), headers, encode_chunked=not announced)
        status = connection.getresponse().status
        connection.close()
        return status


class TestQuestions:
    def test_one_too_many_is_said_in_the_conversation(self, little_assistant: Assistant) -> None:
        limits = Limits(Rates(questions=1))
        for said in ("", "That is more than 1 question in a minute."):
            *_, last = ask(little_assistant, QUESTION, (), admit=lambda: limits.question("ada"))
            assert last.finished
            assert last.problem.startswith(said)
            assert bool(last.answer) is not bool(said)

    def test_clients_that_are_gone_are_forgotten(self) -> None:
        now = 0.0
        limits = Limits(Rates(), clock=lambda: now)

        def strangers() -> int:
            nonlocal now
            tracemalloc.start()
            for number in range(5000):
                now += 1
                limits.tried(f"10.0.{number // 250}.{number % 250}", f"stranger {number}")
            held, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return held

        assert strangers() < 300_000

    def test_one_client_cannot_ask_without_end(self, server: Served) -> None:
        with server.client() as client:
            statuses = [client.post("/api/ask", json={"question": QUESTION}).status_code for _ in range(6)]
            assert statuses == [200] * 5 + [429]
            refused = client.post("/api/ask", json={"question": QUESTION})
        assert re.fullmatch(
            r"That is more than 5 questions in a minute\. Try again in \d+ s\.", refused.json()["error"]
        )
        assert 1 <= int(refused.headers["retry-after"]) <= 60


@pytest.fixture(scope="module")
def conversation(server: Served, little_assistant: Assistant) -> str:
    """The id of one that is saved, of the person who uses the chat without a login."""
    saved = Conversations(server.data / "conversations.sqlite", "local")
    identity = saved.start()
    saved.add(identity, little_assistant.ask(QUESTION))
    return identity


class TestDownloads:
    @pytest.mark.parametrize(
        ("form", "kind"), [("md", "text/markdown"), ("html", "text/html"), ("json", "application/json")]
    )
    def test_a_conversation_is_a_file(self, server: Served, conversation: str, form: str, kind: str) -> None:
        with server.client() as client:
            got = client.get(f"/export/{conversation}.{form}")
        assert got.status_code == 200
        assert got.headers["content-type"].startswith(kind)
        name = f"When-was-the-Mutual-Defense-Treaty-signed.{form}"
        assert unquote(got.headers["content-disposition"]) == f"attachment; filename*=UTF-8''{name}"
        assert got.headers["cache-control"] == "no-store"
        assert got.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        assert "1953" in got.text

    def test_a_conversation_is_had_where_the_library_is_not(self, server: Served, conversation: str) -> None:
        record = server.data / "libraries" / "local" / "library.json"
        record.parent.mkdir(parents=True)
        record.write_text("{")
        with server.client() as client:
            got = client.get(f"/export/{conversation}.md")
        shutil.rmtree(record.parent)
        assert got.status_code == 200
        assert "1953" in got.text
        assert "no longer among the sources" not in got.text

    @pytest.mark.parametrize("name", ["nothing.md", "../../x.md", "x.exe", "x' OR 1=1.md"])
    def test_what_is_no_conversation(self, server: Served, name: str) -> None:
        with server.client() as client:
            assert client.get(f"/export/{name}").status_code == 404

    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("Who? When?", "Who-When"),
            ("../../etc/passwd", "etc-passwd"),
            ('a"\r\nX: y', "a-X-y"),
            ("조약은?", "조약은"),
            ("?!", "conversation"),
            ("word " * 100, "-".join(["word"] * 12)),
        ],
    )
    def test_a_title_becomes_a_name_that_is_safe(self, title: str, name: str) -> None:
        assert file_name(title) == name

    def test_a_page_is_a_picture(self, server: Served) -> None:
        with server.client() as client:
            for number in (1, 2):
                got = client.get(f"/page/a%20treaty.pdf/{number}.png")
                assert got.headers["content-type"] == "image/png"
                assert got.content.startswith(b"\x89PNG")
                assert got.headers["cache-control"] == "no-store"
            beyond = client.get("/page/a%20treaty.pdf/3.png")
        assert beyond.status_code == 404
        assert "has no page 3" in beyond.json()["error"]

    @pytest.mark.parametrize(
        "path", ["/page/nothing/1.png", "/page/..%2F..%2Fetc%2Fpasswd/1.png", "/page/%2Fetc%2Fpasswd/1.png"]
    )
    def test_what_is_no_page(self, server: Served, path: str) -> None:
        with server.client() as client:
            refused = client.get(path)
        assert refused.status_code == 404
        assert refused.json()["error"].startswith("There is no picture of ")
