"""Asked with a date and a kind; the ledger hears ids and codes alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portavoce.contracts.tasks.asking import FARTHEST, LONGEST, ask, withdraw
from portavoce.contracts.tasks.doing import finish
from portavoce.contracts.tasks.errors import BadTask, Ended, NoTask
from portavoce.core.db import Database
from portavoce.core.unit import now
from tests.contracts.tasks.owing import owed, somebody, told
from tests.minting import Minted, mint_brand

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("kind", "wording", "after", "field"),
    [
        ("money", "x", SECOND, "kind"),
        ("data", " \n", SECOND, "wording"),
        ("data", "x" * (LONGEST + 1), SECOND, "wording"),
        ("data", "x", timedelta(0), "due"),
        ("data", "x", -SECOND, "due"),
        ("data", "x", FARTHEST + SECOND, "due"),
    ],
)
async def test_what_cannot_be_asked_is_said_by_field(
    ledger: Database, aurora: Minted, kind: str, wording: str, after: timedelta, field: str
) -> None:
    with pytest.raises(BadTask) as error:
        async with ledger.begin(aurora.writing) as db:
            await ask(db, kind, wording, now(db) + after, by=None)
    assert list(error.value.fields) == [field]
    assert await told(ledger, aurora) == []


async def test_asking_and_withdrawing_are_facts_without_a_word_of_it(
    ledger: Database, aurora: Minted
) -> None:
    elena = await somebody(ledger)
    task = await owed(ledger, aurora, by=elena)
    for _ in range(2):
        await ledger.run(aurora.writing, lambda db: withdraw(db, task.id, by=elena))
    asked, withdrawn = await told(ledger, aurora)
    assert asked[:2] == ("client_task.asked", "provider")
    assert set(asked[2]) == {"task", "what", "due"}
    assert asked[2]["what"] == "forecast"
    assert withdrawn == ("client_task.withdrawn", "provider", {"task": str(task.id)})
    assert "aprile" not in str([asked, withdrawn])
    assert str(elena) not in str([asked, withdrawn])


async def test_what_was_done_cannot_be_withdrawn(ledger: Database, aurora: Minted) -> None:
    elena, carla = await somebody(ledger), await somebody(ledger)
    task = await owed(ledger, aurora)
    await ledger.run(aurora.writing, lambda db: finish(db, task.id, "", by=carla))
    with pytest.raises(Ended):
        await ledger.run(aurora.writing, lambda db: withdraw(db, task.id, by=elena))


async def test_another_brands_task_does_not_exist(ledger: Database, aurora: Minted) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    task = await owed(ledger, bosco)
    with pytest.raises(NoTask):
        await ledger.run(aurora.writing, lambda db: withdraw(db, task.id, by=None))
