"""A report about a mail of ours ends on the message it is about."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portavoce.channels.email.models import InboundEvent, Mail
from portavoce.conversations.delivery import mark_sent
from portavoce.conversations.models import Message
from portavoce.ledger.models import LedgerEvent
from tests.channels.email.corpus import dsn
from tests.world import World, WorldBrand


async def sent(world: World, brand: WorldBrand) -> tuple[Message, bytes]:
    """A delivered answer and its Message-ID."""
    answer = await world.answered(brand)
    async with world.database.begin(brand.writing) as db:
        await mark_sent(db, await db.get_one(Message, (brand.id, answer.id)))
        mail = await db.get_one(Mail, (brand.id, answer.id))
    return answer, mail.rfc_id.encode()


async def states(world: World, brand: WorldBrand) -> list[tuple[str, str | None]]:
    async with world.database.begin(brand.reading) as db:
        query = select(InboundEvent.state, InboundEvent.reason).where(InboundEvent.state != "done")
        return [(state, reason) for state, reason in await db.execute(query)]


async def test_a_final_failure_marks_the_message_failed_with_the_words_of_the_server(world: World) -> None:
    answer, rfc_id = await sent(world, world.aurora)
    report = dsn(b"failed", b"5.1.1").replace(b"<ours@aurora.example>", rfc_id)
    await world.receive(world.aurora, report)
    message = await world.message(world.aurora, answer.id)
    assert message.state == "failed"
    assert message.failure is not None
    assert message.failure.startswith("The customer's mail server returned it.")
    assert "no such user" in message.failure
    assert await states(world, world.aurora) == [("bounce", "hard")]
    async with world.database.begin(world.aurora.reading) as db:
        kinds = (await db.scalars(select(LedgerEvent.kind).order_by(LedgerEvent.n))).all()
    assert kinds[-1] == "message.failed"


@pytest.mark.parametrize(
    ("action", "status", "kind"), [(b"delayed", b"4.4.1", "delayed"), (b"delivered", b"2.0.0", "delivered")]
)
async def test_a_report_that_is_not_final_leaves_the_message_sent(
    world: World, action: bytes, status: bytes, kind: str
) -> None:
    answer, rfc_id = await sent(world, world.aurora)
    await world.receive(world.aurora, dsn(action, status).replace(b"<ours@aurora.example>", rfc_id))
    assert (await world.message(world.aurora, answer.id)).state == "sent"
    assert await states(world, world.aurora) == [("bounce", kind)]


async def test_a_report_about_an_unknown_mail_is_put_aside(world: World) -> None:
    await world.receive(world.aurora, dsn(b"failed", b"5.1.1"))
    assert await states(world, world.aurora) == [("quarantined", "report about a mail we do not know")]


async def test_a_report_at_the_wrong_brand_changes_nothing(world: World) -> None:
    answer, rfc_id = await sent(world, world.bosco)
    report = dsn(b"failed", b"5.1.1").replace(b"<ours@aurora.example>", rfc_id)
    await world.receive(world.aurora, report)
    assert (await world.message(world.bosco, answer.id)).state == "sent"
    assert await states(world, world.aurora) == [("quarantined", "report about a mail we do not know")]


async def test_the_same_report_twice_is_one_event_and_a_second_report_fails_it_once(world: World) -> None:
    _, rfc_id = await sent(world, world.aurora)
    report = dsn(b"failed", b"5.1.1").replace(b"<ours@aurora.example>", rfc_id)
    for raw in (report, report, report.replace(b"no such user", b"still no such user")):
        await world.receive(world.aurora, raw)
    assert await states(world, world.aurora) == [("bounce", "hard")] * 2
    async with world.database.begin(world.aurora.reading) as db:
        kinds = (await db.scalars(select(LedgerEvent.kind))).all()
    assert kinds.count("message.failed") == 1


async def test_a_report_naming_a_mail_of_the_customer_is_not_about_ours(world: World) -> None:
    await sent(world, world.aurora)
    async with world.database.begin(world.aurora.reading) as db:
        inbound = await db.scalar(
            select(Mail.rfc_id)
            .join(Message, (Message.brand_id == Mail.brand_id) & (Message.id == Mail.message_id))
            .where(Message.direction == "in")
        )
    assert inbound is not None
    report = dsn(b"failed", b"5.1.1").replace(b"<ours@aurora.example>", inbound.encode())
    await world.receive(world.aurora, report)
    assert await states(world, world.aurora) == [("quarantined", "report about a mail we do not know")]
