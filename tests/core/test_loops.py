"""A loop goes on whatever a round raises, and ends when it is told to."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from datetime import timedelta

import pytest

from portavoce.core.loops import repeat, stop_on_signals

AT_ONCE = timedelta()


async def test_a_round_that_raises_does_not_end_the_loop() -> None:
    stopping, rounds = asyncio.Event(), 0

    async def step() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 3:
            stopping.set()
        raise RuntimeError("this round fails")

    await repeat("test", AT_ONCE, step, stopping)
    assert rounds == 3


async def test_pauses_double_while_rounds_fail_and_are_short_again_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stopping, pauses, fails = asyncio.Event(), list[float](), [True] * 8 + [False, True]

    async def step() -> None:
        if fails.pop(0):
            raise RuntimeError("the database is away")

    async def wait(waited: Coroutine[object, object, bool], seconds: float) -> None:
        waited.close()
        pauses.append(seconds)
        if not fails:
            stopping.set()
        raise TimeoutError

    monkeypatch.setattr(asyncio, "wait_for", wait)
    await repeat("test", timedelta(seconds=0.2), step, stopping)
    assert pauses == [0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0, 5.0, 0.2, 0.4]


async def test_stopping_ends_the_pause_at_once() -> None:
    stopping, begun = asyncio.Event(), asyncio.Event()

    async def step() -> None:
        begun.set()

    loop = asyncio.create_task(repeat("test", timedelta(days=1), step, stopping))
    await begun.wait()
    stopping.set()
    await loop
    assert loop.done()


async def test_a_loop_told_to_stop_before_it_begins_does_nothing() -> None:
    stopping = asyncio.Event()
    stopping.set()
    calls: list[None] = []

    async def step() -> None:
        calls.append(None)

    await repeat("test", AT_ONCE, step, stopping)
    assert calls == []


async def test_a_terminate_signal_sets_the_event() -> None:
    stopping = asyncio.Event()
    stop_on_signals(stopping)
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        await stopping.wait()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(number)
    assert stopping.is_set()
