"""Things done again and again in one process: each on its own, none able to end another."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

LOG = structlog.get_logger()
SLOWEST = timedelta(seconds=5)


async def repeat(
    name: str, every: timedelta, step: Callable[[], Awaitable[object]], stopping: asyncio.Event
) -> None:
    """Run `step`, wait, again, until `stopping`. What it raises is logged and the next round comes all the same.

    While rounds fail the pauses double, up to SLOWEST: a database that is away is not asked five times a second.
    """
    pause = every
    while not stopping.is_set():
        try:
            await step()
            pause = every
        except Exception:
            LOG.exception("a round failed", loop=name)
            pause = max(every, min(2 * pause, SLOWEST))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause.total_seconds())


def stop_on_signals(stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
