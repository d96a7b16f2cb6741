"""The relay is away, busy or drops the line: answers wait, in order and visibly, and each leaves once (FT-16, FT-17)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select

from portavoce.channels.email.delivery import RELAY_AWAY, RELAY_PAUSE, Postman
from portavoce.channels.email.sending import Relay
from portavoce.conversations.delivery import resend
from portavoce.conversations.models import Message
from portavoce.core.db import Database
from portavoce.core.delivering import PATIENT_FOR, Handler, work_on
from portavoce.core.dispatching import Head, dispatch
from portavoce.core.jobs import Envelope
from portavoce.core.models import Outbox
from portavoce.kit.clock import SteppedClock
from portavoce.wiring import LAST_WRITERS, reactions
from tests.auditor import chains, clocks, rows
from tests.database import Installation
from tests.depth import scaled
from tests.fakes.smtp_sink import DROP, SmtpSink
from tests.world import DEPLOYMENT, KEYS, World, build_world, letter

MANY = scaled(4, deep=24)
STEP = timedelta(seconds=1)


class Hours:
    """Engine and worker in one place, whose hours pass at will."""

    def __init__(self, world: World, sink: SmtpSink, clock: SteppedClock) -> None:
        self.world, self.clock = world, clock
        relay = Relay(host="127.0.0.1", port=sink.port, security="none", timeout=5)
        postman = Postman(relay, KEYS, DEPLOYMENT, clock)
        self.handlers = {"email.deliver": Handler(postman.deliver, postman.give_up)}
        self.tries = 0

    async def pass_by(self, span: timedelta) -> None:
        end = self.clock.now() + span
        while True:
            while await dispatch(self.world.database, self._work):
                pass
            if self.clock.now() >= end:
                return
            self.clock.advance(min(max(await self._next() - self.clock.now(), STEP), end - self.clock.now()))

    async def _next(self) -> datetime:
        """When the next row is due."""
        async with self.world.database.begin(self.world.aurora.reading) as db:
            due = await db.scalar(select(func.min(Outbox.run_at)).where(Outbox.state == "pending"))
        return due or datetime.max.replace(tzinfo=UTC)

    async def _work(self, head: Head) -> None:
        self.tries += head.brand_id is not None
        envelope = Envelope(1, head.topic, head.brand_id, head.id, head.tries, self.clock.now())
        await work_on(self.world.database, envelope, self.handlers, _house)

    async def answers(self) -> list[Message]:
        return [one for one in await self.world.messages(self.world.aurora) if one.direction == "out"]


async def _house(_row: object) -> None:
    return


@pytest.fixture
async def world(empty_database: Installation, tmp_path: Path, clock: SteppedClock) -> AsyncIterator[World]:
    """Ends with the auditor's look; the clock of these tests stands elsewhere than the server's, so not at due rows."""
    database = Database(empty_database.urls, clock, reactions=reactions(KEYS), last_writers=LAST_WRITERS)
    yield await build_world(database, tmp_path / "files")
    await database.close()
    async with await psycopg.AsyncConnection.connect(empty_database.superuser_dsn) as eyes:
        found = await rows.breaches(eyes) + await clocks.breaches(eyes) + await chains.breaches(eyes)
    assert [line for line in found if not line.startswith("I10")] == []


async def two_threads(world: World) -> None:
    """MANY answers, every other one to the same thread as the one before."""
    for n in range(MANY // 2):
        await world.receive(world.aurora, letter(world.aurora.address, f"domanda {n}"))
        contact = (await world.contacts(world.aurora))[-1]
        for part in ("prima", "seconda"):
            await world.answer(world.aurora, contact.id, f"{part} risposta a {n}")
            world.database.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]  # -- a stepped clock
        await world.close_contact(world.aurora, contact.id)


@pytest.mark.deep
async def test_two_days_without_a_relay_fail_nothing_and_all_leaves_in_order_minutes_after(
    world: World, clock: SteppedClock
) -> None:
    sink = SmtpSink()
    await sink.start()
    hours = Hours(world, sink, clock)
    await sink.close()
    await two_threads(world)
    await hours.pass_by(PATIENT_FOR - timedelta(hours=1))
    waiting = await hours.answers()
    assert {one.state for one in waiting} == {"queued"}, "not failed after 36 minutes, nor after two days"
    assert any(one.failure == RELAY_AWAY for one in waiting), "the agent sees why"
    sink.replies.update({"RCPT": "450 4.7.1 greylisted"})
    await sink.start()
    await hours.pass_by(timedelta(minutes=3))
    assert {one.state for one in await hours.answers()} == {"queued"}
    before = hours.tries
    await hours.pass_by(timedelta(hours=1))
    assert hours.tries - before <= MANY * 12, "pauses grow"
    sink.replies.clear()
    await hours.pass_by(timedelta(minutes=75))
    assert {one.state for one in await hours.answers()} == {"sent"}
    await _left_in_order(sink, await hours.answers())
    await sink.close()


@pytest.mark.deep
async def test_once_the_relay_is_back_everything_has_left_within_five_minutes(
    world: World, clock: SteppedClock
) -> None:
    sink = SmtpSink()
    await sink.start()
    hours = Hours(world, sink, clock)
    await sink.close()
    await two_threads(world)
    await hours.pass_by(timedelta(minutes=40))
    await sink.start()
    await hours.pass_by(RELAY_PAUSE * 1.25)
    assert {one.state for one in await hours.answers()} == {"sent"}
    await _left_in_order(sink, await hours.answers())
    await sink.close()


async def _left_in_order(sink: SmtpSink, answers: list[Message]) -> None:
    """Within a thread; each once."""
    left = [mail.raw for mail in sink.taken]
    assert len(left) == len(answers)
    for n in range(MANY // 2):
        places = [
            next(at for at, raw in enumerate(left) if f"{part} risposta a {n}\r\n".encode() in raw)
            for part in ("prima", "seconda")
        ]
        assert places == sorted(places)


@pytest.mark.parametrize("stage", ["RCPT", "dot"])
async def test_what_is_refused_for_good_fails_at_once(world: World, clock: SteppedClock, stage: str) -> None:
    sink = SmtpSink(replies={stage: "550 5.1.1 no such user"})
    await sink.start()
    hours = Hours(world, sink, clock)
    await world.answered(world.aurora)
    await hours.pass_by(timedelta(0))
    [answer] = await hours.answers()
    assert (answer.state, answer.failure, hours.tries) == ("failed", "5.1.1 no such user", 1)
    await sink.close()


async def test_a_relay_that_drops_before_its_250_gets_one_more_by_hand_and_never_a_third(
    world: World, clock: SteppedClock
) -> None:
    sink = SmtpSink(replies={"dot": DROP})
    await sink.start()
    hours = Hours(world, sink, clock)
    answer = await world.answered(world.aurora)
    await hours.pass_by(timedelta(hours=3))
    assert [one.state for one in await hours.answers()] == ["uncertain"]
    assert len(sink.mails) == 1, "no machine repeats it"
    by = world.anna.at(world.aurora)
    await world.database.run(world.aurora.writing, lambda db: resend(db, answer.id, by=by))
    await hours.pass_by(timedelta(hours=3))
    with pytest.raises(Exception, match="second time already"):
        await world.database.run(world.aurora.writing, lambda db: resend(db, answer.id, by=by))
    assert len({mail.raw.partition(b"Message-ID:")[2].splitlines()[0] for mail in sink.mails}) == 1
    assert len(sink.mails) == 2
    await sink.close()
