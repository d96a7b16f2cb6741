"""Every migration since the last release runs while that release works on the same tables: it waits for no lock longer
than a second, and whatever it read and wrote before it still can.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory

from portavoce.core.bootstrap import bootstrap
from portavoce.core.migrating import at_head, configuration, migrate
from portavoce.core.walls import OWNER
from tests.cluster import SessionCluster
from tests.database import PASSWORDS, Installation
from tests.depth import scaled
from tests.releases import dumps
from tests.releases.auditing import complaints

TRIES = 3
"""A machine that is busy elsewhere may hold a short lock long; what is truly too long is so each time."""
AT_ONCE = scaled(6, deep=1)
PLANTED = {
    "a lock held long": (
        "LOCK TABLE pv.customer IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(2.5)",
        "customer: Lock",
    ),
    "a required column": (
        "ALTER TABLE pv.person ADD COLUMN shoe text NOT NULL DEFAULT '';"
        " ALTER TABLE pv.person ALTER COLUMN shoe DROP DEFAULT",
        "person: NotNull",
    ),
    "a required column of an empty table": (
        "ALTER TABLE pv.throttle ADD COLUMN shoe text NOT NULL DEFAULT '';"
        " ALTER TABLE pv.throttle ALTER COLUMN shoe DROP DEFAULT",
        "throttle.shoe is required",
    ),
    "a renamed column": ("ALTER TABLE pv.message RENAME COLUMN body TO words", "message: UndefinedColumn"),
    "a dropped table": ("DROP TABLE pv.attachment", "attachment: UndefinedTable"),
    "a narrower check": (
        "ALTER TABLE pv.message ADD CONSTRAINT short CHECK (length(body) < 3) NOT VALID",
        "message: Check",
    ),
}
numbers = count(1)


@pytest.fixture(scope="module")
def release(cluster: SessionCluster) -> str:
    """The name of a database as the last release left it; nobody is connected to it."""
    path = dumps.dumps()[-1]
    name = f"live_{path.stem}"
    bootstrap(cluster.fresh_database(name), PASSWORDS, database=name)
    dumps.read(cluster, name, path)
    return name


@pytest.fixture
def fresh(cluster: SessionCluster, release: str) -> Callable[[], Installation]:
    """Another database like it."""

    def make() -> Installation:
        name = f"live_copy_{next(numbers)}"
        dsn = cluster.fresh_database(name, release)
        bootstrap(dsn, PASSWORDS, database=name)
        return Installation(name, dsn)

    return make


def scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration(""))


def later(installation: Installation) -> list[str]:
    """Revisions that the database has not seen, oldest first."""
    with psycopg.connect(installation.superuser_dsn) as superuser:
        [(seen,)] = superuser.execute("SELECT version_num FROM pv.alembic_version").fetchall()
    return [each.revision for each in scripts().iterate_revisions("heads", seen)][::-1]


def upgraded(made: Installation) -> dict[str, list[str]]:
    """A few revisions after the other; gives what the release's users heard meanwhile, by the last of them."""
    heard = {
        revision: complaints(made.superuser_dsn, partial(migrate, made.url(OWNER), revision))
        for revision in later(made)[::-AT_ONCE][::-1]
    }
    assert at_head(made.url(OWNER))
    return {revision: words for revision, words in heard.items() if words}


def test_every_later_migration_leaves_the_release_at_work(fresh: Callable[[], Installation]) -> None:
    tries = (upgraded(fresh()) for _ in range(TRIES))
    assert {} in tries, "each time somebody was in the way"


@pytest.mark.parametrize("name", PLANTED)
def test_a_migration_that_gets_into_the_way_would_be_heard(
    fresh: Callable[[], Installation], name: str
) -> None:
    made, (statements, words) = fresh(), PLANTED[name]

    def step() -> None:
        with psycopg.connect(made.superuser_dsn) as owner:
            owner.execute(statements.encode())

    heard = complaints(made.superuser_dsn, step)
    assert [each for each in heard if each.startswith(words)], heard


def test_a_harmless_migration_is_not_heard(fresh: Callable[[], Installation]) -> None:
    made = fresh()

    def step() -> None:
        with psycopg.connect(made.superuser_dsn) as owner:
            owner.execute("ALTER TABLE pv.customer ADD COLUMN shoe text; CREATE TABLE pv.shoe (id uuid)")

    assert [each for each in complaints(made.superuser_dsn, step) if "LockNotAvailable" not in each] == []


@pytest.mark.parametrize("path", sorted(Path(scripts().versions).glob("*.py")), ids=lambda path: path.stem)
def test_no_migration_waits_long_for_a_lock(path: Path) -> None:
    assert re.search(r"SET (LOCAL )?lock_timeout = '\d+s'", path.read_text())
