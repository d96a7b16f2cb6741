"""Files to take away: each is one of the brand's exports in an hour, and a kept one is found in scope when it is asked for."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response

from portavoce.brands.quotas import charge
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.storage import Storage
from portavoce.reporting.feeds import FeedFile, file_of_feed
from portavoce.web.denials import KEPT_APART

EXPORTS = "exports_hour"


async def charge_export(request: Request[Any, Any, Any], brand_id: UUID) -> None:
    """TooMany when the hour's are used up. What the nightly probe asks for costs its brand nothing."""
    if not request.scope["state"].get(KEPT_APART):
        await charge(request.app.state.database, brand_id, EXPORTS)


async def feed_answer(
    request: Request[Any, Any, Any], brand_id: UUID, slug: str, feed: FeedFile
) -> Response[bytes]:
    """The file of a feed that was found in the brand's scope a moment ago."""
    await charge_export(request, brand_id)
    database: Database = request.app.state.database
    storage: Storage = request.app.state.storage
    async with database.begin(Scope.reading({brand_id})) as db:
        file = await file_of_feed(db, feed.id)
    content = await asyncio.to_thread(storage.read, file)
    name = f"{slug}-{feed.name}"
    return Response(
        content,
        media_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
