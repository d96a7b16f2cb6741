"""A brand's screens may be many, not endless: each open stream costs the process that holds it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from portavoce.brands.limits import LIMITS
from portavoce.brands.models import BrandLimit
from portavoce.core import metrics
from portavoce.core.db import Database
from portavoce.core.errors import TooMany
from portavoce.core.scope import Scope
from portavoce.web.live.hub import Hub

NAME = "streams"
RETRY_AFTER = "30"


async def require_room(database: Database, hub: Hub, brands: Collection[UUID]) -> None:
    """TooMany when one of the brands has as many streams in this process as it may have.

    PostgreSQL holds the limit. The count is the process's own: a stream is its memory and its socket, and dies with it.
    """
    if not brands:
        return
    async with database.begin(Scope.reading(brands)) as db:
        query = select(BrandLimit.brand_id, BrandLimit.value).where(BrandLimit.name == NAME)
        own = {row[0]: row[1] for row in await db.execute(query)}
    if any(hub.watching(brand) >= own.get(brand, LIMITS[NAME].default) for brand in brands):
        metrics.REFUSALS.labels(NAME).inc()
        raise TooMany(
            "This brand has as many screens open as it may. Try again later.", retry_after=RETRY_AFTER
        )
