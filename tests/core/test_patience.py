"""What the server is told of our patience, and what happens when it falls silent."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from portavoce.core.db import Database, unavailable
from portavoce.core.patience import BACKGROUND, ERRAND, WEB, PatientConnection, connect_args
from portavoce.core.scope import HOUSE
from portavoce.core.trusted import trusted_sql
from portavoce.kit.clock import SystemClock
from tests.database import Installation
from tests.fakes.tcp_proxy import TcpProxy, proxy_to

PATIENCE = 30
CUTS = 12
SLEEP = trusted_sql("tests.patience.sleep", "SELECT pg_sleep(:seconds)")
LOCK = trusted_sql("tests.patience.lock", "SELECT pg_advisory_xact_lock(4711)")
LIMITS = trusted_sql(
    "tests.patience.limits",
    "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),"
    " current_setting('idle_in_transaction_session_timeout')",
)


@asynccontextmanager
async def opened(installation: Installation, **limits: int) -> AsyncIterator[Database]:
    database = Database(installation.urls, SystemClock(), patience=replace(WEB, **limits))
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def proxied(installation: Installation, **limits: int) -> AsyncIterator[tuple[Database, TcpProxy]]:
    """Over a line that can be cut, slowed and silenced."""
    parts = conninfo_to_dict(installation.superuser_dsn)
    proxy = await proxy_to(f"{parts['host']}/.s.PGSQL.{parts.get('port', 5432)}")
    urls = {
        role: make_url(url)
        .set(host="127.0.0.1", port=proxy.port, query={})
        .render_as_string(hide_password=False)
        for role, url in installation.urls.items()
    }
    database = Database(urls, SystemClock(), patience=replace(WEB, **limits))
    try:
        yield database, proxy
    finally:
        await database.close()
        await proxy.close()


async def ask(database: Database) -> object:
    async with asyncio.timeout(PATIENCE), database.begin(HOUSE) as db:
        return await db.scalar(SLEEP, {"seconds": 0})


def state(error: BaseException) -> str | None:
    assert isinstance(error, DBAPIError)
    return getattr(error.orig, "sqlstate", None)


def test_a_person_waits_at_most_five_seconds_for_a_statement_and_three_to_connect() -> None:
    assert (WEB.statement, WEB.lock, WEB.connect, WEB.free, WEB.idle) == (5, 3, 3, 3, 10)
    assert max(WEB.answer, WEB.free + WEB.connect) <= 10
    assert WEB.statement < BACKGROUND.statement < ERRAND.statement
    given = connect_args("postgresql://x/y?options=-c%20search_path%3Dpv", WEB)
    assert given["options"].startswith("-c search_path=pv -c statement_timeout=5s")


async def test_every_connection_of_a_process_carries_its_limits(installation: Installation) -> None:
    async with opened(installation) as database:
        for role in database.urls.keys() & {"portavoce_app", "portavoce_report", "portavoce_dispatch"}:
            async with database.begin(HOUSE, role=role) as db:
                assert tuple((await db.execute(LIMITS)).one()) == ("5s", "3s", "10s")


async def test_a_statement_a_lock_and_an_idle_transaction_end_by_themselves(
    installation: Installation,
) -> None:
    async with opened(installation, idle=1) as database:
        with pytest.raises(DBAPIError) as idle:
            await _idly(database)
        assert unavailable(idle.value)
        await ask(database)
    async with opened(installation, statement=2, lock=1) as database:
        with pytest.raises(OperationalError) as slow:
            async with database.begin(HOUSE) as db:
                await db.execute(SLEEP, {"seconds": 30})
        async with database.begin(HOUSE) as db:
            await db.execute(LOCK)
            with pytest.raises(OperationalError) as locked:
                async with database.begin(HOUSE) as other:
                    await other.execute(LOCK)
        assert (state(slow.value), state(locked.value)) == ("57014", "55P03")
        for error in (slow.value, locked.value):
            assert unavailable(error)
        await ask(database)
        assert database.engine().pool.checkedout() == 0  # type: ignore[attr-defined]  # -- a queue pool


async def _idly(database: Database) -> None:
    async with database.begin(HOUSE) as db:
        await db.execute(SLEEP, {"seconds": 0})
        await asyncio.sleep(1.5)
        await db.execute(SLEEP, {"seconds": 0})


async def test_without_a_free_connection_one_waits_for_moments_only(installation: Installation) -> None:
    async with opened(installation, free=1) as database:
        database.engine_options = {"pool_size": 1, "max_overflow": 0}
        async with database.begin(HOUSE) as db:
            await db.execute(SLEEP, {"seconds": 0})
            with pytest.raises(NoConnectionFree) as error:
                await ask(database)
        assert unavailable(error.value)
        await ask(database)


@pytest.mark.parametrize("amiss", ["silent", "refuse", "cut"])
async def test_a_line_that_fails_is_given_up_and_the_next_one_works(
    installation: Installation, amiss: str
) -> None:
    """Half-open is the worst: the server's own limits cannot reach us."""
    async with proxied(installation, connect=2) as (database, proxy):
        await ask(database)
        for connection in _connections(database):
            connection.answer = 1.0
        tasks = len(asyncio.all_tasks())
        await proxy.turn(amiss)
        for _ in range(2):
            with pytest.raises(DBAPIError) as error:
                await ask(database)
            assert unavailable(error.value)
        await proxy.turn("open")
        await ask(database)
        assert database.engine().pool.checkedout() == 0  # type: ignore[attr-defined]  # -- a queue pool
        assert len(asyncio.all_tasks()) <= tasks + 5


def _connections(database: Database) -> list[PatientConnection]:
    """Those that wait in the pool."""
    waiting = list(database.engine().pool._pool._queue._queue)  # type: ignore[attr-defined]  # -- a queue pool
    return [record.dbapi_connection.driver_connection for record in waiting]


async def test_a_cancelled_question_on_a_silent_line_does_not_wait_for_ever(
    installation: Installation,
) -> None:
    async with proxied(installation, connect=2) as (database, proxy):
        await ask(database)
        for connection in _connections(database):
            connection.answer = 1.0
        await proxy.turn("silent")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await ask(database)
        await proxy.turn("open")
        await ask(database)


def test_a_lost_server_at_connect_is_no_bug(installation: Installation) -> None:
    with pytest.raises(psycopg.OperationalError), closing(psycopg.connect("host=127.0.0.1 port=1")):
        pass


async def test_who_is_cut_off_while_connecting_leaves_no_line_half_open(installation: Installation) -> None:
    """Until garbage is collected the server would keep a place for it; the server itself gives up after ten seconds."""
    async with proxied(installation) as (database, proxy):
        gc.disable()
        try:
            proxy.delay = 0.01
            for number in range(CUTS):
                asking = asyncio.create_task(ask(database))
                await asyncio.sleep(number * proxy.delay / 2)
                asking.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await asking
            async with asyncio.timeout(WEB.connect + 2):
                while len(proxy):
                    await asyncio.sleep(0.01)
        finally:
            gc.enable()
