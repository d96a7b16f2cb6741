"""What a search found, read in one brand."""

from __future__ import annotations

from uuid import uuid4

from portavoce.conversations import replying
from portavoce.conversations.found import found_by_number, found_customers, found_messages
from portavoce.conversations.models import Conversation
from portavoce.customers.finding import find_or_create
from tests.floor import GINA, Floor


async def test_a_message_tells_of_its_contact(floor: Floor) -> None:
    contact = await floor.held()
    note = await floor.do(replying.note, contact, "Cliente nervosa.", by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        found = await found_messages(db, [note.id, uuid4()])
    [one] = found.values()
    assert (one.message_id, one.interaction_id, one.brand_id) == (note.id, contact, floor.aurora.id)
    assert (one.customer, one.direction, one.body, one.subject) == (
        "Gina Verdi",
        "note",
        "Cliente nervosa.",
        "Aiuto",
    )
    assert (one.channel, one.ticket, one.language, one.at) == ("email", 1, "it", note.at)


async def test_a_customer_leads_to_the_latest_contact_or_to_none(floor: Floor) -> None:
    await floor.waiting()
    floor.later(hours=1)
    latest = await floor.waiting()
    ugo = await floor.do(find_or_create, "email", "ugo@customer.example", "Ugo Neri", "it")
    conversation = await floor.get(Conversation, (await floor.contact(latest)).conversation_id)
    async with floor.database.begin(floor.aurora.reading) as db:
        found = await found_customers(db, [conversation.customer_id, ugo.id])
    gina = found[conversation.customer_id]
    assert (gina.name, gina.interaction_id, gina.identities) == ("Gina Verdi", latest, (GINA,))
    assert (found[ugo.id].name, found[ugo.id].interaction_id) == ("Ugo Neri", None)


async def test_each_brand_counts_its_own_contacts(floor: Floor) -> None:
    ours, theirs = await floor.waiting(), await floor.waiting(floor.world.bosco)
    for brand, contact in ((floor.aurora, ours), (floor.world.bosco, theirs)):
        async with floor.database.begin(brand.reading) as db:
            found = await found_by_number(db, 1)
            assert found is not None
            assert (found.interaction_id, found.customer, found.message_id) == (contact, "Gina Verdi", None)
            assert await found_by_number(db, 77) is None


async def test_another_brands_messages_are_not_there(floor: Floor) -> None:
    message = await floor.write_in()
    async with floor.database.begin(floor.world.bosco.reading) as db:
        assert await found_messages(db, [message.id]) == {}
        assert await found_customers(db, [message.id]) == {}
