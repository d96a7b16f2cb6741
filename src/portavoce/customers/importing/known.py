"""What a brand knows of the customers that a part of a file may be about: three statements, however long the part is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.customers.identities import NORMALISERS
from portavoce.customers.importing.fields import COLUMNS
from portavoce.customers.importing.planning import Held, Known, Typed
from portavoce.customers.models import Customer, CustomerIdentity, CustomerValue


async def known_to(db: AsyncSession, lines: Sequence[Typed]) -> Known:
    owners = await _owners(db, {value for line in lines for _, value, _ in line.reached})
    named = {line.customer_id for line in lines if line.customer_id is not None}
    return Known(owners, await _customers(db, named | set(owners.values())))


async def _owners(db: AsyncSession, values: Collection[str]) -> dict[tuple[str, str], UUID]:
    query = select(CustomerIdentity.channel, CustomerIdentity.value, CustomerIdentity.customer_id).where(
        CustomerIdentity.channel.in_(sorted(NORMALISERS)), CustomerIdentity.value.in_(sorted(values))
    )
    return {(channel, value): owner for channel, value, owner in await db.execute(query)}


async def _customers(db: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Held]:
    wanted = sorted(ids)
    given: tuple[Any, ...] = (CustomerValue.customer_id, CustomerValue.attribute_id, CustomerValue.value)
    values: dict[UUID, dict[UUID, str]] = {}
    for customer_id, attribute_id, value in await db.execute(
        select(*given).where(CustomerValue.customer_id.in_(wanted))
    ):
        values.setdefault(customer_id, {})[attribute_id] = value
    columns: tuple[Any, ...] = tuple(getattr(Customer, name) for name in COLUMNS)
    query = select(Customer.id, Customer.version, Customer.merged_into.is_not(None), *columns).where(
        Customer.id.in_(wanted)
    )
    return {
        row[0]: Held(row[0], row[1], row[2], dict(zip(COLUMNS, row[3:], strict=True)), values.get(row[0], {}))
        for row in await db.execute(query)
    }
