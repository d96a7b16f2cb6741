"""One gap-free timeline per agent, whatever the clock does and however many verbs run at once."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import select

from portavoce.agents.choosing import choose_state
from portavoce.agents.errors import NoAgent, NoCapacity, NotAvailable
from portavoce.agents.models import AgentEvent, AgentSlot, AgentState
from portavoce.agents.timeline import lock_slot
from portavoce.core.db import APP, Database
from portavoce.core.scope import HOUSE
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.chain import Fault, Head, Row, genesis, verify_rows
from tests.agents.staff import add_staff, give_back, take
from tests.database import NOON, Installation
from tests.floor import at_once, failures

INSERT = """
INSERT INTO pv.agent_state (agent_id, seq, since, state, aux, prev_seq, prev_since)
VALUES (%s, %s, %s, 'ready', NULL, %s, %s)
"""
COPIES = ("id", "kind", "v", "from_state", "to_state", "at")


async def states(database: Database, agent_id: UUID) -> list[AgentState]:
    async with database.begin(HOUSE) as db:
        query = select(AgentState).where(AgentState.agent_id == agent_id).order_by(AgentState.seq)
        return list((await db.scalars(query)).all())


async def chain_faults(database: Database, agent_id: UUID) -> list[Fault]:
    async with database.begin(HOUSE) as db:
        query = select(AgentEvent).where(AgentEvent.agent_id == agent_id).order_by(AgentEvent.n)
        events = list((await db.scalars(query)).all())
        slot = await db.get_one(AgentSlot, agent_id)
    rows = [
        Row(each.n, each.prev, each.hash, each.body, {name: getattr(each, name) for name in COPIES})
        for each in events
    ]
    return list(verify_rows(rows, after=Head(0, genesis(agent_id)), head=Head(slot.n, slot.hash)))


def holds_together(rows: Sequence[AgentState]) -> None:
    """No gap, no overlap, no step back, and no row that says what the row before said."""
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert (rows[0].prev_seq, rows[0].prev_since) == (None, None)
    for before, row in pairwise(rows):
        assert (row.prev_seq, row.prev_since) == (before.seq, before.since)
        assert row.since >= before.since
        assert (row.state, row.aux) != (before.state, before.aux)


async def test_a_new_agent_has_no_past(database: Database) -> None:
    agent_id = await add_staff(database)
    assert await states(database, agent_id) == []
    assert await chain_faults(database, agent_id) == []


async def test_every_change_begins_where_the_last_one_ended(database: Database, clock: SteppedClock) -> None:
    agent_id = await add_staff(database)
    for chosen in ("ready", "acw", "offline", "ready"):
        clock.advance(timedelta(minutes=7))
        await choose(database, agent_id, chosen)
    rows = await states(database, agent_id)
    holds_together(rows)
    assert [(row.state, row.since) for row in rows] == [
        (state, NOON + timedelta(minutes=7 * turn))
        for turn, state in enumerate(["ready", "acw", "offline", "ready"], start=1)
    ]


async def choose(database: Database, agent_id: UUID, chosen: str, aux: str | None = None) -> AgentSlot:
    return await database.run(HOUSE, lambda db: choose_state(db, agent_id, chosen, aux))


async def test_saying_the_same_again_writes_nothing(database: Database) -> None:
    agent_id = await add_staff(database)
    for _ in range(3):
        await choose(database, agent_id, "aux", "meal")
    assert [(row.state, row.aux) for row in await states(database, agent_id)] == [("aux", "meal")]


async def test_another_pause_is_another_state(database: Database) -> None:
    agent_id = await add_staff(database)
    for code in ("meal", "training"):
        await choose(database, agent_id, "aux", code)
    assert [(row.state, row.aux) for row in await states(database, agent_id)] == [
        ("aux", "meal"),
        ("aux", "training"),
    ]


async def test_a_clock_that_jumps_back_does_not_take_the_timeline_with_it(
    database: Database, clock: SteppedClock
) -> None:
    agent_id = await add_staff(database)
    await choose(database, agent_id, "ready")
    clock.advance(timedelta(days=-3))
    await choose(database, agent_id, "acw")
    clock.advance(timedelta(days=3, seconds=1))
    await choose(database, agent_id, "offline")
    rows = await states(database, agent_id)
    holds_together(rows)
    assert [row.since for row in rows] == [NOON, NOON, NOON + timedelta(seconds=1)]


async def test_eight_agents_of_forty_verbs_each_at_once_leave_eight_whole_timelines(
    database: Database, clock: SteppedClock
) -> None:
    agents = [await add_staff(database) for _ in range(8)]
    dice = random.Random(7)

    async def verb(agent_id: UUID) -> None:
        clock.advance(timedelta(seconds=dice.choice([-90, -1, 0, 1, 5, 60])))
        kind = dice.randrange(4)
        if kind == 0:
            await database.run(HOUSE, lambda db: take(db, agent_id, 1))
        elif kind == 1:
            await database.run(HOUSE, lambda db: give_back(db, agent_id, 1))
        else:
            chosen = dice.choice(["ready", "ready", "acw", "aux", "offline"])
            await choose(database, agent_id, chosen, "break" if chosen == "aux" else None)

    turns = [agent_id for agent_id in agents for _ in range(40)]
    dice.shuffle(turns)
    results = await at_once(*(verb(each) for each in turns))
    assert not failures(results, NotAvailable, NoCapacity)
    for agent_id in agents:
        holds_together(await states(database, agent_id))
        assert await chain_faults(database, agent_id) == []
        async with database.begin(HOUSE) as db:
            slot = await db.get_one(AgentSlot, agent_id)
        assert 0 <= slot.used <= slot.cap


async def test_a_person_who_is_no_agent_is_told(database: Database) -> None:
    async with database.begin(HOUSE) as db:
        with pytest.raises(NoAgent):
            await lock_slot(db, uuid4())


async def test_every_state_is_an_event_of_the_agents_own_ledger(database: Database) -> None:
    agent_id = await add_staff(database)
    await choose(database, agent_id, "ready")
    await choose(database, agent_id, "aux", "break")
    async with database.begin(HOUSE) as db:
        query = select(AgentEvent).where(AgentEvent.agent_id == agent_id).order_by(AgentEvent.n)
        events = list((await db.scalars(query)).all())
    assert [(each.n, each.kind, each.from_state, each.to_state) for each in events] == [
        (1, "agent.state", None, "ready"),
        (2, "agent.state", "ready", "aux"),
    ]
    assert '"data":{"aux":"break"}' in events[1].body
    assert "Anna" not in events[1].body


@pytest.fixture
def as_app(installation: Installation) -> Callable[..., None]:
    """Runs one statement as the product's own role, without its verbs."""

    def run(statement: Any, values: Sequence[object]) -> None:
        with psycopg.connect(installation.dsn(APP)) as connection:
            connection.execute(statement, values)

    return run


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        ((2, "later", None, None), errors.CheckViolation),
        ((3, "later", 2, "tail"), errors.ForeignKeyViolation),
        ((3, "later", 1, "tail"), errors.CheckViolation),
        ((2, "later", 1, "between"), errors.ForeignKeyViolation),
        ((2, "before", 1, "tail"), errors.CheckViolation),
        ((2, "later", 1, None), errors.CheckViolation),
        ((1, "later", None, None), errors.UniqueViolation),
        ((0, "later", None, None), errors.CheckViolation),
        ((2, "future", 1, "tail"), errors.CheckViolation),
    ],
)
async def test_no_gap_overlap_or_step_back_can_be_written(
    database: Database, as_app: Callable[..., None], row: tuple[Any, ...], refusal: type[Exception]
) -> None:
    agent_id = await add_staff(database)
    await choose(database, agent_id, "offline")
    moments: dict[str | None, datetime | None] = {
        None: None,
        "tail": NOON,
        "before": NOON - timedelta(seconds=1),
        "between": NOON + timedelta(seconds=1),
        "later": NOON + timedelta(minutes=1),
        "future": datetime.max.replace(tzinfo=NOON.tzinfo) - timedelta(days=366),
    }
    seq, since, prev_seq, prev_since = row
    with pytest.raises(refusal):
        as_app(INSERT, (agent_id, seq, moments[since], prev_seq, moments[prev_since]))
    assert len(await states(database, agent_id)) == 1


async def test_the_row_that_fits_can_be_written(database: Database, as_app: Callable[..., None]) -> None:
    agent_id = await add_staff(database)
    await choose(database, agent_id, "offline")
    as_app(INSERT, (agent_id, 2, NOON, 1, NOON))
    holds_together(await states(database, agent_id))


@pytest.mark.parametrize("table", ["agent_state", "agent_event"])
@pytest.mark.parametrize("statement", ["UPDATE pv.{} SET recorded_at = now()", "DELETE FROM pv.{}"])
async def test_what_was_is_not_changed(as_app: Callable[..., None], table: str, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        as_app(statement.format(table), ())
