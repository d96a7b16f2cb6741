from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.cluster import SessionCluster, session_cluster


@pytest.fixture(scope="module")
def second() -> Iterator[SessionCluster]:
    """What another test session on this machine would get at the same time."""
    with session_cluster() as found:
        yield found


def test_sessions_at_the_same_time_do_not_share_a_cluster(
    cluster: SessionCluster, second: SessionCluster
) -> None:
    assert second.cluster.data != cluster.cluster.data


def test_a_template_is_built_once_and_copied(second: SessionCluster) -> None:
    built: list[str] = []

    def build(dsn: str) -> None:
        built.append(dsn)
        with psycopg.connect(dsn) as database:
            database.execute("CREATE TABLE seed AS SELECT 7 AS n")

    name = second.template("one", build)
    assert second.template("one", build) == name
    assert len(built) == 1
    with psycopg.connect(second.fresh_database("copy", name)) as copy:
        assert copy.execute("SELECT n FROM seed").fetchone() == (7,)


def test_a_template_that_failed_half_way_is_not_kept(second: SessionCluster) -> None:
    def fail(dsn: str) -> None:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        second.template("two", fail)
    assert "template_two" not in second.databases()


def test_a_fresh_database_is_empty_though_it_was_in_use(second: SessionCluster) -> None:
    dsn = second.fresh_database("aurora")
    with psycopg.connect(dsn, autocommit=True) as database:
        database.execute("CREATE TABLE letter (n int)")
    with psycopg.connect(second.fresh_database("aurora")) as database:
        assert database.execute("SELECT to_regclass('letter')").fetchone() == (None,)
