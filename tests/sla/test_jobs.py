"""The job that looks after open clocks when opening hours were published."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.models import Interaction
from portavoce.core.delivering import Job
from portavoce.core.models import Outbox
from portavoce.sla import jobs, reactions, recomputing
from portavoce.sla.recomputing import TOPIC
from tests.conversations.back_office.asked import asked, olga, promised, request_of
from tests.floor import Floor
from tests.sla.test_recomputing import DUE, HALF_PAST_FOUR, MOVED, due_of, published


@pytest.fixture
def late(floor: Floor) -> Floor:
    """In the afternoon."""
    floor.clock.move_to(HALF_PAST_FOUR)
    return floor


@pytest.fixture
def pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch is two clocks."""
    for module in (recomputing, reactions):
        monkeypatch.setattr(module, "BATCH", 2)


async def run_job(floor: Floor, version: UUID) -> None:
    await jobs.move_all(floor.database, Job(floor.aurora.id, version))


async def test_many_are_moved_by_a_job_in_parts_and_twice_is_as_once(late: Floor, pairs: None) -> None:
    await olga(late)
    await promised(late, 4)
    contacts = [await asked(late) for _ in range(3)] + [await late.held() for _ in range(2)]
    version = await published(late)
    assert {await due_of(late, each) for each in contacts} == {DUE}
    [row] = [row for row in await late.rows(Outbox) if row.topic == TOPIC]
    assert row.ref_id == version
    await run_job(late, version)
    assert {await due_of(late, each) for each in contacts} == {MOVED}
    assert {(await request_of(late, each)).due_at for each in contacts[:3]} == {MOVED}
    told = len(await late.facts())
    late.pokes.clear()
    await run_job(late, version)
    assert (len(await late.facts()), late.pokes) == (told, [])


async def test_the_job_finds_a_contact_that_opened_while_the_version_was_published(late: Floor) -> None:
    version = await published(late)
    contact = await late.held()

    async def stale(db: AsyncSession) -> None:
        interaction = await db.get_one(Interaction, (late.aurora.id, contact))
        interaction.due_at = DUE

    await late.do(stale)
    await run_job(late, version)
    assert await due_of(late, contact) == MOVED


async def test_a_version_of_nobody_or_another_brand_is_no_job(late: Floor) -> None:
    contact = await late.held()
    version = await published(late)
    await jobs.move_all(late.database, Job(late.world.bosco.id, version))
    await jobs.give_up(late.database, Job(late.aurora.id, version), "")
    assert await due_of(late, contact) == MOVED
