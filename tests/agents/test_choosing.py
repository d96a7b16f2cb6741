"""What an agent asks for, and when it takes effect."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.agents.choosing import CHOICES, choose_state
from portavoce.agents.errors import NoAgent, UnknownState
from portavoce.agents.models import AUX_CODES, AgentSlot
from portavoce.conversations.closing import close
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from tests.agents.staff import add_staff, give_back, take
from tests.floor import Floor


@pytest.mark.parametrize(
    ("chosen", "aux"),
    [("ready", None), ("acw", None), ("offline", None), *(("aux", code) for code in AUX_CODES)],
)
async def test_an_idle_agent_is_what_they_chose(database: Database, chosen: str, aux: str | None) -> None:
    agent_id = await add_staff(database)
    slot = await database.run(HOUSE, lambda db: choose_state(db, agent_id, chosen, aux))
    assert (slot.state, slot.tail_aux) == (chosen, aux)
    assert (slot.chosen, slot.aux) == (chosen, aux)


@pytest.mark.parametrize("chosen", [each for each in CHOICES if each != "ready"])
async def test_work_in_hand_stays_working_until_the_last_is_given_back(
    database: Database, chosen: str
) -> None:
    agent_id = await add_staff(database)
    aux = "meal" if chosen == "aux" else None
    async with database.begin(HOUSE) as db:
        await choose_state(db, agent_id, "ready")
    async with database.begin(HOUSE) as db:
        await take(db, agent_id, 2)
    seen = []
    async with database.begin(HOUSE) as db:
        seen.append((await choose_state(db, agent_id, chosen, aux)).state)
    for _ in range(2):
        async with database.begin(HOUSE) as db:
            seen.append((await give_back(db, agent_id, 1)).state)
    assert seen == ["working", "working", chosen]


async def test_a_pause_chosen_at_work_begins_when_the_last_contact_is_closed(floor: Floor) -> None:
    first, second = await floor.held(), await floor.held(at=floor.world.bosco)
    await floor.choose("aux", "break")
    assert (await floor.slot()).state == "working"
    await floor.do(close, first, "solved", by=floor.anna)
    assert (await floor.slot()).state == "working"
    bosco = floor.world.bosco
    await floor.do(close, second, "solved", by=floor.world.anna.at(bosco), at=bosco)
    slot = await floor.slot()
    assert (slot.state, slot.tail_aux) == ("aux", "break")


@pytest.mark.parametrize(
    ("chosen", "aux"),
    [("working", None), ("not_responding", None), ("", None), ("READY", None), ("aux", None), ("aux", "nap")],
)
async def test_what_is_not_on_the_list_is_refused(database: Database, chosen: str, aux: str | None) -> None:
    agent_id = await add_staff(database)
    with pytest.raises(UnknownState):
        await database.run(HOUSE, lambda db: choose_state(db, agent_id, chosen, aux))
    async with database.begin(HOUSE) as db:
        slot = await db.get_one(AgentSlot, agent_id)
    assert (slot.state_seq, slot.touched) == (0, 0)


async def test_a_code_without_a_pause_is_dropped(database: Database) -> None:
    agent_id = await add_staff(database)
    slot = await database.run(HOUSE, lambda db: choose_state(db, agent_id, "ready", "meal"))
    assert (slot.aux, slot.tail_aux) == (None, None)


async def test_only_agents_choose(database: Database) -> None:
    with pytest.raises(NoAgent):
        await database.run(HOUSE, lambda db: choose_state(db, uuid4(), "ready"))


async def test_the_agents_screens_hear_of_a_change_and_of_nothing_else(floor: Floor) -> None:
    floor.pokes.clear()
    await floor.choose("ready")
    assert floor.pokes == []
    await floor.choose("aux", "meal")
    assert [(poke.view, poke.brand_id, poke.id) for poke in floor.pokes] == [
        ("person", None, floor.world.anna.agent_id)
    ]
