"""One process of the product, as `portavoce engine`, `worker` or `serve` runs it, with its timers in more of a hurry."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta

from portavoce import engine
from portavoce.channels.email.delivery import Postman
from portavoce.core import delivering, dispatching
from portavoce.core.config import load_settings
from portavoce.core.db import Database
from portavoce.core.logs import configure_logs
from portavoce.web.server import serve_web
from portavoce.worker import make_worker


def main(name: str, stuck: float) -> None:
    """TEST_DEADLY in the environment names a row whose handler kills the process."""
    setattr(Postman, "deliver", _deadly(Postman.deliver))  # noqa: B010 -- a fault, not an interface
    if stuck < dispatching.STUCK.total_seconds():
        dispatching.STUCK = timedelta(seconds=stuck)
        engine.TICK_EVERY = timedelta(seconds=stuck)
        soon = timedelta(seconds=stuck / 20)
        delivering.BACKOFF = (soon, soon, soon, soon)
    settings = load_settings()
    configure_logs(name, settings.log_level)
    if name == "serve":
        serve_web(settings)
    elif name == "engine":
        asyncio.run(engine.run_engine(settings))
    else:
        make_worker(settings).run()


def _deadly(deliver: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def delivered(postman: Postman, database: Database, job: delivering.Job) -> None:
        if str(job.ref_id) == os.environ.get("TEST_DEADLY"):
            os.kill(os.getpid(), signal.SIGKILL)
        await deliver(postman, database, job)

    return delivered
