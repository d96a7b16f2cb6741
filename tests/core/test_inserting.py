"""New rows of many tables leave in one statement, complete, and are the session's own afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core import inserting
from portavoce.core.db import Database
from portavoce.core.errors import WallError
from portavoce.core.tables import Base, Tenant
from portavoce.core.unit import insert_many, new_id, now
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.ledger.models import LedgerEvent
from portavoce.tables import METADATA
from tests.core.conftest import Sent
from tests.minting import Minted


def gina(db: AsyncSession, **changed: object) -> list[Customer | CustomerIdentity]:
    """The identity before the customer it belongs to: a parent may come last."""
    customer = Customer(id=new_id(db), name="Gina", language="it", created_at=now(db))
    identity = CustomerIdentity(
        id=new_id(db), customer_id=customer.id, channel="email", value=f"{customer.id}@x.example", shown="", created_at=now(db)
    )  # fmt: skip
    for name, value in changed.items():
        setattr(customer, name, value)
    return [identity, customer]


async def test_rows_of_two_tables_leave_in_one_statement_children_first(
    database: Database, aurora: Minted, sent: Sent
) -> None:
    sent.clear()
    async with database.begin(aurora.writing) as db:
        rows = [row for _ in range(3) for row in gina(db)]
        db.add_all(rows)
    assert len(sent) == 1
    async with database.begin(aurora.reading) as db:
        found = set(await db.scalars(select(CustomerIdentity.customer_id)))
    assert {row.id for row in rows if isinstance(row, Customer)} <= found


async def test_more_rows_than_one_statement_takes_leave_parents_first(
    database: Database, aurora: Minted, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inserting, "TOGETHER", 2)
    sent.clear()
    async with database.begin(aurora.writing) as db:
        db.add_all([row for _ in range(3) for row in gina(db)])
    assert len(sent) == 3


async def test_what_was_inserted_is_changed_like_what_was_loaded(database: Database, aurora: Minted) -> None:
    async with database.begin(aurora.writing) as db:
        identity, customer = gina(db)
        db.add_all([identity, customer])
        await db.flush()
        assert isinstance(customer, Customer)
        customer.name = "Gina Verdi"
    async with database.begin(aurora.writing) as db:
        found = await db.get_one(Customer, (aurora.id, customer.id))
        assert found.name == "Gina Verdi"
        await db.delete(await db.get_one(CustomerIdentity, (aurora.id, identity.id)))
        await db.flush()
        await db.delete(found)
    async with database.begin(aurora.reading) as db:
        assert await db.get(Customer, (aurora.id, customer.id)) is None


async def test_a_child_without_its_parent_is_refused(database: Database, aurora: Minted) -> None:
    with pytest.raises(IntegrityError):
        async with database.begin(aurora.writing) as db:
            db.add(gina(db)[0])


async def test_a_row_of_another_brand_stops_all_of_them(
    database: Database, aurora: Minted, bosco: Minted, sent: Sent
) -> None:
    sent.clear()
    with pytest.raises(WallError):
        async with database.begin(aurora.writing) as db:
            db.add_all([*gina(db), *gina(db, brand_id=bosco.id)])
    assert sent == []


def leo(db: AsyncSession, **changed: object) -> list[tuple[type[Tenant], dict[str, object]]]:
    """The same as values; what is left out has the defaults of the model."""
    customer = {"id": new_id(db), "name": 'Leo "\n\\', "language": "it", "created_at": now(db), **changed}
    address = {"value": f"{customer['id']}@x.example", "shown": "", "channel": "email"}
    identity = {"id": new_id(db), "customer_id": customer["id"], "created_at": now(db), **address}
    return [(CustomerIdentity, identity), (Customer, customer)]


async def test_many_rows_given_as_values_leave_in_one_statement_and_are_as_they_were_given(
    database: Database, aurora: Minted, sent: Sent
) -> None:
    async with database.begin(aurora.writing) as db:
        rows = [each for _ in range(300) for each in leo(db)]
        sent.clear()
        await insert_many(db, rows)
        assert len(sent) == 1
        await insert_many(db, [])
    async with database.begin(aurora.reading) as db:
        ids = [values["id"] for table, values in rows if table is Customer]
        found = list(await db.scalars(select(Customer).where(Customer.id.in_(ids))))
        assert len(found) == 300
        one = next(each for each in found if each.id == ids[0])
        assert (one.name, one.version, one.note, one.merged_into) == ('Leo "\n\\', 1, "", None)
        assert one.created_at == rows[1][1]["created_at"]


async def test_values_of_another_brand_or_without_a_brand_to_write_stop_all_of_them(
    database: Database, aurora: Minted, bosco: Minted, sent: Sent
) -> None:
    sent.clear()
    for scope, changed in ((aurora.writing, {"brand_id": bosco.id}), (aurora.reading, {})):
        with pytest.raises(WallError):
            async with database.begin(scope) as db:
                await insert_many(db, [*leo(db), *leo(db, **changed)])
    assert sent == []


async def test_values_that_json_cannot_carry_are_refused(database: Database, aurora: Minted) -> None:
    with pytest.raises(TypeError):
        async with database.begin(aurora.writing) as db:
            await insert_many(db, [(LedgerEvent, {})])


def test_no_row_that_leaves_with_the_others_needs_one_that_is_left_to_the_flush() -> None:
    """The flush comes after: a column that the server alone completes may not stand in a table others point to."""
    left = {mapper.local_table for mapper in Base.registry.mappers if not inserting._plain_columns(mapper)}
    keys = [key for table in METADATA.tables.values() if table not in left for key in table.foreign_keys]
    assert left
    assert left & {key.column.table for key in keys} == set()
