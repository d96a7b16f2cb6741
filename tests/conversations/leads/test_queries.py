"""What the client's sales find, what they may see of a customer, and what the desk's timeline says."""

from __future__ import annotations

from uuid import UUID

import pytest

from portavoce.conversations.leads.errors import NoLead
from portavoce.conversations.leads.queries import (
    AddressRow,
    addresses_for,
    ended_leads,
    lead_row,
    leads_of,
    open_leads,
)
from portavoce.conversations.leads.taking import end_lead, take_lead
from portavoce.customers.identifying import add_identity
from tests.conversations.conftest import counted
from tests.conversations.leads.passed import WISH, passed, taker
from tests.floor import GINA, Floor


async def seen(floor: Floor, lead: UUID, by: UUID) -> list[AddressRow]:
    async with floor.database.begin(floor.aurora.reading) as db:
        return await addresses_for(db, await lead_row(db, lead), by)


async def test_only_its_taker_sees_the_address_and_only_what_was_shared(floor: Floor) -> None:
    one, other = await taker(floor), await taker(floor)
    shared, bare = await passed(floor), await passed(floor, with_email=False)
    await floor.do(add_identity, shared.customer_id, "phone", "+393385550142", by=floor.anna)
    assert await seen(floor, shared.id, one) == []
    for lead in (shared, bare):
        await floor.do(take_lead, lead.id, person_id=one)
    assert await seen(floor, shared.id, one) == [AddressRow("email", GINA)]
    assert await seen(floor, shared.id, other) == []
    assert await seen(floor, bare.id, one) == []


async def test_open_ones_come_first_and_ended_ones_apart_and_the_timeline_tells_both(floor: Floor) -> None:
    one = await taker(floor)
    first = await passed(floor)
    floor.later(hours=1)
    second, third = await passed(floor), await passed(floor)
    await floor.do(take_lead, first.id, person_id=one)
    await floor.do(take_lead, third.id, person_id=one)
    await floor.do(end_lead, third.id, "unreachable", "Tre volte", person_id=one)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert [each.id for each in await open_leads(db)] == [second.id, first.id]
        (ended,) = await ended_leads(db)
        entries = await leads_of(db, first.customer_id)
    assert (ended.id, ended.taker, ended.note, ended.wording) == (third.id, "Piero Sala", "Tre volte", WISH)
    told = {each.id: (each.state, each.taker, each.note) for each in entries}
    assert told == {
        first.id: ("taken", "Piero", None), second.id: ("open", None, None),
        third.id: ("unreachable", "Piero", "Tre volte"),
    }  # fmt: skip


async def test_another_brand_has_none_of_them(floor: Floor) -> None:
    await taker(floor)
    lead = await passed(floor)
    async with floor.database.begin(floor.world.bosco.reading) as db:
        assert await open_leads(db) == []
        with pytest.raises(NoLead):
            await lead_row(db, lead.id)


async def test_the_lists_take_as_many_statements_for_three_as_for_one(floor: Floor) -> None:
    await taker(floor)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            lead = await passed(floor)
        async with floor.database.begin(floor.aurora.reading) as db:
            with counted(floor.database) as statements:
                await open_leads(db)
                await ended_leads(db)
                await leads_of(db, lead.customer_id)
        counts.append(len(statements))
    assert counts == [3, 3]
