"""How deep this run digs: `make test` takes short selections, `make test-deep` the rest."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

DEEP = os.environ.get("PORTAVOCE_TEST_PROFILE") == "deep"


def scaled(short: int, deep: int) -> int:
    """How many rounds, mails or people this run takes."""
    return deep if DEEP else short


def in_turn(all_of_them: Sequence[T], turn: int, few: int) -> Sequence[T]:
    """All in a deep run, else a few: the next ones at each turn, so that none is left out over many turns."""
    if DEEP:
        return all_of_them
    return [all_of_them[(turn * few + n) % len(all_of_them)] for n in range(min(few, len(all_of_them)))]
