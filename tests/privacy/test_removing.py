"""Once a day, whoever asks and however often; one brand's trouble is its own; what was missed is made up once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.storage import Storage
from portavoce.kit.clock import SteppedClock
from portavoce.privacy import removing
from portavoce.privacy.brand_data import remove_of_brand
from portavoce.privacy.models import RetentionRun
from portavoce.privacy.periods import due_at
from portavoce.privacy.removing import last_run, next_run, remove_if_due
from tests.world import World, letter


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-02T12:00", "2026-03-02T03:00"),
        ("2026-03-02T03:00", "2026-03-02T03:00"),
        ("2026-03-02T02:59", "2026-03-01T03:00"),
        ("2026-03-29T01:30", "2026-03-28T03:00"),
    ],
)
def test_it_is_due_at_three_in_the_night(now: str, due: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert due_at(at).isoformat() == f"{due}:00+00:00"
    assert next_run(at) - due_at(at) == timedelta(days=1)


async def test_two_timers_make_one_run_a_day_and_a_pause_of_days_is_made_up_by_one(
    alone: World, clock: SteppedClock
) -> None:
    ran = await asyncio.gather(*(remove_if_due(alone.database, alone.storage) for _ in range(3)))
    assert sorted(ran) == [False, False, True]
    assert not await remove_if_due(alone.database, alone.storage)
    clock.advance(timedelta(days=5))
    assert [await remove_if_due(alone.database, alone.storage) for _ in range(2)] == [True, False]


async def test_it_counts_what_it_took_of_all_brands_though_one_fails_and_says_so_with_the_brand(
    alone: World, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await remove_if_due(alone.database, alone.storage)
    for brand in (alone.aurora, alone.bosco):
        await alone.receive(brand, letter(brand.address))
    clock.advance(timedelta(days=366))

    async def fails_for_bosco(database: Database, storage: Storage, brand_id: UUID) -> dict[str, int]:
        if brand_id == alone.bosco.id:
            raise RuntimeError("the disk of this brand is out of order")
        return await remove_of_brand(database, storage, brand_id)

    monkeypatch.setattr(removing, "remove_of_brand", fails_for_bosco)
    with capture_logs() as lines:
        assert await remove_if_due(alone.database, alone.storage)
    async with alone.database.begin(HOUSE) as db:
        run = await last_run(db)
    assert run is not None
    assert (run.removed["raw_mail_days"], run.ended_at) == (1, clock.now())
    failed = [line["brand"] for line in lines if line["event"] == "a brand's removal failed"]
    assert failed == [str(alone.bosco.id)]
    monkeypatch.undo()
    clock.advance(timedelta(days=1))
    await remove_if_due(alone.database, alone.storage)
    async with alone.database.begin(HOUSE) as db:
        following = await last_run(db)
    assert following is not None
    assert following.removed["raw_mail_days"] == 1


async def test_a_run_that_was_cut_off_is_taken_over_after_two_hours(
    alone: World, clock: SteppedClock
) -> None:
    async with alone.database.begin(HOUSE) as db:
        db.add(RetentionRun(due_at=due_at(clock.now()), started_at=clock.now(), removed="{}"))
    clock.advance(timedelta(hours=1))
    assert not await remove_if_due(alone.database, alone.storage)
    clock.advance(timedelta(hours=2))
    assert [await remove_if_due(alone.database, alone.storage) for _ in range(2)] == [True, False]
