"""The floor of the live path: insert, NOTIFY, LISTEN, server-sent events; nothing around it. FLOOR_DSN names the database."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
from litestar import Litestar, get
from litestar.response import Stream

CHANNEL = "arrived"


def application() -> Litestar:
    listening: set[asyncio.Queue[bytes]] = set()

    @asynccontextmanager
    async def notices(_app: Litestar) -> AsyncGenerator[None, None]:
        task = asyncio.create_task(_pass_on(listening))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def events() -> AsyncIterator[bytes]:
        mine: asyncio.Queue[bytes] = asyncio.Queue()
        listening.add(mine)
        try:
            yield b": here\n\n"
            while True:
                yield await mine.get()
        finally:
            listening.discard(mine)

    @get("/stream")
    async def stream() -> Stream:
        return Stream(events(), media_type="text/event-stream")

    @get("/health/live")
    async def live() -> str:
        return "ok"

    return Litestar([stream, live], lifespan=[notices], openapi_config=None)


async def _pass_on(listening: set[asyncio.Queue[bytes]]) -> None:
    async with await psycopg.AsyncConnection.connect(os.environ["FLOOR_DSN"], autocommit=True) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        async for notice in connection.notifies():
            for each in listening:
                each.put_nowait(f"data: {notice.payload}\n\n".encode())
