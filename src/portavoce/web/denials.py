"""Whoever asks for what is not theirs leaves a trace, written after the refused request has rolled back."""

from __future__ import annotations

import structlog
from litestar.types import Scope
from sqlalchemy.exc import DBAPIError

from portavoce.audit.auditing import deny
from portavoce.core import metrics
from portavoce.core.db import Database, crossed_a_wall
from portavoce.core.scope import HOUSE
from portavoce.web.access import NotGranted

LOG = structlog.get_logger()
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
    metrics.DENIALS.labels(reason).inc()
    if walled:
        LOG.error("row security refused", route=scope.get("path_template", ""), exc_info=error)
    if state.get(KEPT_APART):
        return
    async with database.begin(HOUSE) as db:
        deny(db, actor.person_id if actor else None, _asked(scope), reason)


def _asked(scope: Scope) -> str:
    return f"{scope.get('method', '')} {scope['path'][:200]}"
