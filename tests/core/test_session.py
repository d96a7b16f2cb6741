"""The scoped session on the real database: what it lets pass, owns, loads and refuses."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import (
    and_,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import DeclarativeBase, Mapped, relationship, selectinload
from sqlalchemy.sql.elements import BinaryExpression

from portavoce.brands.models import Client
from portavoce.conversations.models import Conversation
from portavoce.core import session
from portavoce.core.db import Database
from portavoce.core.errors import NoScope, UnscopedStatement, WallError
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.session import CARRIED_FROM, TRUSTED
from portavoce.core.tables import Tenant
from portavoce.core.trusted import trusted_sql
from portavoce.core.unit import new_id, now, written_brand
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.identity.models import Throttle
from tests.core.conftest import Sent
from tests.minting import Minted, mint_customer, mint_interaction
from tests.predicates import brandless, uncarried

RAW: Any = Customer.__table__
CHOSEN = trusted_sql("tests.customers", "SELECT brand_id FROM pv.customer")


async def test_what_goes_around_the_hooks_is_refused(database: Database, aurora: Minted) -> None:
    async with database.begin(aurora.writing) as db:
        session = db.sync_session
        with pytest.raises(UnscopedStatement):
            await db.connection()
        with pytest.raises(UnscopedStatement):
            session.bulk_save_objects([Customer(name="x")])
        with pytest.raises(UnscopedStatement):
            session.bulk_insert_mappings(Customer.__mapper__, [{"name": "x"}])
        with pytest.raises(UnscopedStatement):
            session.bulk_update_mappings(Customer.__mapper__, [{"name": "x"}])


async def test_a_trusted_statement_passes_and_meets_the_backstop(
    database: Database, aurora: Minted, bosco: Minted
) -> None:
    async with database.begin(aurora.reading) as db:
        assert list(await db.scalars(CHOSEN)) == [aurora.id]
    async with database.begin(HOUSE) as db:
        assert list(await db.scalars(CHOSEN)) == []


def test_two_trusted_statements_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match=r"tests\.customers"):
        trusted_sql("tests.customers", "SELECT 1")


async def test_nothing_sticks_from_one_scope_to_the_next(
    database: Database, aurora: Minted, bosco: Minted
) -> None:
    kept = select(Customer.brand_id)
    for brands in ({aurora.id}, {bosco.id}, {aurora.id, bosco.id}, {bosco.id}, {aurora.id, uuid4(), uuid4()}):
        for statement in (kept, select(Customer.brand_id)):
            async with database.begin(Scope.reading(brands)) as db:
                found = set(await db.scalars(statement))
            assert found == brands & {aurora.id, bosco.id}


async def test_a_statement_that_many_brands_use_is_kept_for_a_few_of_them(
    database: Database, aurora: Minted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "MOST_BOUND", 2)
    kept = select(Customer.brand_id)
    for brand in (uuid4(), aurora.id, uuid4(), aurora.id):
        async with database.begin(Scope.reading({brand})) as db:
            assert set(await db.scalars(kept)) == {brand} & {aurora.id}
        assert 1 <= len(session._BOUND[kept]) <= 2


async def test_get_finds_no_foreign_row(database: Database, aurora: Minted, bosco: Minted) -> None:
    foreign, own = await mint_customer(database, bosco), await mint_customer(database, aurora)
    async with database.begin(aurora.reading) as db:
        assert await db.get(Customer, (bosco.id, foreign)) is None
        found = await db.get(Customer, (aurora.id, own))
        assert found is not None
        await db.refresh(found)
        db.expire(found)
        await db.refresh(found, ["name"])
        assert found.name == "Gina"


async def test_a_refresh_cannot_reach_a_foreign_row(
    database: Database, aurora: Minted, bosco: Minted
) -> None:
    foreign = await mint_customer(database, bosco)
    async with database.begin(bosco.reading) as db:
        row = await db.get_one(Customer, (bosco.id, foreign))
        db.expunge(row)
    async with database.begin(aurora.reading) as db:
        db.add(row)
        with pytest.raises(InvalidRequestError, match="Could not refresh"):
            await db.refresh(row)
        db.expunge(row)


CARRIED = (
    select(Conversation.brand_id, Customer.name)
    .join(Customer, and_(Customer.brand_id == Conversation.brand_id, Customer.id == Conversation.customer_id))
    .execution_options(**{CARRIED_FROM: Conversation})
)


async def test_over_several_brands_one_table_may_name_them_and_the_joins_carry_them_on(
    database: Database, aurora: Minted, bosco: Minted, sent: Sent
) -> None:
    for brand in (aurora, bosco):
        await mint_interaction(database, brand)
    sent.clear()
    for brands in ({aurora.id, bosco.id}, {bosco.id}):
        async with database.begin(Scope.reading(brands)) as db:
            assert {row.brand_id for row in await db.execute(CARRIED)} == brands
    (several, _), (one, _) = sent
    assert brandless(several) == ("pv.customer",)
    assert [uncarried(several), brandless(one)] == [(), ()]


async def test_what_is_joined_without_its_brand_is_told(
    database: Database, aurora: Minted, bosco: Minted
) -> None:
    loose = (
        select(Conversation.brand_id, Customer.name)
        .join(Customer, Customer.id == Conversation.customer_id)
        .execution_options(**{CARRIED_FROM: Conversation})
    )
    async with database.begin(Scope.reading({aurora.id, bosco.id})) as db:
        with pytest.raises(AssertionError, match=r"pv\.customer without a brand"):
            await db.execute(loose)


class Mirror(DeclarativeBase):
    """Mappings of the same tables with a relationship, which the product's models do without."""


