"""A server that drains waits for open streams; so the streams end when the process is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
UNTOUCHED = (signal.SIG_DFL, signal.SIG_IGN, signal.default_int_handler, None)
Handler = Callable[[int, FrameType | None], Any]


def on_stop_signal(act: Callable[[], None]) -> None:
    """Run `act` in the running loop when the process is told to stop, beside whatever else hears the signal.

    Python's own handler is replaced and not the loop's: loops hear signals through the wake-up descriptor, which
    stays. Call it once the server has set its handlers, in the main thread; where none did, nothing is replaced.
    """
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        before = signal.getsignal(number)
        if before not in UNTOUCHED:
            signal.signal(number, _both(before, loop, act))
            signal.siginterrupt(number, False)


def _both(before: Any, loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> Handler:
    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        if callable(before):
            before(number, frame)

    return handle
