"""The nightly probe on live data: clean walls, a torn one and whose it is, twice the same night, nothing left behind."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
import pytest_asyncio
from rich.console import Console
from structlog.testing import capture_logs

from portavoce import probing
from portavoce.audit.isolation import Night, nights
from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.errands import probe_everything
from portavoce.probing import due, probe, probe_when_due
from portavoce.web.trespassing.samples import sample
from portavoce.wiring import open_database, thread_keys
from tests.database import Installation
from tests.settled import settled
from tests.versions import versions
from tests.world import World, WorldBrand, build_world

NIGHT = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)


@pytest.fixture
def settings(empty_database: Installation, broker: str, tmp_path: Path) -> Settings:
    return settled(empty_database, broker, tmp_path)


@pytest_asyncio.fixture
async def world(settings: Settings) -> AsyncIterator[World]:
    """Two brands of an installation of their own, a contact in each."""
    database = open_database(settings)
    made = await build_world(database, settings.files_dir, thread_keys(settings))
    for brand in (made.aurora, made.bosco):
        await made.answered(brand)
    yield made
    await database.close()


@pytest.fixture
def behind(empty_database: Installation) -> Any:
    with psycopg.connect(empty_database.superuser_dsn, autocommit=True) as connection:
        yield connection


async def results(database: Database, brand: WorldBrand) -> list[Night]:
    async with database.begin(brand.reading) as db:
        return await nights(db)


async def test_a_clean_night_is_kept_once_and_leaves_nothing_else(
    settings: Settings, world: World, behind: psycopg.Connection[Any]
) -> None:
    before = versions(behind, but={"isolation_probe"})
    first = await probe(settings)
    await probe_when_due(msgspec.structs.replace(settings, probe_at="00:00"), world.database)
    assert set(first) == {world.aurora.id, world.bosco.id}
    for brand in (world.aurora, world.bosco):
        [night] = await results(world.database, brand)
        assert (night.failures, night.checks, night.refused) == (
            0,
            sum(first[brand.id].attempts.values()),
            night.checks,
        )
        assert {each.kind for each in night.kinds} == {"database", "pages", "elsewhere", "crossed"}
    assert versions(behind, but={"isolation_probe"}) == before


async def test_a_hole_in_one_brands_wall_is_that_brands_failure_and_told_loudly(
    settings: Settings, world: World, behind: psycopg.Connection[Any]
) -> None:
    hole = (
        f"CREATE POLICY hole ON pv.message FOR SELECT TO portavoce_app USING (brand_id = '{world.bosco.id}')"
    )
    behind.execute(hole.encode())
    said = io.StringIO()
    with capture_logs() as logs:
        assert await probe_everything(settings, Console(file=said, width=200)) == 1
    [aurora], [bosco] = [await results(world.database, each) for each in (world.aurora, world.bosco)]
    assert (aurora.failures, bosco.failures) == (0, 3)
    assert {each.what for each in bosco.told} >= {
        "message (app, without a brand)",
        "message (app, as another brand)",
    }
    loud = [entry for entry in logs if entry["log_level"] == "critical"]
    assert {(entry["event"], entry["brand"]) for entry in loud} == {("isolation failed", str(world.bosco.id))}
    assert f"brand {world.bosco.id}, database: message (app, without a brand)" in said.getvalue()


@pytest.mark.deep
async def test_a_later_run_of_a_night_takes_the_place_of_the_first(settings: Settings, world: World) -> None:
    for _ in range(2):
        assert await probe_everything(settings, Console(file=io.StringIO())) == 0
    assert len(await results(world.database, world.aurora)) == 1


@pytest.mark.deep
async def test_a_brand_whose_probe_breaks_off_is_left_for_the_next_round(
    settings: Settings, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:

    async def torn(db: Any, brand_id: Any) -> Any:
        if brand_id == world.aurora.id:
            raise RuntimeError("torn")
        return await sample(db, brand_id)

    monkeypatch.setattr(probing, "sample", torn)
    nightly = msgspec.structs.replace(settings, probe_at="00:00")
    await probe_when_due(nightly, world.database)
    assert [len(await results(world.database, each)) for each in (world.aurora, world.bosco)] == [0, 1]
    monkeypatch.setattr(probing, "sample", sample)
    await probe_when_due(nightly, world.database)
    assert len(await results(world.database, world.aurora)) == 1


async def test_without_a_brand_there_is_nothing_to_do(settings: Settings) -> None:
    database = open_database(settings)
    await probe_when_due(msgspec.structs.replace(settings, probe_at="00:00"), database)
    assert await probe(settings) == {}
    await database.close()


@pytest.mark.parametrize(
    ("probe_at", "now", "expected"),
    [
        ("02:30", NIGHT, True),
        ("02:30", NIGHT - timedelta(seconds=1), False),
        ("02:30", NIGHT + timedelta(hours=20), True),
        ("02:30", NIGHT + timedelta(hours=22), False),
        ("never", NIGHT, False),
    ],
)
def test_it_is_due_from_its_hour_on_until_the_day_ends(probe_at: str, now: datetime, expected: bool) -> None:
    assert due(probe_at, now) is expected


def test_an_hour_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match="isoformat"):
        due("half past two", NIGHT)
