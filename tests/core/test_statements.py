"""Each tenant table in each statement is bound to the scope's brands, or the statement is never sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    Executable,
    case,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from portavoce.brands.models import Brand
from portavoce.core.db import Database
from portavoce.core.errors import NoScope, UnscopedStatement
from portavoce.core.scope import HOUSE, Scope
from portavoce.customers.models import Customer, CustomerIdentity
from tests.core.conftest import Sent
from tests.minting import Minted
from tests.predicates import brandless

RAW: Any = Customer.__table__
OTHER = aliased(Customer)
MIRRORED = RAW.alias("mirrored")
NAMED = select(Customer.id).where(Customer.name == "Gina")
ANY_IDENTITY = exists().where(CustomerIdentity.customer_id == Customer.id)

READS: dict[str, Executable] = {
    "entity": select(Customer),
    "column": select(Customer.name),
    "count of all": select(func.count()).select_from(Customer),
    "count of a column": select(func.count(Customer.id)),
    "count by where alone": select(func.count()).where(Customer.name == "Gina"),
    "literal": select(literal(1)).where(Customer.name == "Gina"),
    "case": select(case((Customer.name == "Gina", 1), else_=0)),
    "alias": select(OTHER.id),
    "two aliases": select(Customer.id).join(OTHER, OTHER.name == Customer.name),
    "exists": select(exists(select(Customer.id))),
    "exists by where alone": select(Brand.id).where(exists().where(Customer.name == Brand.name)),
    "exists of a select": select(Brand.id).where(NAMED.where(Customer.name == Brand.name).exists()),
    "join": select(Customer.id).join(CustomerIdentity, CustomerIdentity.customer_id == Customer.id),
    "outer join": select(Brand.id).outerjoin(Customer, Customer.brand_id == Brand.id),
    "implicit join": select(Customer.id).where(CustomerIdentity.customer_id == Customer.id),
    "join from a reference table": select(Brand.id).join(Customer, Customer.brand_id == Brand.id),
    "subquery": select(func.count()).select_from(NAMED.subquery()),
    "in subquery": select(Brand.id).where(Brand.id.in_(NAMED)),
    "cte": select(func.count()).select_from(NAMED.cte()),
    "scalar subquery": select(Brand.id, select(func.count(Customer.id)).scalar_subquery()),
    "scalar count": select(Brand.id, select(func.count()).select_from(Customer).scalar_subquery()),
    "union": union_all(select(Customer.id), select(CustomerIdentity.id)),
    "union in a subquery": select(union_all(NAMED, select(CustomerIdentity.id)).subquery().c.id),
    "group": select(Customer.name, func.count()).group_by(Customer.name).order_by(Customer.name),
}
WRITES: dict[str, Executable] = {
    "update": update(Customer).values(language="en"),
    "update where exists": update(Customer).values(language="en").where(ANY_IDENTITY),
    "delete": delete(CustomerIdentity),
    "delete where in": delete(CustomerIdentity).where(CustomerIdentity.customer_id.in_(NAMED)),
}
REFUSED: dict[str, Executable] = {
    "text": text("SELECT * FROM pv.customer"),
    "text in where": select(Customer.id).where(text("true OR true")),
    "text in order": select(Customer.id).order_by(text("name")),
    "literal column": select(Customer.id, literal_column("(SELECT 1)")),
    "from text": select(Customer).from_statement(text("SELECT * FROM pv.customer")),
    "text with columns": select(Customer).from_statement(text("SELECT 1").columns(Customer.id)),
    "from a union": select(Customer).from_statement(union_all(select(Customer), select(Customer))),
    "raw table": select(RAW),
    "raw column": select(RAW.c.name),
    "raw count": select(func.count()).select_from(RAW),
    "raw beside": select(Brand.id, RAW.c.name),
    "raw in a subquery": select(Customer.id).where(Customer.id.in_(select(RAW.c.id))),
    "raw in a join": select(OTHER.id).join(RAW, RAW.c.id == OTHER.id),
    "raw alias in a join": select(Customer.id).join(MIRRORED, MIRRORED.c.id == Customer.id),
    "raw alias": select(Customer.id, MIRRORED.c.name),
    "raw count in a subquery": select(Brand.id, select(func.count()).select_from(RAW).scalar_subquery()),
    "raw exists": select(Brand.id).where(exists().where(RAW.c.name == Brand.name)),
    "named table": select(Brand.id, table("customer", column("name"), schema="pv").c.name),
    "function": select(func.pg_sleep(0)),
    "raw update": update(RAW).values(name="x"),
    "raw delete": delete(RAW),
    "raw insert": insert(RAW).values(name="x"),
    "update of joined rows": update(Customer)
    .values(name="x")
    .where(CustomerIdentity.customer_id == Customer.id),
    "update that gives joined rows back": update(Customer)
    .values(name="x")
    .where(CustomerIdentity.customer_id == Customer.id)
    .returning(CustomerIdentity),
    "delete by joined rows": delete(Customer).where(CustomerIdentity.customer_id == Customer.id),
}


def brands_bound(sent: Sent) -> set[UUID]:
    return {
        value
        for _statement, parameters in sent
        for name, value in parameters.items()
        if name.startswith("brand") and isinstance(value, UUID)
    }


@pytest.mark.parametrize("name", READS)
async def test_a_read_is_bound_to_the_brands_of_its_scope(
    database: Database, aurora: Minted, bosco: Minted, sent: Sent, name: str
) -> None:
    for brands in ({aurora.id}, {aurora.id, bosco.id}, {bosco.id}):
        sent.clear()
        async with database.begin(Scope.reading(brands)) as db:
            await db.execute(READS[name])
        assert len(sent) == 1
        assert brandless(sent[0][0]) == ()
        assert brands_bound(sent) == brands


@pytest.mark.parametrize("name", READS)
async def test_a_read_without_a_scope_raises_before_it_is_sent(
    database: Database, sent: Sent, name: str
) -> None:
    with pytest.raises(NoScope):
        async with database.begin(HOUSE) as db:
            await db.execute(READS[name])
    assert sent == []


@pytest.mark.parametrize("name", WRITES)
async def test_a_write_is_bound_to_the_written_brand(
    database: Database, aurora: Minted, bosco: Minted, sent: Sent, name: str
) -> None:
    async with database.begin(Scope(frozenset({aurora.id, bosco.id}), aurora.id)) as db:
        await db.execute(WRITES[name])
    assert brandless(sent[0][0]) == ()
    assert brands_bound(sent) == {aurora.id}


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("readable", [True, False])
async def test_a_write_without_a_written_brand_raises(
    database: Database, aurora: Minted, sent: Sent, name: str, readable: bool
) -> None:
    sent.clear()
    with pytest.raises(NoScope):
        async with database.begin(aurora.reading if readable else HOUSE) as db:
            await db.execute(WRITES[name])
    assert sent == []


@pytest.mark.parametrize("name", REFUSED)
async def test_text_and_raw_core_are_refused(
    database: Database, aurora: Minted, sent: Sent, name: str
) -> None:
    sent.clear()
    with pytest.raises(UnscopedStatement):
        async with database.begin(aurora.writing) as db:
            await db.execute(REFUSED[name])
    assert sent == []
