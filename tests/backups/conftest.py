"""Two brands at work in an installation of their own, a backup of it, and empty installations to restore into."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import msgspec
import psycopg
import pytest
import pytest_asyncio

from portavoce.backups.making import make_backup
from portavoce.backups.manifest import Manifest
from portavoce.backups.restoring import Restored, restore
from portavoce.core.bootstrap import bootstrap
from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.walls import APP
from portavoce.identity.sessions import open_session
from portavoce.identity.tokens import issue
from portavoce.kit.clock import SystemClock
from portavoce.wiring import open_database, thread_keys
from tests.cluster import SessionCluster
from tests.database import PASSWORDS, Installation
from tests.releases.test_upgrades import rows
from tests.world import World, build_world, letter

CLOCK = SystemClock()
numbers = count(1)


def silent(_what: str, _done: int, _of: int) -> None:
    """Tells nobody how far it is."""


@dataclass(frozen=True)
class Original:
    """An installation and its backup; `rows` counts per table at that time."""

    settings: Settings
    installation: Installation
    world: World
    backup: Path
    manifest: Manifest
    rows: dict[str, int]


def counted(installation: Installation) -> dict[str, int]:
    with psycopg.connect(installation.superuser_dsn) as superuser:
        return rows(superuser)


def at_home(installation: Installation, home: Path) -> Settings:
    """The settings of an operator with a PostgreSQL of their own, prepared by `portavoce bootstrap`."""
    settings = Settings(home=home, database_url=installation.url(APP), redis_url="unix:///nowhere.sock")
    settings.secrets_dir.mkdir(parents=True, mode=0o700)
    (settings.secrets_dir / "roles.json").write_bytes(msgspec.json.encode(PASSWORDS))
    return settings


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def original(
    install: Callable[[], Installation], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Original]:
    """One reply queued, a session open, a reset asked for; the invitations of the two agents have not left."""
    installation, folder = install(), tmp_path_factory.mktemp("original")
    settings = at_home(installation, folder / "home")
    database = open_database(settings)
    try:
        yield await _built(database, installation, settings, folder / "backup")
    finally:
        await database.close()


async def _built(
    database: Database, installation: Installation, settings: Settings, backup: Path
) -> Original:
    world = await build_world(database, settings.files_dir, thread_keys(settings))
    await world.receive(world.bosco, letter(world.bosco.address, "Un'altra cosa"))
    await world.answered(world.aurora)
    async with database.begin(HOUSE) as db:
        open_session(db, world.anna.person_id, "127.0.0.1")
        await issue(db, world.anna.person_id, "reset")
    manifest = make_backup(settings, backup, CLOCK, silent)
    return Original(settings, installation, world, backup, manifest, counted(installation))


def emptied(cluster: SessionCluster, home: Path) -> Empty:
    name = f"restored_{next(numbers)}"
    installation = Installation(name, cluster.fresh_database(name))
    bootstrap(installation.superuser_dsn, PASSWORDS, database=name)
    return Empty(at_home(installation, home), installation)


@dataclass(frozen=True)
class Empty:
    """Where a backup may be restored into."""

    settings: Settings
    installation: Installation


@pytest.fixture
def empty(cluster: SessionCluster, tmp_path: Path) -> Empty:
    return emptied(cluster, tmp_path / "fresh")


@dataclass(frozen=True)
class Back:
    """Where the backup of `original` was restored into, and what was said about it."""

    settings: Settings
    installation: Installation
    said: Restored


@pytest.fixture(scope="package")
def back(original: Original, cluster: SessionCluster, tmp_path_factory: pytest.TempPathFactory) -> Back:
    fresh = emptied(cluster, tmp_path_factory.mktemp("back") / "fresh")
    return Back(fresh.settings, fresh.installation, restore(fresh.settings, original.backup, silent))
