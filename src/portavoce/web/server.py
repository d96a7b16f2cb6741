"""granian with the settings that keep a thousand idle streams from starving every other request."""

from __future__ import annotations

import asyncio
import os
import threading
from contextlib import suppress
from typing import Any

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

import portavoce.tables  # noqa: F401 -- the self-check looks at every registered table
from portavoce.core.config import Settings
from portavoce.core.processes.sockets import inherited
from portavoce.core.selfcheck import refuse_to_start
from portavoce.core.walls import APP, REPORT
from portavoce.web.draining import DRAIN
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
"""Seconds between being told to stop and the end, whatever still runs."""
DRAIN_FOR = 1.0
"""Seconds in which clients of a draining worker, and whoever balances the load, hear that it is going."""


def serve_web(settings: Settings, *, workers: int = 1) -> None:
    """Blocks until SIGTERM or SIGINT. Refuses to start with a database role that could climb a wall."""
    asyncio.run(_check_roles(settings))
    make_server(settings, workers=workers).serve()


class DrainingServer(MPServer):
    """granian that drains before it stops, on the socket that was handed down where there is one."""

    def signal_handler_interrupt(self, *_: Any) -> None:
        """The second time without draining."""
        if self._told:
            self._stop_now()
            return
        self._told = True
        for worker in self.wrks:
            with suppress(ProcessLookupError, TypeError):
                os.kill(worker.inner.pid, DRAIN)
        later = threading.Timer(DRAIN_FOR, self._stop_now)
        later.daemon = True
        later.start()

    _told = False

    def _stop_now(self) -> None:
        self.interrupt_signal = True
        self.main_loop_interrupt.set()

    def _init_shared_socket(self) -> None:
        """With a socket of its own every worker would have its own queue, and lose it when it goes."""
        shared = inherited("web")
        if shared is None:
            super()._init_shared_socket()  # type: ignore[no-untyped-call]  # -- granian is partly typed
            return
        shared.set_inheritable(True)
        holder: Any = SocketHolder
        kept = holder(shared.fileno(), False, CONNECTIONS)
        vars(self).update(_sso=shared, _sfd=shared.fileno(), _shd=kept, _ssp=None)


def make_server(settings: Settings, *, target: str = TARGET, workers: int = 1) -> MPServer:
    return DrainingServer(
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
