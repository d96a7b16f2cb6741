"""What a paid shift was made of: occupancy, utilisation, hours, shrinkage.

Source: reference/metrics.md §3 with its shift vector; hours as commercial.md §1 bills them. All times are whole seconds.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from portavoce.sla.measures.ratios import Ratio


class Paid(StrEnum):
    """What utilisation is of: COPC means paid time, others the time logged in."""

    PAID = "paid"
    LOGGED = "logged"


class Shift(msgspec.Struct, frozen=True):
    """Seconds of one or many shifts by state. An unpaid meal is in none of them; `offline_s` is paid but not logged in.

    `ready_s` is what is left of the paid time. ValueError if more was done than paid, or any part is negative.
    """

    paid_s: int = 0
    talk_s: int = 0
    hold_s: int = 0
    acw_s: int = 0
    outbound_s: int = 0
    messaging_s: int = 0
    aux_s: int = 0
    break_s: int = 0
    meal_s: int = 0
    training_s: int = 0
    offline_s: int = 0

    def __post_init__(self) -> None:
        if min(msgspec.structs.astuple(self)) < 0 or self.ready_s < 0:
            raise ValueError(f"{self} is no shift")

    def __add__(self, other: Shift) -> Shift:
        both = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return Shift(*(mine + theirs for mine, theirs in both))

    @property
    def handle_s(self) -> int:
        """Work on contacts that came in."""
        return self.talk_s + self.hold_s + self.acw_s + self.messaging_s

    @property
    def away_s(self) -> int:
        return self.aux_s + self.break_s + self.meal_s + self.training_s + self.offline_s

    @property
    def ready_s(self) -> int:
        """The closing balance: paid time minus every other state."""
        return self.paid_s - self.handle_s - self.outbound_s - self.away_s

    @property
    def productive_s(self) -> int:
        """Handling, calling out and being ready for either."""
        return self.handle_s + self.outbound_s + self.ready_s


def occupancy(shift: Shift, *, outbound: bool) -> Ratio:
    """Seconds of seconds: of the time at the contacts' disposal, that with one in hand."""
    busy = shift.handle_s + (shift.outbound_s if outbound else 0)
    return Ratio(busy, busy + shift.ready_s)


def utilisation(shift: Shift, *, of: Paid, ready: bool = False) -> Ratio:
    """Seconds of seconds: handling and calling out, with the ready time if asked, of the time paid or logged in."""
    used = shift.productive_s if ready else shift.handle_s + shift.outbound_s
    return Ratio(used, shift.paid_s if of is Paid.PAID else logged_s(shift, breaks=True))


def logged_s(shift: Shift, *, breaks: bool) -> int:
    """From login to logout without unpaid meals; the paid breaks are left out unless the contract bills them."""
    return shift.paid_s - shift.offline_s - (0 if breaks else shift.break_s)


def shrinkage(shift: Shift) -> Ratio:
    """Seconds of seconds: what is paid and not there for contacts."""
    return Ratio(shift.paid_s - shift.productive_s, shift.paid_s)
