"""The backstop alone: raw SQL as the real roles, without the session's predicate."""

from __future__ import annotations

import asyncio
import random
from typing import LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
import pytest_asyncio
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from portavoce.core.db import APP, DISPATCH, REPORT, ROUTER, Database
from portavoce.core.models import Outbox
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.unit import new_id, now
from portavoce.core.walls import OWNER
from portavoce.customers.models import Customer
from tests.database import Installation
from tests.minting import Minted, mint_agent, mint_brand, mint_interaction


@pytest_asyncio.fixture
async def aurora(database: Database) -> Minted:
    brand = await mint_brand(database, "Aurora")
    await mint_interaction(database, brand)
    return brand


@pytest_asyncio.fixture
async def bosco(database: Database) -> Minted:
    brand = await mint_brand(database, "Bosco")
    await mint_interaction(database, brand)
    return brand


def in_scope(connection: psycopg.Connection[tuple[object, ...]], scope: Scope) -> None:
    for statement in scope.statements().split("; "):
        connection.execute(statement.encode())


@pytest.mark.parametrize("role", [APP, OWNER])
@pytest.mark.parametrize("table", ["customer", "conversation", "brand", "brand_head", "contract_version"])
async def test_without_a_scope_there_are_no_rows(
    installation: Installation, aurora: Minted, role: str, table: LiteralString
) -> None:
    with psycopg.connect(installation.dsn(role)) as connection:
        assert connection.execute(f"SELECT count(*) FROM pv.{table}").fetchone() == (0,)
        in_scope(connection, HOUSE)
        assert connection.execute(f"SELECT count(*) FROM pv.{table}").fetchone() == (0,)
        in_scope(connection, aurora.reading)
        assert connection.execute(f"SELECT count(*) FROM pv.{table}").fetchone() == (1,)


async def test_a_scope_shows_its_brands_and_no_other(
    installation: Installation, aurora: Minted, bosco: Minted
) -> None:
    with psycopg.connect(installation.dsn(APP)) as connection:
        in_scope(connection, aurora.reading)
        assert connection.execute("SELECT DISTINCT brand_id FROM pv.customer").fetchall() == [(aurora.id,)]
        in_scope(connection, Scope.reading([aurora.id, bosco.id]))
        found = connection.execute("SELECT DISTINCT brand_id FROM pv.customer").fetchall()
    assert {brand for (brand,) in found} == {aurora.id, bosco.id}


WRITES: tuple[LiteralString, ...] = (
    "INSERT INTO pv.customer VALUES (%(foreign)s, %(new)s, 'Gina', 'it', now())",
    "UPDATE pv.customer SET brand_id = %(foreign)s",
    "INSERT INTO pv.ledger_event SELECT * FROM pv.ledger_event WHERE false"
    " UNION ALL SELECT %(foreign)s, 1, %(new)s, 'x', 1, NULL, NULL, NULL, NULL, 'x', NULL, NULL, now(), now(),"
    " NULL, %(new)s, '', '', ''",
    "UPDATE pv.ledger_event SET kind = 'x'",
    "DELETE FROM pv.ledger_event",
    "TRUNCATE pv.customer",
    "SET ROLE portavoce_owner",
    "CREATE TEMP TABLE mine (x int)",
    "CREATE TABLE pv.mine (x int)",
    "CREATE TABLE public.mine (x int)",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "COPY pv.customer TO PROGRAM 'cat'",
    "SELECT pg_read_file('postgresql.conf')",
    "ALTER TABLE pv.customer NO FORCE ROW LEVEL SECURITY",
)


@pytest.mark.parametrize("write", WRITES)
async def test_what_app_may_not_do_is_denied(
    installation: Installation, aurora: Minted, bosco: Minted, write: LiteralString
) -> None:
    with psycopg.connect(installation.dsn(APP)) as connection:
        in_scope(connection, Scope(frozenset({aurora.id, bosco.id}), aurora.id))
        with pytest.raises(InsufficientPrivilege):
            connection.execute(write, {"foreign": bosco.id, "new": uuid4()})


@pytest.mark.parametrize("change", ["UPDATE pv.customer SET name = 'x'", "DELETE FROM pv.work_item"])
async def test_a_foreign_row_that_may_be_read_cannot_be_changed(
    installation: Installation, aurora: Minted, bosco: Minted, change: LiteralString
) -> None:
    with psycopg.connect(installation.dsn(APP)) as connection:
        in_scope(connection, Scope(frozenset({aurora.id, bosco.id}), aurora.id))
        foreign = connection.execute(f"{change} WHERE brand_id = %s", [bosco.id])
        assert foreign.rowcount == 0


