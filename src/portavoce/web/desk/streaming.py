"""What the desk's streams need while the process lives: the hub, and pokes in both directions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.push import Publisher, Subscriber
from portavoce.web.desk.live_views import DeskViews
from portavoce.web.live.hub import Hub


@asynccontextmanager
async def desk_streams(app: Litestar) -> AsyncIterator[None]:
    """A lifespan of the application: `app.state.hub` and `app.state.desk_views`; commits of this process poke too."""
    settings: Settings = app.state.settings
    database: Database = app.state.database
    views = DeskViews(database, app.state.templates, app.state.lookers)
    hub = Hub(database, views, Subscriber(settings.redis_url))
    publisher = Publisher(settings.redis_url, nearby=hub.hear)
    database.publish = publisher.publish
    app.state.hub, app.state.desk_views = hub, views
    async with hub.running():
        yield
    await publisher.close()
    await app.state.lookers.close()
    await app.state.progress.close()
