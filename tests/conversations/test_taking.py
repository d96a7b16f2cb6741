"""Take next: the most urgent of all brands, to one person."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from portavoce.agents.errors import NoCapacity, NotAvailable
from portavoce.agents.models import AgentSlot, BrandAgent
from portavoce.brands.lines import LineSettings, set_line
from portavoce.conversations.claiming import release
from portavoce.conversations.models import Interaction, WorkItem
from portavoce.conversations.taking import Waiting, most_urgent, take_next
from portavoce.conversations.transferring import hand_to_colleague
from portavoce.core.scope import HOUSE, Scope
from tests.consistency import contradictions
from tests.conversations.conftest import counted
from tests.floor import Floor, at_once, failures
from tests.world import WorldAgent, WorldBrand


async def take(floor: Floor, agent: WorldAgent | None = None) -> Waiting | None:
    who = agent or floor.world.anna
    return await take_next(floor.database, who.agent_id, who.known_as)


async def due(floor: Floor, brand: WorldBrand, contact: UUID, **by: float) -> None:
    """As if the clause had promised this."""
    at = floor.clock.now() + timedelta(**by)
    async with floor.database.begin(brand.writing) as db:
        await db.execute(update(WorkItem).where(WorkItem.interaction_id == contact).values(due_at=at))
        await db.execute(update(Interaction).where(Interaction.id == contact).values(due_at=at))


async def free(floor: Floor, brand: WorldBrand) -> None:
    await floor.do(set_line, brand.lob_id, LineSettings("free", False, "off", 60), by="admin", at=brand)


async def cap(floor: Floor, agent: WorldAgent, units: int) -> None:
    async with floor.database.begin(HOUSE) as db:
        await db.execute(update(AgentSlot).where(AgentSlot.agent_id == agent.agent_id).values(cap=units))


async def test_what_is_due_first_comes_first_whichever_brand_it_is_of(floor: Floor) -> None:
    bosco = floor.world.bosco
    first, second = await floor.waiting(), await floor.waiting(bosco)
    third = (await floor.write_in(sender="ugo@customer.example")).interaction_id
    await due(floor, floor.aurora, first, hours=3)
    await due(floor, bosco, second, hours=1)
    await due(floor, floor.aurora, third, hours=2)
    taken = [await take(floor) for _ in range(4)]
    assert taken == [
        Waiting(bosco.id, second), Waiting(floor.aurora.id, third), Waiting(floor.aurora.id, first), None,
    ]  # fmt: skip
    assert (await floor.contact(second, bosco)).brand_agent_id == floor.world.anna.at(bosco).id
    assert await contradictions(floor) == []


async def test_without_a_clock_the_oldest_comes_first_and_after_all_with_one(floor: Floor) -> None:
    """Who was answered and waits again has no clock left, however late that answer was."""
    bosco = floor.world.bosco
    answered = await floor.held()
    async with floor.database.begin(floor.aurora.writing) as db:
        await db.execute(update(Interaction).values(first_response_at=floor.clock.now()))
    await floor.do(release, answered, by=floor.anna)
    floor.later(days=3)
    old = await floor.waiting(bosco)
    async with floor.database.begin(bosco.writing) as db:
        await db.execute(update(WorkItem).values(due_at=None))
        await db.execute(update(Interaction).values(due_at=None))
    floor.later(minutes=5)
    fresh = (await floor.write_in(sender="ugo@customer.example")).interaction_id
    assert [(await take(floor) or Waiting(bosco.id, bosco.id)).interaction_id for _ in range(3)] == [
        fresh, answered, old,
    ]  # fmt: skip


async def test_only_what_waits_in_her_own_brands_is_given(floor: Floor) -> None:
    await floor.waiting(floor.world.bosco)
    assert await take(floor, floor.world.bruno) is None
    everywhere = [floor.aurora.id, floor.world.bosco.id]
    assert await take_next(floor.database, floor.world.bruno.agent_id, everywhere) is None
    assert await take_next(floor.database, floor.world.anna.agent_id, []) is None
    async with floor.database.begin(floor.world.bosco.writing) as db:
        await db.execute(update(BrandAgent).values(active=False))
    assert await take(floor) is None


async def test_a_line_whose_agents_choose_themselves_gives_nothing_out(floor: Floor) -> None:
    mine = await floor.waiting()
    await floor.waiting(floor.world.bosco)
    await free(floor, floor.world.bosco)
    assert await take(floor) == Waiting(floor.aurora.id, mine)
    assert await take(floor) is None


async def test_who_is_full_or_away_is_told_and_gets_nothing(floor: Floor) -> None:
    first, second = await floor.waiting(), (await floor.write_in(sender="u@x.example")).interaction_id
    await cap(floor, floor.world.anna, 1)
    assert (await take(floor) or Waiting(first, second)).interaction_id == first
    with pytest.raises(NoCapacity):
        await take(floor)
    await floor.choose("offline", agent=floor.world.bruno)
    with pytest.raises(NotAvailable):
        await take(floor, floor.world.bruno)
    assert (await floor.contact(second)).state == "waiting"


async def test_whoever_asks_at_once_each_contact_goes_to_one_and_none_is_left(floor: Floor) -> None:
    bosco, everybody = floor.world.bosco, [floor.world.anna, floor.world.bruno]
    for number in range(8):
        await floor.write_in(sender=f"a{number}@x.example")
        await floor.write_in(sender=f"b{number}@x.example", at=bosco)
    for agent in everybody:
        await cap(floor, agent, 20)
    results = await at_once(*(take(floor, agent) for _ in range(14) for agent in everybody))
    assert not failures(results)
    given = Counter(each for each in results if each is not None)
    assert set(given.values()) == {1}
    assert len(given) == 16
    slots = [(await floor.slot(agent)).used for agent in everybody]
    assert sum(slots) == 16
    assert await contradictions(floor) == []


async def test_the_line_takes_one_statement_however_many_wait(floor: Floor) -> None:
    brands, counts = [floor.aurora.id, floor.world.bosco.id], []
    for more in (1, 5):
        for number in range(more):
            await floor.write_in(sender=f"{more}.{number}@x.example")
        with counted(floor.database) as statements:
            async with floor.database.begin(Scope.reading(brands)) as db:
                line = await most_urgent(db, floor.world.anna.agent_id, brands)
        counts.append(len(statements))
    assert (counts, len(line)) == ([1, 1], 6)


async def test_what_was_handed_on_and_found_nobody_free_comes_before_what_is_due_sooner(floor: Floor) -> None:
    bosco = floor.world.bosco
    urgent = await floor.waiting(bosco)
    await due(floor, bosco, urgent, minutes=1)
    contact = await floor.held(floor.world.bruno)
    async with floor.database.begin(HOUSE) as db:
        anna = AgentSlot.agent_id == floor.world.anna.agent_id
        await db.execute(update(AgentSlot).where(anna).values(used=AgentSlot.cap))
    await floor.do(hand_to_colleague, contact, floor.anna.id, "Segui tu?", by=floor.bruno)
    async with floor.database.begin(HOUSE) as db:
        await db.execute(update(AgentSlot).where(anna).values(used=0))
    assert [await take(floor), await take(floor)] == [(floor.aurora.id, contact), (bosco.id, urgent)]