class Buyer(Tenant, Mirror):
    __table__ = RAW


class Thread(Tenant, Mirror):
    __table__ = Conversation.__table__
    buyer: Mapped[Buyer] = relationship(viewonly=True, lazy="raise")


async def test_a_relationship_is_loaded_within_the_scope(
    database: Database, aurora: Minted, sent: Sent
) -> None:
    await mint_interaction(database, aurora)
    sent.clear()
    async with database.begin(aurora.reading) as db:
        threads = list(await db.scalars(select(Thread).options(selectinload(Thread.buyer))))
    assert [thread.buyer.brand_id for thread in threads] == [aurora.id]
    assert len(sent) == 2
    assert [brandless(statement) for statement, _ in sent] == [(), ()]


async def test_a_new_row_takes_the_written_brand(database: Database, aurora: Minted) -> None:
    async with database.begin(aurora.writing) as db:
        customer = Customer(id=new_id(db), name="Ugo", language="it", created_at=now(db))
        db.add(customer)
    assert customer.brand_id == aurora.id


async def test_a_new_row_of_another_brand_raises(database: Database, aurora: Minted, bosco: Minted) -> None:
    with pytest.raises(WallError, match="another brand"):
        async with database.begin(Scope(frozenset({aurora.id, bosco.id}), aurora.id)) as db:
            db.add(Customer(brand_id=bosco.id, id=new_id(db), name="x", language="it", created_at=now(db)))


@pytest.mark.parametrize("change", ["name", "adopt", "give away", "delete"])
async def test_changing_a_row_of_another_brand_raises(
    database: Database, aurora: Minted, bosco: Minted, change: str
) -> None:
    owner = aurora if change == "give away" else bosco
    row_id = await mint_customer(database, owner)
    async with database.begin(Scope(frozenset({aurora.id, bosco.id}), aurora.id)) as db:
        row = await db.get_one(Customer, (owner.id, row_id))
        if change == "name":
            row.name = "x"
        elif change == "adopt":
            row.brand_id = aurora.id
        elif change == "give away":
            row.brand_id = bosco.id
        else:
            await db.delete(row)
        with pytest.raises(WallError, match="another brand"):
            await db.flush()
        db.expunge(row)