async def test_turning_row_security_off_raises_instead_of_showing_everything(
    installation: Installation, aurora: Minted
) -> None:
    with psycopg.connect(installation.dsn(APP)) as connection:
        connection.execute("SET LOCAL row_security = off")
        with pytest.raises(InsufficientPrivilege):
            connection.execute("SELECT * FROM pv.customer")


READS: tuple[tuple[str, LiteralString], ...] = (
    (REPORT, "SELECT * FROM pv.person"),
    (REPORT, "SELECT * FROM pv.client"),
    (REPORT, "SELECT * FROM pv.access_grant"),
    (REPORT, "SELECT * FROM pv.endpoint"),
    (REPORT, "SELECT * FROM pv.session"),
    (REPORT, "SELECT * FROM pv.agent"),
    (REPORT, "SELECT * FROM pv.message"),
    (REPORT, "SELECT * FROM pv.outbox"),
    (ROUTER, "SELECT * FROM pv.customer"),
    (ROUTER, "SELECT * FROM pv.brand"),
    (DISPATCH, "SELECT ref_id FROM pv.outbox"),
    (DISPATCH, "SELECT last_error FROM pv.outbox"),
    (DISPATCH, "UPDATE pv.outbox SET brand_id = brand_id"),
    (DISPATCH, "DELETE FROM pv.outbox"),
    (DISPATCH, "SELECT recipient FROM pv.house_outbox"),
    (DISPATCH, "SELECT * FROM pv.customer"),
    ("portavoce_definer", "SELECT * FROM pv.customer"),
    ("portavoce_backup", "DELETE FROM pv.customer"),
)


@pytest.mark.parametrize(("role", "query"), READS)
async def test_each_role_has_only_its_own_windows(
    installation: Installation, role: str, query: LiteralString
) -> None:
    with psycopg.connect(installation.dsn(role)) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(query)


async def test_reports_see_one_brand_and_cannot_write(
    installation: Installation, aurora: Minted, bosco: Minted
) -> None:
    with psycopg.connect(installation.dsn(REPORT)) as connection:
        in_scope(connection, aurora.reading)
        assert connection.execute("SELECT brand_id FROM pv.contract").fetchall() == [(aurora.id,)]
        assert connection.execute("SELECT id FROM pv.brand").fetchall() == [(aurora.id,)]
        connection.rollback()
        connection.execute("SET TRANSACTION READ WRITE")
        in_scope(connection, aurora.writing)
        with pytest.raises(InsufficientPrivilege):
            connection.execute("UPDATE pv.brand SET name = 'x'")


async def test_dispatch_marks_the_rows_of_every_brand(
    database: Database, installation: Installation, aurora: Minted, bosco: Minted
) -> None:
    for brand in (aurora, bosco):
        async with database.begin(brand.writing) as db:
            due = {"ref_id": new_id(db), "run_at": now(db), "created_at": now(db)}
            db.add(Outbox(id=new_id(db), topic="mail", **due))
    with psycopg.connect(installation.dsn(DISPATCH)) as connection:
        query = "SELECT brand_id, id FROM pv.outbox WHERE state = 'pending' FOR UPDATE SKIP LOCKED"
        found = connection.execute(query).fetchall()
        assert {aurora.id, bosco.id} <= {brand for brand, _ in found}
        marked = connection.execute(
            "UPDATE pv.outbox SET state = 'handed', tries = tries + 1 WHERE state = 'pending'"
        )
        assert marked.rowcount == len(found)


async def test_the_router_compares_heads_across_brands_and_works_on_slots(
    database: Database, installation: Installation, aurora: Minted, bosco: Minted
) -> None:
    await mint_agent(database, aurora)
    with psycopg.connect(installation.dsn(ROUTER)) as connection:
        heads = connection.execute("SELECT brand_id, due_at FROM pv.work_item WHERE state = 'waiting'")
        assert {aurora.id, bosco.id} <= {brand for brand, _ in heads}
        assert connection.execute("SELECT agent_id FROM pv.agent").fetchall()
        with pytest.raises(InsufficientPrivilege):
            connection.execute("UPDATE pv.work_item SET state = 'done'")


async def test_a_foreign_row_is_as_absent_as_a_missing_one(
    installation: Installation, aurora: Minted, bosco: Minted
) -> None:
    """A composite foreign key answers the same for a foreign customer and for none: no oracle."""
    with psycopg.connect(installation.dsn(APP), autocommit=True) as connection:
        foreign = _customer_of(installation, bosco)
        answers = [_conversation_error(connection, aurora, customer) for customer in (foreign, uuid4())]
    assert answers[0] == answers[1] != ""


