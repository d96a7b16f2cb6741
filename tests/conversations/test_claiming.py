"""Take a contact, never two of us; give it back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from portavoce.agents.errors import NoCapacity, NotAvailable
from portavoce.agents.models import AgentSlot
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.errors import AlreadyClosed, HeldByOther, NoInteraction, NotHeld
from portavoce.conversations.handling import focus
from portavoce.conversations.models import HandlingSegment
from tests.database import NOON
from tests.floor import Floor, at_once, failures


def shape(slot: AgentSlot) -> tuple[object, ...]:
    """Without `touched`, which counts locks."""
    return slot.used, slot.state, slot.state_seq, slot.n, slot.hash


async def test_a_claimed_contact_is_assigned_to_the_claimer(floor: Floor) -> None:
    interaction_id = await floor.held()
    contact, work = await floor.contact(interaction_id), await floor.work(interaction_id)
    assert (contact.state, contact.brand_agent_id, work.state) == ("assigned", floor.anna.id, "assigned")
    assert (await floor.slot()).used == 1


async def test_of_two_who_claim_at_once_one_wins_and_the_other_learns_who(floor: Floor) -> None:
    interaction_id = await floor.waiting()
    slots = {each.alias: shape(await floor.slot(agent)) for each, agent in floor.pair}
    results = await at_once(*(floor.do(claim, interaction_id, by=each) for each, _ in floor.pair))
    lost = [each for each in results if isinstance(each, HeldByOther)]
    assert len(lost) == 1
    assert not failures(results, HeldByOther)
    holder = (await floor.contact(interaction_id)).brand_agent_id
    winner, loser = sorted(floor.pair, key=lambda pair: pair[0].id != holder)
    assert lost[0].fields == {"holder": winner[0].alias}
    assert winner[0].alias in lost[0].message
    assert shape(await floor.slot(loser[1])) == slots[loser[0].alias]
    assert (await floor.slot(winner[1])).used == 1


async def test_eight_claims_of_one_agent_take_a_contact_once(floor: Floor) -> None:
    interaction_id = await floor.waiting()
    results = await at_once(*(floor.do(claim, interaction_id, by=floor.anna) for _ in range(8)))
    assert not failures(results)
    assert (await floor.slot()).used == 1
    assert [fact.kind for fact in await floor.facts()].count("interaction.assigned") == 1


async def test_claiming_what_one_holds_changes_nothing_even_when_full_or_away(floor: Floor) -> None:
    held = [await floor.held() for _ in range((await floor.slot()).cap)]
    await floor.choose("aux", "break")
    slot, before = shape(await floor.slot()), await floor.last_n()
    floor.pokes.clear()
    contact = await floor.do(claim, held[0], by=floor.anna)
    assert (contact.id, contact.state, contact.brand_agent_id) == (held[0], "assigned", floor.anna.id)
    assert shape(await floor.slot()) == slot
    assert (await floor.told(before), floor.pokes) == ([], [])


@pytest.mark.parametrize(("chosen", "aux"), [("offline", None), ("aux", "break")])
async def test_who_is_away_takes_nothing(floor: Floor, chosen: str, aux: str | None) -> None:
    interaction_id = await floor.waiting()
    await floor.choose(chosen, aux)
    before = await floor.last_n()
    with pytest.raises(NotAvailable):
        await floor.do(claim, interaction_id, by=floor.anna)
    assert (await floor.contact(interaction_id)).state == "waiting"
    assert await floor.told(before) == []


async def test_a_full_slot_takes_no_more(floor: Floor) -> None:
    held = [await floor.held() for _ in range((await floor.slot()).cap)]
    one_more = await floor.waiting()
    with pytest.raises(NoCapacity):
        await floor.do(claim, one_more, by=floor.anna)
    assert (await floor.slot()).used == len(held)
    assert (await floor.work(one_more)).state == "waiting"


async def test_twenty_claims_at_once_stop_at_the_cap(floor: Floor) -> None:
    contacts = [await floor.waiting() for _ in range(14)]
    results = await at_once(*(floor.do(claim, each, by=floor.anna) for each in contacts))
    slot = await floor.slot()
    assert slot.used == slot.cap == sum(not isinstance(each, BaseException) for each in results)
    assert not failures(results, NoCapacity)


async def test_a_released_contact_keeps_the_waiting_time_it_had(floor: Floor) -> None:
    interaction_id = await floor.waiting()
    floor.later(minutes=20)
    await floor.do(claim, interaction_id, by=floor.anna)
    floor.later(minutes=20)
    await floor.do(release, interaction_id, by=floor.anna)
    contact, work = await floor.contact(interaction_id), await floor.work(interaction_id)
    assert (contact.state, contact.brand_agent_id) == ("waiting", None)
    assert (work.state, work.queued_at) == ("waiting", NOON)
    assert work.due_at == contact.due_at == NOON + timedelta(hours=4)
    assert (await floor.slot()).used == 0


async def test_releasing_ends_the_handling(floor: Floor) -> None:
    interaction_id = await floor.held()
    await floor.do(focus, interaction_id, by=floor.anna)
    floor.later(minutes=2)
    await floor.do(release, interaction_id, by=floor.anna)
    (segment,) = await floor.rows(HandlingSegment)
    assert segment.ended_at == NOON + timedelta(minutes=2)


async def test_only_the_holder_releases(floor: Floor) -> None:
    interaction_id = await floor.held()
    before = shape(await floor.slot()), shape(await floor.slot(floor.world.bruno))
    with pytest.raises(HeldByOther):
        await floor.do(release, interaction_id, by=floor.bruno)
    assert (shape(await floor.slot()), shape(await floor.slot(floor.world.bruno))) == before
    assert (await floor.contact(interaction_id)).brand_agent_id == floor.anna.id


async def test_what_waits_cannot_be_released(floor: Floor) -> None:
    interaction_id = await floor.waiting()
    with pytest.raises(NotHeld):
        await floor.do(release, interaction_id, by=floor.anna)


async def test_a_closed_contact_is_neither_claimed_nor_released(floor: Floor) -> None:
    interaction_id = await floor.closed()
    for verb in (claim, release):
        with pytest.raises(AlreadyClosed):
            await floor.do(verb, interaction_id, by=floor.bruno)


async def test_a_contact_of_another_brand_does_not_exist(floor: Floor) -> None:
    elsewhere = await floor.waiting(floor.world.bosco)
    for verb in (claim, release):
        for missing in (elsewhere, uuid4()):
            with pytest.raises(NoInteraction):
                await floor.do(verb, missing, by=floor.anna)
    assert (await floor.contact(elsewhere, floor.world.bosco)).state == "waiting"


async def test_claim_and_release_are_facts_and_tell_the_screens(floor: Floor) -> None:
    interaction_id = await floor.waiting()
    before = await floor.last_n()
    floor.pokes.clear()
    await floor.do(claim, interaction_id, by=floor.anna)
    assert {(poke.view, poke.brand_id, poke.id) for poke in floor.pokes} == {
        ("queue", floor.aurora.id, interaction_id),
        ("interaction", floor.aurora.id, interaction_id),
        ("person", None, floor.anna.agent_id),
    }
    await floor.do(release, interaction_id, by=floor.anna)
    told = [(each.kind, each.from_state, each.to_state) for each in await floor.facts(before)]
    assert told == [
        ("interaction.assigned", "waiting", "assigned"),
        ("interaction.released", "assigned", "waiting"),
    ]
    for fact in await floor.facts(before):
        assert (fact.actor, fact.brand_agent_id) == (str(floor.anna.id), floor.anna.id)
        assert (fact.interaction_id, fact.lob_id) == (interaction_id, floor.aurora.lob_id)


async def test_the_units_of_two_brands_fill_one_slot(floor: Floor) -> None:
    await floor.held()
    await floor.held(at=floor.world.bosco)
    assert (await floor.slot()).used == 2
