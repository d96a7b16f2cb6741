from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.models import Calendar
from portavoce.contracts.models import ContractVersion
from portavoce.core.db import APP, Database
from portavoce.core.errors import WallError
from portavoce.core.unit import new_id
from portavoce.kit.clock import SteppedClock
from portavoce.kit.ids import uuid7
from portavoce.ledger import writing
from portavoce.ledger.facts import record
from portavoce.ledger.models import LedgerEvent, Ticket
from portavoce.ledger.verifying import verify_all
from portavoce.ledger.writing import write_facts
from tests.database import NOON
from tests.minting import Minted, mint_brand

Superuser = psycopg.Connection[Any]


@pytest.fixture
def ledger(make_database: Callable[..., Database]) -> Database:
    """Facts are stored."""
    return make_database(last_writers=(write_facts,))


def tell(db: AsyncSession, *kinds: str, ticket: bool = False) -> None:
    for kind in kinds:
        interaction = new_id(db) if ticket else None
        record(db, kind, interaction_id=interaction, draws_ticket=ticket)


async def stored(database: Database, brand: Minted) -> list[tuple[int, str]]:
    async with database.begin(brand.reading) as db:
        rows = await db.execute(select(LedgerEvent.n, LedgerEvent.kind).order_by(LedgerEvent.n))
        return [(row.n, row.kind) for row in rows]


async def tickets(database: Database, brand: Minted) -> list[int]:
    async with database.begin(brand.reading) as db:
        return list(await db.scalars(select(Ticket.number).order_by(Ticket.number)))


