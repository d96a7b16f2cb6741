"""Being told to stop, beside the server's own handler."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from portavoce.web.live.ending import on_stop_signal


@pytest.fixture
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
async def test_both_the_loops_handler_and_ours_hear_the_signal() -> None:
    loop, heard, ours = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, heard.set)
    on_stop_signal(ours.set)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(asyncio.gather(heard.wait(), ours.wait()), 10)
    loop.remove_signal_handler(signal.SIGTERM)


@pytest.mark.usefixtures("handlers")
async def test_a_handler_set_plainly_is_called_too() -> None:
    before, ours = [], asyncio.Event()
    signal.signal(signal.SIGTERM, lambda number, _frame: before.append(number))
    on_stop_signal(ours.set)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(ours.wait(), 10)
    assert before == [signal.SIGTERM]


@pytest.mark.usefixtures("handlers")
async def test_where_nobody_handles_the_signal_it_keeps_its_meaning() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    on_stop_signal(lambda: None)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
