"""The rule of relief: which units an event holds. Pure, and the same on the page, in a file and for whoever asks again.

A unit is held when the instant that it is counted in lies in the event's window, and where the event was. Whether it was
kept, broken or still runs does not matter: relief takes an interval out of a figure, and nobody chooses units. Windows are
half-open, as the intervals are that they take out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from portavoce.sla.relief.causes import Cause


class Unit(Protocol):
    """What the rule reads of a unit; `at` is the instant that it is counted in."""

    @property
    def interaction_id(self) -> UUID: ...
    @property
    def lob_id(self) -> UUID: ...
    @property
    def channel(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def state(self) -> str: ...


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """From `starts_at` to before `ends_at`; of one line of business, one channel, one contact where these are given."""

    cause: Cause
    starts_at: datetime
    ends_at: datetime
    lob_id: UUID | None = None
    channel: str | None = None
    interaction_id: UUID | None = None

    def holds(self, unit: Unit) -> bool:
        return self.starts_at <= unit.at < self.ends_at and self._covers(unit)

    def meets(self, start: datetime, end: datetime) -> bool:
        """Whether some instant of [start, end) lies in it."""
        return self.starts_at < end and start < self.ends_at

    def _covers(self, unit: Unit) -> bool:
        return (
            self.lob_id in (None, unit.lob_id)
            and self.channel in (None, unit.channel)
            and self.interaction_id in (None, unit.interaction_id)
        )


def is_late(unit: Unit, as_of: datetime) -> bool:
    """Ended late, or open and past due."""
    return unit.state == "late" or (unit.state == "open" and unit.due_at is not None and unit.due_at < as_of)


def is_relieved(unit: Unit, windows: Iterable[Window]) -> bool:
    """Whether one of the accepted windows takes it out of its figure: however many hold a unit, it leaves once."""
    return any(window.cause.relieves and window.holds(unit) for window in windows)


def cause_of(unit: Unit, windows: Iterable[Window], as_of: datetime) -> Cause | None:
    """The cause of a late unit by the accepted windows in order; one that excuses goes before the provider's fault."""
    causes = [window.cause for window in windows if window.holds(unit)] if is_late(unit, as_of) else []
    return next((cause for cause in causes if cause.relieves), causes[0] if causes else None)
