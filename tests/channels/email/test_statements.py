"""How often an inbound mail goes to PostgreSQL: the heart of the house, so each statement is counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event, select

from portavoce.channels.email.models import Mail
from portavoce.core.db import APP
from portavoce.kit.clock import SteppedClock
from tests.world import World, letter

SENDER = "Gina Verdi <gina@customer.example>"


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """What is sent meanwhile; BEGIN and the scope are one, COMMIT is not counted."""
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        seen.append(" ".join(statement.split())[:60])

    engine = world.database.engine(APP).sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


async def test_a_first_mail_takes_eight_statements(world: World) -> None:
    with statements(world) as seen:
        await world.receive(world.aurora, letter(world.aurora.address, sender=SENDER))
    assert len(seen) == 8, seen
    assert [each for each in seen if "INSERT" in each and "ledger" not in each] == [seen[-3]]


async def test_an_answer_in_a_thread_takes_ten(world: World, clock: SteppedClock) -> None:
    sent = await world.answered(world.aurora)
    clock.advance(timedelta(minutes=1))
    async with world.database.begin(world.aurora.reading) as db:
        ours = (await db.scalars(select(Mail.rfc_id).where(Mail.message_id == sent.id))).one()
    with statements(world) as seen:
        await world.receive(world.aurora, letter(world.aurora.address, sender=SENDER, In_Reply_To=ours))
    assert len(seen) == 10, seen


async def test_a_mail_that_comes_again_takes_two(world: World) -> None:
    mail = letter(world.aurora.address, sender=SENDER)
    await world.receive(world.aurora, mail)
    with statements(world) as seen:
        await world.receive(world.aurora, mail)
    assert len(seen) == 2, seen
