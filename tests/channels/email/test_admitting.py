"""At the door, by real SMTP: limits defer and lose nothing, and a brand in trouble keeps its trouble to itself."""

from __future__ import annotations

import asyncio
import smtplib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import func, select

from portavoce import engine
from portavoce.brands.limits import set_limit
from portavoce.channels.email import admitting
from portavoce.channels.email.models import InboundEvent
from portavoce.core.config import Settings
from portavoce.kit.clock import SteppedClock
from tests.database import Installation
from tests.depth import scaled
from tests.world import World, WorldBrand, letter

PATIENCE = 30
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
HEAD = "SELECT 1 FROM pv.brand_head WHERE brand_id = %s FOR UPDATE"


@dataclass
class Door:
    world: World
    smtp: int
    lmtp: int

    async def send(self, raw: bytes, *to: WorldBrand, client: type[smtplib.SMTP] = smtplib.SMTP) -> list[int]:
        return await asyncio.to_thread(self.speak, raw, *to, client=client)

    def speak(self, raw: bytes, *to: WorldBrand, client: type[smtplib.SMTP] = smtplib.SMTP) -> list[int]:
        """The answers to the recipients that were refused, or to the mail. Blocking."""
        with client(
            "127.0.0.1", self.lmtp if client is smtplib.LMTP else self.smtp, timeout=PATIENCE
        ) as talk:
            talk.ehlo()
            talk.mail("gina@customer.example")
            refused = [code for code, _ in [talk.rcpt(brand.address) for brand in to] if code != 250]
            if refused:
                return refused
            codes = [talk.data(raw)[0]]
            more = len(to) - 1 if client is smtplib.LMTP else 0
            return codes + [talk.getreply()[0] for _ in range(more)]

    async def limit(self, brand: WorldBrand, name: str, value: int) -> None:
        async with self.world.database.begin(brand.writing) as db:
            await set_limit(db, name, value, by="admin")

    async def stored(self, brand: WorldBrand) -> int:
        async with self.world.database.begin(brand.reading) as db:
            return (await db.execute(select(func.count(InboundEvent.id)))).scalar_one()


def large(to: str) -> bytes:
    """Somewhat more than a megabyte."""
    return letter(to) + (b"x" * 998 + b"\r\n") * 1_100


@pytest_asyncio.fixture
async def door(world: World, tmp_path: Path) -> AsyncIterator[Door]:
    settings = Settings(home=tmp_path, smtp_port=0, lmtp_port=0, relay_url="smtp://mx.example")
    smtp, lmtp = await engine.listen(settings, world.database, world.storage)
    yield Door(world, smtp.port, lmtp.port)
    for server in (smtp, lmtp):
        await server.close(grace=5)


async def test_beyond_its_mails_a_minute_a_brand_is_deferred_and_the_same_mail_is_taken_a_minute_later(
    door: Door, clock: SteppedClock
) -> None:
    aurora, bosco = door.world.aurora, door.world.bosco
    await door.limit(aurora, "mails_minute", 2)
    late = letter(aurora.address)
    first = [await door.send(letter(aurora.address), aurora) for _ in range(2)]
    assert [*first, await door.send(late, aurora), await door.send(late, aurora)] == [
        [250],
        [250],
        [452],
        [452],
    ]
    assert await door.send(letter(bosco.address), bosco) == [250]
    clock.advance(timedelta(minutes=1))
    assert await door.send(late, aurora) == [250]
    assert await door.stored(aurora) == 3


async def test_a_mail_to_two_brands_is_deferred_for_one_and_comes_again_without_doubling(
    door: Door, clock: SteppedClock
) -> None:
    aurora, bosco = door.world.aurora, door.world.bosco
    await door.limit(aurora, "mails_minute", 1)
    await door.send(letter(aurora.address), aurora)
    raw = letter(f"{aurora.address}, {bosco.address}")
    assert await door.send(raw, bosco, aurora) == [452]
    assert await door.send(raw, bosco, client=smtplib.LMTP) == [250]
    clock.advance(timedelta(minutes=1))
    assert await door.send(raw, aurora, bosco) == [250]
    assert (await door.stored(aurora), await door.stored(bosco)) == (2, 1)


async def test_a_full_brand_is_deferred_before_the_mail_is_sent_until_it_may_store_more(
    door: Door, clock: SteppedClock
) -> None:
    aurora = door.world.aurora
    await door.limit(aurora, "stored_mb", 1)
    assert await door.send(large(aurora.address), aurora) == [250]
    assert await door.send(letter(aurora.address), aurora) == [452]
    await door.limit(aurora, "stored_mb", 2)
    clock.advance(timedelta(seconds=11))
    assert await door.send(letter(aurora.address), aurora) == [250]


