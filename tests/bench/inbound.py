"""G3: a durable inbound mail (stored, filed, queued, chained) beside the floor's bare insert."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import psycopg

from tests.bench import floor
from tests.bench.measuring import Round
from tests.world import World, WorldBrand, letter

MAILS = 200
TOGETHER = 8


def mails_in(world: World, brands: list[WorldBrand], mails: int = MAILS) -> Round:
    """Each mail is one acceptance as the listener makes it: file synced, transaction committed.

    The mails are written before anything is measured; each has a Message-ID of its own however often it is sent.
    """
    written = [
        (brand := brands[number % len(brands)], letter(brand.address, sender=f"c{number}@customer.example"))
        for number in range(mails)
    ]

    async def one(number: int) -> None:
        brand, mail = written[number]
        await world.receive(brand, _renamed(mail))

    return _together(one, mails)


def _renamed(mail: bytes) -> bytes:
    return mail.replace(b"Message-ID: <", b"Message-ID: <" + uuid4().hex.encode(), 1)


def bare_inserts(dsn: str) -> Round:
    async def run() -> int:
        connections = [await psycopg.AsyncConnection.connect(dsn, autocommit=True) for _ in range(TOGETHER)]
        idle = asyncio.Queue[psycopg.AsyncConnection[object]]()
        for connection in connections:
            idle.put_nowait(connection)

        async def one(_number: int) -> None:
            connection = await idle.get()
            await floor.insert(connection, "Buongiorno, la macchina perde acqua.")
            idle.put_nowait(connection)

        count = await _together(one)()
        for connection in connections:
            await connection.close()
        return count

    return run


def _together(one: Callable[[int], Awaitable[None]], times: int = MAILS) -> Round:
    async def run() -> int:
        numbers = iter(range(times))

        async def lane() -> None:
            for number in numbers:
                await one(number)

        await asyncio.gather(*(lane() for _ in range(TOGETHER)))
        return times

    return run
