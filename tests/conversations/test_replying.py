"""Answer as the brand; note for colleagues."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from portavoce.conversations.claiming import release
from portavoce.conversations.closing import close
from portavoce.conversations.errors import EmptyText, HeldByOther, NoInteraction, SentBefore
from portavoce.conversations.models import Conversation, Message
from portavoce.conversations.replying import MAX_TEXT, note, reply
from portavoce.core.models import Outbox
from tests.database import NOON
from tests.floor import Floor, at_once, data, failures
from tests.world import World


async def test_a_reply_is_queued_in_the_contacts_own_channel(floor: Floor) -> None:
    interaction_id = await floor.held()
    floor.later(minutes=1)
    sent = await floor.do(reply, interaction_id, "Buongiorno!", by=floor.anna)
    message = await floor.get(Message, sent.id)
    assert (message.direction, message.state, message.channel) == ("out", "queued", "email")
    assert (message.author, message.brand_agent_id) == (floor.anna.alias, floor.anna.id)
    assert (message.subject, message.body, message.sent_at) == ("Aiuto", "Buongiorno!", None)
    assert (message.automatic, message.interaction_id) == (False, interaction_id)
    assert (await floor.get(Conversation, message.conversation_id)).last_at > NOON


async def test_a_reply_is_a_fact_without_its_words(floor: Floor) -> None:
    interaction_id = await floor.held()
    before = await floor.last_n()
    message = await floor.do(reply, interaction_id, "Buongiorno Gina!", by=floor.anna)
    (fact,) = await floor.facts(before)
    assert (fact.kind, fact.actor, fact.brand_agent_id, fact.from_state, fact.to_state) == (
        "message.queued", str(floor.anna.id), floor.anna.id, None, "queued",
    )  # fmt: skip
    assert (fact.interaction_id, fact.lob_id) == (interaction_id, floor.aurora.lob_id)
    assert data(fact) == {"message": str(message.id), "channel": "email", "automatic": False}


async def test_queueing_is_not_answering(floor: Floor) -> None:
    interaction_id = await floor.held()
    await floor.do(reply, interaction_id, "Buongiorno!", by=floor.anna)
    assert (await floor.contact(interaction_id)).first_response_at is None


@pytest.mark.parametrize("verb", [reply, note])
@pytest.mark.parametrize("text", ["", "  \n\t ", "x" * (MAX_TEXT + 1)])
async def test_nothing_and_too_much_are_refused(floor: Floor, verb: object, text: str) -> None:
    interaction_id = await floor.held()
    before = await floor.last_n(), len(floor.pokes)
    with pytest.raises(EmptyText) as refusal:
        await floor.do(verb, interaction_id, text, by=floor.anna)  # type: ignore[arg-type] # -- either verb
    assert "text" in refusal.value.fields
    assert (await floor.last_n(), len(floor.pokes)) == before
    assert {message.direction for message in await floor.rows(Message)} == {"in"}


async def test_the_longest_text_is_kept_whole(floor: Floor) -> None:
    interaction_id = await floor.held()
    text = "à" * MAX_TEXT
    sent = await floor.do(reply, interaction_id, text, by=floor.anna)
    assert (await floor.get(Message, sent.id)).body == text


async def test_who_gave_a_contact_back_answers_it_no_more(floor: Floor) -> None:
    interaction_id = await floor.held()
    await floor.do(release, interaction_id, by=floor.anna)
    from_bruno = floor.do(reply, interaction_id, "Buongiorno!", by=floor.bruno)
    with pytest.raises(Exception, match="Take this contact first"):
        await from_bruno


async def test_a_colleagues_contact_is_not_answered(floor: Floor) -> None:
    interaction_id = await floor.held()
    with pytest.raises(HeldByOther):
        await floor.do(reply, interaction_id, "Buongiorno!", by=floor.bruno)


async def test_anybody_of_the_brand_leaves_a_note_on_a_closed_contact_too(floor: Floor) -> None:
    interaction_id = await floor.closed()
    before = await floor.last_n()
    left = await floor.do(note, interaction_id, "Richiamare Gina lunedì.", by=floor.bruno)
    message = await floor.get(Message, left.id)
    assert (message.direction, message.state, message.author) == ("note", "noted", floor.bruno.alias)
    assert (await floor.contact(interaction_id)).state == "closed"
    (fact,) = await floor.facts(before)
    assert (fact.kind, fact.actor, fact.brand_agent_id) == (
        "note.added",
        str(floor.bruno.id),
        floor.bruno.id,
    )
    assert data(fact) == {"message": str(message.id)}


async def test_a_contact_of_another_brand_does_not_exist(floor: Floor) -> None:
    elsewhere = await floor.held(at=floor.world.bosco)
    for verb in (reply, note):
        for missing in (elsewhere, uuid4()):
            with pytest.raises(NoInteraction):
                await floor.do(verb, missing, "Buongiorno!", by=floor.anna)
    assert {message.direction for message in await floor.rows(Message, floor.world.bosco)} == {"in"}


async def test_a_queued_answer_leaves_by_the_outbox_and_a_note_does_not(world: World) -> None:
    message = await world.answered(world.aurora)
    async with world.database.begin(world.aurora.writing) as db:
        await note(db, message.interaction_id, "Solo per noi.", by=world.anna.at(world.aurora))
    async with world.database.begin(world.aurora.reading) as db:
        rows = list((await db.scalars(select(Outbox))).all())
    assert [(row.ref_id, row.state) for row in rows] == [(message.id, "pending")]


@pytest.mark.parametrize("verb", [reply, note])
async def test_the_same_form_sent_again_is_the_message_it_became(floor: Floor, verb: Any) -> None:
    contact, key = await floor.held(), uuid4()
    first = await floor.do(verb, contact, "Arriva domani.", by=floor.anna, form_key=key)
    before = await floor.last_n()
    again = await floor.do(verb, contact, "Arriva domani.", by=floor.anna, form_key=key)
    assert again.id == first.id
    assert await floor.told(before) == []
    assert len([each for each in await floor.rows(Message) if each.direction != "in"]) == 1


async def test_tries_of_one_form_at_once_and_after_the_contact_was_closed_are_one_message(
    floor: Floor,
) -> None:
    contact, key = await floor.held(), uuid4()
    calls = [floor.do(reply, contact, "Ecco.", by=floor.anna, form_key=key) for _ in range(6)]
    results = await at_once(*calls)
    assert not failures(results)
    assert len({each.id for each in results if isinstance(each, Message)}) == 1
    await floor.do(close, contact, "solved", by=floor.anna)
    late = await floor.do(reply, contact, "Ecco.", by=floor.anna, form_key=key)
    assert {each.id for each in results if isinstance(each, Message)} == {late.id}


async def test_another_text_under_the_same_key_is_refused_and_another_form_is_another_message(
    floor: Floor,
) -> None:
    contact, key = await floor.held(), uuid4()
    await floor.do(reply, contact, "Arriva domani.", by=floor.anna, form_key=key)
    with pytest.raises(SentBefore):
        await floor.do(reply, contact, "Arriva lunedì.", by=floor.anna, form_key=key)
    for form_key in (uuid4(), None, None):
        await floor.do(reply, contact, "Arriva domani.", by=floor.anna, form_key=form_key)
    assert len([each for each in await floor.rows(Message) if each.direction == "out"]) == 4


async def test_an_answer_is_never_older_than_what_it_answers(floor: Floor) -> None:
    floor.later(minutes=2)
    contact = await floor.held()
    floor.clock.move_to(NOON)  # the clock of another process
    answer = await floor.do(reply, contact, "Ecco.", by=floor.anna)
    assert (await floor.get(Message, answer.id)).at == NOON + timedelta(minutes=2)
