"""Taken back before it left: nobody reads it, and who wrote it may write it anew."""

from __future__ import annotations

import pytest

from portavoce.conversations.claiming import claim, release
from portavoce.conversations.closing import close
from portavoce.conversations.delivery import mark_sending, mark_sent
from portavoce.conversations.errors import NoInteraction, TooLate
from portavoce.conversations.models import Message
from portavoce.conversations.replying import note, reply
from portavoce.conversations.withdrawing import withdraw
from tests.conversations.test_delivery import Mark, mark
from tests.floor import Floor, data


async def state(floor: Floor, message: Message) -> str:
    return (await floor.get(Message, message.id)).state


async def test_a_waiting_answer_is_taken_back_and_says_so_in_the_ledger(floor: Floor) -> None:
    interaction = await floor.held()
    message = await floor.do(reply, interaction, "Buongiorno!", by=floor.anna)
    before = await floor.last_n()
    await floor.do(withdraw, message.id, by=floor.anna)
    assert await state(floor, message) == "withdrawn"
    (fact,) = await floor.facts(before)
    assert (fact.kind, fact.from_state, fact.to_state) == ("message.withdrawn", "queued", "withdrawn")
    assert data(fact) == {"message": str(message.id)}
    await floor.do(withdraw, message.id, by=floor.anna)
    assert len(await floor.facts(before)) == 1


@pytest.mark.parametrize("become", [mark_sending, mark_sent])
async def test_what_is_on_its_way_or_gone_is_not_taken_back(floor: Floor, become: Mark) -> None:
    interaction = await floor.held()
    message = await floor.do(reply, interaction, "Buongiorno!", by=floor.anna)
    await mark(floor, message.id, become)
    with pytest.raises(TooLate):
        await floor.do(withdraw, message.id, by=floor.anna)


async def test_a_colleague_takes_back_only_what_belongs_to_a_contact_in_their_hands(floor: Floor) -> None:
    interaction = await floor.held()
    message = await floor.do(reply, interaction, "Buongiorno!", by=floor.anna)
    with pytest.raises(NoInteraction):
        await floor.do(withdraw, message.id, by=floor.bruno)
    await floor.do(release, interaction, by=floor.anna)
    await floor.do(claim, interaction, by=floor.bruno)
    await floor.do(withdraw, message.id, by=floor.bruno)
    assert await state(floor, message) == "withdrawn"


async def test_its_writer_takes_it_back_also_from_a_contact_closed_meanwhile(floor: Floor) -> None:
    interaction = await floor.held()
    message = await floor.do(reply, interaction, "Buongiorno!", by=floor.anna)
    await floor.do(close, interaction, "solved", by=floor.anna)
    await floor.do(withdraw, message.id, by=floor.anna)
    assert await state(floor, message) == "withdrawn"


async def test_notes_are_not_taken_back(floor: Floor) -> None:
    interaction = await floor.held()
    message = await floor.do(note, interaction, "Ha chiamato ieri.", by=floor.anna)
    with pytest.raises(NoInteraction):
        await floor.do(withdraw, message.id, by=floor.anna)
