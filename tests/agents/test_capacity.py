"""Units of effort in hand: never past the cap, never below nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import psycopg
import pytest
from psycopg import errors

from portavoce.agents.choosing import choose_state
from portavoce.agents.errors import NoAgent, NoCapacity, NotAvailable
from portavoce.agents.models import AgentSlot
from portavoce.core.db import APP, Database
from portavoce.core.scope import HOUSE
from portavoce.kit.ids import uuid7
from tests.agents.staff import add_staff, give_back
from tests.agents.staff import take as take_some
from tests.database import Installation
from tests.floor import at_once, failures

Step = Callable[[int], Awaitable[AgentSlot]]


@pytest.fixture
def take(database: Database, agent: UUID) -> Step:
    return lambda units: database.run(HOUSE, lambda db: take_some(db, agent, units))


@pytest.fixture
def give(database: Database, agent: UUID) -> Step:
    return lambda units: database.run(HOUSE, lambda db: give_back(db, agent, units))


@pytest.fixture
async def agent(database: Database) -> UUID:
    """Ready, with room for five."""
    agent_id = await add_staff(database, cap=5)
    await database.run(HOUSE, lambda db: choose_state(db, agent_id, "ready"))
    return agent_id


async def slot(database: Database, agent: UUID) -> AgentSlot:
    async with database.begin(HOUSE) as db:
        return await db.get_one(AgentSlot, agent)


async def test_work_in_hand_makes_working_and_its_end_ready(
    database: Database, agent: UUID, take: Step, give: Step
) -> None:
    assert (await take(2)).state == "working"
    assert (await give(1)).state == "working"
    assert (await give(1)).state == "ready"
    assert (await slot(database, agent)).used == 0


async def test_what_just_fits_is_taken_and_what_does_not_is_refused(
    database: Database, agent: UUID, take: Step
) -> None:
    await take(3)
    with pytest.raises(NoCapacity):
        await take(3)
    assert (await take(2)).used == 5
    with pytest.raises(NoCapacity):
        await take(1)
    assert (await slot(database, agent)).used == 5


async def test_giving_back_more_than_was_taken_ends_at_nothing(give: Step, take: Step) -> None:
    await take(1)
    assert (await give(4)).used == 0


@pytest.mark.parametrize(("chosen", "aux"), [("offline", None), ("aux", "training")])
async def test_who_is_away_takes_nothing(
    database: Database, agent: UUID, take: Step, chosen: str, aux: str | None
) -> None:
    await database.run(HOUSE, lambda db: choose_state(db, agent, chosen, aux))
    with pytest.raises(NotAvailable):
        await take(1)
    assert (await slot(database, agent)).used == 0


async def test_wrapping_up_leaves_room_for_the_next(
    database: Database, agent: UUID, take: Step, give: Step
) -> None:
    await database.run(HOUSE, lambda db: choose_state(db, agent, "acw"))
    assert (await take(1)).state == "working"
    assert (await give(1)).state == "acw"


async def test_sixty_at_once_never_leave_the_bounds(
    database: Database, agent: UUID, take: Step, give: Step
) -> None:
    results = await at_once(*(step(1) for step in [take, take, give] * 20))
    assert not failures(results, NoCapacity)
    seen = [each.used for each in results if isinstance(each, AgentSlot)]
    assert all(0 <= used <= 5 for used in seen)
    assert 0 <= (await slot(database, agent)).used <= 5


@pytest.mark.parametrize("used", [-1, 6])
async def test_postgresql_itself_keeps_the_bounds(
    installation: Installation, database: Database, agent: UUID, used: int
) -> None:
    with psycopg.connect(installation.dsn(APP)) as connection, pytest.raises(errors.CheckViolation):
        connection.execute("UPDATE pv.agent_slot SET used = %s WHERE agent_id = %s", (used, agent))


async def test_nobody_holds_nothing(database: Database) -> None:
    nobody = uuid7(database.clock)
    for verb in (take_some, give_back):
        with pytest.raises(NoAgent):
            async with database.begin(HOUSE) as db:
                await verb(db, nobody, 1)
