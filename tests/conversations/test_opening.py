"""The first inbound opens an interaction: work waits, the clock starts, a ticket is drawn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.errors import NothingInForce
from portavoce.contracts.models import Contract, ContractVersion
from portavoce.conversations.models import Conversation, Interaction, Message, WorkItem
from portavoce.core.unit import new_id, now
from portavoce.customers.models import Customer
from portavoce.ledger.models import LedgerEvent, Ticket
from tests.database import NOON
from tests.floor import Floor, at_once, data, failures


async def amend(db: AsyncSession) -> ContractVersion:
    """Version 2 of the brand's contract, in force from now on."""
    contract = (await db.scalars(select(Contract))).one()
    version = ContractVersion(
        id=new_id(db), contract_id=contract.id, number=2, valid_from=now(db), state="signed"
    )
    db.add(version)
    return version


async def test_a_first_message_makes_work_that_waits(floor: Floor) -> None:
    message = await floor.write_in()
    contact, work = await floor.contact(message.interaction_id), await floor.work(message.interaction_id)
    assert (contact.state, contact.opened_at, contact.follows_id) == ("waiting", NOON, None)
    assert (contact.closed_at, contact.first_response_at, contact.brand_agent_id) == (None, None, None)
    assert (work.state, work.queued_at, work.units, work.channel) == ("waiting", NOON, 1, "email")
    assert (work.lob_id, contact.lob_id) == (floor.aurora.lob_id, floor.aurora.lob_id)


async def test_opening_is_a_fact_that_draws_the_next_ticket(floor: Floor) -> None:
    before = await floor.last_n()
    first, second = await floor.write_in(), await floor.write_in()
    facts = await floor.facts(before)
    opened = [fact for fact in facts if fact.kind == "interaction.opened"]
    assert [fact.kind for fact in facts] == ["interaction.opened", "message.received"] * 2
    assert [data(fact)["ticket"] for fact in opened] == [1, 2]
    assert [fact.interaction_id for fact in opened] == [first.interaction_id, second.interaction_id]
    assert {(fact.actor, fact.from_state, fact.to_state, fact.at) for fact in opened} == {
        ("customer", None, "waiting", NOON)
    }
    assert data(opened[0]) == {
        "channel": "email", "conversation": str(first.conversation_id), "follows": None, "ticket": 1,
    }  # fmt: skip
    tickets = {ticket.interaction_id: ticket.number for ticket in await floor.rows(Ticket)}
    assert tickets == {first.interaction_id: 1, second.interaction_id: 2}


async def test_thirty_at_once_draw_thirty_tickets_without_a_gap(floor: Floor) -> None:
    results = await at_once(*(floor.write_in(sender=f"c{i}@customer.example") for i in range(30)))
    assert not failures(results)
    assert sorted(ticket.number for ticket in await floor.rows(Ticket)) == list(range(1, 31))


async def test_an_interaction_keeps_the_contract_version_of_its_opening(floor: Floor) -> None:
    first = await floor.write_in()
    floor.later(days=1)
    version = await floor.do(amend)
    second = await floor.write_in()
    old, new = await floor.contact(first.interaction_id), await floor.contact(second.interaction_id)
    assert new.contract_version_id == version.id
    assert old.contract_version_id not in (None, version.id)
    stamped = {fact.interaction_id: fact.contract_version_id for fact in await floor.facts()}
    assert stamped[second.interaction_id] == version.id
    assert stamped[first.interaction_id] == old.contract_version_id


async def test_without_a_version_in_force_nothing_is_stored(floor: Floor) -> None:
    before = len(await floor.facts())
    floor.clock.move_to(NOON - timedelta(days=1))
    with pytest.raises(NothingInForce):
        await floor.write_in()
    for kind in (Customer, Conversation, Interaction, WorkItem, Message, Ticket):
        assert await floor.rows(kind) == []
    assert len(await floor.facts()) == before


async def test_a_brand_that_reacts_to_nothing_still_works(floor: Floor) -> None:
    floor.database.reactions = {}
    message = await floor.write_in()
    assert (await floor.contact(message.interaction_id)).due_at is None


async def test_a_reaction_that_fails_takes_everything_with_it(floor: Floor) -> None:
    async def stumble(_db: AsyncSession, _event: object) -> None:
        raise RuntimeError("stumbled")

    before, handed = await floor.last_n(), len(floor.pokes)
    floor.database.reactions = {event: [stumble] for event in floor.database.reactions}
    with pytest.raises(RuntimeError, match="stumbled"):
        await floor.write_in()
    assert await floor.rows(Interaction) == []
    assert await floor.rows(Customer) == []
    assert [row.n for row in await floor.rows(LedgerEvent)][-1] == before
    assert len(floor.pokes) == handed


async def test_a_queue_hears_of_the_new_contact(floor: Floor) -> None:
    floor.pokes.clear()
    message = await floor.write_in()
    assert ("queue", floor.aurora.id, message.interaction_id) in [
        (poke.view, poke.brand_id, poke.id) for poke in floor.pokes
    ]
