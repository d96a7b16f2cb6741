"""The product's database for tests: migrated once, cloned per session, reached as the real roles."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncEngine

from portavoce.core.bootstrap import bootstrap
from portavoce.core.db import Database
from portavoce.core.migrating import migrate
from portavoce.core.paths import infra_dir, migrations_dir
from portavoce.core.walls import OWNER, PROCESS_ROLES, ROLES
from portavoce.kit.clock import SteppedClock
from tests.cluster import SessionCluster
from tests.predicates import refuse_brandless

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday; every test's clock starts here."""
PASSWORDS = {role: f"password-of-{role}" for role in ROLES}
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Installation:
    """One bootstrapped and migrated database. Roles are the server's: their passwords are everywhere PASSWORDS."""

    name: str
    superuser_dsn: str

    def dsn(self, role: str) -> str:
        """A libpq string as `role`."""
        return make_conninfo(self.superuser_dsn, user=role, password=PASSWORDS[role])

    def url(self, role: str) -> str:
        """The same as SQLAlchemy wants it."""
        parts = conninfo_to_dict(self.dsn(role))
        return URL.create(
            "postgresql+psycopg",
            username=str(parts["user"]),
            password=str(parts["password"]),
            database=str(parts["dbname"]),
            query={"host": str(parts["host"]), "port": str(parts.get("port", 5432))},
        ).render_as_string(hide_password=False)

    @property
    def urls(self) -> dict[str, str]:
        return {role: self.url(role) for role in ROLES}


def installed(superuser_dsn: str) -> Installation:
    """Bootstrap and migrate what is behind the string; both are idempotent, the former mends what a clone loses."""
    name = str(conninfo_to_dict(superuser_dsn)["dbname"])
    bootstrap(superuser_dsn, PASSWORDS, database=name)
    installation = Installation(name, superuser_dsn)
    migrate(installation.url(OWNER))
    return installation


def _fill_template(superuser_dsn: str) -> None:
    installed(superuser_dsn)


def _version() -> str:
    """Changes with whatever makes the schema."""
    made_of = [
        *migrations_dir().rglob("*.py"),
        *infra_dir().rglob("*.sql"),
        *_kernel().glob("*.py"),
        Path(__file__),
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(made_of))).hexdigest()[:12]


def _kernel() -> Path:
    return Path(__file__).parents[1] / "src" / "portavoce" / "core"


@pytest.fixture(scope="session")
def install(cluster: SessionCluster) -> Callable[[], Installation]:
    """Makes a new database, bootstrapped and at the head of the migrations."""
    template = cluster.template(_version(), _fill_template)
    return lambda: installed(cluster.fresh_database(f"portavoce_{next(_numbers)}", template))


@pytest.fixture(scope="session")
def installation(install: Callable[[], Installation]) -> Installation:
    """The database of the session: tests share it, so each mints brands of its own."""
    return install()


@pytest.fixture
def empty_database(install: Callable[[], Installation], cluster: SessionCluster) -> Iterator[Installation]:
    """A database of one test's own, without a row."""
    made = install()
    yield made
    cluster.drop_database(made.name)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engines(installation: Installation) -> AsyncIterator[dict[str, AsyncEngine]]:
    """One pool per process role for the session; an ORM statement that names no brand raises."""
    made = Database(
        installation.urls, SteppedClock(NOON), engine_options={"pool_size": 5, "max_overflow": 20}
    )
    engines = {role: made.engine(role) for role in PROCESS_ROLES}
    for engine in engines.values():
        event.listen(engine.sync_engine, "before_cursor_execute", refuse_brandless)
    yield engines
    await made.close()


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOON)


@pytest.fixture
def make_database(
    installation: Installation, engines: dict[str, AsyncEngine], clock: SteppedClock
) -> Callable[..., Database]:
    """A `Database` over the session's pools; takes `reactions`, `last_writers`, `publish`."""

    def make(**options: Any) -> Database:
        return Database(installation.urls, clock, _engines=engines, **options)

    return make


@pytest.fixture
def database(make_database: Callable[..., Database]) -> Database:
    """The bare kernel: no reactions, no ledger."""
    return make_database()


@pytest.fixture
def superuser(installation: Installation) -> Iterator[psycopg.Connection[Any]]:
    """To arrange and to look behind the wall, never to act as the product."""
    with psycopg.connect(installation.superuser_dsn, autocommit=True) as connection:
        yield connection
