"""Mail comes in by real SMTP and LMTP; the timers visit every brand."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce import engine
from portavoce.channels.email.models import InboundEvent
from portavoce.conversations.handling import end_idle_segments, focus
from portavoce.conversations.models import HandlingSegment
from portavoce.core.config import Settings
from portavoce.core.models import Outbox
from portavoce.core.queueing import JobQueue
from portavoce.core.unit import written_brand
from portavoce.kit.clock import SteppedClock
from tests.world import World, WorldBrand, letter

LIMIT = 100_000


@dataclass
class Listening:
    world: World
    smtp: int
    lmtp: int
    sent: int

    async def send(self, raw: bytes, *to: str, client: type[smtplib.SMTP] = smtplib.SMTP) -> list[int]:
        """The answer to each recipient that was refused, or those to the mail."""

        def speak() -> list[int]:
            port = self.lmtp if client is smtplib.LMTP else self.smtp
            with client("127.0.0.1", port, timeout=20) as talk:
                talk.ehlo()
                talk.mail("gina@customer.example")
                refused = [code for code, _ in map(talk.rcpt, to) if code != 250]
                if refused:
                    return refused
                codes = [talk.data(raw)[0]]
                more = len(to) - 1 if client is smtplib.LMTP else 0
                return codes + [talk.getreply()[0] for _ in range(more)]

        return await asyncio.to_thread(speak)

    async def stored(self, brand: WorldBrand) -> int:
        async with self.world.database.begin(brand.reading) as db:
            return len((await db.scalars(select(InboundEvent.id))).all())


@pytest_asyncio.fixture
async def listening(world: World, tmp_path: Path) -> AsyncIterator[Listening]:
    settings = Settings(home=tmp_path, smtp_port=0, lmtp_port=0, sent_port=0, max_mail_bytes=LIMIT)
    servers = await engine.listen(settings, world.database, world.storage)
    yield Listening(world, *(server.port for server in servers))
    for server in servers:
        await server.close(grace=5)


async def test_a_mail_answered_250_is_a_contact_and_an_unknown_recipient_is_550(listening: Listening) -> None:
    aurora = listening.world.aurora
    assert await listening.send(letter(aurora.address), aurora.address) == [250]
    assert await listening.send(letter(aurora.address), "nobody@nowhere.example") == [550]
    assert len(await listening.world.contacts(aurora)) == 1


async def test_a_mail_over_the_limit_is_552_and_nothing_of_it_is_kept(
    listening: Listening, tmp_path: Path
) -> None:
    aurora = listening.world.aurora
    assert await listening.send(letter(aurora.address, "x\n" * LIMIT), aurora.address) == [552]
    assert await listening.stored(aurora) == 0
    assert not (tmp_path / "files").exists()


async def test_a_mail_to_two_brands_is_one_copy_each(listening: Listening) -> None:
    aurora, bosco = listening.world.aurora, listening.world.bosco
    raw = letter(f"{aurora.address}, {bosco.address}")
    for _ in range(2):
        assert await listening.send(raw, aurora.address, bosco.address) == [250]
    assert (await listening.stored(aurora), await listening.stored(bosco)) == (1, 1)


async def test_a_mail_cut_off_before_its_dot_is_not_stored(listening: Listening) -> None:
    aurora = listening.world.aurora
    reader, writer = await asyncio.open_connection("127.0.0.1", listening.smtp)
    writer.write(f"EHLO x\r\nMAIL FROM:<g@x.example>\r\nRCPT TO:<{aurora.address}>\r\nDATA\r\n".encode())
    writer.write(letter(aurora.address)[:200])
    await writer.drain()
    while not (await reader.readline()).startswith(b"354"):
        pass
    writer.close()
    await writer.wait_closed()
    assert await listening.send(letter(aurora.address), aurora.address) == [250]
    assert await listening.stored(aurora) == 1


async def test_lmtp_answers_for_each_brand(listening: Listening) -> None:
    aurora, bosco = listening.world.aurora, listening.world.bosco
    raw = letter(aurora.address)
    codes = await listening.send(raw, aurora.address, bosco.address, client=smtplib.LMTP)
    assert codes == [250, 250]
    assert (await listening.stored(aurora), await listening.stored(bosco)) == (1, 1)


async def test_without_a_relay_the_local_mailbox_keeps_what_is_sent(
    listening: Listening, tmp_path: Path
) -> None:
    def send() -> None:
        with smtplib.SMTP("127.0.0.1", listening.sent, timeout=20) as client:
            client.sendmail("a@aurora.example", ["gina@customer.example"], b"Subject: x\r\n\r\ny\r\n")

    await asyncio.to_thread(send)
    assert len(list((tmp_path / "sent").glob("*.eml"))) == 1


async def test_with_a_relay_there_is_no_local_mailbox(world: World, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, smtp_port=0, lmtp_port=0, relay_url="smtp://mx.example")
    servers = await engine.listen(settings, world.database, world.storage)
    assert len(servers) == 2
    for server in servers:
        await server.close(grace=5)


async def test_nothing_is_marked_while_redis_is_away(world: World, clock: SteppedClock) -> None:
    await world.answered(world.aurora)
    queue = JobQueue("unix:///nowhere/redis.sock", b"k" * 32, clock)
    await engine._dispatch(world.database, queue)
    await queue.close()
    async with world.database.begin(world.aurora.reading) as db:
        assert (await db.scalars(select(Outbox.state))).all() == ["pending"]


async def test_the_tick_ends_idle_segments_of_every_brand_though_one_fails(
    world: World, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for brand in (world.aurora, world.bosco):
        message = await world.answered(brand)
        async with world.database.begin(brand.writing) as db:
            await focus(db, message.interaction_id, by=world.anna.at(brand))
    clock.advance(timedelta(minutes=10))

    async def brands(_db: object) -> list[object]:
        return [world.elena, world.aurora.id, world.bosco.id]

    failed = []

    async def end(db: AsyncSession) -> int:
        if written_brand(db) == world.elena:
            failed.append(1)
            raise RuntimeError("one brand's timers fail")
        return await end_idle_segments(db)

    monkeypatch.setattr(engine, "all_brand_ids", brands)
    monkeypatch.setattr(engine, "end_idle_segments", end)
    await engine._tick(world.database)
    assert failed == [1]
    for brand in (world.aurora, world.bosco):
        async with world.database.begin(brand.reading) as db:
            [segment] = (await db.scalars(select(HandlingSegment))).all()
        assert segment.ended_at is not None


async def test_settings_reach_the_listener(world: World, tmp_path: Path) -> None:
    settings = msgspec.structs.replace(
        Settings(home=tmp_path, smtp_port=0, lmtp_port=0, sent_port=0), mail_domain="mx.voxa.example"
    )
    servers = await engine.listen(settings, world.database, world.storage)
    reader, writer = await asyncio.open_connection("127.0.0.1", servers[0].port)
    assert (await reader.readline()).startswith(b"220 mx.voxa.example")
    writer.close()
    await writer.wait_closed()
    for server in servers:
        await server.close(grace=5)
