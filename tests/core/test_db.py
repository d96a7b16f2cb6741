"""The unit of work: what commits, what is told afterwards, what runs last, and what is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from portavoce.conversations.models import Interaction
from portavoce.core.db import APP, REPORT, TRIES, Database, crossed_a_wall, lost_a_race
from portavoce.core.errors import NoScope, WallError
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.session import ScopedSession
from portavoce.core.trusted import trusted_sql
from portavoce.core.unit import Poke, emit, new_id, now, poke
from portavoce.customers.models import Customer
from portavoce.ledger.models import BrandHead, LedgerEvent
from tests.minting import Minted, mint_brand, mint_customer, mint_interaction

MARK = trusted_sql(
    "tests.mark", "UPDATE pv.brand_head SET ticket = ticket + 1 WHERE brand_id = pv.write_scope()"
)


@pytest_asyncio.fixture
async def aurora(database: Database) -> Minted:
    return await mint_brand(database, "Aurora")


@pytest_asyncio.fixture
async def bosco(database: Database) -> Minted:
    return await mint_brand(database, "Bosco")


async def customers(database: Database, brand: Minted) -> int:
    async with database.begin(brand.reading) as db:
        return await db.scalar(select(func.count()).select_from(Customer)) or 0


def gina(db: AsyncSession) -> Customer:
    return Customer(id=new_id(db), name="Gina", language="it", created_at=now(db))


async def add_and_raise(db: AsyncSession) -> None:
    customer = gina(db)
    db.add(customer)
    poke(db, "desk", customer.brand_id, customer.id)
    await db.flush()
    raise RuntimeError("no")


async def test_a_unit_commits_when_it_ends_and_rolls_back_when_it_raises(
    database: Database, aurora: Minted
) -> None:
    async with database.begin(aurora.writing) as db:
        db.add(gina(db))
    with pytest.raises(RuntimeError, match="no"):
        await database.run(aurora.writing, add_and_raise)
    assert await customers(database, aurora) == 1


async def test_pokes_leave_after_the_commit_and_die_with_a_rollback(
    make_database: Callable[..., Database], aurora: Minted
) -> None:
    told: list[tuple[int, Sequence[Poke]]] = []

    async def publish(pokes: Sequence[Poke]) -> None:
        told.append((await customers(database, aurora), pokes))

    database = make_database(publish=publish)
    async with database.begin(aurora.writing) as db:
        customer = gina(db)
        db.add(customer)
        poke(db, "desk", aurora.id, customer.id)
        assert told == []
    with pytest.raises(RuntimeError, match="no"):
        await database.run(aurora.writing, add_and_raise)
    assert told == [(1, [Poke("desk", aurora.id, customer.id)])]


async def test_reactions_run_in_order_in_the_same_transaction(
    make_database: Callable[..., Database], aurora: Minted
) -> None:
    class Happened:
        pass

    heard: list[str] = []

    async def first(db: AsyncSession, _event: Any) -> None:
        heard.append("first")
        db.add(gina(db))

    async def second(db: AsyncSession, _event: Any) -> None:
        heard.append(f"second sees {await db.scalar(select(func.count()).select_from(Customer))}")

    database = make_database(reactions={Happened: (first, second)})
    async with database.begin(aurora.writing) as db:
        await emit(db, Happened())
        await emit(db, object())
    assert heard == ["first", "second sees 1"]


async def test_the_last_writer_runs_once_after_the_flush_and_before_the_commit(
    make_database: Callable[..., Database], engines: dict[str, AsyncEngine], aurora: Minted
) -> None:
    calls: list[int] = []

    def write_last(session: ScopedSession) -> None:
        calls.append(len(session.new))
        session.execute(MARK)

    sent: list[str] = []

    def listen(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engines[APP].sync_engine, "before_cursor_execute", listen)
    async with make_database(last_writers=(write_last,)).begin(aurora.writing) as db:
        async with db.begin_nested():
            db.add(gina(db))
        async with db.begin_nested():
            db.add(gina(db))
        db.add(gina(db))
    event.remove(engines[APP].sync_engine, "before_cursor_execute", listen)
    assert calls == [0]
    assert sent[-1] == str(MARK)
    assert sum("INSERT INTO pv.customer" in statement for statement in sent) == 3


async def test_a_last_writer_that_raises_takes_everything_back(
    make_database: Callable[..., Database], database: Database, aurora: Minted
) -> None:
    def refuse(_session: ScopedSession) -> None:
        raise WallError("the chain has no head")

    with pytest.raises(WallError, match="no head"):
        async with make_database(last_writers=(refuse,)).begin(aurora.writing) as db:
            db.add(gina(db))
    assert await customers(database, aurora) == 0


@pytest.mark.parametrize("late", ["add", "change", "delete"])
async def test_nothing_is_flushed_after_the_last_writer(
    make_database: Callable[..., Database], database: Database, aurora: Minted, late: str
) -> None:
    row_id = await mint_customer(database, aurora)
    rows: dict[str, Customer] = {}

    def act_late(session: ScopedSession) -> None:
        row = rows["row"]
        if late == "add":
            session.add(
                Customer(brand_id=aurora.id, id=aurora.id, name="x", language="it", created_at=row.created_at)
            )
        elif late == "change":
            row.name = "x"
        else:
            session.delete(row)

    with pytest.raises(WallError, match="ledger"):
        async with make_database(last_writers=(act_late,)).begin(aurora.writing) as db:
            rows["row"] = await db.get_one(Customer, (aurora.id, row_id))
    async with database.begin(aurora.reading) as db:
        assert (await db.get_one(Customer, (aurora.id, row_id))).name == "Gina"
    assert await customers(database, aurora) == 1


async def test_a_session_ends_with_its_commit(database: Database, aurora: Minted) -> None:
    async with database.begin(aurora.writing) as db:
        session: Any = db.sync_session
        await db.commit()
        with pytest.raises(WallError, match="ledger"):
            await db.scalar(select(Customer.id))
        with pytest.raises(WallError, match="ledger"):
            await db.commit()
        session.sealed = False


async def test_a_snapshot_stays_what_it_was(database: Database, aurora: Minted) -> None:
    async with database.begin(aurora.reading, role=APP, snapshot=True) as db:
        before = list(await db.scalars(select(Customer.id)))
        await mint_customer(database, aurora)
        after = await db.scalar(select(func.count()).select_from(Customer))
    assert (before, after, await customers(database, aurora)) == ([], 0, 1)


async def test_a_snapshot_writes_nothing(database: Database, aurora: Minted) -> None:
    with pytest.raises(InternalError, match="read-only"):
        async with database.begin(aurora.writing, snapshot=True) as db:
            await db.execute(update(Customer).values(name="x"))


async def test_reports_read_a_snapshot_of_one_brand(
    database: Database, aurora: Minted, bosco: Minted
) -> None:
    async with database.begin(aurora.reading, role=REPORT, snapshot=True) as db:
        assert await db.scalar(select(func.count()).select_from(LedgerEvent)) == 0
        with pytest.raises(DBAPIError) as refused:
            await db.scalar(select(Customer.id))
    assert crossed_a_wall(refused.value)


async def test_a_write_that_row_security_refuses_is_told_apart(
    database: Database, aurora: Minted, bosco: Minted
) -> None:
    async with database.begin(aurora.writing) as db:
        foreign = {
            "brand_id": bosco.id,
            "id": new_id(db),
            "name": "x",
            "language": "it",
            "created_at": now(db),
        }
        with pytest.raises(DBAPIError) as refused:
            await db.execute(insert(Customer), [foreign])
        await db.rollback()
    assert crossed_a_wall(refused.value)
    assert isinstance(refused.value.orig, InsufficientPrivilege)
    assert not lost_a_race(refused.value)
    assert await customers(database, bosco) == 0


async def test_a_unit_that_lost_a_race_runs_again_from_the_start(database: Database, aurora: Minted) -> None:
    """Two open the same interaction at once: the second finds the first's on its second try."""
    interaction_id = await mint_interaction(database, aurora)
    tries: list[str | None] = []

    async def open_another(db: AsyncSession) -> UUID:
        found = await db.get_one(Interaction, (aurora.id, interaction_id))
        tries.append(found.state)
        if len(tries) > 1:
            return found.id
        db.add(
            Interaction(
                id=new_id(db), conversation_id=found.conversation_id, lob_id=found.lob_id, channel="email",
                contract_version_id=found.contract_version_id, opened_at=now(db),
            )
        )  # fmt: skip
        return new_id(db)

    assert await database.run(aurora.writing, open_another) == interaction_id
    assert len(tries) == 2


