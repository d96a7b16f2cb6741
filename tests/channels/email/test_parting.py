"""Threads that began while two customers were one go with the address their first mail came from."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portavoce.conversations.models import Conversation
from portavoce.customers.merging import merge, undo_merge
from portavoce.customers.models import CustomerIdentity
from portavoce.kit.clock import SteppedClock
from tests.world import World, letter

GINA, OLD = "gina@studio.example", "Gina.Vecchia@Posta.example"


async def write(world: World, sender: str, subject: str) -> None:
    await world.receive(world.aurora, letter(world.aurora.address, sender=f"G <{sender}>", subject=subject))


async def owners(world: World) -> dict[str, UUID]:
    async with world.database.begin(world.aurora.reading) as db:
        rows = await db.execute(select(Conversation.subject, Conversation.customer_id))
        return {row[0]: row[1] for row in rows}


async def test_each_thread_goes_by_its_first_mail_and_older_ones_stay(
    world: World, clock: SteppedClock
) -> None:
    for sender, subject in ((GINA, "new"), (OLD, "old")):
        await write(world, sender, subject)
    known = await owners(world)
    by = world.anna.at(world.aurora)
    clock.advance(timedelta(minutes=1))
    row = await world.database.run(
        world.aurora.writing, lambda db: merge(db, known["new"], known["old"], by=by)
    )
    for sender, subject in ((OLD, "since old"), (GINA, "since new"), ("terza@posta.example", "third")):
        await write(world, sender, subject)
    await world.database.run(world.aurora.writing, lambda db: undo_merge(db, row, by=by))
    now = await owners(world)
    assert (now["new"], now["old"], now["since new"], now["since old"]) == (
        known["new"], known["old"], known["new"], known["old"],
    )  # fmt: skip
    async with world.database.begin(world.aurora.reading) as db:
        query = select(CustomerIdentity.value).where(CustomerIdentity.customer_id == known["old"])
        assert list(await db.scalars(query)) == [OLD.lower()]
    assert now["third"] not in known.values()