@contextmanager
def listening(database: Database) -> Iterator[list[str]]:
    """What reaches PostgreSQL as `app`, with COMMIT and ROLLBACK."""
    heard: list[str] = []
    engine = database.engine(APP).sync_engine
    listeners: dict[str, Callable[..., None]] = {
        "before_cursor_execute": lambda _c, _cursor, statement, *_: heard.append(statement),
        "commit": lambda _: heard.append("COMMIT"),
        "rollback": lambda _: heard.append("ROLLBACK"),
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    yield heard
    for name, listener in listeners.items():
        event.remove(engine, name, listener)


async def test_facts_are_numbered_in_the_order_they_were_recorded(ledger: Database) -> None:
    aurora = await mint_brand(ledger)
    async with ledger.begin(aurora.writing) as db:
        tell(db, "a", "b", "c")
    assert await stored(ledger, aurora) == [(1, "a"), (2, "b"), (3, "c")]
    assert await verify_all(ledger, [aurora.id]) == []


async def test_a_unit_of_work_without_facts_does_not_touch_the_head(ledger: Database) -> None:
    aurora = await mint_brand(ledger)
    with listening(ledger) as heard:
        async with ledger.begin(aurora.writing) as db:
            db.add(Calendar(id=new_id(db), name="Sera"))
    assert heard[-1] == "COMMIT"
    assert not [statement for statement in heard if "brand_head" in statement]


async def test_a_brand_without_a_head_gets_no_fact_and_the_change_is_undone(
    ledger: Database, superuser: Superuser
) -> None:
    aurora = await mint_brand(ledger)
    superuser.execute("DELETE FROM pv.brand_head WHERE brand_id = %s", [aurora.id])

    async def add_a_calendar(db: AsyncSession) -> None:
        db.add(Calendar(id=new_id(db), name="Sera"))
        tell(db, "a")

    with pytest.raises(WallError, match="no chain head"):
        await ledger.run(aurora.writing, add_a_calendar)
    async with ledger.begin(aurora.reading) as db:
        assert await db.scalar(select(func.count()).select_from(Calendar)) == 1
    assert await stored(ledger, aurora) == []


async def test_a_brand_without_a_contract_in_force_gets_no_fact(
    ledger: Database, clock: SteppedClock
) -> None:
    aurora = await mint_brand(ledger)
    clock.move_to(NOON - timedelta(days=1))
    with pytest.raises(WallError, match="no contract version"):
        async with ledger.begin(aurora.writing) as db:
            tell(db, "a")
    assert await stored(ledger, aurora) == []


async def test_storing_anything_but_the_collected_facts_raises(
    ledger: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    aurora = await mint_brand(ledger)
    chained = writing._chained

    def losing_one(*given: Any) -> dict[str, Any]:
        rows = chained(*given)
        return {**rows, "facts": json.dumps(json.loads(rows["facts"])[:-1])}

    monkeypatch.setattr(writing, "_chained", losing_one)
    with pytest.raises(WallError, match="2 of 3 facts"):
        async with ledger.begin(aurora.writing) as db:
            tell(db, "a", "b", "c")
    assert await stored(ledger, aurora) == []


async def test_the_last_statements_before_commit_are_the_ledgers(ledger: Database) -> None:
    aurora = await mint_brand(ledger)
    with listening(ledger) as heard:
        async with ledger.begin(aurora.writing) as db:
            tell(db, "a")
            db.add(Calendar(id=new_id(db), name="Sera"))
    assert "INSERT INTO pv.calendar" in heard[-4]
    assert "UPDATE pv.brand_head SET n" in heard[-3]
    assert "INSERT INTO pv.ledger_event" in heard[-2]
    assert heard[-1] == "COMMIT"


async def test_the_end_of_a_savepoint_writes_no_fact(ledger: Database) -> None:
    aurora = await mint_brand(ledger)
    async with ledger.begin(aurora.writing) as db:
        tell(db, "before")
        async with db.begin_nested():
            db.add(Calendar(id=new_id(db), name="Sera"))
        assert await db.scalar(select(func.count()).select_from(LedgerEvent)) == 0
        tell(db, "after")
    assert await stored(ledger, aurora) == [(1, "before"), (2, "after")]


async def test_within_a_savepoint_no_fact_is_recorded_since_it_could_be_rolled_back_alone(
    ledger: Database,
) -> None:
    aurora = await mint_brand(ledger)
    async with ledger.begin(aurora.writing) as db, db.begin_nested():
        with pytest.raises(WallError, match="savepoint"):
            tell(db, "inner")
    assert await stored(ledger, aurora) == []


async def test_a_rollback_leaves_neither_number_nor_ticket(ledger: Database) -> None:
    aurora = await mint_brand(ledger)
    for name in ("first", "lost", "second"):
        try:
            async with ledger.begin(aurora.writing) as db:
                tell(db, name, ticket=True)
                if name == "lost":
                    raise LookupError
        except LookupError:
            continue
    assert await stored(ledger, aurora) == [(1, "first"), (2, "second")]
    assert await tickets(ledger, aurora) == [1, 2]


async def test_transactions_at_once_number_without_gap_and_each_in_one_stretch(ledger: Database) -> None:
    aurora = await mint_brand(ledger)

    async def one(name: int) -> None:
        async with ledger.begin(aurora.writing) as db:
            tell(db, f"{name}", f"{name}", ticket=True)
            await asyncio.sleep(0)

    await asyncio.gather(*(one(name) for name in range(12)))
    rows = await stored(ledger, aurora)
    assert [n for n, _ in rows] == list(range(1, 25))
    assert [kind for _, kind in rows[::2]] == [kind for _, kind in rows[1::2]]
    assert await tickets(ledger, aurora) == list(range(1, 25))
    assert await verify_all(ledger, [aurora.id]) == []


async def test_the_order_of_numbers_is_the_order_of_commits_not_of_recording(ledger: Database) -> None:
    aurora = await mint_brand(ledger)
    async with ledger.begin(aurora.writing) as slow:
        tell(slow, "recorded first")
        async with ledger.begin(aurora.writing) as fast:
            tell(fast, "committed first")
    assert await stored(ledger, aurora) == [(1, "committed first"), (2, "recorded first")]


async def test_when_a_fact_was_recorded_is_told_by_the_database(
    ledger: Database, clock: SteppedClock, superuser: Superuser
) -> None:
    aurora = await mint_brand(ledger)
    before = _now(superuser)
    clock.advance(timedelta(days=30))
    async with ledger.begin(aurora.writing) as db:
        record(db, "a", at=NOON)
    async with ledger.begin(aurora.reading) as db:
        row = (await db.execute(select(LedgerEvent.at, LedgerEvent.recorded_at))).one()
    assert row.at == NOON
    assert before <= row.recorded_at <= _now(superuser)


def _now(superuser: Superuser) -> datetime:
    row = superuser.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment


async def test_a_fact_carries_the_contract_version_in_force_when_recorded_whatever_it_is_about(
    ledger: Database, clock: SteppedClock
) -> None:
    aurora = await mint_brand(ledger)
    second = uuid7(clock)
    async with ledger.begin(aurora.writing) as db:
        change = NOON + timedelta(days=2)
        db.add(
            ContractVersion(
                id=second, contract_id=aurora.contract_id, number=2, valid_from=change, state="signed"
            )
        )
        tell(db, "before")
    clock.move_to(NOON + timedelta(days=2))
    async with ledger.begin(aurora.writing) as db:
        record(db, "after", at=NOON)
    async with ledger.begin(aurora.reading) as db:
        stamps = list(await db.scalars(select(LedgerEvent.contract_version_id).order_by(LedgerEvent.n)))
    assert stamps == [aurora.contract_version_id, second]


async def test_each_brand_numbers_for_itself(ledger: Database) -> None:
    aurora, bosco = await mint_brand(ledger, "Aurora"), await mint_brand(ledger, "Bosco")
    for brand in (aurora, bosco, aurora):
        async with ledger.begin(brand.writing) as db:
            tell(db, brand.slug, ticket=True)
    assert [n for n, _ in await stored(ledger, aurora)] == await tickets(ledger, aurora) == [1, 2]
    assert [n for n, _ in await stored(ledger, bosco)] == await tickets(ledger, bosco) == [1]
