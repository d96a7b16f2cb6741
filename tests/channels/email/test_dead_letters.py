"""A row that was given up by the machine: once more or never again, as a person decides, and never twice by accident."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import select

from portavoce.audit.models import AuditEntry, HouseAudit
from portavoce.channels.email.dead_letters import (
    DeadLetter,
    dead_letters,
    give_up,
    give_up_house,
    house_dead_letters,
    retry,
    retry_house,
)
from portavoce.channels.email.delivery import Postman
from portavoce.channels.email.errors import AlreadyLeft, MayHaveArrived, NotDead
from portavoce.channels.email.sending import Relay
from portavoce.conversations.delivery import mark_failed, mark_uncertain, resend
from portavoce.conversations.models import Message
from portavoce.core.db import Database
from portavoce.core.delivering import STRIKES, UNEXPECTED, Handler, Hopeless, Job, work_on
from portavoce.core.jobs import Envelope
from portavoce.core.models import HouseOutbox, Outbox
from portavoce.core.outbox import enqueue, enqueue_house_mail
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id
from tests.fakes.smtp_sink import SmtpSink, running
from tests.world import DEPLOYMENT, KEYS, World

SECRET = "gina@customer.example wrote this"


@pytest_asyncio.fixture
async def sink() -> AsyncIterator[SmtpSink]:
    async with running(SmtpSink()) as found:
        yield found


async def dead(world: World, trouble: Exception | None = None, *, state: str = "failed") -> Message:
    """An answer of Aurora whose last try failed."""
    answer = await world.answered(world.aurora)
    row = await outbox(world, answer.id)
    async with world.database.begin(world.aurora.writing) as db:
        row = await db.get_one(Outbox, (world.aurora.id, row.id))
        row.state, row.handed_at = "handed", world.database.clock.now()
        row.tries = row.strikes = STRIKES - 1

    async def fails(_database: Database, _job: Job) -> None:
        raise trouble or Hopeless("the relay is out of order")

    async def ends(_database: Database, _job: Job, words: str) -> None:
        async with world.database.begin(world.aurora.writing) as db:
            message = await db.get_one(Message, (world.aurora.id, answer.id))
            await (mark_uncertain(db, message) if state == "uncertain" else mark_failed(db, message, words))

    await work(world, row, Handler(fails, ends))
    return answer


async def work(world: World, row: Outbox, handler: Handler) -> None:
    envelope = Envelope(1, row.topic, world.aurora.id, row.id, row.tries, world.database.clock.now())

    async def none(_row: HouseOutbox) -> None:
        raise AssertionError("nothing here is the house's")

    await work_on(world.database, envelope, {row.topic: handler}, none)


async def outbox(world: World, message_id: UUID) -> Outbox:
    async with world.database.begin(world.aurora.reading) as db:
        return (
            await db.scalars(select(Outbox).where(Outbox.ref_id == message_id).order_by(Outbox.id))
        ).first()  # type: ignore[return-value]  # -- there is one


async def listed(world: World) -> list[DeadLetter]:
    async with world.database.begin(world.aurora.reading) as db:
        return await dead_letters(db)


async def again(world: World, row_id: UUID, *, even_twice: bool = False) -> None:
    async with world.database.begin(world.aurora.writing) as db:
        await retry(db, row_id, by=world.elena, even_twice=even_twice)


async def state_of(world: World, answer: Message) -> tuple[str, str]:
    return (await world.message(world.aurora, answer.id)).state, (await outbox(world, answer.id)).state


async def test_it_is_listed_with_its_reason_its_tries_and_its_contact(world: World) -> None:
    answer = await dead(world)
    [letter] = await listed(world)
    assert (letter.reason, letter.tries, letter.choice) == ("the relay is out of order", STRIKES, "again")
    assert letter.interaction_id == answer.interaction_id
    async with world.database.begin(world.bosco.reading) as db:
        assert await dead_letters(db) == []


async def test_of_an_unexpected_error_nothing_is_said_that_it_may_quote(world: World) -> None:
    await dead(world, ValueError(SECRET))
    assert [letter.reason for letter in await listed(world)] == [UNEXPECTED]


async def test_a_retry_sends_it_once_with_all_its_tries_and_the_message_follows(
    world: World, sink: SmtpSink
) -> None:
    answer = await dead(world)
    row = await outbox(world, answer.id)
    await again(world, row.id)
    with pytest.raises(NotDead):
        await again(world, row.id)
    assert await state_of(world, answer) == ("queued", "pending")
    row = await outbox(world, answer.id)
    assert row.tries == 0
    async with world.database.begin(world.aurora.writing) as db:
        (await db.get_one(Outbox, (world.aurora.id, row.id))).state = "handed"
    relay = Relay(host="127.0.0.1", port=sink.port, security="none")
    postman = Postman(relay, KEYS, DEPLOYMENT, world.database.clock)
    await work(world, row, Handler(postman.deliver, postman.give_up))
    assert await state_of(world, answer) == ("sent", "done")
    assert len(sink.mails) == 1
    async with world.database.begin(world.aurora.reading) as db:
        actions = select(AuditEntry.action).where(AuditEntry.subject_id == row.id)
        assert (await db.scalars(actions)).all() == ["outbox.retried"]
    async with world.database.begin(HOUSE) as db:
        people = select(HouseAudit.person_id).where(HouseAudit.subject_id == row.id)
        assert (await db.scalars(people)).all() == [world.elena]


async def test_what_may_have_arrived_goes_out_again_only_when_a_person_says_so_and_only_once(
    world: World,
) -> None:
    answer = await dead(world, state="uncertain")
    row = await outbox(world, answer.id)
    assert [letter.choice for letter in await listed(world)] == ["twice"]
    with pytest.raises(MayHaveArrived):
        await again(world, row.id)
    assert await state_of(world, answer) == ("uncertain", "dead")
    await again(world, row.id, even_twice=True)
    assert await state_of(world, answer) == ("queued", "pending")
    async with world.database.begin(world.aurora.writing) as db:
        (await db.get_one(Outbox, (world.aurora.id, row.id))).state = "dead"
        await mark_uncertain(db, await db.get_one(Message, (world.aurora.id, answer.id)))
    assert [letter.choice for letter in await listed(world)] == ["none"]


async def test_what_its_agent_sent_again_meanwhile_is_not_sent_by_this_row_too(world: World) -> None:
    answer = await dead(world)
    row = await outbox(world, answer.id)
    async with world.database.begin(world.aurora.writing) as db:
        await resend(db, answer.id, by=world.anna.at(world.aurora))
    with pytest.raises(AlreadyLeft):
        await again(world, row.id)
    assert await state_of(world, answer) == ("queued", "dead")


async def test_given_up_it_is_gone_from_the_list_with_its_reason_written_down(world: World) -> None:
    answer = await dead(world)
    row = await outbox(world, answer.id)
    async with world.database.begin(world.aurora.writing) as db:
        await give_up(db, row.id, "the customer called", by=world.elena)
    assert await state_of(world, answer) == ("failed", "given_up")
    assert await listed(world) == []
    with pytest.raises(NotDead):
        await again(world, row.id)
    async with world.database.begin(world.aurora.reading) as db:
        query = select(AuditEntry.detail).where(AuditEntry.action == "outbox.given_up")
        assert (await db.scalars(query)).all() == ['{"reason":"the customer called"}']


async def test_mail_of_the_house_is_listed_without_its_links_and_goes_the_same_two_ways(world: World) -> None:
    async with world.database.begin(HOUSE) as db:
        rows = [enqueue_house_mail(db, f"{n}@voxa.example", "Invitation", "a secret link") for n in range(2)]
        for row in rows:
            row.state, row.tries, row.last_error = "dead", STRIKES, "Retry: 550 no such mailbox"
    first, second = rows[0].id, rows[1].id
    async with world.database.begin(HOUSE) as db:
        mine = [each for each in await house_dead_letters(db) if each.id in (first, second)]
        assert [each.reason for each in mine] == ["550 no such mailbox"] * 2
        assert not [each for each in mine if "secret" in str(each)]
        await retry_house(db, first, by=world.elena)
        await give_up_house(db, second, "left the company", by=world.elena)
    async with world.database.begin(HOUSE) as db:
        found = [await db.get_one(HouseOutbox, each) for each in (first, second)]
        assert [(row.state, row.tries, row.body) for row in found] == [
            ("pending", 0, "a secret link"),
            ("given_up", STRIKES, ""),
        ]
        found[0].state = "done"
        with pytest.raises(NotDead):
            await retry_house(db, second, by=world.elena)


async def test_what_is_no_message_is_given_up_with_a_reason_and_not_sent_again(world: World) -> None:
    async with world.database.begin(world.aurora.writing) as db:
        row = enqueue(db, "customers.import", new_id(db))
        row.state, row.last_error = "dead", "Hopeless: cut off at every try"
    async with world.database.begin(world.aurora.reading) as db:
        (letter,) = await dead_letters(db)
    assert (letter.topic, letter.choice, letter.interaction_id) == ("customers.import", "none", None)
    async with world.database.begin(world.aurora.writing) as db:
        await give_up(db, letter.id, "Caricato di nuovo.", by=world.elena)
    async with world.database.begin(world.aurora.reading) as db:
        assert (await db.get_one(Outbox, (world.aurora.id, letter.id))).state == "given_up"
        assert await dead_letters(db) == []
