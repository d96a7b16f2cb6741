"""A customer's profile as a person of the brand reads it: columns, one statement per list."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.customers.errors import NoCustomer
from portavoce.customers.models import (
    Customer,
    CustomerAttribute,
    CustomerChange,
    CustomerConsent,
    CustomerIdentity,
    CustomerValue,
)

CHANGES_SHOWN = 50
MISSING = "This customer does not exist."


class Identity(msgspec.Struct, frozen=True):
    channel: str
    value: str
    shown: str


class Answer(msgspec.Struct, frozen=True):
    """An attribute of the brand with this customer's value, "" when there is none. A masked value stays in here."""

    id: UUID
    key: str
    label: str
    kind: str
    options: tuple[str, ...]
    masked: bool
    value: str

    @property
    def field(self) -> str:
        """Its name in a form."""
        return f"a_{self.id.hex}"


class Consent(msgspec.Struct, frozen=True):
    purpose: str
    channel: str
    given: bool
    source: str
    proof: str
    at: datetime
    alias: str


class Profile(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    language: str
    version: int
    needs: tuple[str, ...]
    preferred_channel: str
    preferred_moment: str
    note: str
    created_at: datetime
    answers: tuple[Answer, ...]
    consents: tuple[Consent, ...]


class Change(msgspec.Struct, frozen=True):
    """`label` of an attribute; what it held stays hidden when the attribute is masked. No `alias`: an import did it."""

    at: datetime
    alias: str
    field: str
    label: str
    masked: bool
    before: str
    after: str


async def profile_of(db: AsyncSession, customer_id: UUID) -> Profile:
    """Three statements, however much is known; of one that was merged, the survivor's, in one more.

    NoCustomer when the brand in scope has no such one.
    """
    query = select(
        Customer.id,
        Customer.name,
        Customer.language,
        Customer.version,
        Customer.needs,
        Customer.preferred_channel,
        Customer.preferred_moment,
        Customer.note,
        Customer.created_at,
        Customer.merged_into,
    ).where(Customer.id == customer_id)
    row = (await db.execute(query)).one_or_none()
    if row is None:
        raise NoCustomer(MISSING)
    *values, merged_into = row
    if merged_into is not None:
        return await profile_of(db, merged_into)
    known = dict(zip(row._fields, values, strict=False))
    return Profile(
        **{**known, "needs": tuple(filter(None, row.needs.split(",")))},
        answers=await answers_of(db, customer_id),
        consents=await _consents(db, customer_id),
    )


async def answers_of(db: AsyncSession, customer_id: UUID | None) -> tuple[Answer, ...]:
    """Every attribute the brand asks for, in its order."""
    own = and_(
        CustomerValue.brand_id == CustomerAttribute.brand_id,
        CustomerValue.attribute_id == CustomerAttribute.id,
        CustomerValue.customer_id == customer_id,
    )
    query = (
        select(
            CustomerAttribute.id,
            CustomerAttribute.key,
            CustomerAttribute.label,
            CustomerAttribute.kind,
            CustomerAttribute.choices,
            CustomerAttribute.masked,
            CustomerValue.value,
        )
        .outerjoin(CustomerValue, own)
        .where(CustomerAttribute.retired_at.is_(None))
        .order_by(CustomerAttribute.position, CustomerAttribute.id)
    )
    return tuple(
        Answer(id_, key, label, kind, tuple(choices.splitlines()), masked, value or "")
        for id_, key, label, kind, choices, masked, value in await db.execute(query)
    )


async def identities_of(db: AsyncSession, customer_id: UUID) -> tuple[Identity, ...]:
    query = (
        select(CustomerIdentity.channel, CustomerIdentity.value, CustomerIdentity.shown)
        .where(CustomerIdentity.customer_id == customer_id)
        .order_by(CustomerIdentity.created_at, CustomerIdentity.id)
    )
    return tuple(Identity(*row) for row in await db.execute(query))


def family(customer_id: UUID) -> Select[UUID]:
    """The customer and whoever was merged into it: their consents and changes stay their own, and are read together."""
    return select(Customer.id).where(or_(Customer.id == customer_id, Customer.merged_into == customer_id))


async def _consents(db: AsyncSession, customer_id: UUID) -> tuple[Consent, ...]:
    """The one that counts of each purpose and channel: the latest."""
    query = (
        select(
            CustomerConsent.purpose,
            CustomerConsent.channel,
            CustomerConsent.given,
            CustomerConsent.source,
            CustomerConsent.proof,
            CustomerConsent.at,
            BrandAgent.alias,
        )
        .join(
            BrandAgent,
            and_(
                BrandAgent.brand_id == CustomerConsent.brand_id,
                BrandAgent.id == CustomerConsent.brand_agent_id,
            ),
        )
        .where(CustomerConsent.customer_id.in_(family(customer_id)))
        .ext(distinct_on(CustomerConsent.purpose, CustomerConsent.channel))
        .order_by(
            CustomerConsent.purpose,
            CustomerConsent.channel,
            CustomerConsent.at.desc(),
            CustomerConsent.id.desc(),
        )
    )
    return tuple(Consent(*row) for row in await db.execute(query))


async def changes_of(db: AsyncSession, customer_id: UUID, *, most: int = CHANGES_SHOWN) -> list[Change]:
    """The newest first."""
    query = (
        select(
            CustomerChange.at,
            BrandAgent.alias,
            CustomerChange.field,
            CustomerAttribute.label,
            CustomerAttribute.masked,
            CustomerChange.before,
            CustomerChange.after,
        )
        .outerjoin(
            BrandAgent,
            and_(
                BrandAgent.brand_id == CustomerChange.brand_id,
                BrandAgent.id == CustomerChange.brand_agent_id,
            ),
        )
        .outerjoin(
            CustomerAttribute,
            and_(
                CustomerAttribute.brand_id == CustomerChange.brand_id,
                CustomerAttribute.id == CustomerChange.attribute_id,
            ),
        )
        .where(CustomerChange.customer_id.in_(family(customer_id)))
        .order_by(CustomerChange.at.desc(), CustomerChange.id.desc())
        .limit(most)
    )
    return [_change(*row) for row in await db.execute(query)]


def _change(
    at: datetime,
    alias: str | None,
    field: str,
    label: str | None,
    masked: bool | None,
    before: str,
    after: str,
) -> Change:
    """What a masked attribute held is not carried any further than here."""
    told = ("", "") if masked else (before, after)
    return Change(at, alias or "", field, label or "", bool(masked), *told)
