"""Put aside, and back by itself: with its moment, with the customer's word, or with whoever takes it up."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from portavoce.conversations.claiming import claim
from portavoce.conversations.errors import BadMoment, HeldByOther, NotHeld, NothingAsked
from portavoce.conversations.models import WorkItem
from portavoce.conversations.replying import note, reply
from portavoce.conversations.setting_aside import FARTHEST, bring_back_the_due, set_aside
from portavoce.conversations.withdrawing import withdraw
from tests.database import NOON
from tests.floor import Floor, data

TOMORROW = NOON + timedelta(days=1)


async def aside(floor: Floor, kind: str = "snoozed", until: datetime = TOMORROW) -> UUID:
    interaction = await floor.held()
    if kind == "pending":
        await floor.do(reply, interaction, "Quale modello?", by=floor.anna)
    await floor.do(set_aside, interaction, kind, until, by=floor.anna)
    return interaction


async def states(floor: Floor, interaction: UUID) -> tuple[str, str]:
    return (await floor.contact(interaction)).state, (await floor.work(interaction)).state


@pytest.mark.parametrize("kind", ["snoozed", "pending"])
async def test_it_leaves_the_hands_and_the_queue_and_says_so_in_the_ledger(floor: Floor, kind: str) -> None:
    interaction = await aside(floor, kind)
    assert await states(floor, interaction) == (kind, "aside")
    assert (await floor.slot()).used == 0
    fact = (await floor.facts())[-1]
    assert (fact.kind, fact.from_state, fact.to_state) == (f"interaction.{kind}", "assigned", kind)
    assert data(fact)["until"].startswith(f"{TOMORROW:%Y-%m-%dT%H:%M}")


@pytest.mark.parametrize("kind", ["snoozed", "pending"])
async def test_its_moment_brings_it_back_to_the_place_it_had(floor: Floor, kind: str) -> None:
    interaction = await aside(floor, kind)
    before = await floor.work(interaction)
    assert await bring_back_the_due(floor.database, floor.aurora.id) == 0
    floor.later(days=1)
    assert await bring_back_the_due(floor.database, floor.aurora.id) == 1
    assert await bring_back_the_due(floor.database, floor.aurora.id) == 0
    assert await states(floor, interaction) == ("waiting", "waiting")
    after = await floor.work(interaction)
    assert (after.wakes_at, after.queued_at, after.due_at) == (None, before.queued_at, before.due_at)
    fact = (await floor.facts())[-1]
    assert (fact.kind, fact.actor, fact.from_state) == ("interaction.returned", "system", kind)


@pytest.mark.parametrize("kind", ["snoozed", "pending"])
async def test_the_customers_word_brings_it_back_and_a_machines_does_not(floor: Floor, kind: str) -> None:
    interaction = await aside(floor, kind)
    thread = (await floor.contact(interaction)).conversation_id
    await floor.write_in(thread=thread, automatic=True)
    assert await states(floor, interaction) == (kind, "aside")
    await floor.write_in(thread=thread)
    assert await states(floor, interaction) == ("waiting", "waiting")
    kinds = [(fact.kind, fact.actor) for fact in (await floor.facts())[-2:]]
    assert ("interaction.returned", "customer") in kinds
    assert len(await floor.rows(WorkItem)) == 1


async def test_anybody_may_take_it_up_before_and_nobody_works_on_it_meanwhile(floor: Floor) -> None:
    interaction = await aside(floor)
    with pytest.raises(NotHeld):
        await floor.do(reply, interaction, "Ancora una cosa", by=floor.anna)
    await floor.do(claim, interaction, by=floor.bruno)
    held = await floor.contact(interaction)
    assert (held.state, held.brand_agent_id) == ("assigned", floor.bruno.id)
    assert (await floor.work(interaction)).wakes_at is None
    floor.later(days=2)
    assert await bring_back_the_due(floor.database, floor.aurora.id) == 0


async def test_only_its_holder_puts_it_aside_and_only_until_a_moment_ahead(floor: Floor) -> None:
    interaction = await floor.held()
    with pytest.raises(HeldByOther):
        await floor.do(set_aside, interaction, "snoozed", TOMORROW, by=floor.bruno)
    for until in (NOON, NOON - timedelta(hours=1), NOON + FARTHEST + timedelta(minutes=1)):
        with pytest.raises(BadMoment):
            await floor.do(set_aside, interaction, "snoozed", until, by=floor.anna)
    assert (await floor.contact(interaction)).state == "assigned"


async def test_only_who_asked_may_wait_for_an_answer(floor: Floor) -> None:
    interaction = await floor.held()
    await floor.do(note, interaction, "Aspettiamo", by=floor.anna)
    with pytest.raises(NothingAsked):
        await floor.do(set_aside, interaction, "pending", TOMORROW, by=floor.anna)
    asked = await floor.do(reply, interaction, "Quale modello?", by=floor.anna)
    await floor.do(withdraw, asked.id, by=floor.anna)
    with pytest.raises(NothingAsked):
        await floor.do(set_aside, interaction, "pending", TOMORROW, by=floor.anna)
    await floor.do(reply, interaction, "Quale modello?", by=floor.anna)
    await floor.do(set_aside, interaction, "pending", TOMORROW, by=floor.anna)
