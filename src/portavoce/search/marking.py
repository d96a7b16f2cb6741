"""The passage in which the words stand, in pieces: plain text and hits. Never markup: whoever shows it escapes it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import msgspec

from portavoce.search.analysis import stems, terms, tokens
from portavoce.search.vectors import asked

AROUND = 70
"""Characters shown before the first hit; twice as many after it."""


class Piece(msgspec.Struct, frozen=True):
    text: str
    hit: bool


def passage(text: str, wanted: str, *, around: int = AROUND) -> list[Piece]:
    """The surroundings of the first hit on one line, its hits marked; the beginning of the text where there is none."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    hits = list(_hits(line, wanted))
    start, end = _window(line, hits[0][0] if hits else 0, around)
    pieces: list[Piece] = [Piece("… ", False)] if start else []
    at = start
    for begin, stop in hits:
        if begin >= start and stop <= end:
            pieces += [Piece(line[at:begin], False), Piece(line[begin:stop], True)]
            at = stop
    pieces += [Piece(line[at:end], False)] + ([Piece(" …", False)] if end < len(line) else [])
    return [piece for piece in pieces if piece.text]


def _hits(line: str, wanted: str) -> Iterator[tuple[int, int]]:
    words = asked(wanted)
    exact = {term for word, _ in words for term in (word, *stems(word))}
    beginnings = tuple(word for word, last in words if last)
    for begin, stop, word in tokens(line):
        if (beginnings and word.startswith(beginnings)) or (exact & (terms(word) | {word})):
            yield begin, stop


def _window(line: str, hit: int, around: int) -> tuple[int, int]:
    """From word to word around the hit."""
    start = line.rfind(" ", 0, hit - around) + 1 if hit > around else 0
    end = line.find(" ", hit + 2 * around)
    return start, end if end >= 0 else len(line)
