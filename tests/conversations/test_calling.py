"""A call is written down: reached it is an answer, not reached a note, and nothing is written where one calls."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from portavoce.conversations.calling import MISSED, record_call
from portavoce.conversations.errors import EmptyText, HeldByOther, NotSpoken, NotWritten, SentBefore
from portavoce.conversations.models import Message
from portavoce.conversations.moving import move_to_channel
from portavoce.conversations.replying import note, reply
from tests.consistency import contradictions
from tests.conversations.test_moving import by_phone
from tests.database import NOON
from tests.floor import PERSONAL, Floor, data


async def test_a_customer_who_was_reached_was_answered(floor: Floor) -> None:
    interaction = await by_phone(floor)
    floor.later(minutes=5)
    before = await floor.last_n()
    message = await floor.do(record_call, interaction, "Viene domani.", reached=True, by=floor.anna)
    at = NOON + timedelta(minutes=5)
    assert (message.direction, message.channel, message.state, message.sent_at) == (
        "out",
        "phone",
        "sent",
        at,
    )
    assert (await floor.contact(interaction)).first_response_at == at
    sent, stopped = await floor.facts(before)
    assert (sent.kind, sent.brand_agent_id, data(sent)["channel"]) == ("message.sent", floor.anna.id, "phone")
    assert (stopped.kind, data(stopped)["met"]) == ("clock.stopped", True)
    assert not [word for word in ("domani", *PERSONAL) if word in sent.body.lower()]
    assert await contradictions(floor) == []


async def test_one_who_was_not_reached_was_not(floor: Floor) -> None:
    interaction = await by_phone(floor)
    before = await floor.last_n()
    message = await floor.do(record_call, interaction, "", reached=False, by=floor.anna)
    assert (message.direction, message.state, message.failure) == ("note", "noted", MISSED)
    assert (await floor.contact(interaction)).first_response_at is None
    assert await floor.told(before) == ["call.missed"]


async def test_one_form_is_one_call(floor: Floor) -> None:
    interaction, key = await by_phone(floor), uuid4()
    first = await floor.do(record_call, interaction, "Sì.", reached=True, by=floor.anna, form_key=key)
    again = await floor.do(record_call, interaction, "Sì.", reached=True, by=floor.anna, form_key=key)
    assert first.id == again.id
    with pytest.raises(SentBefore):
        await floor.do(record_call, interaction, "No.", reached=True, by=floor.anna, form_key=key)


async def test_where_one_calls_nothing_is_written_and_the_reverse(floor: Floor) -> None:
    interaction = await by_phone(floor)
    with pytest.raises(NotWritten):
        await floor.do(reply, interaction, "Per iscritto.", by=floor.anna)
    await floor.do(note, interaction, "Una nota.", by=floor.anna)
    await floor.do(move_to_channel, interaction, "email", by=floor.anna)
    with pytest.raises(NotSpoken):
        await floor.do(record_call, interaction, "Detto.", reached=True, by=floor.anna)
    await floor.do(reply, interaction, "Per iscritto.", by=floor.anna)
    assert [each.channel for each in await floor.rows(Message) if each.direction == "out"] == ["email"]


async def test_nobody_writes_down_nothing_or_the_call_of_a_colleague(floor: Floor) -> None:
    interaction = await by_phone(floor)
    with pytest.raises(EmptyText):
        await floor.do(record_call, interaction, " ", reached=True, by=floor.anna)
    with pytest.raises(HeldByOther):
        await floor.do(record_call, interaction, "Detto.", reached=True, by=floor.bruno)
