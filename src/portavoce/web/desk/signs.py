"""The page answers its stream once a minute, so that a line that was cut, or a closed laptop, is noticed by silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from litestar import Controller, post
from litestar.handlers import BaseRouteHandler
from sqlalchemy.exc import DBAPIError

from portavoce.agents.signs import NEWS, heard_of
from portavoce.core.db import Database, read_only
from portavoce.core.scope import HOUSE
from portavoce.web.access import actor_of
from portavoce.web.cookies import AnyConnection

REMEMBERED = 10_000
LONG_AGO = datetime.min.replace(tzinfo=UTC)
_heard: dict[UUID, datetime] = {}
"""When this process looked last: what would not be written down is not asked either."""


class SignController(Controller):
    path = "/desk/sign"

    @post(status_code=204)
    async def create(self) -> None:
        """Nothing beyond being a request of the desk: `hear` notes each."""


async def hear(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """Guard of the desk that lets everybody pass: whoever asks for something is there.

    A database that takes no changes can still be read: then nobody is missed either.
    """
    actor = await actor_of(connection)
    if actor is None:
        return
    database: Database = connection.app.state.database
    at = database.clock.now()
    if timedelta() <= at - _heard.get(actor.person_id, LONG_AGO) < NEWS:
        return
    try:
        async with database.begin(HOUSE) as db:
            await heard_of(db, actor.person_id)
    except DBAPIError as error:
        if not read_only(error):
            raise
    if len(_heard) >= REMEMBERED:
        _heard.clear()
    _heard[actor.person_id] = at
