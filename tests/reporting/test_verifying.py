from __future__ import annotations

from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from sqlalchemy import select

from portavoce.agents.choosing import choose_state
from portavoce.agents.models import AgentSlot, BrandAgent
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.closing import close
from portavoce.conversations.delivery import mark_sent
from portavoce.conversations.models import Message
from portavoce.conversations.receiving import Inbound, receive
from portavoce.conversations.reopening import reopen
from portavoce.conversations.replying import reply
from portavoce.core.db import Database
from portavoce.customers.finding import find_or_create
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.chain import genesis
from portavoce.reporting.verifying import verify_books
from tests.minting import Minted, mint_agent, mint_interaction

MINUTE = timedelta(minutes=1)
Superuser = psycopg.Connection[Any]


@pytest_asyncio.fixture
async def worked(ledger: Database, aurora: Minted, clock: SteppedClock) -> UUID:
    """A contact that went through every verb and is closed, beside one in hand and one that waits."""
    agent_id, known_as = await mint_agent(ledger, aurora)
    async with ledger.begin(aurora.writing) as db:
        db.add(AgentSlot(agent_id=agent_id, hash=genesis(agent_id)))
        await db.flush()
        await choose_state(db, agent_id, "ready")
    contacts = [await _arrive(ledger, aurora, name) for name in ("gina", "ugo", "ida")]
    for contact in contacts[:2]:
        await _work(ledger, aurora, clock, contact, known_as)
    await _close_twice(ledger, aurora, clock, contacts[0], known_as)
    return contacts[0]


async def _arrive(ledger: Database, brand: Minted, name: str) -> UUID:
    async with ledger.begin(brand.writing) as db:
        customer = await find_or_create(db, "email", f"{name}@posta.example", name, "it")
        message = await receive(
            db,
            Inbound(
                channel="email", lob_id=brand.lob_id, customer=customer, author=name, subject="Pacco", body="Dov'è?"
            ),
        )  # fmt: skip
        return message.interaction_id


async def _work(ledger: Database, brand: Minted, clock: SteppedClock, contact: UUID, known_as: UUID) -> None:
    async with ledger.begin(brand.writing) as db:
        by = await db.get_one(BrandAgent, (brand.id, known_as))
        await claim(db, contact, by=by)
        await release(db, contact, by=by)
        await claim(db, contact, by=by)
        await reply(db, contact, "Arriva domani.", by=by)
    clock.advance(MINUTE)
    async with ledger.begin(brand.writing) as db:
        query = select(Message).where(Message.interaction_id == contact, Message.direction == "out")
        await mark_sent(db, (await db.scalars(query)).one())


async def _close_twice(
    ledger: Database, brand: Minted, clock: SteppedClock, contact: UUID, known_as: UUID
) -> None:
    async with ledger.begin(brand.writing) as db:
        by = await db.get_one(BrandAgent, (brand.id, known_as))
        await close(db, contact, "solved", by=by)
        await reopen(db, contact, by=by)
        await claim(db, contact, by=by)
        clock.advance(MINUTE)
        await close(db, contact, "solved", by=by)


async def test_what_the_verbs_did_is_what_the_facts_tell(
    ledger: Database, aurora: Minted, worked: UUID
) -> None:
    assert worked
    assert await verify_books(ledger, [aurora.id]) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("first_response_at = first_response_at + interval '1 microsecond'", "first_response_at"),
        ("first_response_at = NULL", "first_response_at"),
        ("closed_at = closed_at - interval '1 hour'", "closed_at"),
        ("opened_at = opened_at - interval '1 hour'", "opened_at"),
        ("channel = 'phone'", "channel"),
        ("came_by = 'phone'", "came_by"),
        ("brand_agent_id = NULL", "brand_agent_id"),
        ("state = 'waiting', closed_at = NULL", "state"),
    ],
)
async def test_a_contact_that_does_not_stand_as_its_facts_say_is_named(
    ledger: Database, aurora: Minted, superuser: Superuser, worked: UUID, change: LiteralString, named: str
) -> None:
    statement = sql.SQL("UPDATE pv.interaction SET {} WHERE brand_id = %s AND id = %s").format(
        sql.SQL(change)
    )
    superuser.execute(statement, [aurora.id, worked])
    reasons = [fault.reason for fault in await verify_books(ledger, [aurora.id])]
    assert f"{named} of the contact is not what its facts tell" in reasons


async def test_a_contact_without_facts_is_named(ledger: Database, aurora: Minted) -> None:
    interaction = await mint_interaction(ledger, aurora)
    (fault,) = await verify_books(ledger, [aurora.id])
    assert (fault.n, fault.reason) == (0, f"contact {interaction} has no opening in the ledger")


async def test_facts_without_their_contact_are_named(
    ledger: Database, aurora: Minted, superuser: Superuser, worked: UUID
) -> None:
    superuser.execute(
        "UPDATE pv.ledger_event SET interaction_id = gen_random_uuid() WHERE interaction_id = %s", [worked]
    )
    reasons = {fault.reason for fault in await verify_books(ledger, [aurora.id])}
    assert f"contact {worked} has no opening in the ledger" in reasons
    assert "the contact of this fact is not kept" in reasons


async def test_a_damaged_body_stops_nothing(
    ledger: Database, aurora: Minted, superuser: Superuser, worked: UUID
) -> None:
    superuser.execute("UPDATE pv.ledger_event SET body = '{' WHERE interaction_id = %s", [worked])
    reasons = {fault.reason for fault in await verify_books(ledger, [aurora.id])}
    assert {"body is not canonical", "channel of the contact is not what its facts tell"} <= reasons
