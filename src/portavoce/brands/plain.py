"""Text as it is compared: invisible signs gone, every spelling of a letter one, and where each stood in the original.

Two texts that a reader cannot tell apart become the same here; what only resembles (0 for o) stays different.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

LOOKALIKES = str.maketrans(
    "асеорхуіјѕкмтвһԁɡαορνικτυεıłøđ",
    "aceopxyijskmtbhdgaopviktueilod",
)
"""Letters of other scripts, and of ours, that are drawn like a Latin one."""
DOTS = "·•․。｡"
FILLERS = "\u034f\u115f\u1160\u3164\uffa0\u2800"


class Plain(msgspec.Struct, frozen=True):
    """`text` in small letters; its n-th character came from `starts[n]` up to `ends[n]` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, first: int, past: int) -> tuple[int, int]:
        """Where in the original a piece of `text` stands."""
        return self.starts[first], self.ends[past - 1]


def plain(text: str, *, accents: bool) -> Plain:
    """Without `accents` è is e, as in names; with them, as in domains, they count."""
    if text.isascii():
        return Plain(text.lower(), range(len(text)), range(1, len(text) + 1))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _units(text):
        for letter in _folded(text[start:end], accents):
            letters.append(letter)
            starts.append(start)
            ends.append(end)
    return Plain("".join(letters), starts, ends)


def squeezed(text: str) -> str:
    """Letters and digits alone: `Nord-Caffè` and `nord caffe` are one name."""
    return "".join(letter for letter in plain(text, accents=False).text if letter.isalnum())


def _units(text: str) -> Iterator[tuple[int, int]]:
    """A character with the marks that follow it: è may be written as two."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not unicodedata.combining(text[at]):
            yield start, at
            start = at


@lru_cache(maxsize=4_096)
def _folded(unit: str, accents: bool) -> str:
    seen = "".join(sign for sign in unit if unicodedata.category(sign) != "Cf" and sign not in FILLERS)
    small = unicodedata.normalize("NFKC", seen).casefold()
    if not accents:
        small = unicodedata.normalize("NFD", small)
    return "".join(_letter(sign) for sign in small if accents or not unicodedata.combining(sign)).translate(
        LOOKALIKES
    )


def _letter(sign: str) -> str:
    if sign.isdigit():
        return str(unicodedata.digit(sign))
    category = unicodedata.category(sign)
    if category == "Pd":
        return "-"
    if category == "Zs":
        return " "
    return "." if sign in DOTS else sign
