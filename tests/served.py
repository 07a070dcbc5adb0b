"""`assistant serve` as a process of its own, on a free port of this machine."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from assistant.server.users import Users

COMMAND = Path(sys.executable).with_name("assistant")
ADA, BOB = ("ada", "correct horse battery"), ("bob", "staple and so on")


@dataclass(frozen=True)
class Served:
    """A running server, the folder it keeps its data in, and the number of its process."""

    address: str
    data: Path
    process: int

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    @property
    def users(self) -> Users:
        return Users(self.data / "users.toml")

    def client(self, user: tuple[str, str] | None = None, **headers: str) -> httpx.Client:
        """A program that asks this server, as `user` by HTTP Basic."""
        return httpx.Client(base_url=self.address, auth=user, headers=headers, timeout=30, trust_env=False)


def address_in(line: str) -> str:
    """The address that a server prints when it listens: the system has chosen the port, so that no other has it."""
    [address] = re.findall(r"http://127\.0\.0\.1:\d+", line)
    return str(address)


@contextmanager
def served(
    store: Path,
    data: Path,
    *options: str,
    users: Mapping[str, str] | None = None,
    ended_by: signal.Signals = signal.SIGTERM,
) -> Iterator[Served]:
    """The command with `options`, with `users` and their passwords. It must end well, and leave nothing behind."""
    for name, password in (users or {}).items():
        Users(data / "users.toml").add(name, password)
    command: list[str | Path] = [COMMAND, "serve", "--port", "0", "--store", store, "--data", data, *options]
    temporary = data / "temporary"
    temporary.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"TMPDIR": str(temporary)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            assert "The chat is open at" in line, process.communicate(timeout=60)
            yield Served(address_in(line), data, process.pid)
        finally:
            process.send_signal(ended_by)
            _, errors = process.communicate(timeout=30)
        assert "Traceback" not in errors, errors
        assert process.returncode == 0
        assert list(temporary.iterdir()) == []
