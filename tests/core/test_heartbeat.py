"""A process is there while its last sign of life is fresh."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from portavoce.core.db import Database
from portavoce.core.heartbeat import FRESH, beat, fresh_processes
from portavoce.kit.clock import SteppedClock


async def test_a_beat_is_fresh_until_half_a_minute_later_and_again_after_the_next(
    database: Database, clock: SteppedClock
) -> None:
    name = f"engine-{uuid4().hex}"
    assert name not in await fresh_processes(database)
    await beat(database, name)
    clock.advance(FRESH - timedelta(seconds=1))
    assert name in await fresh_processes(database)
    clock.advance(timedelta(seconds=1))
    assert name not in await fresh_processes(database)
    await beat(database, name)
    assert name in await fresh_processes(database)
