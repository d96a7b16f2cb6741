"""Which of many sessions still live, in one look: for streams, which outlast the request that opened them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import now
from portavoce.identity.models import Person, UserSession
from portavoce.identity.sessions import IDLE


async def living(db: AsyncSession, session_ids: Iterable[str]) -> set[str]:
    """Those that have not ended, expired or idled out, of people who are not disabled."""
    at = now(db)
    query = (
        select(UserSession.id)
        .join(Person, UserSession.person_id == Person.id)
        .where(
            UserSession.id.in_(list(session_ids)),
            UserSession.ended_at.is_(None),
            UserSession.expires_at > at,
            UserSession.seen_at > at - IDLE,
            Person.disabled_at.is_(None),
        )
    )
    return set((await db.scalars(query)).all())
