"""The house's named numbers in one table: what a brand may use, and how long things are kept. A brand may differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.brands.errors import BadLimit
from portavoce.brands.models import BrandLimit
from portavoce.core.unit import now, written_brand

MEGABYTE = 1024 * 1024


class Limit(NamedTuple):
    """`least` and `most` bound what an administrator may choose."""

    name: str
    default: int
    least: int
    most: int


QUOTAS = (
    Limit("mails_minute", 6_000, 1, 100_000),
    Limit("mail_mb", 25, 1, 100),
    Limit("stored_mb", 20_480, 1, 10_000_000),
    Limit("streams", 500, 1, 10_000),
    Limit("exports_hour", 60, 1, 10_000),
)
KEPT_DAYS = (
    Limit("raw_mail_days", 365, 1, 3_650),
    Limit("quarantine_days", 180, 7, 3_650),
    Limit("outbox_days", 30, 1, 365),
    Limit("check_days", 30, 1, 365),
    Limit("import_days", 7, 1, 90),
    Limit("feed_days", 400, 90, 3_650),
)
"""Data of a brand. `import_days`: files of customers that were uploaded, and what their dry run said. `feed_days`: files
that tell a day by intervals; reports keep the figures.
"""
TIMERS = (Limit("undo_send_s", 10, 0, 60), Limit("complaint_days", 30, 1, 365))
"""`undo_send_s`: seconds an answer waits before it leaves, so that its writer may take it back. `complaint_days`: days of
the calendar within which a complaint is answered; the law of the brand's trade says how many.
"""
HOUSE_KEPT_DAYS = {
    "session_days": 30,
    "login_token_days": 30,
    "throttle_days": 1,
    "denial_days": 365,
    "house_mail_days": 30,
    "heartbeat_days": 7,
}
"""Book-keeping of the provider, the same for everybody. A session or link counts from its end."""
LIMITS: Mapping[str, Limit] = {limit.name: limit for limit in (*QUOTAS, *KEPT_DAYS, *TIMERS)}


async def overrides(db: AsyncSession) -> dict[str, int]:
    """What the one brand in scope has of its own."""
    rows = await db.execute(select(BrandLimit.name, BrandLimit.value))
    return {name: value for name, value in rows if name in LIMITS}


async def limits_of(db: AsyncSession) -> dict[str, int]:
    """Every number as it holds for the one brand in scope."""
    own = await overrides(db)
    return {name: own.get(name, limit.default) for name, limit in LIMITS.items()}


async def limit_of(db: AsyncSession, name: str) -> int:
    """One number as it holds for the one brand in scope."""
    own = await db.scalar(select(BrandLimit.value).where(BrandLimit.name == name))
    return LIMITS[name].default if own is None else own


async def set_limit(db: AsyncSession, name: str, value: int | None, *, by: str) -> None:
    """None goes back to the default. BadLimit for an unknown name or a number out of bounds."""
    limit = LIMITS.get(name)
    if limit is None or (value is not None and not limit.least <= value <= limit.most):
        raise BadLimit("Write a number within the bounds shown.", **{name: "bounds"})
    before = (await overrides(db)).get(name)
    if before == value:
        return
    if value is None:
        await db.execute(delete(BrandLimit).where(BrandLimit.name == name))
    else:
        await _store(db, name, value)
    audit(db, by, "limit.changed", "brand_limit", None, name=name, before=before, after=value)


async def _store(db: AsyncSession, name: str, value: int) -> None:
    row = {"name": name, "value": value, "changed_at": now(db)}
    statement = insert(BrandLimit).values(brand_id=written_brand(db), **row)
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["brand_id", "name"], set_={"value": value, "changed_at": row["changed_at"]}
        )
    )
