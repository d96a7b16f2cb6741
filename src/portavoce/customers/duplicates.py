"""Who of this brand may be the same person: a suggestion with its reasons, for somebody to decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, case, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.customers.matching import REASONS, Known, match_key, reasons
from portavoce.customers.models import Customer, CustomerApart, CustomerIdentity, CustomerMerge
from portavoce.customers.queries import identities_of

LOOKED_AT = 200
SHOWN = 5


class Suggestion(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    created_at: datetime
    reasons: tuple[str, ...]
    identities: tuple[str, ...]


class Merge(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    at: datetime
    alias: str


async def duplicates_of(db: AsyncSession, customer_id: UUID) -> list[Suggestion]:
    """The likeliest first, without whom somebody said to be another, in three statements however many there are."""
    mine = [Known(each.channel, each.value) for each in await identities_of(db, customer_id)]
    keys = [match_key(*each) for each in mine]
    same_key = CustomerIdentity.match_key.in_(keys)
    rows = [*await _candidates(db, customer_id, same_key, by_key=True)]
    own_name = select(Customer.name_key).where(Customer.id == customer_id, Customer.name_key != "")
    rows += await _candidates(
        db, customer_id, and_(Customer.name_key != "", Customer.name_key == own_name.scalar_subquery())
    )
    return _suggestions(mine, rows)


async def merges_of(db: AsyncSession, customer_id: UUID) -> list[Merge]:
    """Whoever was merged into this customer and still is."""
    query = (
        select(CustomerMerge.id, Customer.name, CustomerMerge.at, BrandAgent.alias)
        .join(
            Customer,
            and_(Customer.brand_id == CustomerMerge.brand_id, Customer.id == CustomerMerge.merged_id),
        )
        .join(
            BrandAgent,
            and_(
                BrandAgent.brand_id == CustomerMerge.brand_id, BrandAgent.id == CustomerMerge.brand_agent_id
            ),
        )
        .where(CustomerMerge.survivor_id == customer_id, CustomerMerge.undone_at.is_(None))
        .order_by(CustomerMerge.at.desc(), CustomerMerge.id.desc())
    )
    return [Merge(*row) for row in await db.execute(query)]


async def apart_of(db: AsyncSession, customer_id: UUID) -> list[Merge]:
    """Whom somebody said not to be this customer, and it stands."""
    other = case((CustomerApart.one_id == customer_id, CustomerApart.other_id), else_=CustomerApart.one_id)
    query = (
        select(CustomerApart.id, Customer.name, CustomerApart.at, BrandAgent.alias)
        .join(Customer, and_(Customer.brand_id == CustomerApart.brand_id, Customer.id == other))
        .join(
            BrandAgent,
            and_(
                BrandAgent.brand_id == CustomerApart.brand_id, BrandAgent.id == CustomerApart.brand_agent_id
            ),
        )
        .where(
            or_(CustomerApart.one_id == customer_id, CustomerApart.other_id == customer_id),
            CustomerApart.undone_at.is_(None),
        )
        .order_by(CustomerApart.at.desc(), CustomerApart.id.desc())
    )
    return [Merge(*row) for row in await db.execute(query)]


def _apart_from(customer_id: UUID) -> ColumnElement[bool]:
    """In a query over customers: somebody said that the row is not this one."""
    return exists().where(
        CustomerApart.brand_id == Customer.brand_id,
        CustomerApart.undone_at.is_(None),
        or_(
            and_(CustomerApart.one_id == customer_id, CustomerApart.other_id == Customer.id),
            and_(CustomerApart.other_id == customer_id, CustomerApart.one_id == Customer.id),
        ),
    )


async def _candidates(
    db: AsyncSession, customer_id: UUID, like: Any, *, by_key: bool = False
) -> Sequence[tuple[Any, ...]]:
    """(customer, name, since, same name, channel, value, shown) by identity."""
    query = (
        select(
            Customer.id,
            Customer.name,
            Customer.created_at,
            CustomerIdentity.channel,
            CustomerIdentity.value,
            CustomerIdentity.shown,
        )
        .join(
            CustomerIdentity,
            and_(CustomerIdentity.brand_id == Customer.brand_id, CustomerIdentity.customer_id == Customer.id),
        )
        .where(like, Customer.id != customer_id, Customer.merged_into.is_(None), ~_apart_from(customer_id))
        .limit(LOOKED_AT)
    )
    return [(*row, not by_key) for row in await db.execute(query)]


def _suggestions(mine: Sequence[Known], rows: Sequence[tuple[Any, ...]]) -> list[Suggestion]:
    people: dict[UUID, list[tuple[Any, ...]]] = {}
    for row in rows:
        people.setdefault(row[0], []).append(row)
    found = []
    for customer_id, own in people.items():
        theirs = [Known(row[3], row[4]) for row in own]
        why = reasons(mine, theirs, same_name=any(row[6] for row in own))
        if why:
            shown = tuple(dict.fromkeys(row[5] for row in own))
            found.append(Suggestion(customer_id, own[0][1], own[0][2], tuple(why), shown))
    found.sort(key=lambda each: (REASONS.index(each.reasons[0]), -len(each.reasons), each.created_at))
    return found[:SHOWN]
