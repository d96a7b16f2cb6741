"""Units cancelled anywhere, requests left by their clients: no foreign row, no scope left, no connection kept."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal
from uuid import UUID

import psycopg
from litestar import Router, get
from litestar.di import NamedDependency, Provide
from sqlalchemy import event, select
from sqlalchemy.exc import DataError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.pool import QueuePool

from portavoce.core.db import APP, Database
from portavoce.core.scope import Scope
from portavoce.core.session import ScopedSession
from portavoce.core.trusted import trusted_sql
from portavoce.core.unit import new_id, now
from portavoce.customers.models import Customer
from portavoce.web.access import provide_actor, provide_brand_db, provide_desk_brand
from tests.database import Installation
from tests.depth import scaled
from tests.minting import Minted
from tests.web.browsing import Site

POOL = 5
PATIENCE = 30.0
Kind = Literal["read", "write", "raise", "crash"]


def in_use(database: Database, role: str = APP) -> int:
    pool = database.engine(role).pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


@contextmanager
def remembered() -> Iterator[None]:
    """Sessions stay alive meanwhile: what one that nobody closed has in use, no garbage collector gives back."""
    sessions: list[ScopedSession] = []

    def remember(session: ScopedSession, *_begun: object) -> None:
        sessions.append(session)

    event.listen(ScopedSession, "after_begin", remember)
    try:
        yield
    finally:
        event.remove(ScopedSession, "after_begin", remember)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.01)


async def test_units_cancelled_anywhere_leak_no_row_no_scope_and_no_connection(
    installation: Installation, database: Database, brands: list[Minted], superuser: psycopg.Connection[Any]
) -> None:
    """Of one brand or all twelve, over a pool of five; a third is cancelled, some raise, some break in PostgreSQL."""
    small = Database(installation.urls, database.clock, engine_options={"pool_size": POOL, "max_overflow": 0})
    rng, ids = random.Random(7), [brand.id for brand in brands]
    foreign: list[UUID] = []
    between: list[asyncio.Task[None]] = []

    async def unit(scope: Scope, kind: Kind) -> None:
        async with small.begin(scope) as db:
            foreign.extend(set(await db.scalars(select(Customer.brand_id))) - scope.read)
            between.append(asyncio.current_task())  # type: ignore[arg-type]  # -- we are in one
            await asyncio.sleep(rng.random() / 500)
            between.remove(asyncio.current_task())  # type: ignore[arg-type]  # -- the same
            if kind == "write":
                db.add(Customer(id=new_id(db), name="Ugo", language="it", created_at=now(db)))
            elif kind == "raise":
                raise LookupError("changed my mind")
            elif kind == "crash":
                await db.execute(CRASH)

    def one() -> asyncio.Task[None]:
        kind: Kind = rng.choice(("read", "read", "write", "raise", "crash"))
        one_brand = Scope.writing(rng.choice(ids)) if kind == "write" else Scope.reading([rng.choice(ids)])
        return asyncio.create_task(
            unit(one_brand if kind == "write" or rng.random() < 0.5 else Scope.reading(ids), kind)
        )

    tasks = [one() for _ in range(scaled(300, 1500))]

    async def cut_off() -> None:
        """Every few milliseconds one that works: between two statements, or wherever it is."""
        while pending := [task for task in tasks if not task.done()]:
            rng.choice([each for each in between if each in pending] or pending).cancel()
            await asyncio.sleep(rng.random() / 100)

    with remembered():
        cutting = asyncio.create_task(cut_off())
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        await cutting
        await until(lambda: in_use(small) == 0)
    assert foreign == []
    assert {type(each) for each in outcomes if each} <= {asyncio.CancelledError, LookupError, DataError}
    assert any(isinstance(each, asyncio.CancelledError) for each in outcomes)
    assert await scopes_left(small) <= {"", None}
    assert await small_is_idle(small, superuser) == {"idle"}
    await small.close()


CRASH = trusted_sql("tests.crash", "SELECT 1 / 0")


async def scopes_left(database: Database) -> set[str | None]:
    connections = [await database.engine().connect() for _ in range(POOL)]
    query = "SELECT current_setting('app.brand_ids', true)"
    found = {(await connection.exec_driver_sql(query)).scalar() for connection in connections}
    for connection in connections:
        await connection.close()
    return found


async def small_is_idle(database: Database, superuser: psycopg.Connection[Any]) -> set[str]:
    """The states of the pool's connections as PostgreSQL sees them."""
    connections = [await database.engine().connect() for _ in range(POOL)]
    pids = [(await each.exec_driver_sql("SELECT pg_backend_pid()")).scalar() for each in connections]
    for connection in connections:
        await connection.close()
    await until(lambda: in_use(database) == 0)
    query = "SELECT DISTINCT state FROM pg_stat_activity WHERE pid = ANY (%s)"
    return {state for (state,) in superuser.execute(query, [pids])}


