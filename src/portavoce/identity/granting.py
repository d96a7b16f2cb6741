"""Rights: read from PostgreSQL at every request, never cached, never taken from a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.core.trusted import trusted_sql
from portavoce.core.unit import new_id, now
from portavoce.identity.models import AccessGrant, Person

RIGHTS_OF = trusted_sql(
    "identity.rights_of",
    """
    SELECT person_id, brand_id, slug, role FROM pv.grants_of(ARRAY[CAST(:person AS uuid)])
    UNION ALL
    SELECT person_id, NULL, NULL, role FROM pv.access_grant
    WHERE person_id = :person AND role = 'admin' AND brand_id IS NULL AND client_id IS NULL AND revoked_at IS NULL
    ORDER BY slug, role
    """,
)
GRANTS_OF = trusted_sql(
    "identity.grants_of",
    "SELECT person_id, brand_id, slug, role FROM pv.grants_of(CAST(:people AS uuid[])) ORDER BY slug, role",
)


class Granted(NamedTuple):
    person_id: UUID
    brand_id: UUID
    slug: str
    role: str


async def grants_of(db: AsyncSession, people: Iterable[UUID]) -> list[Granted]:
    """Every brand each person may see, with the role; a client-level grant counts for all its brands."""
    rows = await db.execute(GRANTS_OF, {"people": list(people)})
    return [Granted(*row) for row in rows]


async def rights_of(db: AsyncSession, person_id: UUID) -> tuple[tuple[Granted, ...], bool]:
    """Of one person: their grants as `grants_of` gives them, and whether they administer the house."""
    rows = [Granted(*row) for row in await db.execute(RIGHTS_OF, {"person": person_id})]
    brands = tuple(row for row in rows if row.brand_id is not None)
    return brands, len(brands) < len(rows)


async def holders(db: AsyncSession, role: str, brand_id: UUID) -> list[Person]:
    """Who has a role at a brand, or at all brands of its client, and still has access; oldest grant first."""
    client_id = select(Brand.client_id).where(Brand.id == brand_id).scalar_subquery()
    query = (
        select(Person)
        .join(AccessGrant, AccessGrant.person_id == Person.id)
        .where(
            AccessGrant.role == role,
            or_(AccessGrant.brand_id == brand_id, AccessGrant.client_id == client_id),
            AccessGrant.revoked_at.is_(None),
            Person.disabled_at.is_(None),
        )
        .order_by(AccessGrant.granted_at, Person.id)
    )
    return list(dict.fromkeys((await db.scalars(query)).all()))


async def holding(db: AsyncSession, brand_id: UUID, role: str) -> list[Person]:
    """Everybody who has the role for this one brand and may sign in, by name."""
    query = (
        select(Person)
        .join(AccessGrant, AccessGrant.person_id == Person.id)
        .where(
            AccessGrant.brand_id == brand_id,
            AccessGrant.role == role,
            AccessGrant.revoked_at.is_(None),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name)
    )
    return list((await db.scalars(query)).all())


async def grant(
    db: AsyncSession,
    person_id: UUID,
    role: str,
    *,
    brand_id: UUID | None = None,
    client_id: UUID | None = None,
    by: UUID | None = None,
) -> AccessGrant:
    """Give a role once; asking again for what is already given changes nothing."""
    query = select(AccessGrant).where(
        AccessGrant.person_id == person_id,
        AccessGrant.role == role,
        AccessGrant.brand_id.is_not_distinct_from(brand_id),
        AccessGrant.client_id.is_not_distinct_from(client_id),
        AccessGrant.revoked_at.is_(None),
    )
    known = (await db.scalars(query)).one_or_none()
    if known is not None:
        return known
    given = AccessGrant(
        id=new_id(db),
        person_id=person_id,
        role=role,
        brand_id=brand_id,
        client_id=client_id,
        granted_by=by,
        granted_at=now(db),
    )
    db.add(given)
    return given


async def revoke(db: AsyncSession, grant_id: UUID) -> None:
    await db.execute(
        update(AccessGrant)
        .where(AccessGrant.id == grant_id, AccessGrant.revoked_at.is_(None))
        .values(revoked_at=now(db))
    )
