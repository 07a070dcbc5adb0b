"""Splits a document into passages: whole sentences under one heading that fit the embedding window."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from assistant.ingest.blocks import Block, find_blocks
from assistant.ingest.sentences import Span, sentence_spans, trim
from assistant.types import Document, Passage

BETWEEN_HEADINGS = " – "
SPLITTING = 3
"""Of the passages that are made of a document: a store with another is made anew. To be raised when they change."""
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Split:
    """A passage and the spans of its sentences, as offsets into the document."""

    passage: Passage
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """What a passage must fit: `tokens` of the embedding model, its title and heading included, and `characters`."""

    tokens: int
    characters: int
    count_tokens: Callable[[str], int]


def place_of(title: str, heading: str) -> str:
    """Where a passage stands, in words: the title and the heading, once if they are the same."""
    return " – ".join(dict.fromkeys(part for part in (title, heading) if part))


def context_of(title: str, heading: str, window: Window) -> str:
    """The words an embedder is given with a passage, so that "it" is known to be about something.

    At most half the window: of a longer title and heading the first words stand for all.
    """
    words = place_of(title, heading).split()
    fitting = bisect_right(
        range(len(words) + 1), window.tokens // 2, key=lambda count: window.count_tokens(" ".join(words[:count]))
    )
    return " ".join(words[: fitting - 1])


def with_context(context: str, text: str) -> str:
    """What the embedder is given of a passage: its title and heading in front."""
    return f"{context}\n{text}" if context else text


def split_document(document: Document, window: Window) -> list[Split]:
    """The passages of `document` in order. Each fits the window; only blank space, bullets and headings lie between."""
    splits: list[Split] = []
    headings: dict[int, str] = {}
    section = _Section(document, "", window)
    title = " ".join(document.title.split())
    blocks = find_blocks(document.text)
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block.kind == "heading":
            headings = {level: words for level, words in headings.items() if level < block.level}
            if _heads(block, following):
                headings[block.level] = " ".join(document.text[block.start : block.end].split())
            # The title is told with every passage as it is.
            path = BETWEEN_HEADINGS.join(headings[level] for level in sorted(headings) if headings[level] != title)
            if path != section.heading:
                splits += section.passages()
                section = _Section(document, path, window)
            if not _heads(block, following):
                section.add([(block.start, block.end)])
        elif block.kind == "pair":
            section.add([(block.start, block.end)])
        else:
            section.add(sentence_spans(document.text, block.start, block.end))
    return splits + list(section.passages())


def _heads(heading: Block, following: Block | None) -> bool:
    """Whether something stands under the heading. One that heads nothing is text: its words must not be lost."""
    return following is not None and (following.kind != "heading" or following.level > heading.level)


@dataclass(slots=True)
class _Section:
    """Paragraphs under one heading, to be packed into passages."""

    document: Document
    heading: str
    window: Window
    paragraphs: list[list[Span]] = field(default_factory=list)
    context: str = field(init=False)

    def __post_init__(self) -> None:
        self.context = context_of(self.document.title, self.heading, self.window)

    def add(self, sentences: list[Span]) -> None:
        if sentences:
            self.paragraphs.append(sentences)

    def passages(self) -> Iterator[Split]:
        packed: list[Span] = []
        for paragraph in self.paragraphs:
            # A passage that is already long ends with its paragraph rather than inside the next one.
            if packed and packed[-1][1] - packed[0][0] >= 0.6 * self.window.characters:
                yield self._split(packed)
                packed = []
            for start, end in paragraph:
                for piece in self._pieces(start, end):
                    if packed and not self._fits(packed[0][0], piece[1]):
                        yield self._split(packed)
                        packed = []
                    packed.append(piece)
        if packed:
            yield self._split(packed)

    def _fits(self, start: int, end: int) -> bool:
        """Whether these characters, with title and heading, are within the window. All are counted: bullets too."""
        if end - start > self.window.characters:
            return False
        text = with_context(self.context, self.document.text[start:end])
        return self.window.count_tokens(text) <= self.window.tokens

    def _pieces(self, start: int, end: int) -> Iterator[Span]:
        """The sentence itself, or its parts where it alone is over the window."""
        while not self._fits(start, end):
            cut = self._cut(start, end)
            yield start, cut
            start = trim(self.document.text, cut, end)[0]
        yield start, end

    def _cut(self, start: int, end: int) -> int:
        """Where to part a sentence that does not fit: between words, or inside one that alone is too long."""
        text = self.document.text
        limit = min(end, start + self.window.characters)
        ends = [word.end() for word in _WORD.finditer(text, start, limit)]
        if limit < end and not text[limit].isspace() and ends[-1] == limit:
            ends.pop()
        fitting = bisect_left(ends, True, key=lambda at: not self._fits(start, at))
        if fitting:
            return ends[fitting - 1]
        cut = ends[0] if ends else limit
        while cut - start > 1 and not self._fits(start, cut):
            cut = start + (cut - start) // 2
        return cut

    def _split(self, sentences: list[Span]) -> Split:
        start, end = sentences[0][0], sentences[-1][1]
        document = self.document
        passage = Passage(document.id, document.title, self.heading, start, end, document.text[start:end])
        return Split(passage, tuple(sentences))
