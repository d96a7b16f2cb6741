"""The worker's side: done twice it is done once, killed anywhere nothing is left, and whoever was faster is respected."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portavoce.core.delivering import Job, Retry
from portavoce.core.models import StoredFile
from portavoce.core.progress import Step
from portavoce.customers.finding import find_or_create
from portavoce.customers.importing import bringing_in, checking
from portavoce.customers.importing.beginning import start
from portavoce.customers.importing.jobs import NO_END, NO_FILE, OTHERWISE
from portavoce.customers.importing.models import CustomerImport
from portavoce.customers.models import Customer, CustomerChange, CustomerIdentity, CustomerValue
from portavoce.search.models import SearchEntry
from tests.customers.importing.files import Desk, Told
from tests.customers.profiles import asks, gina, write
from tests.floor import GINA, at_once, failures

PEOPLE: list[tuple[str, str]] = [("Mail", "Nota"), *((f"c{n}@posta.example", "nota") for n in range(6))]
LEFT = (Customer, CustomerIdentity, CustomerChange, CustomerValue, SearchEntry)


class Killed(BaseException):
    """As a worker that is gone between two statements."""


class At(Told):
    """Does something when a step is told."""

    def __init__(self, name: str, done: int, act: Callable[[Step], Awaitable[None]]) -> None:
        super().__init__()
        self._when, self._act = (name, done), act

    async def at(self, step: Step) -> None:
        if (step.name, step.done) == self._when:
            await self._act(step)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (checking, bringing_in):
        monkeypatch.setattr(module, "PART", 2)


async def ready(desk: Desk, rows: Sequence[Sequence[str]] = PEOPLE) -> UUID:
    import_id = await desk.upload(rows)
    await desk.check(import_id)
    await desk.floor.do(start, import_id, at=desk.at)
    return import_id


async def count(desk: Desk, kind: type) -> int:
    async with desk.floor.database.begin(desk.at.reading) as db:
        return (await db.execute(select(func.count()).select_from(kind))).scalar_one()


async def test_progress_is_told_while_the_transaction_is_still_open(desk: Desk) -> None:
    seen: list[int] = []

    async def look(_step: Step) -> None:
        seen.append(await count(desk, Customer))

    import_id = await ready(desk)
    desk.told = At("writing", 4, look)
    await desk.deliver(import_id)
    assert seen == [0]
    assert [(step.done, step.all) for step in desk.told.steps if step.name == "writing"] == [
        (0, 6), (2, 6), (4, 6), (6, 6),
    ]  # fmt: skip
    assert await count(desk, Customer) == 6


async def _killed(_step: Step) -> None:
    raise Killed


@pytest.mark.parametrize("done", [0, 2, 6])
async def test_killed_anywhere_it_leaves_nothing_and_the_next_worker_does_all_of_it_once(
    desk: Desk, done: int
) -> None:
    import_id = await ready(desk)
    facts = await desk.floor.last_n()
    desk.told = At("writing", done, _killed)
    with pytest.raises(Killed):
        await desk.deliver(import_id)
    assert [await count(desk, kind) for kind in LEFT] == [0, 0, 0, 0, 0]
    assert (await desk.row(import_id)).state == "running"
    assert await desk.floor.last_n() == facts
    desk.told = Told()
    for _ in range(2):
        await desk.deliver(import_id)
    row = await desk.row(import_id)
    assert (row.state, row.added, await count(desk, Customer), await count(desk, SearchEntry)) == (
        "done",
        6,
        6,
        6,
    )
    assert await desk.floor.told(facts) == [*["customer.changed"] * 6, "customers.imported"]
    assert await desk.floor.rows(StoredFile) == []


async def test_of_two_workers_at_once_one_brings_it_in_and_the_other_comes_back(desk: Desk) -> None:
    import_id = await ready(desk)
    twin = Desk(desk.floor, desk.at)
    second: list[object] = []

    async def again(_step: Step) -> None:
        second.extend(await at_once(twin.deliver(import_id)))

    desk.told = At("writing", 4, again)
    await desk.deliver(import_id)
    assert [type(each) for each in second] == [Retry]
    await twin.deliver(import_id)
    assert await count(desk, Customer) == 6
    results = await asyncio.gather(*(twin.deliver(import_id) for _ in range(3)), return_exceptions=True)
    assert not failures(results)
    assert await count(desk, Customer) == 6


async def test_who_planned_what_a_twin_has_done_meanwhile_writes_nothing(desk: Desk) -> None:
    import_id = await ready(desk)
    twin = Desk(desk.floor, desk.at)

    async def done(_step: Step) -> None:
        await twin.deliver(import_id)

    desk.told = At("checking", 6, done)
    await desk.deliver(import_id)
    assert [step.name for step in twin.told.steps if step.name == "writing"]
    assert not [step for step in desk.told.steps if step.name == "writing"]
    row = await desk.row(import_id)
    assert (row.state, row.problem, await count(desk, Customer)) == ("done", "", 6)


async def test_who_was_changed_since_the_dry_run_is_not_overwritten(desk: Desk) -> None:
    customer = await gina(desk.floor)
    import_id = await ready(desk, [("Mail", "Nota"), (GINA, "dal file"), ("n@posta.example", "x")])
    await write(desk.floor, customer, {"note": "a mano"})
    await desk.deliver(import_id)
    row = await desk.row(import_id)
    assert (row.state, row.problem, row.added, row.changed) == ("checked", OTHERWISE, 1, 1)
    assert (await desk.floor.get(Customer, customer)).note == "a mano"
    assert await count(desk, Customer) == 1
    assert (await desk.run(import_id)).state == "done"
    assert (await desk.floor.get(Customer, customer)).note == "dal file"


async def test_who_is_changed_while_it_is_written_stops_all_of_it(desk: Desk) -> None:
    customer = await gina(desk.floor)
    import_id = await ready(
        desk, [("Mail", "Nota"), ("n@posta.example", "x"), ("o@posta.example", "x"), (GINA, "dal file")]
    )

    async def edit(_step: Step) -> None:
        await write(desk.floor, customer, {"note": "a mano"})

    desk.told = At("writing", 2, edit)
    await desk.deliver(import_id)
    row = await desk.row(import_id)
    assert (row.state, row.problem) == ("checked", OTHERWISE)
    assert (await count(desk, Customer), (await desk.floor.get(Customer, customer)).note) == (1, "a mano")


async def test_whoever_writes_meanwhile_from_an_address_of_the_file_is_not_doubled(desk: Desk) -> None:
    import_id = await ready(desk)

    async def arrive(_step: Step) -> None:
        await desk.floor.do(find_or_create, "email", "c5@posta.example", "C Cinque", "it")

    desk.told = At("writing", 2, arrive)
    await desk.deliver(import_id)
    row = await desk.row(import_id)
    assert (row.state, row.problem, row.added, row.changed) == ("checked", OTHERWISE, 5, 1)
    assert await count(desk, Customer) == 1
    assert (await desk.run(import_id)).state == "done"
    assert await count(desk, Customer) == 6


async def test_a_file_that_is_gone_and_an_error_of_ours_wait_for_a_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = await ready(desk)

    async def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("segreto")

    with monkeypatch.context() as patch:
        patch.setattr("portavoce.customers.importing.jobs.bring_in", broken)
        await desk.deliver(import_id)
    row = await desk.row(import_id)
    assert (row.state, row.problem) == ("failed", NO_END)
    assert await desk.check(import_id)
    await desk.floor.do(start, import_id)
    for path in Path(desk.floor.world.storage._root).rglob("*"):
        if path.is_file():
            path.unlink()
    await desk.deliver(import_id)
    row = await desk.row(import_id)
    assert (row.state, row.problem, await count(desk, Customer)) == ("failed", NO_FILE, 0)


async def test_what_a_worker_gives_up_says_so_and_what_has_ended_stays_so(desk: Desk) -> None:
    import_id = await ready(desk)
    job = Job(desk.at.id, import_id)
    await desk.importer.give_up(desk.floor.database, job, "cut off at every try")
    assert (await desk.row(import_id)).problem == NO_END
    await desk.check(import_id)
    assert (await desk.run(import_id)).state == "done"
    await desk.importer.give_up(desk.floor.database, job, "cut off at every try")
    assert (await desk.row(import_id)).state == "done"


async def test_another_brands_job_changes_nothing_here(desk: Desk) -> None:
    import_id = await ready(desk)
    bosco = desk.floor.world.bosco
    await desk.importer.deliver(desk.floor.database, Job(bosco.id, import_id))
    assert (await desk.row(import_id)).state == "running"
    assert await desk.floor.rows(CustomerImport, at=bosco) == []


async def test_a_value_that_was_there_is_replaced(desk: Desk) -> None:
    level, customer = await asks(desk.floor, "level"), await gina(desk.floor)
    await write(desk.floor, customer, {f"a_{level.hex}": "Oro"})
    await desk.bring([("Mail", "Level"), (GINA, "Argento")])
    assert [each.value for each in await desk.floor.rows(CustomerValue)] == ["Argento"]
