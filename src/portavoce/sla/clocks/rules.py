"""How a clock of a clause runs: what it times, in which hours, what stops it meanwhile, what a return does to it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from portavoce.calendars.timeline import ALWAYS
from portavoce.calendars.versions import CalendarHours, valid_at
from portavoce.sla.clocks.facts import Fact
from portavoce.sla.clocks.lives import PENDING


class Timed(StrEnum):
    """What a clock times; the codes are those of `sla.metrics`."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    EVERY_RESPONSE = "every_response"
    RESOLUTION = "resolution"


class Return(StrEnum):
    """C7: what a contact's return after its end does to the clock of its resolution; `first`: nothing at all."""

    FIRST = "first"
    RESUME = "resume"
    NEW_CYCLE = "new_cycle"
    INCLUDE_GAP = "include_gap"


PAUSES: dict[Timed, frozenset[str]] = {
    Timed.FIRST_RESPONSE: frozenset(),
    Timed.NEXT_RESPONSE: frozenset(),
    Timed.EVERY_RESPONSE: frozenset(),
    Timed.RESOLUTION: frozenset({PENDING}),
}
"""C5: the states that stop a clock unless the clause says otherwise."""


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """`calendar` is every version of the calendar, in order; without one it runs day and night."""

    clause_id: UUID
    lob_id: UUID
    channel: str
    timed: Timed
    target: timedelta
    calendar: tuple[CalendarHours, ...] = ALWAYS
    pauses: frozenset[str] | None = None
    returns: Return = Return.RESUME
    warn_bp: int = 7500

    @property
    def paused_by(self) -> frozenset[str]:
        return PAUSES[self.timed] if self.pauses is None else self.pauses

    @property
    def warns_after(self) -> timedelta:
        """Whole seconds of the target, rounded down."""
        return timedelta(seconds=self.target // timedelta(seconds=1) * self.warn_bp // 10_000)


class Gauge(msgspec.Struct, frozen=True, kw_only=True):
    """What a clause measures of an ended contact without a clock: `of` is the code of its metric, `window` the time in
    which a return or a further contact still counts.
    """

    clause_id: UUID
    lob_id: UUID
    channel: str
    of: str
    window: timedelta = timedelta(0)


class Terms(msgspec.Struct, frozen=True):
    """One version of a brand's contract with all it measures by; what it leaves out is no promise."""

    valid_from: datetime
    clocks: tuple[Clock, ...]
    gauges: tuple[Gauge, ...] = ()


def clocks_of(opening: Fact, terms: Sequence[Terms]) -> list[Clock]:
    """C8: those of the version in force when the contact was opened, by its line of business and first channel."""
    version = valid_at(terms, opening.at)
    wanted = (opening.lob_id, opening.body.get("channel"))
    return [clock for clock in (version.clocks if version else ()) if (clock.lob_id, clock.channel) == wanted]
