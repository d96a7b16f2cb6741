"""What the lists of the admin surface show: columns, one statement per list."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand, Client, LineOfBusiness
from portavoce.calendars.founding import calendar_versions
from portavoce.calendars.models import Calendar
from portavoce.calendars.timeline import known_at
from portavoce.calendars.versions import CalendarHours, valid_at
from portavoce.channels.email.models import InboundEvent, Mailbox
from portavoce.identity.models import AccessGrant, Person

SHOWN = 500


class BrandRow(NamedTuple):
    id: UUID
    slug: str
    name: str
    monogram: str
    shape: str
    language: str
    zone: str
    client: str
    client_id: UUID


class PersonRow(NamedTuple):
    id: UUID
    name: str
    email: str
    employer: str | None
    accepted: bool
    disabled_at: datetime | None


class RoleRow(NamedTuple):
    id: UUID
    role: str
    brand_id: UUID | None
    client_id: UUID | None
    granted_at: datetime


class ClientRow(NamedTuple):
    id: UUID
    name: str
    legal_name: str
    created_at: datetime


async def client_rows(db: AsyncSession) -> list[ClientRow]:
    query = select(Client.id, Client.name, Client.legal_name, Client.created_at).order_by(Client.name)
    return [ClientRow(*row) for row in await db.execute(query.limit(SHOWN))]


async def brand_rows(db: AsyncSession, brands: Collection[UUID]) -> list[BrandRow]:
    """The given brands of the read scope with their client, by name."""
    query = (
        select(
            Brand.id,
            Brand.slug,
            Brand.name,
            Brand.monogram,
            Brand.shape,
            Brand.language,
            Brand.zone,
            Client.name,
            Client.id,
        )
        .join(Client, Client.id == Brand.client_id)
        .where(Brand.id.in_(brands))
        .order_by(Brand.name)
    )
    return [BrandRow(*row) for row in await db.execute(query)]


async def quarantine_counts(db: AsyncSession) -> dict[UUID, int]:
    """Mails waiting in quarantine by brand of the read scope; brands without any are left out."""
    query = (
        select(InboundEvent.brand_id, func.count())
        .where(InboundEvent.state == "quarantined")
        .group_by(InboundEvent.brand_id)
    )
    return {row[0]: row[1] for row in await db.execute(query)}


async def address_counts(db: AsyncSession) -> dict[UUID, int]:
    query = select(Mailbox.brand_id, func.count()).group_by(Mailbox.brand_id)
    return {row[0]: row[1] for row in await db.execute(query)}


async def line_options(db: AsyncSession) -> list[tuple[str, str]]:
    """(id, name) of the lines of business of the one brand this session reads."""
    query = select(LineOfBusiness.id, LineOfBusiness.name).order_by(LineOfBusiness.name)
    return [(str(line_id), name) for line_id, name in await db.execute(query)]


async def calendar_options(db: AsyncSession) -> list[tuple[str, str]]:
    """(id, name) of the calendars of the one brand this session reads."""
    query = select(Calendar.id, Calendar.name).order_by(Calendar.name)
    return [(str(calendar_id), name) for calendar_id, name in await db.execute(query)]


async def opening_hours(db: AsyncSession, at: datetime) -> list[tuple[str, CalendarHours]]:
    """(name, hours in force) of each calendar of the one brand this session reads."""
    found = []
    for calendar_id, name in await db.execute(select(Calendar.id, Calendar.name).order_by(Calendar.name)):
        versions = [version for _, version in await calendar_versions(db, calendar_id)]
        present = valid_at(known_at(versions, at), at)
        if present is not None:
            found.append((name, present))
    return found


async def person_rows(db: AsyncSession) -> list[PersonRow]:
    query = (
        select(
            Person.id,
            Person.name,
            Person.email,
            Client.name,
            Person.password_hash.is_not(None),
            Person.disabled_at,
        )
        .outerjoin(Client, Client.id == Person.client_id)
        .order_by(Person.disabled_at.is_not(None), Person.name)
        .limit(SHOWN)
    )
    return [PersonRow(*row) for row in await db.execute(query)]


async def names_of(db: AsyncSession, people: Collection[UUID]) -> dict[UUID, str]:
    query = select(Person.id, Person.name).where(Person.id.in_(people))
    return {row[0]: row[1] for row in await db.execute(query)}


async def roles_by_person(db: AsyncSession) -> dict[UUID, list[tuple[str, int]]]:
    """(role, number of grants) of every person with any."""
    query = (
        select(AccessGrant.person_id, AccessGrant.role, func.count())
        .where(AccessGrant.revoked_at.is_(None))
        .group_by(AccessGrant.person_id, AccessGrant.role)
        .order_by(AccessGrant.role)
    )
    found: dict[UUID, list[tuple[str, int]]] = {}
    for person_id, role, count in await db.execute(query):
        found.setdefault(person_id, []).append((role, count))
    return found


async def role_rows(db: AsyncSession, person_id: UUID) -> list[RoleRow]:
    query = (
        select(
            AccessGrant.id,
            AccessGrant.role,
            AccessGrant.brand_id,
            AccessGrant.client_id,
            AccessGrant.granted_at,
        )
        .where(AccessGrant.person_id == person_id, AccessGrant.revoked_at.is_(None))
        .order_by(AccessGrant.role, AccessGrant.granted_at)
    )
    return [RoleRow(*row) for row in await db.execute(query)]
