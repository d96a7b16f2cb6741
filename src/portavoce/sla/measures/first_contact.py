"""First-contact resolution in its three variants, and when each unit of it is final.

Source: reference/metrics.md §3. A unit is one resolution, counted in the month in which it was resolved. Anything the
customer starts about the same reason, on any channel, is a further contact; abandoned calls are no resolutions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from portavoce.sla.measures.ratios import Ratio

WINDOWS = (timedelta(hours=24), timedelta(days=7), timedelta(days=30))


class FcrVariant(StrEnum):
    """Who says that it was resolved at the first contact: the agent, the silence after it, the customer."""

    AGENT_DECLARED = "AGENT_DECLARED"
    NO_RECONTACT = "NO_RECONTACT"
    SURVEY_DECLARED = "SURVEY_DECLARED"


class Outcome(StrEnum):
    """`maturing`: silent so far, but the window is still open."""

    FIRST = "first"
    RECONTACTED = "recontacted"
    MATURING = "maturing"


class Contact(msgspec.Struct, frozen=True):
    """One thing a customer started: a call, a mail, a reopening. Aware instant."""

    customer: UUID
    reason: str
    at: datetime


class Resolved(msgspec.Struct, frozen=True):
    """A case with the contact that opened it. `agent_says` and `survey_says` are None where nobody said anything."""

    case: UUID
    opening: Contact
    resolved_at: datetime
    agent_says: bool | None = None
    survey_says: bool | None = None


class FirstContact(msgspec.Struct, frozen=True):
    """One unit as it stands; `month` is (year, month) of the resolution in the brand's zone."""

    case: UUID
    outcome: Outcome
    matures_at: datetime
    month: tuple[int, int]


class FirstContacts(msgspec.Struct, frozen=True):
    """`final` counts only units whose window has passed, so that early returns do not weigh more than late silence;
    `so_far` counts all, the maturing ones as first. `matures_at` is when the last one is final, None of none.
    """

    final: Ratio
    so_far: Ratio
    maturing: int
    matures_at: datetime | None


def no_recontact(
    resolved: Iterable[Resolved],
    contacts: Iterable[Contact],
    *,
    window: timedelta,
    as_of: datetime,
    zone: str,
) -> list[FirstContact]:
    """One unit each resolution up to `as_of`, in order. A further contact comes after the opening one and no later than
    the window after the resolution: exactly at its end still counts, and final is what is past it.
    """
    starts: dict[tuple[UUID, str], list[datetime]] = {}
    for contact in sorted(contacts, key=lambda each: each.at):
        if contact.at <= as_of:
            starts.setdefault((contact.customer, contact.reason), []).append(contact.at)
    local = ZoneInfo(zone)
    units = sorted(
        (each for each in resolved if each.resolved_at <= as_of),
        key=lambda each: (each.resolved_at, each.case),
    )
    return [_unit(each, starts, window, as_of, local) for each in units]


def figures(units: Sequence[FirstContact], as_of: datetime) -> FirstContacts:
    """Of units that belong together, a month's for instance; as they stood at the instant they were made for."""
    mature = [each for each in units if each.matures_at < as_of]
    firsts = [each for each in units if each.outcome is not Outcome.RECONTACTED]
    return FirstContacts(
        final=Ratio(sum(each.outcome is Outcome.FIRST for each in mature), len(mature)),
        so_far=Ratio(len(firsts), len(units)),
        maturing=sum(each.outcome is Outcome.MATURING for each in units),
        matures_at=max((each.matures_at for each in units), default=None),
    )


def declared(resolved: Iterable[Resolved], variant: FcrVariant) -> Ratio:
    """What agents or customers said, of the resolutions about which they said anything; ValueError for the silence."""
    match variant:
        case FcrVariant.AGENT_DECLARED:
            said = [each.agent_says for each in resolved if each.agent_says is not None]
        case FcrVariant.SURVEY_DECLARED:
            said = [each.survey_says for each in resolved if each.survey_says is not None]
        case FcrVariant.NO_RECONTACT:
            raise ValueError("silence is not declared: see no_recontact")
    return Ratio(sum(said), len(said))


def _unit(
    each: Resolved,
    starts: dict[tuple[UUID, str], list[datetime]],
    window: timedelta,
    as_of: datetime,
    local: ZoneInfo,
) -> FirstContact:
    matures_at = each.resolved_at + window
    known = starts.get((each.opening.customer, each.opening.reason), [])
    following = bisect_right(known, each.opening.at)
    if following < len(known) and known[following] <= matures_at:
        outcome = Outcome.RECONTACTED
    else:
        outcome = Outcome.FIRST if matures_at < as_of else Outcome.MATURING
    day = each.resolved_at.astimezone(local)
    return FirstContact(each.case, outcome, matures_at, (day.year, day.month))
