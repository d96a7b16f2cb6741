"""Tokens with which a client's own programs read their brand's figures: made and taken back by people, looked at at each use.

A token is no more than who made it: when that person may no longer make one for the brand, it stops, and starts to work
again should they get their access back. Only the hash of its secret is stored, as the value of an endpoint.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit, audit_house
from portavoce.brands.adding import add_endpoint
from portavoce.brands.models import Brand
from portavoce.brands.resolving import resolve
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.unit import new_id, now
from portavoce.identity.errors import BadToken, NoToken, TooManyTokens
from portavoce.identity.granting import grants_of
from portavoce.identity.models import ApiToken, Person
from portavoce.identity.sessions import hashed

KIND = "api_token"
MAKERS = frozenset({"client_approver", "admin"})
"""Who may make tokens of a brand, and whose tokens work."""
LIFETIMES = (30, 90, 365)
"""Days from which its maker chooses."""
MOST = 20
"""Tokens of a brand that work at the same time."""
USED_STEP = timedelta(hours=1)
PREFIX = "pvt_"
BY = "portal"
_SHAPE = re.compile(r"pvt_[A-Za-z0-9_-]{43}", re.ASCII)
NO_GOOD = "Show a valid API token as a bearer token."


class TokenRow(NamedTuple):
    """As a page lists it; who made it by name."""

    id: UUID
    name: str
    person: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class Bearer(NamedTuple):
    """What a good token opens: one brand."""

    token_id: UUID
    brand_id: UUID
    slug: str


async def make_token(db: AsyncSession, name: str, days: int, *, person_id: UUID) -> str:
    """Its secret, which is stored nowhere and shown once. TooManyTokens when the brand has enough of them."""
    working = select(func.count(ApiToken.id)).where(
        ApiToken.revoked_at.is_(None), ApiToken.expires_at > now(db)
    )
    if (await db.scalar(working) or 0) >= MOST:
        raise TooManyTokens("A brand has 20 tokens at most. Take one back first.", name="many")
    secret, at = PREFIX + secrets.token_urlsafe(32), now(db)
    endpoint = await add_endpoint(db, KIND, hashed(secret))
    token = ApiToken(
        id=new_id(db),
        endpoint_id=endpoint.id,
        name=name,
        person_id=person_id,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    db.add(token)
    audit(db, BY, "api_token.made", "api_token", token.id, days=days)
    audit_house(db, person_id, "api_token.made", "api_token", token.id)
    return secret


async def revoke_token(db: AsyncSession, token_id: UUID, *, person_id: UUID) -> None:
    """At once and for good; again changes nothing. NoToken for one the brand does not have."""
    token = (await db.scalars(select(ApiToken).where(ApiToken.id == token_id))).one_or_none()
    if token is None:
        raise NoToken("This token does not exist.")
    if token.revoked_at is None:
        token.revoked_at = now(db)
        audit(db, BY, "api_token.revoked", "api_token", token.id)
        audit_house(db, person_id, "api_token.revoked", "api_token", token.id)


async def tokens_of(db: AsyncSession) -> list[TokenRow]:
    """Of the one brand in scope, the newest first."""
    query = (
        select(
            ApiToken.id,
            ApiToken.name,
            Person.name,
            ApiToken.created_at,
            ApiToken.expires_at,
            ApiToken.used_at,
            ApiToken.revoked_at,
        )
        .join(Person, Person.id == ApiToken.person_id)
        .order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
    )
    return [TokenRow(*row) for row in await db.execute(query)]


async def bearer_of(database: Database, secret: str) -> Bearer:
    """What a secret opens now; BadToken whatever is wrong with it. The use is noted, to the hour."""
    found = await _found(database, secret) if _SHAPE.fullmatch(secret) else None
    if found is None:
        raise BadToken(NO_GOOD)
    token, slug = found
    at = database.clock.now()
    if token.used_at is None or at - token.used_at >= USED_STEP:
        async with database.begin(Scope.writing(token.brand_id)) as db:
            await db.execute(update(ApiToken).where(ApiToken.id == token.id).values(used_at=at))
    return Bearer(token.id, token.brand_id, slug)


async def _found(database: Database, secret: str) -> tuple[ApiToken, str] | None:
    async with database.begin(HOUSE) as db:
        endpoint = await resolve(db, KIND, hashed(secret))
    if endpoint is None:
        return None
    async with database.begin(Scope.reading({endpoint.brand_id})) as db:
        query = (
            select(ApiToken, Brand.slug, Person.disabled_at)
            .join(Brand, Brand.id == ApiToken.brand_id)
            .join(Person, Person.id == ApiToken.person_id)
            .where(
                ApiToken.endpoint_id == endpoint.endpoint_id,
                ApiToken.revoked_at.is_(None),
                ApiToken.expires_at > now(db),
            )
        )
        row = (await db.execute(query)).one_or_none()
        if row is None or row.disabled_at is not None:
            return None
        token: ApiToken = row.ApiToken
        return (token, row.slug) if await may_make(db, token.person_id, token.brand_id) else None


async def may_make(db: AsyncSession, person_id: UUID, brand_id: UUID) -> bool:
    """Whether the person's grants, as PostgreSQL has them now, let them make tokens of this brand."""
    grants = await grants_of(db, [person_id])
    return any(grant.brand_id == brand_id and grant.role in MAKERS for grant in grants)
