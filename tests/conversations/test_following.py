"""A customer's contacts, and the screens that show them."""

from __future__ import annotations

from uuid import UUID

from portavoce.conversations.following import contacts_of, show_anew
from portavoce.conversations.models import Conversation
from portavoce.customers.events import ProfileChanged
from tests.floor import Floor


async def customer_of(floor: Floor, conversation: UUID) -> UUID:
    return (await floor.get(Conversation, conversation)).customer_id


async def test_the_contacts_of_a_customer_are_hers_in_this_brand_the_newest_first(floor: Floor) -> None:
    first = await floor.write_in()
    floor.later(minutes=1)
    second = await floor.write_in()
    await floor.write_in(sender="ugo@customer.example")
    await floor.write_in(at=floor.world.bosco)
    customer = await customer_of(floor, first.conversation_id)
    async with floor.database.begin(floor.aurora.reading) as db:
        found = await contacts_of(db, customer)
    assert [each.interaction_id for each in found] == [second.interaction_id, first.interaction_id]


async def test_a_changed_profile_is_told_to_its_contacts_and_no_others(floor: Floor) -> None:
    mine, other = await floor.write_in(), await floor.write_in(sender="ugo@customer.example")
    customer = await customer_of(floor, mine.conversation_id)
    floor.pokes.clear()
    await floor.do(show_anew, ProfileChanged(customer))
    told = {(each.view, each.brand_id, each.id) for each in floor.pokes}
    brand = floor.aurora.id
    assert told == {("interaction", brand, mine.interaction_id), ("queue", brand, customer)}
    assert other.interaction_id not in {each.id for each in floor.pokes}
