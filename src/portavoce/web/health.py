"""Is this process alive, and is the whole fit for work? For supervisors and load balancers: names and words only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from litestar import MediaType, Request, Response, get
from sqlalchemy import select

from portavoce.core.db import Database
from portavoce.core.models import Heartbeat
from portavoce.core.scope import HOUSE

Probe = Callable[[], Awaitable[bool]]
PATIENCE = 3.0
PULSE = timedelta(seconds=30)
PROCESSES = ("engine", "worker")

LOG = structlog.get_logger()


@get("/health/live", opt={"open": True}, media_type=MediaType.JSON)
async def show_live() -> dict[str, str]:
    return {"status": "ok"}


@get("/health/ready", opt={"open": True}, media_type=MediaType.JSON)
async def show_ready(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """200 when every check is ok, else 503; the checks run side by side, each at most PATIENCE seconds."""
    state = request.app.state
    if state.get("draining"):
        return Response({"status": "draining", "checks": {}}, status_code=503, media_type=MediaType.JSON)
    checks = await run_checks({**database_probes(state.database), **state.probes})
    ready = set(checks.values()) <= {"ok"}
    body = {"status": "ok" if ready else "failed", "checks": checks}
    return Response(body, status_code=200 if ready else 503, media_type=MediaType.JSON)


async def run_checks(probes: Mapping[str, Probe]) -> dict[str, str]:
    verdicts = await asyncio.gather(*[_verdict(name, probe) for name, probe in probes.items()])
    return dict(zip(probes, verdicts, strict=True))


def database_probes(database: Database) -> dict[str, Probe]:
    """PostgreSQL itself, and the pulse of the processes that live beside this one."""

    async def postgresql() -> bool:
        async with database.begin(HOUSE) as db:
            await db.scalar(select(Heartbeat.process).limit(1))
        return True

    def pulse_of(process: str) -> Probe:
        async def beats() -> bool:
            async with database.begin(HOUSE) as db:
                at = await db.scalar(select(Heartbeat.at).where(Heartbeat.process == process))
            return at is not None and database.clock.now() - at <= PULSE

        return beats

    return {"postgresql": postgresql, **{process: pulse_of(process) for process in PROCESSES}}


async def _verdict(name: str, probe: Probe) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            return "ok" if await probe() else "failed"
    except Exception as error:
        LOG.warning("not ready", check=name, reason=type(error).__name__)
        return "failed"
