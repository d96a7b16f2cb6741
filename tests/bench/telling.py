"""A brand's present month in its ledger: contacts with all that a desk tells of them, chained like any other fact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import Database
from portavoce.core.unit import new_id, now
from portavoce.ledger.facts import record
from portavoce.reporting.back_office import ANSWERED, ASKED
from portavoce.reporting.guard import OVERRIDDEN, STOPPED
from portavoce.reporting.months import month_of
from tests.world import WorldAgent, WorldBrand

AT_ONCE = 200
GOLDEN = 0.6180339887498949
"""Its multiples lie evenly in a stretch, however many there are."""
HOUR = timedelta(hours=1)
LATE, WAITING, ASKING, STOPPING = 10, 100, 25, 200
"""One contact in so many is answered a day late, left waiting, asked about, held back once."""
Told = tuple[datetime, str, dict[str, Any]]


async def tell_month(
    database: Database, brand: WorldBrand, agent: WorldAgent, since: int, until: int, zone: str
) -> None:
    """Contacts `since` to `until` of the month, a transaction for some of them; the reports lie behind."""
    by = agent.at(brand).id
    start = month_of(database.clock.now(), zone).bounds(zone)[0]
    for first in range(since, until, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, until))
        await database.run(brand.writing, partial(_tell, brand=brand, by=by, start=start, numbers=numbers))


async def _tell(db: AsyncSession, *, brand: WorldBrand, by: UUID, start: datetime, numbers: range) -> None:
    """In the order in which it all happened; what lies ahead is not told."""
    present = now(db)
    told: list[Told] = []
    for number in numbers:
        at = start + (present - start) * (number * GOLDEN % 1)
        told += _contact(number, new_id(db), new_id(db), by, at)
    for at, kind, data in sorted(told, key=lambda each: each[0]):
        if at <= present:
            record(db, kind, at=at, lob_id=brand.lob_id, **data)


def _contact(number: int, contact: UUID, other: UUID, by: UUID, at: datetime) -> Iterator[Told]:
    """`other` names the question, and the form of an answer that was held back."""
    ours = {"interaction_id": contact, "brand_agent_id": by, "actor": str(by)}
    theirs = {"interaction_id": contact, "actor": "customer"}
    answered = at + (30 * HOUR if number % LATE == 3 else HOUR)
    yield (
        at,
        "interaction.opened",
        {**theirs, "to_state": "waiting", "draws_ticket": True, "channel": "email"},
    )
    yield at, "message.received", {**theirs, "channel": "email", "automatic": False}
    if number % WAITING == 7:
        return
    yield (
        answered - HOUR / 2,
        "interaction.assigned",
        {**ours, "from_state": "waiting", "to_state": "assigned"},
    )
    if number % ASKING == 5:
        question = {"interaction_id": contact, "request": other, "due": at + 8 * HOUR}
        yield answered - HOUR / 4, ASKED, {**question, "brand_agent_id": by}
        yield answered + HOUR, ANSWERED, {**question, "actor": "client"}
    if number % STOPPING == 11:
        kind = OVERRIDDEN if number % (2 * STOPPING) == 11 else STOPPED
        yield answered, kind, {**ours, "kinds": ["domain"], "form": str(other), "reason": None}
    sent = {"from_state": "sending", "to_state": "sent", "channel": "email", "automatic": False}
    yield answered, "message.sent", {**ours, **sent}
    worked = {**ours, "started": (answered - HOUR / 6).isoformat()}
    yield answered + HOUR / 60, "handling.ended", worked
    yield (
        answered + 2 * HOUR, "interaction.closed",
        {**ours, "from_state": "assigned", "to_state": "closed", "disposition": "solved"},
    )  # fmt: skip
