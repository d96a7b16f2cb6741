"""An act is written down once, with all it leaves out, and handed to a worker in the same transaction."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.bulk.errors import NoAction
from portavoce.conversations.bulk.judging import GONE, Wish
from portavoce.conversations.bulk.models import BulkAction
from portavoce.conversations.bulk.planning import plan
from portavoce.conversations.bulk.starting import begin
from portavoce.core.models import Outbox
from tests.conversations.bulk.acting import begun, steps
from tests.floor import Floor


async def test_every_contact_is_in_it_also_those_left_out(floor: Floor) -> None:
    free, held = await floor.waiting(), await floor.held(floor.world.bruno)
    action = await begun(floor, [held, free], Wish("take"))
    assert await steps(floor, action) == {held: ("left_out", GONE["assigned"]), free: ("planned", "")}
    assert [each.ref_id for each in await floor.rows(Outbox)] == [action]


async def test_the_same_form_again_is_the_same_act_whatever_it_says(floor: Floor) -> None:
    contact, action_id = await floor.waiting(), uuid4()
    for wish in (Wish("take"), Wish("close", outcome="solved")):
        await begun(floor, [contact], wish, action_id=action_id)
    assert [each.verb for each in await floor.rows(BulkAction)] == ["take"]
    assert len(await floor.rows(Outbox)) == 1


async def test_the_same_form_twice_at_once_is_one_act(floor: Floor) -> None:
    """The second is written while the first is not committed yet, and finds it when it tries again."""
    contact, action_id = await floor.waiting(), uuid4()
    written, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(db: AsyncSession) -> None:
        made = await plan(db, [contact], by=floor.anna, supervising=False)
        await begin(db, action_id, made, Wish("take"), by=floor.anna, supervising=False)
        written.set()
        await go_on.wait()

    first = asyncio.create_task(floor.do(slowly))
    await written.wait()
    second = asyncio.create_task(begun(floor, [contact], Wish("take"), action_id=action_id))
    await asyncio.wait([second], timeout=0.5)  # it waits for the first one's row
    go_on.set()
    await asyncio.gather(first, second)
    assert len(await floor.rows(BulkAction)) == len(await floor.rows(Outbox)) == 1


async def test_somebody_elses_act_is_not_there(floor: Floor) -> None:
    contact, action_id = await floor.waiting(), uuid4()
    await begun(floor, [contact], Wish("take"), action_id=action_id)
    with pytest.raises(NoAction):
        await begun(floor, [contact], Wish("take"), action_id=action_id, by=floor.bruno)
