"""A brand's chain begins with its head, written in the transaction that adds the brand."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.ledger.chain import genesis
from portavoce.ledger.models import BrandHead


def begin_chain(db: AsyncSession, brand_id: UUID) -> None:
    db.add(BrandHead(brand_id=brand_id, n=0, ticket=0, hash=genesis(brand_id)))
