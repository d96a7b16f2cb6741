"""Whoever asks for what is not theirs leaves a trace, written after the refused request has rolled back."""

from __future__ import annotations

from contextlib import suppress

import structlog
from litestar.connection import ASGIConnection
from litestar.exceptions import PermissionDeniedException
from litestar.types import Scope
from sqlalchemy.exc import DBAPIError

from portavoce.audit.auditing import deny
from portavoce.core import metrics
from portavoce.core.db import Database, crossed_a_wall
from portavoce.core.scope import HOUSE
from portavoce.web.access import Actor, NotGranted, actor_of
from portavoce.web.address import client_address
from portavoce.web.cookies import AnyConnection
from portavoce.web.errors import Rejected, asked

LOG = structlog.get_logger()
KEPT_APART = "probe"
"""In the state of a request that the nightly probe makes itself: nobody asked, so nobody was refused."""


async def record_denial(error: Exception, scope: Scope) -> None:
    """An `after_exception` hook: who, on which route, at which brand, from where. No query, no form, no token."""
    reason = _reason(error)
    if not reason:
        return
    connection: AnyConnection = ASGIConnection(scope)
    actor = await _actor(connection)
    if actor is None and isinstance(error, PermissionDeniedException):
        return
    metrics.DENIALS.labels(reason).inc()
    if isinstance(error, DBAPIError):
        LOG.error("row security refused", route=scope.get("path_template", ""), exc_info=error)
    if scope.get("state", {}).get(KEPT_APART):
        return
    brand = scope.get("path_params", {}).get("brand")
    detail = {"address": client_address(connection), **({"brand": str(brand)[:80]} if brand else {})}
    database: Database = scope["litestar_app"].state.database
    async with database.begin(HOUSE) as db:
        deny(db, actor.person_id if actor else None, asked(scope), reason, **detail)


def _reason(error: Exception) -> str:
    """Empty for what is no denial. A form without a token from a visitor is none either: anybody can send those."""
    if isinstance(error, NotGranted):
        return "not granted"
    if isinstance(error, DBAPIError) and crossed_a_wall(error):
        return "row security"
    if isinstance(error, PermissionDeniedException):
        return "forged request"
    return error.denied if isinstance(error, Rejected) else ""


async def _actor(connection: AnyConnection) -> Actor | None:
    with suppress(Exception):  # what refused may be the database itself; the trace is then without a name
        return await actor_of(connection)
    return None
