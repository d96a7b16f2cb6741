"""Leads of a brand for who takes them, with the customer's addresses for who has taken one; of a customer for the desk."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.joins import on
from portavoce.conversations.leads.errors import NoLead
from portavoce.conversations.leads.models import RESULTS, Lead
from portavoce.conversations.models import Interaction
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.identity.models import Person
from portavoce.ledger.models import Ticket

LONGEST_LIST = 200
ENDED = 20
OF_A_CUSTOMER = 20


class LeadRow(msgspec.Struct, frozen=True):
    """As the client's people see it; `author` is the alias who passed it on."""

    id: UUID
    ticket: int | None
    customer_id: UUID
    customer: str
    language: str
    author: str
    wording: str
    with_phone: bool
    with_email: bool
    state: str
    passed_at: datetime
    taken_by: UUID | None
    taker: str | None
    taken_at: datetime | None
    ended_at: datetime | None
    note: str | None


class AddressRow(msgspec.Struct, frozen=True):
    channel: str
    shown: str


class LeadEntry(msgspec.Struct, frozen=True):
    """As the timeline shows it. `taker`: the first name of the client's person."""

    id: UUID
    conversation_id: UUID
    wording: str
    maker: str
    made_at: datetime
    state: str
    taker: str | None
    ended_at: datetime | None
    note: str | None

    kind = "lead"


async def open_leads(db: AsyncSession) -> list[LeadRow]:
    """Of the one brand in scope: what nobody has taken, then what somebody has, each the longest waiting first."""
    query = _rows().where(Lead.state.in_(("open", "taken"))).order_by(Lead.state, Lead.passed_at, Lead.id)
    return [LeadRow(*row) for row in await db.execute(query.limit(LONGEST_LIST))]


async def ended_leads(db: AsyncSession) -> list[LeadRow]:
    """The last ones of which somebody said what became of them."""
    query = _rows().where(Lead.state.in_(RESULTS)).order_by(Lead.ended_at.desc(), Lead.id.desc())
    return [LeadRow(*row) for row in await db.execute(query.limit(ENDED))]


async def lead_row(db: AsyncSession, lead_id: UUID) -> LeadRow:
    """NoLead when the brand in scope has none."""
    row = (await db.execute(_rows().where(Lead.id == lead_id))).one_or_none()
    if row is None:
        raise NoLead("This page does not exist.")
    return LeadRow(*row)


async def addresses_for(db: AsyncSession, lead: LeadRow, person_id: UUID) -> list[AddressRow]:
    """What the agent let its taker see; nothing for anybody else."""
    channels = [name for name, shown in (("phone", lead.with_phone), ("email", lead.with_email)) if shown]
    if lead.taken_by != person_id or not channels:
        return []
    query = (
        select(CustomerIdentity.channel, CustomerIdentity.shown)
        .where(CustomerIdentity.customer_id == lead.customer_id, CustomerIdentity.channel.in_(channels))
        .order_by(CustomerIdentity.channel.desc(), CustomerIdentity.created_at)
    )
    return [AddressRow(*row) for row in await db.execute(query)]


async def leads_of(db: AsyncSession, customer_id: UUID) -> tuple[LeadEntry, ...]:
    """The newest of one customer of the one brand in scope, oldest first."""
    rows = list(await db.execute(_of_customer(), {"customer_id": customer_id}))
    return tuple(_entry(row) for row in reversed(rows))


def _entry(row: Any) -> LeadEntry:
    taker = row.taker.split()[0] if row.taker else None
    return LeadEntry(
        row.id, row.conversation_id, row.wording, row.alias, row.passed_at, row.state, taker, row.ended_at,
        row.note,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _of_customer() -> Select[Any]:
    columns: tuple[Any, ...] = (
        Lead.id,
        Interaction.conversation_id,
        Lead.wording,
        BrandAgent.alias,
        Lead.passed_at,
        Lead.state,
        Person.name.label("taker"),
        Lead.ended_at,
        Lead.note,
    )
    return (
        select(*columns)
        .select_from(Lead)
        .join(Interaction, on(Interaction, Interaction.id, Lead.interaction_id))
        .join(BrandAgent, on(BrandAgent, BrandAgent.id, Lead.brand_agent_id))
        .outerjoin(Person, Person.id == Lead.taken_by)
        .where(Lead.customer_id == bindparam("customer_id"))
        .order_by(Lead.passed_at.desc(), Lead.id.desc())
        .limit(OF_A_CUSTOMER)
    )


def _rows() -> Select[*tuple[Any, ...]]:
    columns: tuple[Any, ...] = (
        Lead.id,
        Ticket.number,
        Lead.customer_id,
        Customer.name,
        Customer.language,
        BrandAgent.alias,
        Lead.wording,
        Lead.with_phone,
        Lead.with_email,
        Lead.state,
        Lead.passed_at,
        Lead.taken_by,
        Person.name.label("taker"),
        Lead.taken_at,
        Lead.ended_at,
        Lead.note,
    )
    return (
        select(*columns)
        .select_from(Lead)
        .join(Customer, on(Customer, Customer.id, Lead.customer_id))
        .join(BrandAgent, on(BrandAgent, BrandAgent.id, Lead.brand_agent_id))
        .outerjoin(Person, Person.id == Lead.taken_by)
        .outerjoin(Ticket, on(Ticket, Ticket.interaction_id, Lead.interaction_id))
    )
