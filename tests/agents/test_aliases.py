"""How a brand knows its agents."""

from __future__ import annotations

from portavoce.agents.aliases import agent_of, alias_for, brand_agent_of
from portavoce.agents.models import BrandAgent
from portavoce.core.scope import HOUSE, Scope
from tests.floor import Floor


async def test_each_brand_knows_an_agent_by_an_id_of_its_own(floor: Floor) -> None:
    anna, bosco = floor.world.anna, floor.world.bosco
    assert anna.at(floor.aurora).id != anna.at(bosco).id
    assert anna.agent_id not in (anna.at(floor.aurora).id, anna.at(bosco).id)
    assert anna.at(floor.aurora).alias == "Anna"


async def test_asking_again_finds_the_same_alias(floor: Floor) -> None:
    again = await floor.do(alias_for, floor.world.anna.agent_id, "Annalisa")
    assert (again.id, again.alias) == (floor.anna.id, "Anna")
    assert len(await floor.rows(BrandAgent)) == 2


async def test_who_left_is_nobody_and_comes_back_as_before(floor: Floor) -> None:
    async with floor.database.begin(floor.aurora.writing) as db:
        row = await db.get_one(BrandAgent, (floor.aurora.id, floor.anna.id))
        row.active = False
    agent_id = floor.world.anna.agent_id
    assert await floor.do(brand_agent_of, agent_id) is None
    assert (await floor.do(alias_for, agent_id, "Anna")).id == floor.anna.id
    found = await floor.do(brand_agent_of, agent_id)
    assert found is not None
    assert found.active


async def test_a_brand_does_not_know_the_agents_of_another(floor: Floor) -> None:
    bruno = floor.world.bruno.agent_id
    assert await floor.do(brand_agent_of, bruno, at=floor.world.bosco) is None
    assert await floor.do(brand_agent_of, bruno) is not None


async def test_a_scope_that_reads_two_brands_still_writes_into_one(floor: Floor) -> None:
    brands = frozenset({floor.aurora.id, floor.world.bosco.id})
    async with floor.database.begin(Scope(brands, floor.world.bosco.id)) as db:
        found = await alias_for(db, floor.world.anna.agent_id, "Anna")
    assert found.brand_id == floor.world.bosco.id


async def test_a_person_is_an_agent_or_not(floor: Floor) -> None:
    async with floor.database.begin(HOUSE) as db:
        agent = await agent_of(db, floor.world.anna.person_id)
        assert agent is not None
        assert agent.agent_id == floor.world.anna.agent_id
        assert await agent_of(db, floor.world.elena) is None
