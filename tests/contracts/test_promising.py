"""The client's own promise: one for all lines of business, replaced and taken away."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.adding import add_line
from portavoce.calendars.models import Calendar
from portavoce.contracts.models import Clause
from portavoce.contracts.promising import BACK_OFFICE, promise_of_client, promised_by_client
from portavoce.contracts.queries import clause_for, version_in_force
from portavoce.core.unit import now
from tests.floor import Floor

HOUR = timedelta(hours=1)


async def calendar(floor: Floor) -> UUID:
    return (await floor.rows(Calendar))[0].id


async def promised(floor: Floor) -> timedelta | None:
    async with floor.database.begin(floor.aurora.reading) as db:
        found = await promised_by_client(db, BACK_OFFICE)
    return found and found[0]


async def test_it_stands_for_every_line_of_business_and_is_replaced(floor: Floor) -> None:
    async def add(db: AsyncSession) -> None:
        add_line(db, "Resi", "it")

    await floor.do(add)
    assert await promised(floor) is None
    for hours in (8, 4):
        await floor.do(promise_of_client, BACK_OFFICE, hours * HOUR, await calendar(floor))
    clauses = [each for each in await floor.rows(Clause) if each.metric == "back_office"]
    assert [each.target_s for each in clauses] == [4 * 3600] * 2
    assert await promised(floor) == 4 * HOUR
    await floor.do(promise_of_client, BACK_OFFICE, None, await calendar(floor))
    assert await promised(floor) is None


async def test_what_is_promised_to_the_customers_stays_and_is_not_taken_for_it(floor: Floor) -> None:
    await floor.do(promise_of_client, BACK_OFFICE, 8 * HOUR, await calendar(floor))

    async def look(db: AsyncSession) -> Clause | None:
        return await clause_for(db, await version_in_force(db, now(db)), floor.aurora.lob_id, "email")

    found = await floor.do(look)
    assert found is not None
    assert (found.metric, found.target_s) == ("first_response", 4 * 3600)
    async with floor.database.begin(floor.aurora.reading) as db:
        metrics = set(await db.scalars(select(Clause.metric)))
    assert metrics == {"first_response", "back_office"}
