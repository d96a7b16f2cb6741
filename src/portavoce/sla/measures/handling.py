"""Handle time: what one contact takes, with its three parts.

Source: reference/metrics.md §3; chats in parallel: workforce.md §5. All times are whole seconds. For mail the talk is the
sum of active focus time.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from uuid import UUID

import msgspec

from portavoce.sla.measures.ratios import Ratio
from portavoce.sla.measures.spans import Span, joined, seconds


class Handled(msgspec.Struct, frozen=True):
    """One handled contact. `outbound_s` are calls out that began within its after-contact work, which `acw_s` leaves out.

    After-contact work that was opened again is in `acw_s` with all its pieces.
    """

    talk_s: int
    hold_s: int = 0
    acw_s: int = 0
    outbound_s: int = 0


class HandleTally(msgspec.Struct, frozen=True):
    """Sums over handled contacts; `held` had any hold at all. The sum of two tallies is the tally of both."""

    handled: int = 0
    talk_s: int = 0
    hold_s: int = 0
    acw_s: int = 0
    outbound_s: int = 0
    held: int = 0

    def __add__(self, other: HandleTally) -> HandleTally:
        return HandleTally(
            self.handled + other.handled,
            self.talk_s + other.talk_s,
            self.hold_s + other.hold_s,
            self.acw_s + other.acw_s,
            self.outbound_s + other.outbound_s,
            self.held + other.held,
        )


class HandleTime(msgspec.Struct, frozen=True):
    """Seconds a contact: the parts add up to `aht` exactly. None when nothing was handled."""

    aht: Fraction | None
    talk: Fraction | None
    hold: Fraction | None
    acw: Fraction | None


ALONE = Ratio(1, 1)


def handle_tally(contacts: Iterable[Handled]) -> HandleTally:
    """In any order."""
    rows = list(contacts)
    return HandleTally(
        len(rows),
        sum(each.talk_s for each in rows),
        sum(each.hold_s for each in rows),
        sum(each.acw_s for each in rows),
        sum(each.outbound_s for each in rows),
        sum(each.hold_s > 0 for each in rows),
    )


def handle_time(sums: HandleTally, *, outbound: bool, concurrency: Ratio = ALONE) -> HandleTime:
    """`outbound`: whether calls out within after-contact work count as such work. Chats in parallel divide all parts by
    their measured concurrency; without any agent time there is no concurrency and no data.
    """
    parallel = concurrency.value
    if not parallel or not sums.handled:
        return HandleTime(None, None, None, None)
    acw_s = sums.acw_s + (sums.outbound_s if outbound else 0)
    talk, hold, acw = (Fraction(part, sums.handled) / parallel for part in (sums.talk_s, sums.hold_s, acw_s))
    return HandleTime(talk + hold + acw, talk, hold, acw)


def mean_hold_s(sums: HandleTally) -> Ratio:
    """Seconds of hold a contact that had hold; those that had none would hide it."""
    return Ratio(sums.hold_s, sums.held)


def concurrency(chats: Iterable[tuple[UUID, Span]]) -> Ratio:
    """Time of all chats with their wrap-up ÷ time in which their agent had at least one. Each comes with its agent."""
    by_agent: dict[UUID, list[Span]] = {}
    for agent, span in chats:
        by_agent.setdefault(agent, []).append(span)
    sessions = sum(seconds([span]) for spans in by_agent.values() for span in spans)
    return Ratio(sessions, sum(seconds(joined(spans)) for spans in by_agent.values()))


def focus_s(stretches: Iterable[Span]) -> int:
    """The active time of one contact without channel of its own: time under two open windows counts once."""
    return seconds(joined(stretches))
