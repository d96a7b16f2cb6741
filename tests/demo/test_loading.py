"""The demo goes into an empty database, once; what is somebody else's stays as it is."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psycopg
import pytest
from rich.console import Console

from portavoce.core.config import Settings
from portavoce.core.walls import APP
from portavoce.demo.loading import BEGUN, FINISHED, Found, HalfLoaded, load_demo, look, plan_until_now
from portavoce.demo.simulation import Plan
from portavoce.kit.clock import SteppedClock
from tests.database import PASSWORDS, Installation

PLAN = Plan(datetime(2026, 3, 5, 14, tzinfo=UTC), days=1, contacts=8, seed=3)


@pytest.fixture
def settings(empty_database: Installation, tmp_path: Path) -> Settings:
    made = Settings(home=tmp_path, database_url=empty_database.url(APP))
    made.secrets_dir.mkdir()
    (made.secrets_dir / "roles.json").write_bytes(msgspec.json.encode(PASSWORDS))
    return made


def quiet() -> Console:
    return Console(file=io.StringIO())


def said(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


def execute(installation: Installation, *statements: str) -> None:
    with psycopg.connect(installation.superuser_dsn, autocommit=True) as superuser:
        for statement in statements:
            superuser.execute(statement.encode())


def mark(action: str) -> str:
    return (
        "INSERT INTO pv.house_audit (id, at, action, subject, detail)"
        f" VALUES (uuidv7(), now(), '{action}', 'house', '{{}}')"
    )


def person(email: str) -> str:
    return (
        "INSERT INTO pv.person (id, email, name, locale, created_at)"
        f" VALUES (uuidv7(), '{email}', 'Elena', 'it', now())"
    )


@pytest.mark.deep
async def test_an_empty_database_is_filled_by_both_desks_and_then_left_alone(
    settings: Settings, empty_database: Installation
) -> None:
    console = quiet()
    assert await look(settings) is Found.NOTHING
    assert await load_demo(settings, console, plan=PLAN)
    assert await look(settings) is Found.DEMO
    assert "Loading the demo" in said(console)
    count = "SELECT count(*), count(DISTINCT brand_id) FROM pv.ledger_event"
    with psycopg.connect(empty_database.superuser_dsn) as superuser:
        before = superuser.execute(count).fetchone()
        assert await load_demo(settings, console, plan=PLAN)
        assert superuser.execute(count).fetchone() == before
    assert before is not None
    assert before[1] == 4


async def test_data_of_somebody_else_is_not_touched(settings: Settings, empty_database: Installation) -> None:
    execute(empty_database, person("elena@provider.example"))
    console = quiet()
    assert not await load_demo(settings, console, plan=PLAN)
    assert "data of its own" in said(console)


async def test_a_demo_cut_off_in_a_foreign_database_says_what_to_do(
    settings: Settings, empty_database: Installation
) -> None:
    execute(empty_database, mark(BEGUN), person("sara.marchetti@voxa.example"))
    with pytest.raises(HalfLoaded, match="--no-demo"):
        await load_demo(settings, quiet(), plan=PLAN)


async def test_a_demo_cut_off_in_our_own_database_starts_over(
    settings: Settings, empty_database: Installation
) -> None:
    execute(empty_database, mark(BEGUN), person("sara.marchetti@voxa.example"))
    (settings.files_dir / "brand" / "old").mkdir(parents=True)

    def recreate() -> None:
        execute(empty_database, "DELETE FROM pv.house_audit", "DELETE FROM pv.person", mark(FINISHED))
        raise Emptied

    with pytest.raises(Emptied):
        await load_demo(settings, quiet(), recreate=recreate, plan=PLAN)


async def test_somebody_else_in_a_demo_cut_off_keeps_it_from_being_deleted(
    settings: Settings, empty_database: Installation
) -> None:
    execute(empty_database, mark(BEGUN), person("elena@provider.example"))
    assert await look(settings) is Found.OTHER


def test_the_plan_ends_with_the_last_full_hour() -> None:
    clock = SteppedClock(datetime(2026, 3, 5, 14, 59, 30, tzinfo=UTC))
    assert plan_until_now(clock).end == datetime(2026, 3, 5, 14, tzinfo=UTC)


class Emptied(Exception):
    """The database would be empty now."""
