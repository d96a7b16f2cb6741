"""All that waits in one brand, for who looks at it alone: a list over many brands shows the first of each."""

from __future__ import annotations

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.web.desk.items import read_lists
from portavoce.web.desk.me import IN_BRAND
from portavoce.web.desk.pages import html
from portavoce.web.pages import AnyRequest, render


class QueueController(Controller):
    path = "/b/{brand:str}/queue"
    dependencies = IN_BRAND

    @get()
    async def index(
        self, request: AnyRequest, db: NamedDependency[AsyncSession], granted: NamedDependency[Granted]
    ) -> Response[str]:
        """As the stream tells of it."""
        lists = await read_lists(db, {granted.brand_id}, None)
        return html(
            render(request, "desk/_live_queue.html", queues=lists.queues(), snapshot=False, now=now(db))
        )
