"""`/api/v1/brands/{brand}/feeds`: which files tell the brand's days by intervals, and each of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Controller, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.identity.api_tokens import Bearer
from portavoce.reporting.feeds import find_feed, list_feeds
from portavoce.web.api.answering import READ, answer
from portavoce.web.api.bearing import AnyRequest
from portavoce.web.exports import feed_answer


class ToldFeed(msgspec.Struct, frozen=True):
    """`n` is the last fact that is counted in the file."""

    id: UUID
    day: str
    minutes: int
    format: str
    restatement: int
    n: int
    as_of: datetime
    rows: int


class ToldFeeds(msgspec.Struct, frozen=True):
    """The newest day first; a day with a higher restatement replaces the same day with a lower one."""

    feeds: list[ToldFeed]


class FeedController(Controller):
    path = "/feeds"

    @route("/", http_method=READ)
    async def index(
        self, granted: NamedDependency[Bearer], db: NamedDependency[AsyncSession]
    ) -> Response[bytes]:
        return answer(ToldFeeds([ToldFeed(*each) for each in await list_feeds(db)]))

    @route("/{feed_id:uuid}", http_method=READ)
    async def file(
        self,
        request: AnyRequest,
        granted: NamedDependency[Bearer],
        db: NamedDependency[AsyncSession],
        feed_id: FromPath[UUID],
    ) -> Response[bytes]:
        feed = await find_feed(db, feed_id)
        return await feed_answer(request, granted.brand_id, granted.slug, feed)
