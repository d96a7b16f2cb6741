"""A mail that answers none: from the line's address to where the customer said, and the answer to it comes back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from portavoce.channels.email.errors import NothingToWriteTo
from portavoce.channels.email.models import Mail, Mailbox
from portavoce.channels.email.tokens import issue
from portavoce.conversations import claiming, replying
from portavoce.conversations.models import Interaction, Message
from portavoce.conversations.visits.looking_up import look_up
from portavoce.conversations.visits.models import Visit
from tests.conversations.visits.standing import Stand, stand
from tests.floor import Floor
from tests.world import KEYS, World, letter

GINA = "gina@customer.example"


async def at_counter(world: World) -> Stand:
    clock: Any = world.database.clock
    return await stand(Floor(world, clock))


async def answered(world: World, contact: UUID) -> Mail:
    by = world.anna.at(world.aurora)
    await world.database.run(world.aurora.writing, lambda db: claiming.claim(db, contact, by=by))
    sent = await world.database.run(
        world.aurora.writing, lambda db: replying.reply(db, contact, "Le mandiamo la guarnizione.", by=by)
    )
    async with world.database.begin(world.aurora.reading) as db:
        return await db.get_one(Mail, (world.aurora.id, sent.id))


async def test_it_goes_to_where_the_customer_said_and_its_answer_comes_back_to_the_contact(
    world: World,
) -> None:
    at = await at_counter(world)
    await at.visit(email=GINA, phone="338 555 0142")
    match = await at.floor.do(look_up, "338 555 0142", by=at.clerk)
    assert match is not None
    known = {"visitor": "known", "lookup": match.lookup}
    visit = await at.visit(**known, email="altra@customer.example", by_mail=True)
    assert visit.continued_id is not None
    contact = await at.floor.get(Interaction, visit.continued_id)
    mail = await answered(world, contact.id)
    assert (mail.to_address, mail.from_address) == ("altra@customer.example", world.aurora.address)
    assert (mail.in_reply_to, mail.refs, mail.from_name) == (None, "", "Aurora")
    token = issue(KEYS, world.aurora.id, contact.conversation_id)
    assert mail.rfc_id.startswith(f"<{token}.")
    back = letter(world.aurora.address, sender="altra@customer.example", In_Reply_To=mail.rfc_id)
    await world.receive(world.aurora, back)
    said = [each for each in await world.messages(world.aurora) if each.direction == "in"]
    assert [(each.interaction_id, each.conversation_id) for each in said] == [
        (contact.id, contact.conversation_id)
    ]
    async with world.database.begin(world.aurora.writing) as db:
        again = await replying.reply(db, contact.id, "Ecco.", by=world.anna.at(world.aurora))
    async with world.database.begin(world.aurora.reading) as db:
        assert (await db.get_one(Mail, (world.aurora.id, again.id))).in_reply_to is not None


async def test_without_what_was_said_the_address_known_for_longest_is_taken(world: World) -> None:
    at = await at_counter(world)
    visit = await at.visit(email=GINA, by_mail=True)
    async with world.database.begin(world.aurora.writing) as db:
        row = await db.get_one(Visit, (world.aurora.id, visit.id))
        contact, row.continued_id, row.answer_to = row.continued_id, None, None
    assert contact is not None
    assert (await answered(world, contact)).to_address == GINA


async def test_a_brand_without_an_address_says_so_and_keeps_nothing(world: World) -> None:
    at = await at_counter(world)
    visit = await at.visit(email=GINA, by_mail=True)
    assert visit.continued_id is not None
    async with world.database.begin(world.aurora.writing) as db:
        await db.execute(delete(Mailbox))
    with pytest.raises(NothingToWriteTo):
        await answered(world, visit.continued_id)
    async with world.database.begin(world.aurora.reading) as db:
        assert (await db.scalars(select(Message.id).where(Message.direction == "out"))).all() == []
