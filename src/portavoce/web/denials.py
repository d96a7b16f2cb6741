"""Whoever asks for what is not theirs leaves a trace, written after the refused request has rolled back."""

from __future__ import annotations

import logging

from litestar.types import Scope
from sqlalchemy.exc import DBAPIError

from portavoce.audit.auditing import deny
from portavoce.core.db import Database, crossed_a_wall
from portavoce.core.scope import HOUSE
from portavoce.web.access import NotGranted

log = logging.getLogger("portavoce.web")
KEPT_APART = "probe"
"""In the state of a request that the nightly probe makes itself: nobody asked, so nobody was refused."""


async def record_denial(error: Exception, scope: Scope) -> None:
    """An `after_exception` hook; the path is shortened and holds no query."""
    walled = isinstance(error, DBAPIError) and crossed_a_wall(error)
    if not walled and not isinstance(error, NotGranted) and not getattr(error, "denied", False):
        return
    state = scope.get("state", {})
    actor = state.get("actor")
    database: Database = scope["litestar_app"].state.database
    reason = "row security" if walled else "not granted"
    if walled:
        log.error("row security refused %s", scope["path"], exc_info=error)
    if state.get(KEPT_APART):
        return
    async with database.begin(HOUSE) as db:
        deny(db, actor.person_id if actor else None, _asked(scope), reason)


def _asked(scope: Scope) -> str:
    return f"{scope.get('method', '')} {scope['path'][:200]}"
