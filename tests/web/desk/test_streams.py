"""The stream of a page under granian."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import psutil
import pytest

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.sessions import end_session
from portavoce.web.draining import DRAIN as DRAIN_SIGNAL
from tests.web.desk import house
from tests.web.desk.house import DeskBrand, Worker
from tests.web.live.conftest import live_database as live_database
from tests.web.live.conftest import live_settings as live_settings
from tests.web.live.conftest import redis_home as redis_home
from tests.web.live.conftest import redis_server as redis_server
from tests.web.live.conftest import web as web
from tests.web.live.serving import WebProcess

PATIENCE = 30
DRAIN = 10


@asynccontextmanager
async def stream(web: WebProcess, worker: Worker, query: str = "") -> AsyncIterator[AsyncIterator[str]]:
    async with (
        httpx.AsyncClient(timeout=PATIENCE, cookies={"portavoce": worker.cookie}) as client,
        client.stream("GET", f"{web.url}/desk/stream{query}") as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield answer.aiter_lines()


async def until(lines: AsyncIterator[str], words: str) -> str:
    async with asyncio.timeout(PATIENCE):
        async for line in lines:
            if words in line:
                return line
    raise AssertionError(f"the stream ended before {words!r}")


async def until_the_end(lines: AsyncIterator[str]) -> None:
    """Of a stream that ends whole; one that was cut raises something else."""
    with pytest.raises(AssertionError, match="the stream ended"):
        await until(lines, "never sent")


async def aurora_and_anna(database: Database) -> tuple[DeskBrand, Worker]:
    aurora = await house.make_brand(database, await house.make_admin(database), "Aurora")
    return aurora, await house.make_worker(database, [aurora], "Anna")


async def test_a_snapshot_comes_first_and_changes_follow_and_nobody_unknown_has_one(
    web: WebProcess, live_database: Database
) -> None:
    aurora, anna = await aurora_and_anna(live_database)
    await house.arrive(live_database, aurora, "Era già qui")
    async with stream(web, anna) as lines:
        assert await anext(lines) == "event: queue"
        await until(lines, "data-snapshot")
        await until(lines, "Era già qui")
        await house.arrive(live_database, aurora, "Arriva adesso", customer="Ugo Neri")
        await until(lines, "Arriva adesso")
    async with httpx.AsyncClient(cookies={"portavoce": "invented"}) as nobody:
        assert (await nobody.get(f"{web.url}/desk/stream")).status_code == 401


@pytest.mark.deep
async def test_the_open_contact_is_part_of_it_unless_its_brand_is_not_granted(
    web: WebProcess, live_database: Database
) -> None:
    aurora, anna = await aurora_and_anna(live_database)
    bosco = await house.make_brand(live_database, await house.make_admin(live_database), "Bosco")
    mine, _ = await house.arrive(live_database, aurora, "Contatto di Aurora")
    foreign, _ = await house.arrive(live_database, bosco, "Contatto di Bosco")
    async with stream(web, anna, f"?open={mine}&brand={aurora.slug}") as lines:
        await until(lines, "#timeline")
    for brand in (bosco, aurora):
        async with stream(web, anna, f"?open={foreign}&brand={brand.slug}") as lines:
            await until(lines, "#presence-btn")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await until(lines, "#timeline")


@pytest.mark.deep
async def test_signing_out_ends_the_stream(web: WebProcess, live_database: Database) -> None:
    _, anna = await aurora_and_anna(live_database)
    async with stream(web, anna) as lines:
        await until(lines, "data-snapshot")
        async with live_database.begin(HOUSE) as db:
            await end_session(db, anna.session_id)
        await until_the_end(lines)


async def test_a_process_that_is_told_to_stop_lets_its_streams_go(
    web: WebProcess, live_database: Database
) -> None:
    _, anna = await aurora_and_anna(live_database)
    async with stream(web, anna) as lines:
        await until(lines, "data-snapshot")
        stopping = asyncio.create_task(asyncio.to_thread(web.stop))
        with pytest.raises((AssertionError, httpx.RemoteProtocolError)):
            await until(lines, "never sent")
        assert await stopping < DRAIN


async def test_a_draining_process_ends_its_streams_whole_and_those_that_still_come(
    web: WebProcess, live_database: Database
) -> None:
    """A stream that was cut instead would be an error in the browser, and in the proxy before it."""
    _, anna = await aurora_and_anna(live_database)
    async with stream(web, anna) as lines:
        await until(lines, "data-snapshot")
        for worker in psutil.Process(web.pid).children():
            worker.send_signal(DRAIN_SIGNAL)
        await until_the_end(lines)
    async with stream(web, anna) as lines:
        assert [line async for line in lines] == []
