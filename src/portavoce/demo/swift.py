"""What makes sixty days fit into a minute: history that can be made again need not survive a power cut."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.ext.asyncio import AsyncEngine

from portavoce.core.db import APP, Database
from portavoce.core.storage import Storage

DIALECT = "postgresql.portavoce_blocking"
OPTIONS = "-c synchronous_commit=off"


class SwiftStorage(Storage):
    """The same files under the same keys, not synced."""

    def save(self, brand_id: UUID, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        key = f"brand/{brand_id}/{digest[:2]}/{digest}"
        path = self._root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return key


class BlockingCursor(psycopg.Cursor[tuple[object, ...]]):
    """SQLAlchemy's asyncio layer asks every cursor for this."""

    async def _async_soft_close(self) -> None:
        return None


class BlockingDialect(PGDialect_psycopg):
    """The plain driver beneath the asyncio layer: who seeds waits for one statement at a time anyway, and the trip
    through the event loop costs more than PostgreSQL's answer.
    """

    is_async = True
    supports_statement_cache = True


registry.register(DIALECT, __name__, BlockingDialect.__name__)


def hurry(database: Database) -> Database:
    """Before its first use: one blocking connection as the app's role that does not wait for the disk at commit."""
    url = database.urls[APP].replace("postgresql+psycopg", DIALECT.replace(".", "+"), 1)
    connect = {"options": OPTIONS, "cursor_factory": BlockingCursor}
    engine = create_engine(
        url, isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=0, connect_args=connect
    )
    database._engines[APP] = AsyncEngine(engine)
    return database
