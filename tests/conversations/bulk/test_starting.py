"""An act is written down once, with all it leaves out, and handed to a worker in the same transaction."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.conversations.bulk.errors import NoAction
from portavoce.conversations.bulk.judging import GONE, Wish
from portavoce.conversations.bulk.models import BulkAction
from portavoce.core.models import Outbox
from tests.conversations.bulk.acting import begun, steps
from tests.floor import Floor, at_once, failures


async def test_every_contact_is_in_it_also_those_left_out(floor: Floor) -> None:
    free, held = await floor.waiting(), await floor.held(floor.world.bruno)
    action = await begun(floor, [held, free], Wish("take"))
    assert await steps(floor, action) == {held: ("left_out", GONE["assigned"]), free: ("planned", "")}
    assert [each.ref_id for each in await floor.rows(Outbox)] == [action]


async def test_the_same_form_again_is_the_same_act_whatever_it_says(floor: Floor) -> None:
    contact, action_id = await floor.waiting(), uuid4()
    tries = [begun(floor, [contact], Wish("take"), action_id=action_id) for _ in range(3)]
    assert failures(await at_once(*tries)) == []
    await begun(floor, [contact], Wish("close", outcome="solved"), action_id=action_id)
    assert [each.verb for each in await floor.rows(BulkAction)] == ["take"]
    assert len(await floor.rows(Outbox)) == 1


async def test_somebody_elses_act_is_not_there(floor: Floor) -> None:
    contact, action_id = await floor.waiting(), uuid4()
    await begun(floor, [contact], Wish("take"), action_id=action_id)
    with pytest.raises(NoAction):
        await begun(floor, [contact], Wish("take"), action_id=action_id, by=floor.bruno)
