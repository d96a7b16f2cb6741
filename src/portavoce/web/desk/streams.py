"""The one stream of an agent's page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import structlog
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Stream as StreamResponse

from portavoce.agents.aliases import agent_of
from portavoce.core.db import Database, unavailable
from portavoce.core.errors import TooMany
from portavoce.core.scope import HOUSE
from portavoce.web.access import DESK_ROLES, PASSIVE, Actor, NotGranted
from portavoce.web.denials import record_denial
from portavoce.web.desk.live_views import DeskViews
from portavoce.web.desk.room import require_room
from portavoce.web.i18n import N_, locale_of
from portavoce.web.live.ending import on_stop_signal
from portavoce.web.live.hub import HEARTBEAT, Hub
from portavoce.web.live.streams import Opened, Since, Stream
from portavoce.web.pages import AnyRequest

LOG = structlog.get_logger()
CROWDED = N_("This desk is open too often. Close some of its windows.")


class StreamController(Controller):
    path = "/desk/stream"
    opt = {PASSIVE: True}

    @get()
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        open: FromQuery[UUID | None] = None,
        brand: FromQuery[str | None] = None,
        since_message: FromQuery[UUID | None] = None,
        since_contact: FromQuery[UUID | None] = None,
    ) -> StreamResponse:
        """A snapshot first, then whatever changes; a contact of a brand that is not granted is left out and noted.

        429 for a person whose desk is open too often already, or where a brand's streams are used up.
        """
        hub: Hub = request.app.state.hub
        if hub.full(actor.person_id):
            raise TooMany(CROWDED, retry_after=str(int(HEARTBEAT)))
        await require_room(request.app.state.database, hub, actor.brands(DESK_ROLES))
        stream = await _stream(request, actor)
        if open is not None and brand is not None:
            try:
                stream.opened = Opened(actor.granted(brand, DESK_ROLES).brand_id, open)
                stream.since = Since(since_message, since_contact)
            except NotGranted as refused:
                await record_denial(refused, request.scope)
        views: DeskViews = request.app.state.desk_views
        return StreamResponse(
            _events(hub, views, stream),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )


async def _stream(request: AnyRequest, actor: Actor) -> Stream:
    database: Database = request.app.state.database
    async with database.begin(HOUSE) as db:
        agent = await agent_of(db, actor.person_id)
    return Stream(
        person_id=actor.person_id,
        session_id=actor.session_id,
        agent_id=agent.agent_id if agent else None,
        locale=locale_of(request),
        brands=actor.brands(DESK_ROLES),
    )


async def _events(hub: Hub, views: DeskViews, stream: Stream) -> AsyncIterator[bytes]:
    """Registered before the snapshot is read: what changes in between is read again, never missed."""
    hub.stop_on_signal(on_stop_signal)
    hub.add(stream)
    try:
        if not stream.mailbox.closed:
            try:
                await views.snapshot(stream)
            except Exception as error:
                if not unavailable(error):
                    raise
                LOG.warning("could not read what a page shows", error=type(error).__name__)
                hub.read_later(stream)
            hub.tell_condition(stream)
        async for message in stream.sent():
            yield message
    finally:
        hub.remove(stream)
