"""The lists of an agent, over brands."""

from __future__ import annotations

from datetime import timedelta

from portavoce.agents.models import BrandAgent
from portavoce.brands.lines import LineSettings, set_line
from portavoce.conversations.claiming import claim
from portavoce.conversations.desk_queries import (
    held_by_agent,
    queue_of_brands,
    waiting_counts,
    wrapping_up,
)
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.kit.clock import SteppedClock
from tests.conversations.conftest import counted
from tests.floor import Floor
from tests.web.desk import house
from tests.web.desk.house import DeskBrand, Worker

House = tuple[DeskBrand, DeskBrand, Worker]


async def provider(database: Database) -> House:
    elena = await house.make_admin(database)
    aurora = await house.make_brand(database, elena, "Aurora")
    bosco = await house.make_brand(database, elena, "Bosco")
    return aurora, bosco, await house.make_worker(database, [aurora, bosco], "Anna")


async def claimed(database: Database, brand: DeskBrand, worker: Worker, body: str) -> None:
    interaction, _ = await house.arrive(database, brand, body, customer=body.title())
    async with database.begin(brand.writing) as db:
        await claim(db, interaction, by=await db.get_one(BrandAgent, (brand.id, worker.aliases[brand.id])))


async def test_the_queue_mixes_brands_and_puts_the_soonest_due_first(
    house_database: Database, clock: SteppedClock
) -> None:
    aurora, bosco, _ = await provider(house_database)
    for brand, body in ((bosco, "primo"), (aurora, "secondo"), (bosco, "terzo")):
        await house.arrive(house_database, brand, body, customer=body.title())
        clock.advance(timedelta(minutes=5))
    brands = {aurora.id, bosco.id}
    async with house_database.begin(Scope.reading(brands)) as db:
        rows = await queue_of_brands(db, brands, 50)
    assert [row.snippet for row in rows] == ["primo", "secondo", "terzo"]
    assert [row.brand_id for row in rows] == [bosco.id, aurora.id, bosco.id]
    assert rows[0].ticket == 1
    assert rows[0].promised == timedelta(hours=4)


async def test_a_flood_in_one_brand_hides_no_other(house_database: Database) -> None:
    aurora, bosco, _ = await provider(house_database)
    for number in range(4):
        await house.arrive(house_database, aurora, customer=f"Cliente {number}")
    await house.arrive(house_database, bosco, "da sola")
    brands = {aurora.id, bosco.id}
    async with house_database.begin(Scope.reading(brands)) as db:
        rows = await queue_of_brands(db, brands, 2)
        counts = await waiting_counts(db)
    assert sorted(row.brand_id == bosco.id for row in rows) == [False, False, True]
    assert counts == {aurora.id: 4, bosco.id: 1}


async def test_the_words_are_the_customers_last_on_one_line(house_database: Database) -> None:
    aurora, *_ = await provider(house_database)
    await house.arrive(house_database, aurora, "Buongiorno,\n\n  dov'è?  ")
    async with house_database.begin(Scope.reading({aurora.id})) as db:
        (row,) = await queue_of_brands(db, {aurora.id}, 50)
    assert row.snippet == "Buongiorno, dov'è?"


async def test_what_is_held_is_found_in_every_brand_and_only_for_its_holder(house_database: Database) -> None:
    aurora, bosco, anna = await provider(house_database)
    bruno = await house.make_worker(house_database, [aurora], "Bruno")
    await claimed(house_database, aurora, anna, "uno")
    await claimed(house_database, bosco, anna, "due")
    await claimed(house_database, aurora, bruno, "altrui")
    brands = {aurora.id, bosco.id}
    async with house_database.begin(Scope.reading(brands)) as db:
        annas = await held_by_agent(db, anna.agent_id)
        waiting = await queue_of_brands(db, brands, 50)
    assert [row.snippet for row in annas] == ["uno", "due"]
    assert waiting == []


async def test_nobody_without_brands_sees_anything(house_database: Database) -> None:
    async with house_database.begin(Scope.reading([])) as db:
        assert await queue_of_brands(db, [], 50) == []


async def test_lists_take_as_many_statements_for_three_contacts_as_for_one(house_database: Database) -> None:
    aurora, bosco, anna = await provider(house_database)
    brands = {aurora.id, bosco.id}
    counts = []
    for held in (1, 2):
        for number in range(held):
            await claimed(house_database, aurora, anna, f"in mano {held} {number}")
            await house.arrive(house_database, bosco, customer=f"In coda {held} {number}")
        with counted(house_database) as statements:
            async with house_database.begin(Scope.reading(brands)) as db:
                assert len(await queue_of_brands(db, brands, 50)) == (1 if held == 1 else 3)
                assert len(await held_by_agent(db, anna.agent_id)) == (1 if held == 1 else 3)
                await waiting_counts(db)
        counts.append(len(statements))
    assert counts == [3, 3]


async def test_after_contact_work_is_shown_to_whose_it_is_with_its_own_clock(floor: Floor) -> None:
    timed = LineSettings("assisted", False, "timed", 90)
    await floor.do(set_line, floor.aurora.lob_id, timed, by="admin")
    contact = await floor.closed()
    brands = [floor.aurora.id, floor.world.bosco.id]
    with counted(floor.database) as statements:
        async with floor.database.begin(Scope.reading(brands)) as db:
            (row,) = await wrapping_up(db, floor.world.anna.agent_id)
    assert len(statements) == 1
    assert (row.interaction_id, row.promised, row.running_until) == (
        contact, timedelta(seconds=90), floor.clock.now() + timedelta(seconds=90),
    )  # fmt: skip
    async with floor.database.begin(Scope.reading(brands)) as db:
        assert await wrapping_up(db, floor.world.bruno.agent_id) == []