async def test_a_race_lost_every_time_is_given_up(database: Database, aurora: Minted) -> None:
    tries = 0

    async def always_late(_db: AsyncSession) -> None:
        nonlocal tries
        tries += 1
        raise OperationalError("UPDATE", {}, DeadlockLike())

    with pytest.raises(OperationalError):
        await database.run(aurora.writing, always_late)
    assert tries == TRIES


async def test_any_other_error_is_not_tried_again(database: Database, aurora: Minted) -> None:
    tries = 0

    async def twice_the_same(db: AsyncSession) -> None:
        nonlocal tries
        tries += 1
        db.add(BrandHead(hash=b""))

    with pytest.raises(IntegrityError):
        await database.run(aurora.writing, twice_the_same)
    assert tries == 1


async def test_two_units_that_lock_crosswise_both_end_well(database: Database, aurora: Minted) -> None:
    ids = [await mint_customer(database, aurora), await mint_customer(database, aurora)]
    both_hold_one = asyncio.Barrier(2)
    first_try = {0: True, 1: True}

    async def rename(db: AsyncSession, who: int) -> None:
        order = ids if who == 0 else ids[::-1]
        await db.execute(update(Customer).where(Customer.id == order[0]).values(name=f"by {who}"))
        if first_try[who]:
            first_try[who] = False
            await both_hold_one.wait()
        await db.execute(update(Customer).where(Customer.id == order[1]).values(name=f"by {who}"))

    await asyncio.gather(
        database.run(aurora.writing, lambda db: rename(db, 0)),
        database.run(aurora.writing, lambda db: rename(db, 1)),
    )
    async with database.begin(aurora.reading) as db:
        assert len(set(await db.scalars(select(Customer.name)))) == 1


async def test_a_tenant_row_needs_a_scope(database: Database) -> None:
    with pytest.raises(NoScope):
        async with database.begin(HOUSE) as db:
            db.add(gina(db))


async def test_minted_brands_are_apart(database: Database, aurora: Minted, bosco: Minted) -> None:
    await mint_customer(database, aurora)
    assert (await customers(database, aurora), await customers(database, bosco)) == (1, 0)
    async with database.begin(Scope.reading([aurora.id, bosco.id])) as db:
        assert await db.scalar(select(func.count()).select_from(Customer)) == 1


class DeadlockLike(Exception):
    sqlstate = "40P01"
    diag = SimpleNamespace(constraint_name=None)
