"""A reply that the client approves first: stored as it would leave, on its way nowhere."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.models import Calendar
from portavoce.contracts.promising import APPROVAL, promise_of_client
from portavoce.conversations.approvals.asking import take_back
from portavoce.conversations.approvals.errors import Awaited, Decided, NobodyApproves
from portavoce.conversations.claiming import claim
from portavoce.conversations.closing import close
from portavoce.conversations.complaining import complain
from portavoce.conversations.errors import EmptyText, HeldByOther, NoInteraction
from portavoce.conversations.models import Message
from portavoce.conversations.replying import reply
from portavoce.conversations.setting_aside import set_aside
from portavoce.conversations.transferring import hand_to_queue
from portavoce.conversations.withdrawing import withdraw
from portavoce.core.models import Outbox
from tests.consistency import contradictions
from tests.conversations.approvals.approved import REPLY, approval_of, awaiting, rosa, ruled
from tests.conversations.back_office.asked import mails
from tests.conversations.test_transferring import returns
from tests.database import NOON
from tests.floor import PERSONAL, Floor, data
from tests.world import HOUSE_NAME


async def test_it_is_stored_as_it_would_leave_and_nothing_carries_it(floor: Floor) -> None:
    await rosa(floor)
    contact = await floor.held()
    message = await awaiting(floor, contact)
    row = await floor.get(Message, message.id)
    assert (row.state, row.body, row.direction) == ("awaiting", REPLY, "out")
    assert await floor.rows(Outbox) == []
    assert (await floor.contact(contact)).first_response_at is None
    assert (await floor.contact(contact)).state == "assigned"
    (fact,) = [each for each in await floor.facts() if each.kind == "approval.asked"]
    assert {"approval", "message", "why", "due"} <= data(fact).keys()
    assert not [word for word in (REPLY, *PERSONAL) if word.lower() in fact.body.lower()]
    assert "message.queued" not in {each.kind for each in await floor.facts()}
    assert await contradictions(floor) == []


async def test_who_approves_is_told_where_to_read_and_not_what(floor: Floor) -> None:
    one, elsewhere = await rosa(floor), await rosa(floor, floor.world.bosco)
    approval = await approval_of(floor, await awaiting(floor))
    (mail,) = await mails(floor, one)
    assert f"https://care.voxa.example/portal/{floor.aurora.slug}/approvals/{approval.id}" in mail
    assert not [word for word in (REPLY, *PERSONAL) if word.lower() in mail.lower()]
    assert await mails(floor, elsewhere) == []


async def test_where_nobody_may_approve_nothing_is_stored(floor: Floor) -> None:
    await rosa(floor, floor.world.bosco)
    contact = await floor.held()
    with pytest.raises(NobodyApproves):
        await awaiting(floor, contact)
    assert [each.direction for each in await floor.rows(Message)] == ["in"]


@pytest.mark.parametrize(
    ("rule", "complained", "why"),
    [
        ("never", True, None),
        ("sensitive", False, None),
        ("sensitive", True, "sensitive"),
        ("always", False, "always"),
    ],
)
async def test_the_rule_of_the_line_holds_back_what_it_means(
    floor: Floor, rule: str, complained: bool, why: str | None
) -> None:
    await rosa(floor)
    await ruled(floor, rule)
    contact = await floor.held()
    if complained:
        await floor.do(complain, contact, by=floor.anna, house=HOUSE_NAME)
    message = await awaiting(floor, contact, approval=False)
    assert message.state == ("awaiting" if why else "queued")
    if why:
        assert (await approval_of(floor, message)).why == why


async def test_the_line_that_works_on_it_now_rules(floor: Floor) -> None:
    """Handed to the other line of the brand, whose replies leave by themselves, it is ruled by that one."""
    await rosa(floor)
    await ruled(floor, "always")
    contact = await floor.held()
    other = await returns(floor)
    await floor.do(hand_to_queue, contact, other, "Vostro", by=floor.anna)
    await floor.do(claim, contact, by=floor.anna)
    assert (await awaiting(floor, contact, approval=False)).state == "queued"


async def test_its_clock_runs_in_open_hours_by_the_promise_of_that_moment(floor: Floor) -> None:
    await rosa(floor)
    assert (await approval_of(floor, await awaiting(floor))).due_at is None

    async def settle(db: AsyncSession) -> None:
        calendar_id = (await db.scalars(select(Calendar.id))).one()
        await promise_of_client(db, APPROVAL, timedelta(hours=2), calendar_id)

    await floor.do(settle)
    assert (await approval_of(floor, await awaiting(floor))).due_at == NOON + timedelta(hours=2)
    assert {"clause", "calendar_version"} <= data((await floor.facts())[-1]).keys()


async def test_only_its_holder_asks_with_a_text_and_one_at_a_time(floor: Floor) -> None:
    await rosa(floor)
    contact = await floor.held()
    with pytest.raises(HeldByOther):
        await floor.do(reply, contact, REPLY, by=floor.bruno, approval=True)
    with pytest.raises(EmptyText):
        await floor.do(reply, contact, " ", by=floor.anna, approval=True)
    await awaiting(floor, contact)
    with pytest.raises(Awaited):
        await awaiting(floor, contact)
    assert (await awaiting(floor, contact, approval=False)).state == "queued"


async def test_the_same_form_sent_again_is_the_same_reply_and_one_mail(floor: Floor) -> None:
    one, key = await rosa(floor), uuid4()
    contact = await floor.held()
    first = await awaiting(floor, contact, form_key=key)
    assert (await awaiting(floor, contact, form_key=key)).id == first.id
    assert len(await mails(floor, one)) == 1


async def test_the_contact_may_be_put_aside_but_not_closed_meanwhile(floor: Floor) -> None:
    await rosa(floor)
    contact = await floor.held()
    message = await awaiting(floor, contact)
    with pytest.raises(Awaited):
        await floor.do(close, contact, "solved", by=floor.anna)
    await floor.do(set_aside, contact, "pending", NOON + timedelta(days=1), by=floor.anna)
    await floor.do(withdraw, message.id, by=floor.anna)
    await floor.do(claim, contact, by=floor.anna)
    await floor.do(close, contact, "solved", by=floor.anna)
    assert await contradictions(floor) == []


async def test_it_is_taken_back_by_its_writer_or_who_holds_the_contact(floor: Floor) -> None:
    await rosa(floor)
    message = await awaiting(floor)
    with pytest.raises(NoInteraction):
        await floor.do(withdraw, message.id, by=floor.bruno)
    await floor.do(withdraw, message.id, by=floor.anna)
    assert (await floor.get(Message, message.id)).state == "withdrawn"
    approval = await approval_of(floor, message)
    assert (approval.state, approval.ended_at) == ("recalled", NOON)
    assert (await floor.facts())[-1].kind == "approval.recalled"
    await floor.do(withdraw, message.id, by=floor.anna)
    assert len([each for each in await floor.facts() if each.kind == "approval.recalled"]) == 1
    with pytest.raises(Decided):
        await floor.do(lambda db: take_back(db, message, by=floor.anna))
