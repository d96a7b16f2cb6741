"""Engines per role and the unit of work: open, scope, yield, commit, tell the screens. Nobody else commits."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from portavoce.core.patience import ERRAND, Patience, connect_args
from portavoce.core.scope import Scope
from portavoce.core.session import ScopedSession
from portavoce.core.trusted import trusted_sql
from portavoce.kit.clock import Clock

APP, REPORT, ROUTER, DISPATCH = "portavoce_app", "portavoce_report", "portavoce_router", "portavoce_dispatch"
RETRYABLE = {"40P01", "40001"}
RETRYABLE_KEYS: set[str] = {
    "interaction_one_open_per_channel",
    "customer_identity_brand_id_channel_value_key",
    "inbound_event_brand_id_endpoint_id_dedupe_key_key",
    "complaint_brand_id_code_key",
    "isolation_probe_brand_id_night_key",
    "brand_signal_brand_id_key_origin_key",
    "bulk_action_pkey",
    "interval_feed_once",
}
TRIES = 3
PAUSE = 0.05
"""Seconds at most, times the number of the try: two that clashed must not meet again."""
READ_ONLY = "25006"
NOT_NOW = {READ_ONLY, "25P03"}
TOO_COMPLEX = "54"
"""The SQLSTATE class of a statement beyond PostgreSQL's limits: the request's fault, though it looks like ours."""
TAKES_NO_CHANGES = trusted_sql(
    "core.takes_no_changes", "SELECT current_setting('transaction_read_only') = 'on' OR pg_is_in_recovery()"
)
T = TypeVar("T")
Reactions = Mapping[type, Sequence[Callable[[AsyncSession, Any], Awaitable[None]]]]
Publish = Callable[[Sequence["Any"]], Awaitable[None]]


async def _publish_nothing(_pokes: Sequence[Any]) -> None:
    return None


@dataclass(slots=True)
class Database:
    """One engine per role. `reactions` and `last_writers` come from `wiring`; `publish` sends pokes after commit."""

    urls: Mapping[str, str]
    clock: Clock
    reactions: Reactions = field(default_factory=dict)
    last_writers: Sequence[Callable[[ScopedSession], None]] = ()
    publish: Publish = _publish_nothing
    patience: Patience = ERRAND
    engine_options: Mapping[str, Any] = field(default_factory=dict)
    _engines: dict[str, AsyncEngine] = field(default_factory=dict)

    def engine(self, role: str = APP) -> AsyncEngine:
        if role not in self._engines:
            url, patience = self.urls[role], self.patience
            # Errors must not quote the rows of customers: their text goes to the log.
            # The driver begins nothing by itself: the session's preamble does, together with the scope.
            options = {
                "pool_size": 10,
                "max_overflow": 10,
                "pool_timeout": patience.free,
                "pool_use_lifo": True,
                "hide_parameters": True,
                "isolation_level": "AUTOCOMMIT",
                **self.engine_options,
            }
            self._engines[role] = create_async_engine(
                url, connect_args=connect_args(url, patience), **options
            )
        return self._engines[role]

    @asynccontextmanager
    async def begin(
        self, scope: Scope, *, role: str = APP, snapshot: bool = False
    ) -> AsyncIterator[AsyncSession]:
        """One transaction in one scope; commits when the block ends, rolls back when it raises."""
        session = AsyncSession(
            self.engine(role),
            sync_session_class=ScopedSession,
            expire_on_commit=False,
            scope=scope,
            snapshot=snapshot,
            info={
                "clock": self.clock,
                "reactions": self.reactions,
                "last_writers": self.last_writers,
                "pokes": [],
            },
        )
        async with session:
            yield session
            await session.commit()
            pokes = session.info["pokes"]
        if pokes:
            await self.publish(pokes)

    async def run(self, scope: Scope, work: Callable[[AsyncSession], Awaitable[T]], *, role: str = APP) -> T:
        """Run `work` as one unit, again from the start when it lost a race, three times at most."""
        for attempt in range(1, TRIES + 1):
            try:
                async with self.begin(scope, role=role) as session:
                    return await work(session)
            except DBAPIError as error:
                if attempt == TRIES or not lost_a_race(error):
                    raise
            await asyncio.sleep(random.uniform(0, PAUSE * attempt))  # noqa: S311 -- only spreads two tries
        raise AssertionError("unreachable")

    async def close(self) -> None:
        for engine in self._engines.values():
            await engine.dispose()


def lost_a_race(error: DBAPIError) -> bool:
    """True for a deadlock, a serialization failure, or a clash on a key that a second try resolves."""
    state = getattr(error.orig, "sqlstate", None)
    if state in RETRYABLE:
        return True
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return isinstance(error, IntegrityError) and constraint in RETRYABLE_KEYS


def unavailable(error: BaseException) -> bool:
    """True when the database is the trouble and not what was asked of it: the same may succeed in a moment.

    What was being committed may have been committed: whoever asks again must be safe to repeat.
    """
    if not isinstance(error, DBAPIError):
        return isinstance(error, NoConnectionFree)
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if isinstance(error, (OperationalError, InterfaceError)):
        return not state.startswith(TOO_COMPLEX)
    return error.connection_invalidated or state in NOT_NOW or lost_a_race(error)


async def takes_no_changes(db: AsyncSession) -> bool:
    """Whether the server is read-only: a stand-by, or closed for writing by its administrator."""
    return bool(await db.scalar(TAKES_NO_CHANGES))


def read_only(error: BaseException) -> bool:
    """True when the server takes no changes at all."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == READ_ONLY


def crossed_a_wall(error: DBAPIError) -> bool:
    """True for 42501: row-level security said no, or a grant was forgotten. Always logged as an error."""
    return getattr(error.orig, "sqlstate", None) == "42501"
