"""All customers of a brand, a part at a time: what an export says of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.customers.models import Customer, CustomerIdentity, CustomerValue

PART = 500


class Listed(msgspec.Struct, frozen=True):
    """`values` by attribute. Nobody who was merged: the survivor stands for them."""

    id: UUID
    name: str
    language: str
    needs: str
    preferred_channel: str
    preferred_moment: str
    note: str
    created_at: datetime
    identities: tuple[tuple[str, str], ...]
    values: dict[UUID, str]


async def part_of(db: AsyncSession, *, after: UUID | None, most: int = PART) -> list[Listed]:
    """The next ones in order of their ids, in three statements; empty at the end."""
    query = select(
        Customer.id,
        Customer.name,
        Customer.language,
        Customer.needs,
        Customer.preferred_channel,
        Customer.preferred_moment,
        Customer.note,
        Customer.created_at,
    ).where(Customer.merged_into.is_(None))
    if after is not None:
        query = query.where(Customer.id > after)
    rows = list(await db.execute(query.order_by(Customer.id).limit(most)))
    ids = [row.id for row in rows]
    known = await _identities(db, ids)
    values = await _values(db, ids)
    return [Listed(*row, tuple(known.get(row.id, ())), values.get(row.id, {})) for row in rows]


async def _identities(db: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    query = (
        select(CustomerIdentity.customer_id, CustomerIdentity.channel, CustomerIdentity.value)
        .where(CustomerIdentity.customer_id.in_(ids))
        .order_by(CustomerIdentity.customer_id, CustomerIdentity.created_at, CustomerIdentity.id)
    )
    found: dict[UUID, list[tuple[str, str]]] = {}
    for customer_id, channel, value in await db.execute(query):
        found.setdefault(customer_id, []).append((channel, value))
    return found


async def _values(db: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, dict[UUID, str]]:
    columns: tuple[Any, ...] = (CustomerValue.customer_id, CustomerValue.attribute_id, CustomerValue.value)
    found: dict[UUID, dict[UUID, str]] = {}
    for customer_id, attribute_id, value in await db.execute(
        select(*columns).where(CustomerValue.customer_id.in_(ids))
    ):
        found.setdefault(customer_id, {})[attribute_id] = value
    return found
