"""A lock that is held is not asked for twice, and one that a savepoint let go is."""

from __future__ import annotations

from sqlalchemy import event

from portavoce.agents.models import AgentSlot
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.models import Interaction, WorkItem
from portavoce.conversations.queries import interaction, work_and_interaction
from portavoce.core.db import APP
from portavoce.core.locks import locked
from tests.floor import Floor


async def test_a_unit_asks_once_for_each_row_that_it_locks(floor: Floor) -> None:
    contact = await floor.waiting()
    engine, seen = floor.database.engine(APP).sync_engine, []
    async with floor.database.begin(floor.aurora.writing) as db:
        first = (await lock_slot(db, floor.anna.agent_id), *await work_and_interaction(db, contact))

        def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            again = (await lock_slot(db, floor.anna.agent_id), *await work_and_interaction(db, contact))
            alone = await interaction(db, contact)
        finally:
            event.remove(engine, "before_cursor_execute", note)
    assert (seen, again, alone) == ([], first, first[2])


async def test_the_next_unit_asks_again(floor: Floor) -> None:
    contact = await floor.waiting()
    for _ in range(2):
        async with floor.database.begin(floor.aurora.writing) as db:
            assert locked(db, Interaction, floor.aurora.id, contact) is None
            await interaction(db, contact)
            assert locked(db, Interaction, floor.aurora.id, contact) is not None
            assert locked(db, WorkItem, floor.aurora.id, contact) is None


async def test_what_a_savepoint_locked_is_asked_for_again_after_it(floor: Floor) -> None:
    async with floor.database.begin(floor.aurora.writing) as db:
        async with db.begin_nested():
            await lock_slot(db, floor.anna.agent_id)
        assert locked(db, AgentSlot, floor.anna.agent_id) is None
