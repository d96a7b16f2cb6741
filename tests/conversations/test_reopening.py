"""A closed interaction goes back to work."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from portavoce.conversations.claiming import claim
from portavoce.conversations.closing import close
from portavoce.conversations.errors import NoInteraction, NotClosed
from portavoce.conversations.models import Closure
from portavoce.conversations.reopening import reopen
from tests.database import NOON
from tests.floor import Floor, at_once, failures


async def test_an_agent_reopens_what_is_closed(floor: Floor) -> None:
    interaction_id = await floor.closed()
    floor.later(days=90)
    before = await floor.last_n()
    await floor.do(reopen, interaction_id, by=floor.bruno)
    contact, work = await floor.contact(interaction_id), await floor.work(interaction_id)
    assert (contact.state, contact.closed_at, contact.brand_agent_id) == ("waiting", None, None)
    assert (work.state, work.queued_at) == ("waiting", NOON + timedelta(days=90))
    (fact,) = await floor.facts(before)
    assert (fact.kind, fact.actor, fact.brand_agent_id) == (
        "interaction.reopened",
        str(floor.bruno.id),
        floor.bruno.id,
    )
    assert (fact.from_state, fact.to_state, fact.lob_id) == ("closed", "waiting", floor.aurora.lob_id)


async def test_reopening_takes_nobodys_capacity(floor: Floor) -> None:
    interaction_id = await floor.closed()
    await floor.do(reopen, interaction_id, by=floor.anna)
    assert (await floor.slot()).used == 0


async def test_reopening_starts_no_second_clock(floor: Floor) -> None:
    interaction_id = await floor.closed()
    due = (await floor.contact(interaction_id)).due_at
    floor.later(days=2)
    await floor.do(reopen, interaction_id, by=floor.anna)
    assert (await floor.contact(interaction_id)).due_at == due == NOON + timedelta(hours=4)


async def test_every_closure_is_kept(floor: Floor) -> None:
    interaction_id = await floor.closed()
    await floor.do(reopen, interaction_id, by=floor.bruno)
    await floor.do(claim, interaction_id, by=floor.bruno)
    await floor.do(close, interaction_id, "informed", by=floor.bruno)
    assert [row.brand_agent_id for row in await floor.rows(Closure)] == [floor.anna.id, floor.bruno.id]


@pytest.mark.parametrize("held", [True, False])
async def test_what_is_open_is_not_reopened(floor: Floor, held: bool) -> None:
    interaction_id = await (floor.held() if held else floor.waiting())
    state = (await floor.contact(interaction_id)).state
    with pytest.raises(NotClosed):
        await floor.do(reopen, interaction_id, by=floor.anna)
    assert (await floor.contact(interaction_id)).state == state


async def test_an_interaction_with_an_open_successor_stays_closed(floor: Floor) -> None:
    interaction_id = await floor.closed()
    thread = (await floor.contact(interaction_id)).conversation_id
    floor.later(days=30)
    await floor.write_in(thread=thread)
    with pytest.raises(NotClosed, match="later contact"):
        await floor.do(reopen, interaction_id, by=floor.anna)


async def test_of_four_who_reopen_at_once_one_does(floor: Floor) -> None:
    interaction_id = await floor.closed()
    results = await at_once(*(floor.do(reopen, interaction_id, by=by) for by, _ in floor.pair * 2))
    assert not failures(results, NotClosed)
    assert sum(isinstance(each, NotClosed) for each in results) == 3
    assert [each.kind for each in await floor.facts()].count("interaction.reopened") == 1


async def test_a_contact_of_another_brand_does_not_exist(floor: Floor) -> None:
    elsewhere = await floor.waiting(floor.world.bosco)
    for missing in (elsewhere, uuid4()):
        with pytest.raises(NoInteraction):
            await floor.do(reopen, missing, by=floor.anna)
