"""granian with the settings that keep a thousand idle streams from starving every other request."""

from __future__ import annotations

import asyncio

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

import portavoce.tables  # noqa: F401 -- the self-check looks at every registered table
from portavoce.core.config import Settings
from portavoce.core.selfcheck import refuse_to_start
from portavoce.core.walls import APP, REPORT
from portavoce.wiring import open_database

TARGET = "portavoce.app:production_app"
CONNECTIONS = 8192
"""granian's own limit is 1,024 requests at once per worker, and an idle stream counts as one."""
LOGGERS = {
    "handlers": {"ours": {"class": "portavoce.core.logs.Foreign"}},
    "loggers": {
        name: {"handlers": ["ours"], "level": "WARNING", "propagate": False}
        for name in ("_granian", "granian.access")
    },
}
"""granian's own words in our shape: what an application raises would otherwise be printed with all it quotes."""
LAST_WORDS = 8
"""Seconds between the first signal and the end, whatever still runs."""


def serve_web(settings: Settings, *, workers: int = 1) -> None:
    """Blocks until SIGTERM or SIGINT. Refuses to start with a database role that could climb a wall."""
    asyncio.run(_check_roles(settings))
    make_server(settings, workers=workers).serve()


def make_server(settings: Settings, *, target: str = TARGET, workers: int = 1) -> MPServer:
    return MPServer(
        target,
        address=settings.host,
        port=settings.web_port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=workers,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        workers_kill_timeout=LAST_WORDS,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGERS,
        respawn_failed_workers=True,
    )


async def _check_roles(settings: Settings) -> None:
    database = open_database(settings)
    try:
        await refuse_to_start(database, (APP, REPORT))
    finally:
        await database.close()
