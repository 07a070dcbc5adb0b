"""What a language model wrote, taken apart into sentences and the passages that each says it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.ingest.sentences import BULLET, sentence_spans
from assistant.wording import one_line

# Some models begin to think before the first sign that they send.
_REASONING = re.compile(r"\A.*</think(?:ing)?>|<think(?:ing)?>.*", re.DOTALL | re.IGNORECASE)
_NUMBERS = r"\d{1,3}(?:\s*(?:[,;&–-]|and)\s*\d{1,3})*"
_ONE_MARKER = (
    rf"(?:\[\^?(?:passages?|sources?)?\s*{_NUMBERS}\]|\((?:passages?|sources?)\s+{_NUMBERS}\)"
    r"|【\d{1,3}[^】\n]{0,20}】)"
)
_MARKERS = re.compile(rf"\s*{_ONE_MARKER}", re.IGNORECASE)
_UNFINISHED_MARKER = re.compile(r"\s*[\[【][\s\d,;&]*$")
# A marker is written behind the stop as often as before it, and would open the next sentence.
_BEHIND_THE_STOP = re.compile(rf"(?P<stop>[.!?][”\"’')]*)(?P<markers>(?:\s*{_ONE_MARKER})+)", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<![\w*_])(?P<mark>\*{1,3}|_{1,3}|`+)(?=\S)(?P<words>[^*_`\n]+?)(?<=\S)(?P=mark)(?![\w*_])")
_PICTURE = re.compile(r"!\[[^\[\]\n]*\]\([^()\n]*\)")
_LINK = re.compile(r"\[(?P<words>[^\[\]\n]*)\]\([^()\s]*\)")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+|^\s*>\s?", re.MULTILINE)
_LABEL = re.compile(r"^\s*(?:answer|response|assistant)\s*:\s*", re.IGNORECASE)
_DECLINES = re.compile(
    r"\b(?:passages?|sources?|documents?|texts?|context|excerpts?|information(?: provided| given)?) "
    r"(?:do(?:es)? not|don[’']t|doesn[’']t|did not|didn[’']t|never|cannot|can[’']t)\s+(?:\w+ ){0,2}?"
    r"(?:say|state|mention|contain|provide|specify|answer|give|tell|include|address|indicate|discuss|name|explain)\b"
    r"|\b(?:is|are|was|were) not (?:\w+ )?(?:mentioned|stated|specified|provided|given|answered|included|found)\b"
    r"[^.!?]{0,40}\b(?:passages?|sources?|documents?|texts?|context)\b"
    r"|\bnot in the (?:passages?|sources?|documents?)\b"
    r"|\bno (?:answer|information|mention)\b[^.!?]{0,60}\b(?:passages?|sources?|documents?|texts?|context)\b"
    r"|^\W*i(?: do not|[’']? ?don[’']t| cannot| can[’']t| am (?:not able|unable) to|[’']m (?:not able|unable) to) "
    r"(?:know|have|find|see|answer|tell you|say|provide|determine)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?:…][\"”’')\]]*$")
_LONGEST = 600
_TAIL, _TIMES = 40, 3
"""So many characters at the end of a reply that have stood in it so many times are a loop."""


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as it was written, without markers, and the numbers of the passages it says it comes from."""

    text: str
    passages: frozenset[int]

    @property
    def declines(self) -> bool:
        """Whether it says that the passages do not answer."""
        return _DECLINES.search(self.text) is not None


def take_apart(reply: str) -> tuple[Written, ...]:
    """The sentences of a reply in order, each once. Markup and thoughts that some models write out are left out."""
    text = _LABEL.sub("", _HEADING.sub("", _REASONING.sub("", reply)))
    text = _LINK.sub(lambda match: match["words"], _PICTURE.sub("", text))
    text = _EMPHASIS.sub(lambda match: match["words"], text)
    text = _BEHIND_THE_STOP.sub(lambda match: f"{match['markers']}{match['stop']}", _UNFINISHED_MARKER.sub("", text))
    sentences: dict[str, set[int]] = {}
    for line in text.splitlines():
        for start, end in sentence_spans(line, 0, len(line)):
            written = line[start:end]
            if (bullet := BULLET.match(written)) and bullet.end() < len(written):
                written = written[bullet.end() :]
            said = one_line(_MARKERS.sub("", written))
            # What only opens a list says nothing by itself, and what is longer than any sentence is none.
            if any(map(str.isalnum, said)) and not said.endswith(":") and len(said) <= _LONGEST:
                numbers = {int(each) for marker in _MARKERS.findall(written) for each in re.findall(r"\d+", marker)[:8]}
                sentences.setdefault(said, set()).update(numbers)
    return tuple(Written(said, frozenset(numbers)) for said, numbers in sentences.items())


def finished(written: Sequence[Written]) -> tuple[Written, ...]:
    """What was written without a last sentence that breaks off: it has no end, and the one before it has one."""
    *before, last = (_END.search(each.text) is not None for each in written[-2:]) if written else (False,)
    return tuple(written[:-1]) if before == [True] and not last else tuple(written)


def repeats_itself(reply: str) -> bool:
    """Whether a reply goes round in circles: its last words have stood in it twice before."""
    last = reply.rstrip()[-_TAIL:]
    return len(last) == _TAIL and reply.count(last) >= _TIMES
