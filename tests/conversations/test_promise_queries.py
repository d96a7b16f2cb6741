"""What is owed, to a customer and by an agent."""

from __future__ import annotations

from datetime import timedelta

from portavoce.conversations.promise_queries import OF_A_CUSTOMER, owed_by, promises_of
from portavoce.conversations.promising import promise, settle
from portavoce.core.scope import Scope
from tests.conversations.test_promising import TOMORROW, customer_of, promised
from tests.database import NOON
from tests.floor import Floor


async def test_of_a_customer_the_newest_are_read_the_oldest_of_them_first(floor: Floor) -> None:
    first = await promised(floor)
    made = []
    for _ in range(OF_A_CUSTOMER):
        floor.later(seconds=1)
        made.append(
            await floor.do(promise, first.interaction_id, "callback", "Richiamo", TOMORROW, by=floor.anna)
        )
    async with floor.database.begin(floor.aurora.reading) as db:
        found = await promises_of(db, await customer_of(floor, first))
    assert [each.id for each in found] == [each.id for each in made]
    assert {(each.maker, each.ender) for each in found} == {(floor.anna.alias, None)}


async def test_an_agent_owes_what_is_open_over_all_brands_the_soonest_first(floor: Floor) -> None:
    bosco = floor.world.bosco
    later = await promised(floor, due_at=NOON + timedelta(days=2))
    elsewhere = await floor.held(at=bosco)
    by = floor.world.anna.at(bosco)
    sooner = await floor.do(promise, elsewhere, "callback", "Richiamo", TOMORROW, by=by, at=bosco)
    kept = await floor.do(promise, elsewhere, "promise", "Fatto", TOMORROW, by=by, at=bosco)
    await floor.do(settle, kept.id, "kept", by=by, at=bosco)
    brands = [floor.aurora.id, bosco.id]
    async with floor.database.begin(Scope.reading(brands)) as db:
        assert [each.id for each in await owed_by(db, floor.world.anna.agent_id)] == [
            sooner.id,
            later.id,
        ]
        assert await owed_by(db, floor.world.bruno.agent_id) == []
