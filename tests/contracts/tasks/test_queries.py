from __future__ import annotations

from portavoce.contracts.tasks.asking import withdraw
from portavoce.contracts.tasks.doing import finish
from portavoce.contracts.tasks.queries import ended_tasks, names_in, open_tasks, task_row
from portavoce.core.db import REPORT, Database
from portavoce.kit.clock import SteppedClock
from tests.contracts.tasks.owing import DAY, owed, somebody
from tests.minting import Minted, mint_brand


async def test_what_is_due_first_stands_first_and_what_ended_last_too(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    await owed(ledger, bosco)
    carla, elena = await somebody(ledger, "Carla Neri"), await somebody(ledger)
    later, sooner = await owed(ledger, aurora, 5, by=elena), await owed(ledger, aurora, 1, by=elena)
    done, gone = await owed(ledger, aurora), await owed(ledger, aurora)
    await ledger.run(aurora.writing, lambda db: finish(db, done.id, "", by=carla))
    clock.advance(DAY)
    await ledger.run(aurora.writing, lambda db: withdraw(db, gone.id, by=elena))
    async with ledger.begin(aurora.reading) as db:
        waiting, ended = await open_tasks(db), await ended_tasks(db)
        names = await names_in(db, ended)
    assert [each.id for each in waiting] == [sooner.id, later.id]
    assert [each.id for each in ended] == [gone.id, done.id]
    assert names == {carla: "Carla Neri", elena: "Elena Fabbri"}


async def test_open_past_its_date_is_late_and_withdrawn_never(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    task, other = await owed(ledger, aurora, 1), await owed(ledger, aurora, 1)
    clock.advance(2 * DAY)
    await ledger.run(aurora.writing, lambda db: withdraw(db, other.id, by=None))
    async with ledger.begin(aurora.reading, role=REPORT) as db:
        late = [(await task_row(db, each.id)).is_late(clock.now()) for each in (task, other)]
    assert late == [True, False]
