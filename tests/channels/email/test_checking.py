"""A test mail goes the whole way by real SMTP and becomes a row of health; what only looks like one is a mail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import select

from portavoce import engine
from portavoce.brands.limits import set_limit
from portavoce.channels.email.admitting import Doorman
from portavoce.channels.email.checking import (
    Check,
    CheckKeys,
    begin_check,
    check_in,
    latest_checks,
    send_check,
)
from portavoce.channels.email.errors import NoMailbox
from portavoce.channels.email.listening import Server
from portavoce.channels.email.models import Mailbox
from portavoce.core.config import Settings
from portavoce.kit.clock import SteppedClock
from portavoce.wiring import check_keys
from tests.ports import free_port
from tests.world import World, WorldBrand, letter

KEYS = CheckKeys(b"k" * 32)


@dataclass
class Listening:
    world: World
    servers: list[Server]
    keys: CheckKeys

    async def mailbox(self, brand: WorldBrand) -> UUID:
        async with self.world.database.begin(brand.reading) as db:
            return (await db.scalars(select(Mailbox.id))).one()

    async def check(self, brand: WorldBrand, *, port: int = 0) -> UUID:
        async with self.world.database.begin(brand.writing) as db:
            check, address = await begin_check(db, await self.mailbox(brand), by="admin")
        await send_check(
            self.world.database, self.keys, brand.id, check.id, address=address, host="127.0.0.1",
            port=port or self.servers[0].port,
        )  # fmt: skip
        return check.id

    async def latest(self, brand: WorldBrand) -> Check:
        async with self.world.database.begin(brand.reading) as db:
            [found] = (await latest_checks(db)).values()
        return found


@pytest_asyncio.fixture
async def listening(world: World, tmp_path: Path) -> AsyncIterator[Listening]:
    settings = Settings(home=tmp_path, smtp_port=0, lmtp_port=0, relay_url="smtp://mx.example")
    servers = await engine.listen(settings, world.database, world.storage)
    yield Listening(world, servers, check_keys(settings))
    for server in servers:
        await server.close(grace=5)


async def test_it_arrives_as_a_row_of_health_and_is_no_contact_no_mail_and_no_file(
    listening: Listening, tmp_path: Path
) -> None:
    await listening.check(listening.world.aurora)
    found = await listening.latest(listening.world.aurora)
    assert (found.state, found.arrived_at is not None) == ("arrived", True)
    assert await listening.world.contacts(listening.world.aurora) == []
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


async def test_what_our_listener_says_other_than_yes_is_kept(listening: Listening) -> None:
    aurora = listening.world.aurora
    async with listening.world.database.begin(aurora.writing) as db:
        await set_limit(db, "mail_mb", 1, by="admin")
    await listening.check(aurora, port=free_port())
    found = await listening.latest(aurora)
    assert (found.state, found.answer) == ("failed", "Our listener does not answer. Is the engine running?")


async def test_one_that_was_taken_and_never_came_has_failed_after_a_while(
    listening: Listening, clock: SteppedClock
) -> None:
    aurora = listening.world.aurora
    async with listening.world.database.begin(aurora.writing) as db:
        await begin_check(db, await listening.mailbox(aurora), by="admin")
    assert (await listening.latest(aurora)).state == "waiting"
    clock.advance(timedelta(minutes=3))
    assert (await listening.latest(aurora)).state == "failed"


async def test_a_mark_of_anybody_else_makes_it_an_ordinary_mail(listening: Listening) -> None:
    world = listening.world
    forged = KEYS.mark(world.aurora.id, uuid4(), world.database.clock.now())
    for mark in (forged, "x", "a.b.c", "…"):
        raw = f"Portavoce-Check: {mark}\r\n".encode() + letter(world.aurora.address)
        await _post(listening, world.aurora, raw)
    assert len(await world.messages(world.aurora)) == 4


async def test_a_mark_used_again_changes_nothing_and_is_no_contact_either(listening: Listening) -> None:
    world = listening.world
    check_id = await listening.check(world.aurora)
    first = await listening.latest(world.aurora)
    mark = listening.keys.mark(world.aurora.id, check_id, world.database.clock.now())
    await _post(
        listening, world.aurora, f"Portavoce-Check: {mark}\r\n".encode() + letter(world.aurora.address)
    )
    assert await listening.latest(world.aurora) == first
    assert await world.messages(world.aurora) == []


def test_a_mark_holds_for_its_brand_and_for_ten_minutes(clock: SteppedClock) -> None:
    brand, other, check = uuid4(), uuid4(), uuid4()
    raw = f"Portavoce-Check: {KEYS.mark(brand, check, clock.now())}\r\nSubject: x\r\n\r\n".encode()
    assert check_in(raw, brand, KEYS, clock.now()) == check
    assert check_in(raw, other, KEYS, clock.now()) is None
    assert check_in(raw, brand, CheckKeys(b"o" * 32), clock.now()) is None
    clock.advance(timedelta(minutes=11))
    assert check_in(raw, brand, KEYS, clock.now()) is None


async def test_another_brands_address_does_not_exist_here(listening: Listening) -> None:
    bosco = await listening.mailbox(listening.world.bosco)
    with pytest.raises(NoMailbox):
        async with listening.world.database.begin(listening.world.aurora.writing) as db:
            await begin_check(db, bosco, by="admin")


async def _post(listening: Listening, brand: WorldBrand, raw: bytes) -> None:
    """As the listener hands it over."""
    world = listening.world
    door = Doorman(world.room, listening.keys)
    await door.accept(world.arrival(raw), [brand.recipient])
