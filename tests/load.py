"""What many people asking at once cost: how long each waits, what fails, what stays in memory.

Run by hand, on a machine that does nothing else: python -m tests.load [--people 20] [--questions 2000] [--store DIR]

In every burst each of the people asks one question, all at the same moment, through the events of the page that a
browser uses, and waits for the finished answer. Half a second later comes the next burst. After five questions each
closes the tab and opens another; with --never-close every tab that was ever opened stays. The first burst, which warms
the server up, counts for nothing but errors.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx

from assistant.settings import DEFAULT_STORE
from tests.served import Served, served

CASES = Path(__file__).parent.parent / "eval" / "cases.jsonl"
MEGABYTE = 1_000_000
QUESTIONS_OF_A_TAB = 5


@dataclass(frozen=True)
class Waited:
    """How long one person waited for an answer, and what went wrong, if anything did."""

    seconds: float
    problem: str = ""


class Tab:
    """A tab of a browser: one session of the page, which keeps its conversation. A connection says that it is open."""

    def __init__(self, client: httpx.Client, page: dict[str, Any], name: str) -> None:
        self._client = client
        self._name = name
        opening = client.build_request("GET", f"/gradio_api/heartbeat/{name}")
        self._open = client.send(opening, stream=True)
        self._asking = next(each for each in page["dependencies"] if each["api_name"] == "converse")
        self._box = self._asking["inputs"][0]

    def ask(self, question: str) -> str:
        """Waits for the finished answer; what comes back is the problem, "" without one."""
        asked = {
            "data": [question, *[None] * (len(self._asking["inputs"]) - 2), ""],
            "event_data": None,
            "fn_index": self._asking["id"],
            "trigger_id": self._box,
            "session_hash": self._name,
        }
        joined = self._client.post("/gradio_api/queue/join", json=asked)
        if joined.status_code != 200:
            return joined.text
        last: dict[str, Any] = {}
        with self._client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self._name}) as events:
            for line in events.iter_lines():
                event = json.loads(line.removeprefix("data: ")) if line else {}
                if event.get("msg") == "process_completed":
                    last = event
                if event.get("msg") in ("close_stream", "unexpected_error"):
                    break
        return "" if last.get("success") else json.dumps(last)

    def close(self) -> None:
        self._open.close()


def bursts(
    server: Served, questions: Iterator[str], people: int, number: int, *, never_close: bool = False
) -> Iterator[list[Waited]]:
    """What each burst came to."""
    barrier = Barrier(people)

    def ask(tab: Tab, question: str) -> Waited:
        barrier.wait()
        started = time.perf_counter()
        try:
            problem = tab.ask(question)
        except httpx.HTTPError as error:
            problem = repr(error)
        return Waited(time.perf_counter() - started, problem)

    # Every open tab holds a connection, as it does in a browser.
    limits = httpx.Limits(max_connections=None)
    with (
        httpx.Client(base_url=server.address, timeout=300, limits=limits, trust_env=False) as client,
        ThreadPoolExecutor(people) as threads,
    ):
        page = client.get("/config").json()
        tabs: list[Tab] = []
        for burst in range(number):
            if burst % QUESTIONS_OF_A_TAB == 0:
                for tab in () if never_close else tabs:
                    tab.close()
                tabs = [Tab(client, page, f"{burst}-{person}") for person in range(people)]
            yield list(threads.map(ask, tabs, questions))
            time.sleep(0.5)


def resident(server: Served) -> float:
    """Megabytes that the server's process holds."""
    status = Path(f"/proc/{server.process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024 / MEGABYTE


def busy(server: Served) -> float:
    """Seconds that the server's process has kept a processor busy: what else runs on the machine does not count."""
    numbers = Path(f"/proc/{server.process}/stat").read_text().rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Prints how long people waited, burst by burst and over all, and how the server grew after the first burst."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--questions", type=int, default=2000, help="after the first burst")
    parser.add_argument("--never-close", action="store_true")
    parser.add_argument("--store", type=Path, default=DEFAULT_STORE)
    chosen = parser.parse_args()
    questions = [json.loads(line)["question"] for line in CASES.read_text("utf-8").splitlines()]
    every: list[Waited] = []
    number = 1 + math.ceil(chosen.questions / chosen.people)
    with (
        tempfile.TemporaryDirectory() as data,
        served(chosen.store, Path(data), "--questions", "1000000") as server,
    ):
        for burst in bursts(server, cycle(questions), chosen.people, number, never_close=chosen.never_close):
            if not every:
                memory, work = resident(server), busy(server)
            every += burst
            print(f"burst of {len(burst)}: {percentiles(burst)}, {resident(server):.0f} MB", flush=True)
        print(f"\n{len(every) - chosen.people} questions: {percentiles(every[chosen.people :])}")
        later = len(every) - chosen.people
        print(f"processor: {(busy(server) - work) / later:.3f} s for each question after the first burst")
        grown = resident(server)
        print(
            f"memory: {memory:.0f} MB after the first burst, {grown:.0f} MB after {later} more questions: "
            f"{grown - memory:.0f} MB more"
        )
    problems = [each.problem for each in every if each.problem]
    print(f"errors: {len(problems)}", *problems[:5], sep="\n")


def percentiles(waited: list[Waited]) -> str:
    seconds = [each.seconds for each in waited]
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return f"p50 {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, longest {max(seconds):.2f} s"


if __name__ == "__main__":
    main()
