"""`python -m eval.fit.reader.conversations SET --out FILE`: conversations on a library, each of their questions a case.

SET is a folder of `libraries`; `conversations.jsonl` has twelve conversations on each of nine. Nothing was trained on
them, though on seven of the nine libraries on other questions. A question's history is what was asked before it,
without answers, and its tag whether it is the first, the second or a later one, so that
`python -m eval --corpus ... --cases FILE` shows what is lost from turn to turn.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from assistant import Turn
from eval.cases import Case, Span
from eval.fit.reader.held_out import write

_FILE = Path(__file__).with_name("conversations.jsonl")
_TAGS = ("first", "second", "later")


def talked_about() -> set[str]:
    """The libraries with conversations."""
    return {row["set"] for row in _rows()}


def conversations(name: str) -> list[Case]:
    """The cases about a library, in the order in which they were asked; none for one without conversations."""
    cases = []
    for number, turns in enumerate(row["turns"] for row in _rows() if row["set"] == name):
        for place, turn in enumerate(turns):
            evidence = tuple(Span(where, *span) for where, spans in turn["answers"].items() for span in spans)
            cases.append(
                Case(
                    id=f"{number}-{place}",
                    question=turn["question"],
                    history=tuple(Turn(before["question"], "") for before in turns[:place]),
                    answerable=bool(evidence),
                    evidence=evidence,
                    tags=(_TAGS[min(place, len(_TAGS) - 1)],),
                )
            )
    return cases


def _rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    """Writes the file and says how many cases it has."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit.reader.conversations", description=__doc__)
    parser.add_argument("set", metavar="SET")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    cases = conversations(given.set)
    if not cases:
        known = ", ".join(sorted(talked_about()))
        parser.error(f"{given.set!r} is no library with conversations; these are: {known}.")
    write(cases, given.out)
    print(f"{len(cases)} cases, {sum(case.answerable for case in cases)} of them answerable: {given.out}")


if __name__ == "__main__":
    main()
