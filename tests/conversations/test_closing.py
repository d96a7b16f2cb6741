"""Wrap up with an outcome and close."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from portavoce.conversations.closing import close
from portavoce.conversations.errors import (
    AlreadyClosed,
    HeldByOther,
    NoInteraction,
    NotHeld,
    UnknownDisposition,
)
from portavoce.conversations.handling import focus
from portavoce.conversations.models import Closure, HandlingSegment
from tests.database import NOON
from tests.floor import Floor, at_once, data, failures


async def test_closing_ends_the_work_and_frees_the_agent(floor: Floor) -> None:
    interaction_id = await floor.held()
    await floor.do(focus, interaction_id, by=floor.anna)
    floor.later(minutes=3)
    await floor.do(close, interaction_id, "solved", by=floor.anna, note="Guarnizione sostituita.")
    at = NOON + timedelta(minutes=3)
    contact, work, slot = (
        await floor.contact(interaction_id),
        await floor.work(interaction_id),
        await floor.slot(),
    )
    assert (contact.state, contact.closed_at, work.state) == ("closed", at, "done")
    assert (slot.used, slot.state) == (0, "ready")
    assert [segment.ended_at for segment in await floor.rows(HandlingSegment)] == [at]
    (closure,) = await floor.rows(Closure)
    assert (closure.interaction_id, closure.brand_agent_id, closure.at, closure.note) == (
        interaction_id, floor.anna.id, at, "Guarnizione sostituita.",
    )  # fmt: skip


async def test_closing_is_a_fact_with_the_outcome_and_without_the_note(floor: Floor) -> None:
    interaction_id = await floor.held()
    before = await floor.last_n()
    await floor.do(close, interaction_id, "complaint", by=floor.anna, note="Gina è arrabbiata.")
    (fact,) = await floor.facts(before)
    assert (fact.kind, fact.actor, fact.brand_agent_id) == (
        "interaction.closed",
        str(floor.anna.id),
        floor.anna.id,
    )
    assert (fact.from_state, fact.to_state, fact.lob_id) == ("assigned", "closed", floor.aurora.lob_id)
    assert data(fact) == {"disposition": "complaint"}
    assert "Gina" not in fact.body


async def test_an_unknown_outcome_changes_nothing(floor: Floor) -> None:
    interaction_id = await floor.held()
    before, handed = await floor.last_n(), len(floor.pokes)
    with pytest.raises(UnknownDisposition) as refusal:
        await floor.do(close, interaction_id, "whatever", by=floor.anna)
    assert "disposition" in refusal.value.fields
    assert (await floor.contact(interaction_id)).state == "assigned"
    assert (await floor.slot()).used == 1
    assert await floor.rows(Closure) == []
    assert await floor.told(before) == []
    assert len(floor.pokes) == handed


async def test_only_the_holder_closes(floor: Floor) -> None:
    interaction_id = await floor.held()
    with pytest.raises(HeldByOther):
        await floor.do(close, interaction_id, "solved", by=floor.bruno)
    assert (await floor.slot()).used == 1
    assert (await floor.contact(interaction_id)).state == "assigned"


async def test_what_nobody_holds_is_not_closed(floor: Floor) -> None:
    interaction_id = await floor.waiting()
    with pytest.raises(NotHeld):
        await floor.do(close, interaction_id, "solved", by=floor.anna)


async def test_what_is_closed_stays_closed_once(floor: Floor) -> None:
    interaction_id = await floor.held()
    results = await at_once(*(floor.do(close, interaction_id, "solved", by=floor.anna) for _ in range(4)))
    assert not failures(results, AlreadyClosed)
    assert len(await floor.rows(Closure)) == 1
    assert (await floor.slot()).used == 0


async def test_another_contact_stays_in_hand(floor: Floor) -> None:
    first, second = await floor.held(), await floor.held()
    await floor.do(close, first, "solved", by=floor.anna)
    slot = await floor.slot()
    assert (slot.used, slot.state) == (1, "working")
    assert (await floor.contact(second)).state == "assigned"


async def test_a_contact_of_another_brand_does_not_exist(floor: Floor) -> None:
    elsewhere = await floor.held(at=floor.world.bosco)
    for missing in (elsewhere, uuid4()):
        with pytest.raises(NoInteraction):
            await floor.do(close, missing, "solved", by=floor.anna)
    assert (await floor.slot()).used == 1
