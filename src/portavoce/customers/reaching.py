"""When a customer wishes to be reached, and by which channel: on the clock of the brand, whose customer they are.

An answer may leave at any time, and the desk says what is wished. Whatever writes by itself and is no answer asks
`next_reach` first. Exempt is what the law wants at once, as the acknowledgement of a complaint.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.core.unit import now
from portavoce.customers.errors import NoCustomer
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.customers.queries import MISSING

HOURS: Mapping[str, tuple[int, int]] = {
    "morning": (9, 12),
    "midday": (12, 14),
    "afternoon": (14, 18),
    "evening": (18, 21),
}
"""From the first hour to before the last; together they are the hours in which anybody may be disturbed."""
CALLS = "phone"


class Reach(msgspec.Struct, frozen=True):
    """The earliest moment, and the channel; "" when the customer can be reached by none."""

    at: datetime
    channel: str


def preferred_at(at: datetime, zone: str, preference: str) -> datetime:
    """`at` itself when it is within the hours of the preference, else when they begin next, as UTC."""
    if preference not in HOURS:
        return at
    first, past = HOURS[preference]
    local = at.astimezone(ZoneInfo(zone))
    if first <= local.hour < past:
        return at
    day = local.date() if local.hour < first else local.date() + timedelta(days=1)
    return datetime.combine(day, time(first), ZoneInfo(zone)).astimezone(UTC)


async def next_reach(db: AsyncSession, customer_id: UUID) -> Reach:
    """For whatever writes by itself to a customer of the brand in scope. Who prefers no moment is left alone at night.

    NoCustomer. Of one who was merged, the survivor's.
    """
    query = select(
        Customer.preferred_channel,
        Customer.preferred_moment,
        Customer.needs,
        Customer.merged_into,
        Brand.zone,
    ).join(Brand, Brand.id == Customer.brand_id)
    row = (await db.execute(query.where(Customer.id == customer_id))).one_or_none()
    if row is None:
        raise NoCustomer(MISSING)
    if row.merged_into is not None:
        return await next_reach(db, row.merged_into)
    known = select(CustomerIdentity.channel).where(CustomerIdentity.customer_id == customer_id)
    order = (CustomerIdentity.created_at, CustomerIdentity.id)
    ways = [each for each in await db.scalars(known.order_by(*order)) if _wanted(each, row.needs)]
    channel = row.preferred_channel if row.preferred_channel in ways else next(iter(ways), "")
    at = now(db)
    if row.preferred_moment:
        return Reach(preferred_at(at, row.zone, row.preferred_moment), channel)
    return Reach(min(preferred_at(at, row.zone, each) for each in HOURS), channel)


def _wanted(channel: str, needs: str) -> bool:
    return channel != CALLS or "no_calls" not in needs.split(",")