def _customer_of(installation: Installation, brand: Minted) -> UUID:
    with psycopg.connect(installation.superuser_dsn) as connection:
        found = connection.execute("SELECT id FROM pv.customer WHERE brand_id = %s", [brand.id]).fetchone()
    assert found
    return UUID(str(found[0]))


def _conversation_error(
    connection: psycopg.Connection[tuple[object, ...]], brand: Minted, customer_id: UUID
) -> str:
    try:
        with connection.transaction():
            in_scope(connection, brand.writing)
            connection.execute(
                "INSERT INTO pv.conversation VALUES (%s, %s, %s, %s, 'x', now(), now())",
                [brand.id, uuid4(), customer_id, brand.lob_id],
            )
    except psycopg.errors.ForeignKeyViolation as error:
        return str(error.diag.message_primary) + str(error.diag.message_detail).replace(str(customer_id), "…")
    return ""


@pytest.mark.parametrize("garbage", ["x", "{}", "null", "*", "' OR 1=1"])
async def test_a_garbled_scope_shows_nothing(
    installation: Installation, aurora: Minted, garbage: str
) -> None:
    own = str(aurora.id)
    with psycopg.connect(installation.dsn(APP)) as connection:
        for scope in (garbage, own[:-1], f"{own[1:]},{uuid4()}", own.replace("-", ","), own.upper()):
            connection.execute("SELECT set_config('app.brand_ids', %s, true)", [scope])
            assert connection.execute("SELECT * FROM pv.customer").fetchall() == []
            assert connection.execute("SELECT * FROM pv.brand").fetchall() == []


async def test_a_pooled_connection_goes_back_without_a_scope(
    database: Database, engines: dict[str, AsyncEngine], aurora: Minted
) -> None:
    async with database.begin(aurora.writing) as db:
        assert await db.scalar(select(Customer.brand_id)) == aurora.id
    async with engines[APP].connect() as connection:
        query = "SELECT current_setting('app.brand_ids', true), current_setting('app.brand_id', true)"
        found = (await connection.exec_driver_sql(query)).one()
        assert {*found} <= {"", None}


async def test_hundreds_of_cancelled_units_leak_no_row(
    installation: Installation, database: Database, aurora: Minted, bosco: Minted
) -> None:
    """300 units over a pool of five, a third of them cancelled wherever they happen to be."""
    small = Database(installation.urls, database.clock, engine_options={"pool_size": 5, "max_overflow": 0})
    rng = random.Random(2)
    brands = [aurora.id, bosco.id]
    kept = dict.fromkeys(brands, 1)
    foreign: list[UUID] = []

    async def unit(scope: Scope) -> UUID | None:
        async with small.begin(scope) as db:
            seen = set(await db.scalars(select(Customer.brand_id)))
            foreign.extend(seen - scope.read)
            await asyncio.sleep(rng.random() / 200)
            if scope.write:
                db.add(Customer(id=new_id(db), name="Ugo", language="it", created_at=now(db)))
        return scope.write

    scopes = [
        Scope.writing(rng.choice(brands))
        if rng.random() < 0.5
        else Scope.reading(rng.sample(brands, rng.randint(1, 2)))
        for _ in range(300)
    ]
    tasks = [asyncio.create_task(unit(scope)) for scope in scopes]
    for task in rng.sample(tasks, 100):
        asyncio.get_running_loop().call_later(rng.random() / 2, task.cancel)
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    for written in outcomes:
        if isinstance(written, UUID):
            kept[written] += 1
    stored = {brand: await _count(database, brand) for brand in brands}
    unsettled = [o for o in outcomes if isinstance(o, Exception)]
    leftovers = await _scopes_left(small)
    await small.close()
    assert not foreign
    assert not unsettled
    assert any(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
    assert all(stored[brand] >= kept[brand] for brand in brands)
    assert leftovers <= {"", None}


async def _count(database: Database, brand: UUID) -> int:
    async with database.begin(Scope.reading([brand])) as db:
        return len(list(await db.scalars(select(Customer.id))))


async def _scopes_left(database: Database) -> set[str | None]:
    connections = [await database.engine().connect() for _ in range(5)]
    query = "SELECT current_setting('app.brand_ids', true)"
    found = {(await connection.exec_driver_sql(query)).scalar() for connection in connections}
    for connection in connections:
        await connection.close()
    return found
