"""Take an address or a number from a profile it does not belong to, and put it back while nobody else has it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import and_, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.audit.auditing import audit
from portavoce.core.unit import emit, new_id, now, written_brand
from portavoce.customers.editing import keep_changes
from portavoce.customers.errors import BadProfile, CannotReturn, NoCustomer
from portavoce.customers.events import ProfileChanged
from portavoce.customers.matching import match_key
from portavoce.customers.models import Customer, CustomerIdentity, CustomerRemoval
from portavoce.customers.queries import MISSING
from portavoce.ledger.facts import record

LONGEST = 500
WHY = "Write why it is not this customer's."
SHORTEN = "Shorten this text to 500 characters."
TAKEN = "Somebody else has this address or number now."
BACK = "It was put back already."
SHOWN = 20


class Removed(msgspec.Struct, frozen=True):
    id: UUID
    channel: str
    shown: str
    reason: str
    at: datetime
    alias: str


async def remove_identity(
    db: AsyncSession, customer_id: UUID, identity_id: UUID, reason: str, *, by: BrandAgent
) -> CustomerRemoval:
    """NoCustomer when it is not an identity of this one, BadProfile without a reason."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST:
        raise BadProfile("Check the fields below.", reason=SHORTEN if reason else WHY)
    await _lock(db, customer_id)
    query = select(CustomerIdentity).where(
        CustomerIdentity.id == identity_id, CustomerIdentity.customer_id == customer_id
    )
    identity = (await db.scalars(query.with_for_update())).one_or_none()
    if identity is None:
        raise NoCustomer(MISSING)
    row = CustomerRemoval(
        id=new_id(db),
        customer_id=customer_id,
        identity_id=identity.id,
        channel=identity.channel,
        value=identity.value,
        shown=identity.shown,
        since=identity.created_at,
        reason=reason,
        at=now(db),
        brand_agent_id=by.id,
    )
    db.add(row)
    await db.execute(delete(CustomerIdentity).where(CustomerIdentity.id == identity_id))
    keep_changes(db, customer_id, {"identity": (row.value, "")}, by=by)
    await _tell(db, "customer.identity_removed", row, by)
    return row


async def put_back(db: AsyncSession, removal_id: UUID, customer_id: UUID, *, by: BrandAgent) -> None:
    """As it was, with its age. NoCustomer, or CannotReturn when it is back already or somebody else has it."""
    await _lock(db, customer_id)
    query = select(CustomerRemoval).where(
        CustomerRemoval.id == removal_id, CustomerRemoval.customer_id == customer_id
    )
    row = (await db.scalars(query.with_for_update())).one_or_none()
    if row is None:
        raise NoCustomer(MISSING)
    if row.undone_at is not None:
        raise CannotReturn(BACK)
    statement = insert(CustomerIdentity).values(
        brand_id=written_brand(db),
        id=row.identity_id,
        customer_id=customer_id,
        channel=row.channel,
        value=row.value,
        match_key=match_key(row.channel, row.value),
        shown=row.shown,
        created_at=row.since,
    )
    key = ["brand_id", "channel", "value"]
    free = statement.on_conflict_do_nothing(index_elements=key).returning(CustomerIdentity.id)
    if (await db.scalars(free)).one_or_none() is None:
        raise CannotReturn(TAKEN)
    row.undone_at = now(db)
    keep_changes(db, customer_id, {"identity": ("", row.value)}, by=by)
    await _tell(db, "customer.identity_returned", row, by)


async def removals_of(db: AsyncSession, customer_id: UUID) -> list[Removed]:
    """Those that stand, the newest first."""
    query = (
        select(
            CustomerRemoval.id,
            CustomerRemoval.channel,
            CustomerRemoval.shown,
            CustomerRemoval.reason,
            CustomerRemoval.at,
            BrandAgent.alias,
        )
        .join(
            BrandAgent,
            and_(
                BrandAgent.brand_id == CustomerRemoval.brand_id,
                BrandAgent.id == CustomerRemoval.brand_agent_id,
            ),
        )
        .where(CustomerRemoval.customer_id == customer_id, CustomerRemoval.undone_at.is_(None))
        .order_by(CustomerRemoval.at.desc(), CustomerRemoval.id.desc())
        .limit(SHOWN)
    )
    return [Removed(*row) for row in await db.execute(query)]


async def _lock(db: AsyncSession, customer_id: UUID) -> None:
    """Nobody merges it meanwhile, and no mail is filed for it."""
    query = select(Customer.id).where(Customer.id == customer_id).with_for_update()
    if (await db.scalars(query)).one_or_none() is None:
        raise NoCustomer(MISSING)


async def _tell(db: AsyncSession, kind: str, row: CustomerRemoval, by: BrandAgent) -> None:
    audit(db, str(by.id), kind, "customer", row.customer_id, identity=row.identity_id, removal=row.id)
    record(
        db,
        kind,
        actor=str(by.id),
        brand_agent_id=by.id,
        customer=row.customer_id,
        identity=row.identity_id,
        removal=row.id,
    )
    await emit(db, ProfileChanged(row.customer_id))
