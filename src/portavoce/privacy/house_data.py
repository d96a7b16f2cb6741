"""The provider's own book-keeping past its period, a small batch a transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, delete, func, select

from portavoce.audit.models import Denial
from portavoce.brands.limits import HOUSE_KEPT_DAYS
from portavoce.core.db import Database
from portavoce.core.models import Heartbeat, HouseOutbox
from portavoce.core.scope import HOUSE
from portavoce.identity.models import LoginToken, Throttle, UserSession
from portavoce.privacy.periods import cutoff

BATCH = 500
ENDED: dict[str, tuple[Any, ColumnElement[Any], tuple[ColumnElement[bool], ...]]] = {
    "session_days": (
        UserSession.id,
        func.coalesce(UserSession.ended_at, UserSession.expires_at),
        (),
    ),
    "login_token_days": (LoginToken.id, LoginToken.expires_at.expression, ()),
    "throttle_days": (Throttle.key, Throttle.window_start.expression, ()),
    "denial_days": (Denial.id, Denial.at.expression, ()),
    "house_mail_days": (
        HouseOutbox.id,
        HouseOutbox.done_at.expression,
        (HouseOutbox.state.in_(("done", "given_up")),),
    ),
    "heartbeat_days": (Heartbeat.process, Heartbeat.at.expression, ()),
}
"""By the name of the period: the key, the instant that counts, and what else must hold."""


async def remove_of_house(database: Database) -> dict[str, int]:
    return {name: await _all_of(database, name) for name in ENDED}


async def _all_of(database: Database, name: str) -> int:
    key, instant, more = ENDED[name]
    past = (instant < cutoff(database.clock.now(), HOUSE_KEPT_DAYS[name]), *more)
    removed = 0
    while True:
        async with database.begin(HOUSE) as db:
            keys = list((await db.scalars(select(key).where(*past).limit(BATCH))).all())
            gone = await db.execute(delete(key.class_).where(key.in_(keys), *past).returning(key))
            count = len(gone.all())
        removed += count
        if len(keys) < BATCH or not count:
            return removed
