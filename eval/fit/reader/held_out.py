"""`python -m eval.fit.reader.held_out SET --out FILE`: the written questions that no reader was trained on, as cases.

SET is what they are about: squad2, clapnq, mtrag-un, covidqa; "snippets" or "fragments", whose corpus is the file of
that name beside this one; or a folder of `libraries`, which is its own corpus. `python -m eval --corpus ... --cases
FILE` measures the assistant on them, and `eval.fit.certainty` fits on them. An unanswerable one is only known to have
no answer in the text that it was written for; in collections and libraries, in none.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from eval.cases import Case, case_to_json
from eval.fit.reader.candidates import as_case, read_questions
from eval.fit.reader.gather import QUESTIONS


def held_out(name: str) -> list[Case]:
    """The questions about a set that are held out."""
    asked = [each for each in read_questions(QUESTIONS) if each.origin == name and each.is_held_out]
    return [as_case(str(number), each) for number, each in enumerate(asked)]


def write(cases: list[Case], file: Path) -> None:
    """Writes the file, a case a line."""
    file.write_text("".join(f"{json.dumps(case_to_json(case))}\n" for case in cases), encoding="utf-8")


def main() -> None:
    """Writes the file and says how many cases it has."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit.reader.held_out", description=__doc__)
    parser.add_argument("set", metavar="SET")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    cases = held_out(given.set)
    if not cases:
        known = sorted({each.origin for each in read_questions(QUESTIONS) if each.is_held_out})
        parser.error(f"{given.set!r} is no set with held-out questions; these are: {', '.join(known)}.")
    write(cases, given.out)
    print(f"{len(cases)} cases, {sum(case.answerable for case in cases)} of them answerable: {given.out}")


if __name__ == "__main__":
    main()
