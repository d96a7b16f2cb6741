"""The rule of relief: which units an event touches. Pure, and the same on the page, in a file and for whoever asks again.

A unit is touched when it is late and the event was there while it could still have been kept: the time from its beginning
to its due instant and the event have an instant in common. Both are half-open: an event that ends as a unit begins, or
begins as one is due, has not kept it from being in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from portavoce.sla.relief.causes import Cause


class Unit(Protocol):
    """What the rule reads of a unit."""

    @property
    def interaction_id(self) -> UUID: ...
    @property
    def lob_id(self) -> UUID: ...
    @property
    def channel(self) -> str: ...
    @property
    def since(self) -> datetime: ...
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

    def touches(self, unit: Unit, as_of: datetime) -> bool:
        return is_late(unit, as_of) and self._covers(unit) and self._meets(unit)

    def _covers(self, unit: Unit) -> bool:
        return (
            self.lob_id in (None, unit.lob_id)
            and self.channel in (None, unit.channel)
            and self.interaction_id in (None, unit.interaction_id)
        )

    def _meets(self, unit: Unit) -> bool:
        return unit.due_at is not None and self.starts_at < unit.due_at and unit.since < self.ends_at


def is_late(unit: Unit, as_of: datetime) -> bool:
    """Ended late, or open and past due."""
    return unit.state == "late" or (unit.state == "open" and unit.due_at is not None and unit.due_at < as_of)


def relieved_by(unit: Unit, windows: Sequence[Window], as_of: datetime) -> bool:
    """Whether one of the accepted windows excuses it: however many touch a unit, it is relieved once."""
    return any(window.cause.relieves and window.touches(unit, as_of) for window in windows)


def cause_of(unit: Unit, windows: Iterable[Window], as_of: datetime) -> Cause | None:
    """The cause of a late unit by the accepted windows in order; one that excuses goes before the provider's fault."""
    causes = [window.cause for window in windows if window.touches(unit, as_of)]
    return next((cause for cause in causes if cause.relieves), causes[0] if causes else None)
