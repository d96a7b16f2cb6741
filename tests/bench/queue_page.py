"""G1: the agent's queue page (sign-in, grants, walls, counters, fifty rows) beside a bare list of fifty rows."""

from __future__ import annotations

from uuid import UUID

from litestar import Litestar

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.sessions import open_session
from tests.bench.asking import get
from tests.bench.measuring import Round

PAGES = 40


async def signed_in_cookie(database: Database, app: Litestar, person_id: UUID) -> str:
    """A session as sign-in opens it; returns the Cookie header."""
    async with database.begin(HOUSE) as db:
        token = open_session(db, person_id, "127.0.0.1")
    return f"{app.state.cookies.session}={token}"


def pages(app: Litestar, path: str, headers: dict[str, str]) -> Round:
    async def run() -> int:
        for _ in range(PAGES):
            status, body = await get(app, path, headers)
            if status != 200 or len(body) < 2_000:
                raise AssertionError(f"{path} answered {status} with {len(body)} octets")
        return PAGES

    return run
