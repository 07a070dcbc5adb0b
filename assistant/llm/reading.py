"""Reads a reply in a thread of its own, so that whoever waits for it can look up, and stop it at any moment."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

_LOOK_UP = 0.25
_LET_END = 1.0


class Request:
    """One request to a model: how long it may still take, and whether anybody still waits for it."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._given_up = threading.Event()
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()

    @property
    def left(self) -> float:
        """Seconds until the deadline, negative after it."""
        return self._end - time.monotonic()

    @property
    def given_up(self) -> bool:
        """Whether nobody waits any more."""
        return self._given_up.is_set()

    def pause(self, seconds: float) -> None:
        """Waits so long, or until it is given up."""
        self._given_up.wait(seconds)

    def give_up(self) -> None:
        """Ends it. The thread that reads from its connection wakes up, and the server sees the connection closed."""
        with self._lock:
            self._given_up.set()
            for each in self._sockets:
                _shut_down(each)

    def hold(self, request: httpx.Request) -> None:
        """An event hook of httpx: makes the connections of its request known here as soon as they are there.

        A client that is closed from another thread does not wake the thread that waits for the server, and on
        Linux the connection stays open until that wait is over. Shutting the socket down does both.
        """
        request.extensions["trace"] = self._connected

    def _connected(self, event: str, about: Mapping[str, Any]) -> None:
        if not event.endswith(("connect_tcp.complete", "start_tls.complete")):
            return
        connection = about["return_value"].get_extra_info("socket")
        with self._lock:
            self._sockets.append(connection)
            if self._given_up.is_set():
                _shut_down(connection)


def _shut_down(connection: socket.socket) -> None:
    with suppress(OSError):  # It may have been closed already.
        connection.shutdown(socket.SHUT_RDWR)


def read(write: Callable[[Request], Generator[str]], seconds: float) -> Generator[str]:
    """What `write` yields, in another thread, and "" whenever that was nothing for a quarter of a second.

    Raises what `write` raises, TimeoutError after `seconds`, and ConnectionAbortedError when another thread gave the
    request up. Closing the iterator gives it up.
    """
    request = Request(seconds)
    arrived: SimpleQueue[str | Exception | None] = SimpleQueue()

    def run() -> None:
        end = None
        try:
            with closing(write(request)) as pieces:
                for piece in pieces:
                    if request.given_up or request.left <= 0:  # Whoever waits may have forgotten to close it.
                        break
                    arrived.put(piece)
        except Exception as error:  # Whoever waits is told, whatever it is.
            end = error
        arrived.put(ConnectionAbortedError() if request.given_up else end)

    # A connection that is being made, or a client that is not ours, cannot be woken up: no reason to keep a program
    # from ending.
    thread = threading.Thread(target=run, name="language model", daemon=True)
    thread.start()
    try:
        while (left := request.left) > 0:
            try:
                piece = arrived.get(timeout=min(_LOOK_UP, left))
            except Empty:
                yield ""
                continue
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise piece
            yield piece
        raise TimeoutError
    finally:
        request.give_up()
        thread.join(_LET_END)
