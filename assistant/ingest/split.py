"""Splits a document into passages: whole sentences under one heading that fit the embedding window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from assistant.ingest.blocks import find_blocks
from assistant.ingest.sentences import Span, sentence_spans
from assistant.types import Document, Passage

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


def context_of(title: str, heading: str) -> str:
    """The words an embedder is given with a passage, so that "it" is known to be about something."""
    return " – ".join(dict.fromkeys(part for part in (title, heading) if part))


def split_document(document: Document, window: Window) -> list[Split]:
    """The passages of `document` in order. Each fits the window; only blank space and headings lie between."""
    splits: list[Split] = []
    headings: dict[int, str] = {}
    section = _Section(document, "", window)
    for block in find_blocks(document.text):
        if block.kind == "heading":
            splits += section.passages()
            headings = {level: words for level, words in headings.items() if level < block.level}
            headings[block.level] = " ".join(document.text[block.start : block.end].split())
            section = _Section(document, " – ".join(headings[level] for level in sorted(headings)), window)
        elif block.kind == "pair":
            section.add([(block.start, block.end)])
        else:
            section.add(sentence_spans(document.text, block.start, block.end))
    return splits + list(section.passages())


@dataclass(slots=True)
class _Section:
    """Paragraphs under one heading, to be packed into passages."""

    document: Document
    heading: str
    window: Window
    paragraphs: list[list[Span]] = field(default_factory=list)

    def add(self, sentences: list[Span]) -> None:
        if sentences:
            self.paragraphs.append(sentences)

    def passages(self) -> Iterator[Split]:
        context = self.window.count_tokens(context_of(self.document.title, self.heading))
        # A heading as long as the window must not leave a passage without room.
        room = max(self.window.tokens - context, self.window.tokens // 2)
        text, packed, used = self.document.text, list[Span](), 0
        for paragraph in self.paragraphs:
            # A passage that is already long ends with its paragraph rather than inside the next one.
            if packed and packed[-1][1] - packed[0][0] >= 0.6 * self.window.characters:
                yield self._split(packed)
                packed, used = [], 0
            for start, end in paragraph:
                for piece in self._pieces(start, end, room):
                    tokens = self.window.count_tokens(text[slice(*piece)])
                    too_long = packed and piece[1] - packed[0][0] > self.window.characters
                    if packed and (too_long or used + tokens > room):
                        yield self._split(packed)
                        packed, used = [], 0
                    packed.append(piece)
                    used += tokens
        if packed:
            yield self._split(packed)

    def _pieces(self, start: int, end: int, room: int) -> Iterator[Span]:
        """The sentence itself, or its parts between words where it alone is over the window."""
        text = self.document.text
        if end - start <= self.window.characters and self.window.count_tokens(text[start:end]) <= room:
            yield start, end
            return
        piece_start, piece_end, used = start, start, 0
        for word in _WORD.finditer(text, start, end):
            tokens = self.window.count_tokens(word.group())
            over = word.end() - piece_start > self.window.characters or used + tokens > room
            if over and piece_end > piece_start:
                yield piece_start, piece_end
                piece_start, used = word.start(), 0
            piece_end, used = word.end(), used + tokens
        yield piece_start, piece_end

    def _split(self, sentences: list[Span]) -> Split:
        start, end = sentences[0][0], sentences[-1][1]
        document = self.document
        passage = Passage(document.id, document.title, self.heading, start, end, document.text[start:end])
        return Split(passage, tuple(sentences))
