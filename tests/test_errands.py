"""What an administrator asks: does the ledger hold, is this installation well, let the first one in."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest
import pytest_asyncio
from rich.console import Console

from portavoce.conversations.delivery import mark_failed
from portavoce.conversations.models import Message
from portavoce.core.bootstrap import bootstrap
from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.doctor import Check
from portavoce.core.embedded.removal import remove_data
from portavoce.core.outbox import enqueue_house_mail
from portavoce.core.scope import HOUSE
from portavoce.core.walls import APP
from portavoce.errands import examine, make_admin, verify_everything
from portavoce.identity.errors import KnownAddress, LinkUsed
from portavoce.identity.granting import rights_of
from portavoce.identity.inviting import accept_invitation
from portavoce.identity.passwords import Passwords
from portavoce.wiring import open_database
from tests.cluster import SessionCluster
from tests.database import PASSWORDS, Installation
from tests.minting import Minted, mint_brand
from tests.ports import free_port
from tests.settled import settled
from tests.world import build_world

ELENA = ("elena@voxa.example", "Elena Neri")
PASSWORD = "quattro parole messe insieme"


@pytest.fixture
def settings(empty_database: Installation, broker: str, tmp_path: Path) -> Settings:
    return settled(empty_database, broker, tmp_path)


@pytest_asyncio.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    made = open_database(settings)
    yield made
    await made.close()


@pytest_asyncio.fixture
async def aurora(database: Database) -> Minted:
    return await mint_brand(database)


async def verified(settings: Settings) -> tuple[int, str]:
    said = io.StringIO()
    code = await verify_everything(settings, Console(file=said, width=40))
    return code, said.getvalue()


def found(settings: Settings) -> dict[str, Check]:
    return {check.name: check for check in examine(settings)}


async def test_ledgers_that_hold_are_counted(settings: Settings, aurora: Minted) -> None:
    assert aurora
    assert await verified(settings) == (0, "1 ledgers read, 0 faults.\n")


async def test_a_ledger_that_does_not_hold_is_named(
    settings: Settings, database: Database, aurora: Minted, empty_database: Installation
) -> None:
    await mint_brand(database, "Bosco")
    with psycopg.connect(empty_database.superuser_dsn) as superuser:
        superuser.execute("UPDATE pv.brand_head SET n = 4 WHERE brand_id = %s", [aurora.id])
    code, said = await verified(settings)
    assert code == 1
    assert f"brand {aurora.id}, fact 0: " in said
    assert "2 ledgers read, 1 faults." in said


async def test_the_link_of_the_first_administrator_works_once(settings: Settings, database: Database) -> None:
    link = await make_admin(settings, *ELENA)
    base, _, token = link.rpartition("/invitation/")
    assert base == settings.base_url
    passwords = Passwords()
    given = {"token": token, "password": PASSWORD, "address": "127.0.0.1"}
    signed_in = await accept_invitation(database, passwords, **given)
    with pytest.raises(LinkUsed):
        await accept_invitation(database, passwords, **given)
    passwords.close()
    async with database.begin(HOUSE) as db:
        assert (await rights_of(db, signed_in.person_id))[1]


async def test_a_known_address_is_refused_and_the_first_link_still_works(
    settings: Settings, database: Database
) -> None:
    token = (await make_admin(settings, *ELENA)).rpartition("/")[2]
    with pytest.raises(KnownAddress):
        await make_admin(settings, ELENA[0].upper(), "Elena Due")
    passwords = Passwords()
    assert await accept_invitation(database, passwords, token=token, password=PASSWORD, address="127.0.0.1")
    passwords.close()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    remove_data(tmp_path / "home")


def test_with_nothing_running_the_doctor_says_how_to_start(home: Path) -> None:
    checks = found(Settings(home=home, smtp_port=free_port()))
    assert {"Python", "Home", "Disk", "Assets", "Backup", "SMTP port", "PostgreSQL"} == checks.keys()
    assert not checks["PostgreSQL"].ok
    assert "make run" in checks["PostgreSQL"].remedy


def test_with_everything_running_the_doctor_finds_nothing(settings: Settings) -> None:
    checks = found(settings)
    assert {"PostgreSQL", "Roles", "Migrations", "Redis", "Metrics", "Mail", "Undelivered"} <= checks.keys()
    assert [check for check in checks.values() if not check.ok] == []


async def test_mail_that_fails_and_what_was_not_delivered_is_told_with_what_to_do(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    world = await build_world(database, tmp_path / "files")
    async with database.begin(HOUSE) as db:
        enqueue_house_mail(db, "a@voxa.example", "x", "y").state = "dead"
    answer = await world.answered(world.aurora)
    async with database.begin(world.aurora.writing) as db:
        await mark_failed(db, await db.get_one(Message, (world.aurora.id, answer.id)), "refused")
    checks = await asyncio.to_thread(found, settings)
    assert world.aurora.address in checks["Mail"].message
    assert "Health" in checks["Mail"].remedy
    assert "1 tried" in checks["Undelivered"].message


def test_a_database_behind_the_code_is_told(cluster: SessionCluster, settings: Settings) -> None:
    superuser_dsn = cluster.fresh_database("never_migrated")
    bootstrap(superuser_dsn, PASSWORDS, database="never_migrated")
    url = Installation("never_migrated", superuser_dsn).url(APP)
    check = found(msgspec.structs.replace(settings, database_url=url))["Migrations"]
    cluster.drop_database("never_migrated")
    assert (check.ok, check.remedy) == (False, "run portavoce migrate")


def test_servers_that_do_not_answer_are_told_and_not_raised(settings: Settings, tmp_path: Path) -> None:
    nowhere = msgspec.structs.replace(
        settings,
        database_url="postgresql://127.0.0.1:1/nothing",
        redis_url=f"unix://{tmp_path}/none.sock",
    )
    checks = found(nowhere)
    assert (checks["PostgreSQL"].ok, checks["Redis"].ok) == (False, False)
    assert "Migrations" not in checks