async def test_a_mail_too_large_for_one_of_its_brands_is_refused_for_good_and_lmtp_says_for_which(
    door: Door,
) -> None:
    aurora, bosco = door.world.aurora, door.world.bosco
    await door.limit(aurora, "mail_mb", 1)
    raw = large(f"{aurora.address}, {bosco.address}")
    assert await door.send(raw, aurora, bosco) == [552]
    assert (await door.stored(aurora), await door.stored(bosco)) == (0, 0)
    assert await door.send(raw, aurora, bosco, client=smtplib.LMTP) == [552, 250]
    assert (await door.stored(aurora), await door.stored(bosco)) == (0, 1)


async def test_a_brand_whose_mails_hang_takes_few_connections_and_another_brands_mail_passes(
    door: Door,
    installation: Installation,
    superuser: psycopg.Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its mails hang at the brand's head: four inside, four in line, and who comes then is told to come back."""
    aurora, bosco = door.world.aurora, door.world.bosco
    monkeypatch.setattr(admitting, "IN_LINE", 4)
    async with await psycopg.AsyncConnection.connect(installation.superuser_dsn) as holder:
        await holder.execute(HEAD, [aurora.id])
        hanging = [asyncio.create_task(_raw_send(door, aurora)) for _ in range(admitting.AT_WORK + 4)]
        async with asyncio.timeout(PATIENCE):
            while _waiting(superuser) < admitting.AT_WORK or await _asked(door, aurora) == 250:
                await asyncio.sleep(0.02)
        assert await _asked(door, aurora) == 451
        assert await _raw_send(door, bosco) == [250]
        assert _waiting(superuser) == admitting.AT_WORK
        await holder.rollback()
    assert await asyncio.gather(*hanging) == [[250]] * len(hanging)
    assert await door.stored(aurora) == len(hanging)


async def _raw_send(door: Door, brand: WorldBrand) -> list[int]:
    """Without a thread: there are fewer of those than mails that hang."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.smtp)
    answers = [await reader.readline()]
    for line in (b"HELO x", b"MAIL FROM:<g@x.example>", f"RCPT TO:<{brand.address}>".encode(), b"DATA"):
        writer.write(line + b"\r\n")
        answers.append(await reader.readline())
    writer.write(letter(brand.address) + b"\r\n.\r\n")
    code = int((await reader.readline())[:3])
    writer.close()
    await writer.wait_closed()
    return [code]


def _waiting(superuser: psycopg.Connection[Any]) -> int:
    return int(superuser.execute(WAITING).fetchall()[0][0])


async def _asked(door: Door, brand: WorldBrand) -> int:
    """The answer to the recipient alone."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.smtp)
    await reader.readline()
    for line in (b"HELO x", b"MAIL FROM:<g@x.example>", f"RCPT TO:<{brand.address}>".encode()):
        writer.write(line + b"\r\n")
        answer = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return int(answer[:3])


async def test_a_flood_of_one_brand_leaves_another_its_pace(door: Door) -> None:
    """Interleaved rounds, quiet and flooded, in which Bosco's mails are timed; the best of each, an order of magnitude apart."""
    aurora, bosco = door.world.aurora, door.world.bosco
    quiet, flooded = [], []
    for _ in range(scaled(1, 10)):
        quiet += [await _timed(door, bosco) for _ in range(5)]
        async with _flood(door, aurora):
            flooded += [await _timed(door, bosco) for _ in range(5)]
    assert await door.stored(aurora) > 10
    assert min(flooded) < 20 * min(quiet)


async def _timed(door: Door, brand: WorldBrand) -> float:
    begun = time.perf_counter()
    assert await _raw_send(door, brand) == [250]
    return time.perf_counter() - begun


class _flood:  # noqa: N801 -- reads as a verb where it is used
    """Twelve senders at once, each again and again; whoever is deferred comes back."""

    def __init__(self, door: Door, brand: WorldBrand) -> None:
        self._door, self._brand, self._stopping = door, brand, False

    async def __aenter__(self) -> None:
        self._tasks = [asyncio.create_task(self._send()) for _ in range(12)]
        before = await self._door.stored(self._brand)
        async with asyncio.timeout(PATIENCE):
            while await self._door.stored(self._brand) < before + 5:
                await asyncio.sleep(0.02)

    async def __aexit__(self, *_: object) -> None:
        self._stopping = True
        await asyncio.gather(*self._tasks)

    async def _send(self) -> None:
        while not self._stopping:
            await _raw_send(self._door, self._brand)
