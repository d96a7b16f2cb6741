"""A contact's whole life in the ledger: every step, in order, with ids and codes and nobody's name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations import delivery, queries
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.closing import close
from portavoce.conversations.handling import focus
from portavoce.conversations.models import Interaction, Message
from portavoce.conversations.reopening import reopen
from portavoce.conversations.replying import note, reply
from portavoce.ledger.verifying import verify_chain
from tests.floor import PERSONAL, Floor

LIFE = [
    ("interaction.opened", None, "waiting"),
    ("message.received", None, None),
    ("interaction.assigned", "waiting", "assigned"),
    ("interaction.released", "assigned", "waiting"),
    ("interaction.assigned", "waiting", "assigned"),
    ("handling.started", None, None),
    ("message.queued", None, "queued"),
    ("message.uncertain", "sending", "uncertain"),
    ("message.requeued", "uncertain", "queued"),
    ("message.sent", "sending", "sent"),
    ("clock.stopped", None, None),
    ("note.added", None, None),
    ("handling.ended", None, None),
    ("interaction.closed", "assigned", "closed"),
    ("message.received", None, None),
    ("interaction.reopened", "closed", "waiting"),
    ("interaction.assigned", "waiting", "assigned"),
    ("interaction.closed", "assigned", "closed"),
    ("interaction.opened", None, "waiting"),
    ("message.received", None, None),
]


async def send(floor: Floor, message_id: UUID, *, arrives: bool) -> None:
    async def begin(db: AsyncSession) -> None:
        await delivery.mark_sending(db, await queries.message(db, message_id))

    async def end(db: AsyncSession) -> None:
        mark = delivery.mark_sent if arrives else delivery.mark_uncertain
        await mark(db, await queries.message(db, message_id))

    await floor.do(begin)
    await floor.do(end)


async def live(floor: Floor) -> Message:
    """Everything that can happen to a contact; gives the message that began it."""
    first = await floor.write_in()
    contact, by = first.interaction_id, floor.anna
    await floor.do(claim, contact, by=by)
    await floor.do(release, contact, by=by)
    await floor.do(claim, contact, by=by)
    await floor.do(focus, contact, by=by)
    answer = await floor.do(reply, contact, "Gentile Gina Verdi, perde acqua?", by=by)
    await send(floor, answer.id, arrives=False)
    await floor.do(delivery.resend, answer.id, by=by)
    await send(floor, answer.id, arrives=True)
    await floor.do(note, contact, "Gina chiama spesso.", by=floor.bruno)
    await floor.do(close, contact, "solved", by=by, note="Gina Verdi è contenta.")
    await floor.write_in(thread=first.conversation_id, automatic=True)
    await floor.do(reopen, contact, by=floor.bruno)
    await floor.do(claim, contact, by=floor.bruno)
    await floor.do(close, contact, "informed", by=floor.bruno)
    floor.later(days=30)
    await floor.write_in(thread=first.conversation_id)
    return first


async def test_every_step_is_a_fact(floor: Floor) -> None:
    before = await floor.last_n()
    first = await live(floor)
    facts = await floor.facts(before)
    assert [(fact.kind, fact.from_state, fact.to_state) for fact in facts] == LIFE
    assert {fact.interaction_id for fact in facts[:-2]} == {first.interaction_id}
    assert len({fact.interaction_id for fact in facts[-2:]} - {first.interaction_id}) == 1
    assert {fact.actor for fact in facts} == {
        "customer", "system", str(floor.anna.id), str(floor.bruno.id),
    }  # fmt: skip
    assert {fact.lob_id for fact in facts} == {floor.aurora.lob_id}
    assert [fact.n for fact in facts] == list(range(before + 1, before + 1 + len(facts)))


async def test_no_fact_says_who_anybody_is(floor: Floor) -> None:
    first = await live(floor)
    customer, people = first.author, (floor.world.anna, floor.world.bruno)
    hidden = [*PERSONAL, customer.lower()]
    hidden += [str(each) for agent in people for each in (agent.agent_id, agent.person_id)]
    for fact in await floor.facts():
        told = f"{fact.body} {fact.actor} {fact.kind}".lower()
        assert [word for word in hidden if word in told] == []


async def test_the_chain_of_all_that_holds(floor: Floor) -> None:
    await live(floor)
    async with floor.database.begin(floor.aurora.reading, snapshot=True) as db:
        assert await verify_chain(db, floor.aurora.id) == []


async def test_a_unit_that_rolls_back_leaves_no_row_no_fact_and_no_poke(floor: Floor) -> None:
    contact = await floor.waiting()
    before, handed, slot = await floor.last_n(), len(floor.pokes), await floor.slot()

    async def everything_then_fail(db: AsyncSession) -> None:
        await claim(db, contact, by=floor.anna)
        await focus(db, contact, by=floor.anna)
        await reply(db, contact, "Buongiorno!", by=floor.anna)
        await close(db, contact, "solved", by=floor.anna)
        raise RuntimeError("at the end")

    with pytest.raises(RuntimeError, match="at the end"):
        await floor.do(everything_then_fail)
    assert await state_of(floor, contact) == ("waiting", None)
    assert [each.direction for each in await floor.rows(Message)] == ["in"]
    assert (await floor.last_n(), len(floor.pokes)) == (before, handed)
    after = await floor.slot()
    assert (after.used, after.n, after.state_seq) == (slot.used, slot.n, slot.state_seq)


async def state_of(floor: Floor, contact: UUID) -> tuple[str, datetime | None]:
    found: Interaction = await floor.contact(contact)
    return found.state, found.closed_at


async def test_several_verbs_in_one_unit_are_one_run_of_facts(floor: Floor) -> None:
    contact = await floor.waiting()
    before = await floor.last_n()

    async def everything(db: AsyncSession) -> None:
        await claim(db, contact, by=floor.anna)
        await focus(db, contact, by=floor.anna)
        await close(db, contact, "solved", by=floor.anna)

    await floor.do(everything)
    assert await floor.told(before) == [
        "interaction.assigned", "handling.started", "handling.ended", "interaction.closed",
    ]  # fmt: skip
    assert await state_of(floor, contact) == ("closed", floor.clock.now())