class Leaver:
    """A client that sends a request and goes: at once, while it is answered, or by cutting the task off."""

    def __init__(self, site: Site, cookie: str, rng: random.Random) -> None:
        self._app, self._cookie, self._rng = site.app, cookie, rng

    async def ask(self, path: str, leave: asyncio.Event | None = None) -> None:
        """Cut off for certain once told to `leave`."""
        gone, asked = asyncio.Event(), False
        headers = [
            (b"host", b"testserver.local"),
            (b"cookie", f"portavoce={self._cookie}".encode()),
            (b"accept", b"text/html"),
        ]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
            "client": ("203.0.113.9", 40000), "server": ("testserver.local", 80), "state": {},
        }  # fmt: skip

        async def receive() -> dict[str, object]:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(_message: object) -> None:
            if gone.is_set():
                raise OSError("the client is gone")

        task = asyncio.create_task(self._app(scope, receive, send))  # type: ignore[arg-type]  # -- a plain ASGI scope
        await (asyncio.sleep(self._rng.random() / 50) if leave is None else leave.wait())
        gone.set()
        if leave is not None or self._rng.random() < 0.7:
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_requests_whose_clients_have_gone_keep_no_connection(
    the_site: Site, brands: list[Minted], superuser: psycopg.Connection[Any]
) -> None:
    """FT-30: against the whole application; afterwards everybody is served as before."""
    before = in_use(the_site.database)
    anna = await the_site.person("agent", brand=brands[0].id)
    async with the_site.browser() as browser:
        await browser.sign_in(anna.email)
        leaver = Leaver(the_site, str(browser.session), random.Random(3))
        with remembered():
            for _ in range(scaled(5, 50)):
                await asyncio.gather(*(leaver.ask("/preferences" if n % 4 else "/desk") for n in range(20)))
            await until(lambda: in_use(the_site.database) <= before)
        answers = await asyncio.gather(*(browser.get("/preferences") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%%'"
    )
    assert superuser.execute(query).fetchone() == (0,)


async def test_a_request_cut_off_between_two_statements_keeps_no_connection(
    the_site: Site, brands: list[Minted]
) -> None:
    """Inside a statement SQLAlchemy lets go of the connection by itself; here only our unit of work does."""
    reached, anna = asyncio.Event(), await the_site.person("agent", brand=brands[0].id)

    @get(
        "/b/{brand:str}/waiting",
        dependencies={"granted": Provide(provide_desk_brand), "db": Provide(provide_brand_db)},
    )
    async def waiting(db: NamedDependency[AsyncSession]) -> None:
        await db.execute(select(Customer.id))
        reached.set()
        await asyncio.Event().wait()

    the_site.app.register(Router("/", route_handlers=[waiting], dependencies={"actor": provide_actor}))
    before = in_use(the_site.database)
    async with the_site.browser() as browser:
        await browser.sign_in(anna.email)
        leaver = Leaver(the_site, str(browser.session), random.Random(3))
        with remembered():
            await leaver.ask(f"/b/{brands[0].slug}/waiting", reached)
            await until(lambda: in_use(the_site.database) <= before)
