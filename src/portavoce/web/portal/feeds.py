"""`/portal/{brand}/feeds`: the files that tell each day by intervals, and one of them to take away."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.feeds import by_day, find_feed, list_feeds
from portavoce.web.access import Actor
from portavoce.web.exports import feed_answer
from portavoce.web.pages import AnyRequest
from portavoce.web.portal.brands import READ
from portavoce.web.portal.pages import DATA, brand_page
from portavoce.web.portal.reading import Reading


class FeedController(Controller):
    path = "/{brand:str}/feeds"

    @route("/", http_method=READ)
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        return brand_page(
            request, actor, reading, "portal/feeds.html", current=DATA, days=by_day(await list_feeds(db))
        )

    @route("/{feed_id:uuid}", http_method=READ)
    async def file(
        self,
        request: AnyRequest,
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
        feed_id: FromPath[UUID],
    ) -> Response[bytes]:
        """Whoever asks is looked at now, whenever the file was made."""
        feed = await find_feed(db, feed_id)
        return await feed_answer(request, reading.brand.id, reading.brand.slug, feed)
