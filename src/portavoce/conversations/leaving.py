"""When an answer leaves: at once, after the moment in which its writer may take it back, or when the writer wishes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.limits import limit_of
from portavoce.conversations.errors import BadMoment
from portavoce.core.unit import now

FARTHEST = timedelta(days=365)
UNDO = "undo_send_s"


async def moment_of_leaving(
    db: AsyncSession, wished: datetime | None = None, *, doubled: bool = False
) -> datetime | None:
    """None where the brand lets answers leave at once. BadMoment for a wish in the past or more than a year ahead.

    `doubled`: the writer asked for twice the time to think again.
    """
    if wished is None:
        seconds = await limit_of(db, UNDO) * (2 if doubled else 1)
        return now(db) + timedelta(seconds=seconds) if seconds else None
    if not now(db) < wished <= now(db) + FARTHEST:
        raise BadMoment("Choose a moment in the future, within a year.", send_at="moment")
    return wished