async def test_a_reading_session_cannot_flush_a_tenant_row(database: Database, aurora: Minted) -> None:
    with pytest.raises(NoScope):
        async with database.begin(aurora.reading) as db:
            db.add(Customer(id=new_id(db), name="x", language="it", created_at=now(db)))


async def test_bulk_inserts_need_a_written_brand(database: Database, aurora: Minted, bosco: Minted) -> None:
    async with database.begin(aurora.writing) as db:
        rows = [
            {"brand_id": aurora.id, "id": new_id(db), "name": name, "language": "it", "created_at": now(db)}
            for name in ("Gina", "Ugo")
        ]
        await db.execute(insert(Customer), rows)
        await db.execute(upsert(Customer).values(rows[0]).on_conflict_do_nothing())
    with pytest.raises(NoScope):
        async with database.begin(aurora.reading) as db:
            await db.execute(insert(Customer), rows)


async def test_the_house_reads_and_writes_what_belongs_to_no_brand(database: Database) -> None:
    async with database.begin(HOUSE) as db:
        moment = {"window_start": now(db)}
        db.add(Throttle(key=str(new_id(db)), attempts=1, **moment))
        await db.flush()
        raised = await db.execute(
            update(Throttle).where(Throttle.attempts == 1).values(attempts=2).returning(Throttle.attempts)
        )
        assert set(raised.scalars()) == {2}
        assert await db.scalar(select(func.count()).select_from(Client)) is not None


async def test_a_savepoint_as_first_act_has_the_scope(database: Database, aurora: Minted) -> None:
    async with database.begin(aurora.writing) as db:
        async with db.begin_nested():
            assert list(await db.scalars(select(Customer.brand_id))) == [aurora.id]
        assert list(await db.scalars(select(Customer.brand_id))) == [aurora.id]


async def test_the_scope_survives_a_savepoint_rolled_back(database: Database, aurora: Minted) -> None:
    async with database.begin(aurora.reading) as db:
        with pytest.raises(RuntimeError, match="changed my mind"):
            async with db.begin_nested():
                raise RuntimeError("changed my mind")
        assert list(await db.scalars(select(Customer.brand_id))) == [aurora.id]


async def test_one_scope_serves_many_transactions_of_one_connection(
    database: Database, aurora: Minted
) -> None:
    """psycopg prepares what it sees often, and two statements in one text cannot be prepared."""
    for _ in range(12):
        async with database.begin(aurora.reading, snapshot=True) as db:
            assert await db.scalar(select(Customer.brand_id)) == aurora.id


async def test_the_scope_is_of_the_session_for_life(
    database: Database, aurora: Minted, bosco: Minted
) -> None:
    async with database.begin(aurora.writing) as db:
        session: Any = db.sync_session
        with pytest.raises(AttributeError):
            session.scope = bosco.writing
        assert written_brand(db) == aurora.id


async def test_who_writes_nothing_has_no_written_brand(database: Database, aurora: Minted) -> None:
    async with database.begin(aurora.reading) as db:
        with pytest.raises(NoScope):
            written_brand(db)


def test_only_the_kernel_knows_the_word_of_trust() -> None:
    assert TRUSTED in CHOSEN.get_execution_options()


async def test_a_statement_that_was_compiled_is_executed_without_making_sql_of_its_brand(
    database: Database, aurora: Minted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The brand stands behind each table; SQLAlchemy would compare it with itself by an SQL comparison a time."""
    query = select(Customer.id).join(
        CustomerIdentity,
        and_(CustomerIdentity.brand_id == Customer.brand_id, CustomerIdentity.customer_id == Customer.id),
    )
    async with database.begin(aurora.reading) as db:
        await db.execute(query)
    made: list[object] = []
    original = BinaryExpression.__init__

    def make(self: BinaryExpression[Any], *args: Any, **options: Any) -> None:
        made.append(self)
        original(self, *args, **options)

    monkeypatch.setattr(BinaryExpression, "__init__", make)
    async with database.begin(aurora.reading) as db:
        await db.execute(query)
    assert made == []
