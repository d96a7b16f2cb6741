"""Where time comes from: an injected clock of aware UTC instants; nothing else reads the system's."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the present instant."""

    def now(self) -> datetime:
        """The present, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SteppedClock:
    """A clock that moves only when told, for simulations and tests.

    It may be moved back, as a machine's clock may be: whoever cannot bear that must be tested with it.
    """

    def __init__(self, start: datetime) -> None:
        self._now = _utc(start)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Moves by a length of time and returns the new present."""
        self._now += by
        return self._now

    def move_to(self, instant: datetime) -> datetime:
        """Moves to an aware instant of any zone and returns it in UTC."""
        self._now = _utc(instant)
        return self._now


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)
