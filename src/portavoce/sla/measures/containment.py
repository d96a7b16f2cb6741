"""Whether a bot was enough: sessions without a person, and those that only seemed so.

Source: reference/metrics.md §3. A session that was contained is false when the same customer is back within 24 hours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from portavoce.sla.measures.first_contact import Contact
from portavoce.sla.measures.ratios import Ratio

FALSE_WITHIN = timedelta(hours=24)


class BotSession(msgspec.Struct, frozen=True):
    customer: UUID
    ended_at: datetime
    handed_over: bool


class Containment(msgspec.Struct, frozen=True):
    """Sessions of sessions: `contained` without a person; `held` less those that were false; of these `false` were found
    so far and `maturing` may still become so.
    """

    contained: Ratio
    held: Ratio
    false: int
    maturing: int


def containment(sessions: Iterable[BotSession], contacts: Iterable[Contact], as_of: datetime) -> Containment:
    """Of the sessions that ended by `as_of`. A contact exactly 24 hours later is a new one, whatever its reason."""
    ended = [each for each in sessions if each.ended_at <= as_of]
    alone = [each for each in ended if not each.handed_over]
    starts: dict[UUID, list[datetime]] = {}
    for contact in sorted(contacts, key=lambda each: each.at):
        if contact.at <= as_of:
            starts.setdefault(contact.customer, []).append(contact.at)
    back = [_came_back(each, starts.get(each.customer, [])) for each in alone]
    open_still = [
        not returned and as_of < each.ended_at + FALSE_WITHIN
        for each, returned in zip(alone, back, strict=True)
    ]
    return Containment(
        contained=Ratio(len(alone), len(ended)),
        held=Ratio(len(alone) - sum(back), len(ended)),
        false=sum(back),
        maturing=sum(open_still),
    )


def _came_back(session: BotSession, starts: list[datetime]) -> bool:
    following = bisect_right(starts, session.ended_at)
    return following < len(starts) and starts[following] < session.ended_at + FALSE_WITHIN
