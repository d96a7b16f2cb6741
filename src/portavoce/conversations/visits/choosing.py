"""A clerk says in which of their shops they stand now; the next page begins there, on whatever device."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.visits.errors import NoShop
from portavoce.conversations.visits.models import ShopClerk
from portavoce.core.unit import now


async def choose_shop(db: AsyncSession, shop_id: UUID, *, by: BrandAgent) -> ShopClerk:
    """NoShop for any but the clerk's own."""
    query = select(ShopClerk).where(
        ShopClerk.brand_agent_id == by.id, ShopClerk.shop_id == shop_id, ShopClerk.ended_at.is_(None)
    )
    given = (await db.scalars(query.with_for_update())).one_or_none()
    if given is None:
        raise NoShop("This shop does not exist.")
    given.chosen_at = now(db)
    return given
