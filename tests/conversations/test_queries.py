"""Finding interactions, messages and work of the one brand in scope."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy.exc import NoResultFound

from portavoce.conversations import queries
from portavoce.conversations.claiming import claim
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.models import Interaction
from tests.database import NOON
from tests.floor import Floor


async def test_what_another_brand_has_does_not_exist(floor: Floor) -> None:
    theirs = await floor.write_in(at=floor.world.bosco)
    for find, missing in (
        (queries.interaction, theirs.interaction_id),
        (queries.work_and_interaction, theirs.interaction_id),
        (queries.message, theirs.id),
    ):
        for each in (missing, uuid4()):
            with pytest.raises(NoInteraction):
                await floor.do(find, each)
        await floor.do(find, missing, at=floor.world.bosco)


async def test_what_is_locked_is_read_again(floor: Floor) -> None:
    interaction_id = await floor.waiting()
    async with floor.database.begin(floor.aurora.writing) as db:
        before = await db.get_one(Interaction, (floor.aurora.id, interaction_id))
        assert before.state == "waiting"
        await floor.do(claim, interaction_id, by=floor.anna)
        work, locked = await queries.work_and_interaction(db, interaction_id)
        assert (work.state, locked.state, locked.brand_agent_id) == ("assigned", "assigned", floor.anna.id)


async def test_the_open_and_the_latest_interaction_of_a_thread(floor: Floor) -> None:
    first = await floor.closed()
    thread = (await floor.contact(first)).conversation_id
    assert await floor.do(queries.open_interaction, thread, "email") is None
    assert await floor.do(queries.latest_interaction, thread, "email") == (first, None)
    floor.later(days=30)
    second = (await floor.write_in(thread=thread)).interaction_id
    found = await floor.do(queries.open_interaction, thread, "email")
    assert found is not None
    assert found.id == second
    assert await floor.do(queries.latest_interaction, thread, "email") == (second, None)
    assert await floor.do(queries.latest_interaction, thread, "chat") is None


async def test_a_line_without_a_queue_is_a_bug(floor: Floor) -> None:
    assert await floor.do(queries.queue_and_version, floor.aurora.lob_id, NOON)
    with pytest.raises(NoResultFound):
        await floor.do(queries.queue_and_version, floor.world.bosco.lob_id, NOON)
