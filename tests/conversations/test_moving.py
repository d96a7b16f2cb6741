"""A contact goes on by another channel and stays the same: one row, one case, one holder, one clock."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from portavoce.conversations import delivery
from portavoce.conversations.calling import record_call
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.closing import close
from portavoce.conversations.complaining import complain
from portavoce.conversations.errors import AlreadyClosed, CannotMove, HeldByOther, NotHeld
from portavoce.conversations.models import Conversation, Interaction, Message
from portavoce.conversations.moving import OTHER_OPEN, move_to_channel
from portavoce.conversations.replying import reply
from portavoce.conversations.threads.splitting import split_contact
from portavoce.conversations.ways import open_ways
from portavoce.core.unit import Poke
from portavoce.customers.identifying import add_identity
from portavoce.customers.models import Customer
from portavoce.reporting.verifying import verify_books
from tests.consistency import contradictions
from tests.conversations.test_delivery import mark
from tests.floor import PERSONAL, Floor, at_once, data, failures
from tests.world import HOUSE_NAME

NUMBER = "+393385550142"


async def reachable(floor: Floor, interaction: UUID) -> UUID:
    """Its customer has a telephone."""
    thread = await floor.get(Conversation, (await floor.contact(interaction)).conversation_id)
    await floor.do(add_identity, thread.customer_id, "phone", NUMBER, by=floor.anna)
    return interaction


async def held(floor: Floor) -> UUID:
    return await reachable(floor, await floor.held())


async def by_phone(floor: Floor) -> UUID:
    interaction = await held(floor)
    await floor.do(move_to_channel, interaction, "phone", by=floor.anna)
    return interaction


async def sound(floor: Floor) -> bool:
    return not await contradictions(floor) and not await verify_books(floor.database, [floor.aurora.id])


async def test_it_is_the_same_contact_on_another_channel(floor: Floor) -> None:
    interaction = await held(floor)
    before, work, n = await floor.contact(interaction), await floor.work(interaction), await floor.last_n()
    floor.later(minutes=1)
    floor.pokes.clear()
    await floor.do(move_to_channel, interaction, "phone", by=floor.anna)
    after = await floor.contact(interaction)
    assert (after.channel, after.came_by, (await floor.work(interaction)).channel) == (
        "phone",
        "email",
        "phone",
    )
    same = (
        "care_case_id",
        "conversation_id",
        "brand_agent_id",
        "state",
        "due_at",
        "opened_at",
        "contract_version_id",
    )
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert (work.due_at, work.queued_at) == ((await floor.work(interaction)).due_at, work.queued_at)
    (fact,) = await floor.facts(n)
    assert (fact.kind, fact.actor, fact.from_state, fact.to_state) == (
        "interaction.moved", str(floor.anna.id), "assigned", "assigned",
    )  # fmt: skip
    assert data(fact) == {"left": "email", "channel": "phone"}
    assert not [word for word in (NUMBER, *PERSONAL) if word in fact.body.lower()]
    assert Poke("interaction", floor.aurora.id, interaction) in floor.pokes
    assert len(await floor.rows(Interaction)) == 1
    assert await sound(floor)


async def test_moving_back_is_the_same_verb_and_twice_is_once(floor: Floor) -> None:
    interaction = await by_phone(floor)
    await floor.do(move_to_channel, interaction, "phone", by=floor.anna)
    await floor.do(move_to_channel, interaction, "email", by=floor.anna)
    after = await floor.contact(interaction)
    assert (after.channel, after.came_by) == ("email", None)
    assert [fact.kind for fact in await floor.facts()].count("interaction.moved") == 2
    assert await sound(floor)


async def test_the_promise_stays_that_of_the_channel_it_came_by(floor: Floor) -> None:
    interaction = await by_phone(floor)
    floor.later(minutes=5)
    before = await floor.last_n()
    await floor.do(record_call, interaction, "Il tecnico viene domani.", reached=True, by=floor.anna)
    assert await floor.told(before) == ["message.sent", "clock.stopped"]
    assert await sound(floor)


@pytest.mark.parametrize("channel", ["phone", "chat", "visit", "", "sms"])
async def test_where_the_customer_cannot_be_reached_it_does_not_go(floor: Floor, channel: str) -> None:
    interaction = await floor.held()
    with pytest.raises(CannotMove):
        await floor.do(move_to_channel, interaction, channel, by=floor.anna)
    assert (await floor.contact(interaction)).channel == "email"


async def test_who_wishes_not_to_be_called_is_not_called(floor: Floor) -> None:
    interaction = await held(floor)
    async with floor.database.begin(floor.aurora.writing) as db:
        await db.execute(update(Customer).values(needs="no_calls,more_time"))
    with pytest.raises(CannotMove, match="not to be called"):
        await floor.do(move_to_channel, interaction, "phone", by=floor.anna)


async def test_what_is_of_a_closed_kind_goes_nowhere() -> None:
    assert open_ways("visit", {"email", "phone"}, ()) == {}
    assert open_ways("email", {"email", "phone"}, ()) == {"phone": ""}


async def test_another_open_contact_of_the_thread_stands_in_the_way(floor: Floor) -> None:
    interaction = await by_phone(floor)
    thread = (await floor.contact(interaction)).conversation_id
    async with floor.database.begin(floor.aurora.writing) as db:
        other = (await db.scalars(select(Interaction))).one()
        other.came_by = None
    await floor.write_in(thread=thread)
    with pytest.raises(CannotMove, match=OTHER_OPEN[:20]):
        await floor.do(move_to_channel, interaction, "email", by=floor.anna)


async def test_only_its_holder_moves_it(floor: Floor) -> None:
    interaction = await held(floor)
    with pytest.raises(HeldByOther):
        await floor.do(move_to_channel, interaction, "phone", by=floor.bruno)
    await floor.do(release, interaction, by=floor.anna)
    with pytest.raises(NotHeld):
        await floor.do(move_to_channel, interaction, "phone", by=floor.anna)
    await floor.do(claim, interaction, by=floor.anna)
    await floor.do(close, interaction, "solved", by=floor.anna)
    with pytest.raises(AlreadyClosed):
        await floor.do(move_to_channel, interaction, "phone", by=floor.anna)


async def test_two_at_once_move_it_once(floor: Floor) -> None:
    interaction = await held(floor)
    results = await at_once(
        *[floor.do(move_to_channel, interaction, "phone", by=floor.anna) for _ in range(3)]
    )
    assert failures(results) == []
    assert [fact.kind for fact in await floor.facts()].count("interaction.moved") == 1


async def test_what_the_customer_writes_meanwhile_comes_to_it(floor: Floor) -> None:
    interaction = await by_phone(floor)
    thread = (await floor.contact(interaction)).conversation_id
    message = await floor.write_in(thread=thread)
    assert (message.interaction_id, message.channel) == (interaction, "email")
    assert (await floor.contact(interaction)).channel == "phone"


async def test_closed_it_comes_back_by_the_channel_its_customer_writes_on(floor: Floor) -> None:
    interaction = await by_phone(floor)
    thread = (await floor.contact(interaction)).conversation_id
    await floor.do(close, interaction, "solved", by=floor.anna)
    floor.later(hours=1)
    before = await floor.last_n()
    assert (await floor.write_in(thread=thread)).interaction_id == interaction
    after = await floor.contact(interaction)
    assert (after.state, after.channel, after.came_by) == ("waiting", "email", None)
    assert (await floor.told(before))[:2] == ["interaction.moved", "interaction.reopened"]
    assert await sound(floor)


async def test_what_is_split_off_is_of_the_channel_it_came_by(floor: Floor) -> None:
    interaction = await held(floor)
    thread = (await floor.contact(interaction)).conversation_id
    second = await floor.write_in(thread=thread)
    await floor.do(move_to_channel, interaction, "phone", by=floor.anna)
    split = await floor.do(split_contact, interaction, [second.id], "Altro", by=floor.anna)
    assert (await floor.contact(split.opened_id)).channel == "email"
    assert await sound(floor)


async def test_what_was_written_before_leaves_by_mail_still(floor: Floor) -> None:
    interaction = await held(floor)
    later = floor.clock.now() + timedelta(hours=1)
    message = await floor.do(reply, interaction, "Arriva.", by=floor.anna, leaves_at=later)
    await floor.do(move_to_channel, interaction, "phone", by=floor.anna)
    await mark(floor, message.id, delivery.mark_sent)
    assert (await floor.contact(interaction)).first_response_at is not None


async def test_the_code_of_a_complaint_made_by_phone_goes_out_in_writing(floor: Floor) -> None:
    interaction = await by_phone(floor)
    complaint = await floor.do(complain, interaction, by=floor.anna, house=HOUSE_NAME)
    message = await floor.get(Message, complaint.message_id)
    assert (message.channel, message.state, message.automatic) == ("email", "queued", True)
