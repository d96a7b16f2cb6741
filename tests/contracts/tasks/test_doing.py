"""Done by the client's people, once, with a text or without; late stays late."""

from __future__ import annotations

import asyncio

import pytest

from portavoce.contracts.tasks.asking import withdraw
from portavoce.contracts.tasks.doing import LONGEST, finish
from portavoce.contracts.tasks.errors import BadTask, Ended
from portavoce.contracts.tasks.queries import task_row
from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from tests.contracts.tasks.owing import DAY, owed, somebody, told
from tests.minting import Minted


@pytest.mark.parametrize(("after", "late"), [(2, False), (3, False), (4, True)])
async def test_done_in_time_includes_the_instant_itself(
    ledger: Database, aurora: Minted, clock: SteppedClock, after: int, late: bool
) -> None:
    task, carla = await owed(ledger, aurora, 3), await somebody(ledger)
    clock.advance(after * DAY)
    await ledger.run(aurora.writing, lambda db: finish(db, task.id, " Nella cartella condivisa ", by=carla))
    clock.advance(30 * DAY)
    async with ledger.begin(aurora.reading) as db:
        row = await task_row(db, task.id)
    assert (row.state, row.ended_by, row.answer) == ("done", carla, "Nella cartella condivisa")
    assert row.is_late(clock.now()) is late
    assert (await told(ledger, aurora))[-1] == ("client_task.done", "client", {"task": str(task.id)})


async def test_pressed_twice_it_is_done_once_and_the_first_word_stays(
    ledger: Database, aurora: Minted
) -> None:
    task, carla, rosa = await owed(ledger, aurora), await somebody(ledger), await somebody(ledger)
    await ledger.run(aurora.writing, lambda db: finish(db, task.id, "Fatto", by=carla))
    await ledger.run(aurora.writing, lambda db: finish(db, task.id, "Di nuovo", by=carla))
    with pytest.raises(Ended):
        await ledger.run(aurora.writing, lambda db: finish(db, task.id, "Anch'io", by=rosa))
    async with ledger.begin(aurora.reading) as db:
        assert (await task_row(db, task.id)).answer == "Fatto"
    assert [kind for kind, *_ in await told(ledger, aurora)] == ["client_task.asked", "client_task.done"]


async def test_of_two_at_once_one_wins(ledger: Database, aurora: Minted) -> None:
    task, carla, elena = await owed(ledger, aurora), await somebody(ledger), await somebody(ledger)
    ends = await asyncio.gather(
        ledger.run(aurora.writing, lambda db: finish(db, task.id, "", by=carla)),
        ledger.run(aurora.writing, lambda db: withdraw(db, task.id, by=elena)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Ended) for each in ends) == 1
    assert len(await told(ledger, aurora)) == 2


async def test_a_text_that_is_too_long_is_refused(ledger: Database, aurora: Minted) -> None:
    task, carla = await owed(ledger, aurora), await somebody(ledger)
    with pytest.raises(BadTask):
        await ledger.run(aurora.writing, lambda db: finish(db, task.id, "x" * (LONGEST + 1), by=carla))
