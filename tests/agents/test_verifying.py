"""An agent's own ledger holds, and a changed byte, a lost row or another timeline shows."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from portavoce.agents.choosing import choose_state
from portavoce.agents.verifying import agent_ids, verify_agent
from portavoce.core.scope import HOUSE
from portavoce.ledger.chain import Fault
from tests.world import World


async def faults(world: World) -> list[Fault]:
    async with world.database.begin(HOUSE, snapshot=True) as db:
        assert world.anna.agent_id in await agent_ids(db)
        return await verify_agent(db, world.anna.agent_id)


async def lived(world: World) -> None:
    for chosen, aux in (("aux", "break"), ("ready", None), ("acw", None)):
        async with world.database.begin(HOUSE) as db:
            await choose_state(db, world.anna.agent_id, chosen, aux)


async def test_a_day_of_states_holds(world: World) -> None:
    await lived(world)
    assert await faults(world) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE pv.agent_event SET to_state = 'offline' WHERE agent_id = %s AND n = 2", "to_state"),
        (
            "UPDATE pv.agent_event SET body = replace(body, 'break', 'meal') WHERE agent_id = %s AND n = 2",
            "hash",
        ),
        ("DELETE FROM pv.agent_event WHERE agent_id = %s AND n = 4", "head"),
        ("UPDATE pv.agent_slot SET n = n + 1 WHERE agent_id = %s", "head"),
        ("UPDATE pv.agent_state SET state = 'offline' WHERE agent_id = %s AND seq = 2", "timeline"),
    ],
)
async def test_whatever_is_altered_shows(
    world: World, superuser: psycopg.Connection[Any], change: str, reason: str
) -> None:
    await lived(world)
    superuser.execute(change, [world.anna.agent_id])
    assert any(reason in fault.reason for fault in await faults(world))
