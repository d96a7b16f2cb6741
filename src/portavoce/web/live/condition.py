"""What is amiss with the house itself, for everybody at a screen: said when it lasts, taken back when it is over."""

from __future__ import annotations

from enum import StrEnum

LASTS = 2
"""Looks in a row after which trouble counts: one lost connection is nobody's business."""


class Trouble(StrEnum):
    """`LIVE`: nothing is heard from other processes, screens are re-read now and then. `SAVING`: no change is taken."""

    LIVE = "live"
    SAVING = "saving"


class Condition:
    """Fed by the hub's regular looks."""

    def __init__(self) -> None:
        self._deaf = 0
        self._blind = 0
        self._takes_no_changes = False

    def look(self, *, hears: bool, reads: bool, takes_no_changes: bool = False) -> None:
        self._deaf = 0 if hears else self._deaf + 1
        self._blind = 0 if reads else self._blind + 1
        self._takes_no_changes = takes_no_changes

    @property
    def troubles(self) -> frozenset[Trouble]:
        found = {
            Trouble.LIVE: self._deaf >= LASTS,
            Trouble.SAVING: self._takes_no_changes or self._blind >= LASTS,
        }
        return frozenset(trouble for trouble, lasts in found.items() if lasts)
