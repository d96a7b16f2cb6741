"""What is promised about one contact, by each clock."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.models import Calendar
from portavoce.contracts.promising import BACK_OFFICE, promise_of_client
from portavoce.contracts.queries import version_in_force
from portavoce.conversations.models import Interaction
from portavoce.core.unit import now
from portavoce.sla.promises import Promise, promise
from tests.database import NOON
from tests.floor import Floor


@pytest.mark.parametrize(("metric", "hours"), [("first_response", 4), ("back_office", 2)])
async def test_each_clock_has_the_clause_of_its_own_metric(floor: Floor, metric: str, hours: int) -> None:
    contact = await floor.waiting()
    assert await look(floor, contact, "back_office") is None
    await floor.do(settle)
    found = await look(floor, contact, metric)
    assert found is not None
    assert found.due_at == NOON + timedelta(hours=hours)


async def settle(db: AsyncSession) -> None:
    calendar_id = (await db.scalars(select(Calendar.id))).one()
    await promise_of_client(db, BACK_OFFICE, timedelta(hours=2), calendar_id)


async def look(floor: Floor, contact: UUID, metric: str) -> Promise | None:
    async def ask(db: AsyncSession) -> Promise | None:
        interaction = await db.get_one(Interaction, (floor.aurora.id, contact))
        version_id = await version_in_force(db, now(db))
        return await promise(db, metric, interaction, version_id=version_id, since=NOON, until=NOON)

    return await floor.do(ask)
