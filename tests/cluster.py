"""One embedded PostgreSQL per test session, kept between sessions so that only the first pays for initdb."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from portavoce.core.embedded.cluster import Cluster
from portavoce.core.embedded.lock import Busy, held_at_once
from portavoce.core.embedded.postgres import PostgresFailed, ensure_running, stop

TEMPLATE_PREFIX = "template_"


@dataclass(frozen=True, slots=True)
class SessionCluster:
    """Databases come and go, roles stay: what makes roles must be idempotent."""

    cluster: Cluster

    @property
    def superuser_dsn(self) -> str:
        return self.cluster.superuser_dsn

    def dsn(self, database: str, *, user: str = "", password: str = "") -> str:
        """A libpq string; without `user` as superuser."""
        return self.cluster.dsn(database, user=user, password=password)

    def fresh_database(self, name: str, template: str | None = None) -> str:
        """Make database `name` anew, as a copy of `template` when given; gives its superuser string."""
        self.drop_database(name)
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template or "template0")
        return self.dsn(name)

    def drop_database(self, name: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def template(self, key: str, build: Callable[[str], object]) -> str:
        """The name of a database which `build(superuser string)` filled; built once per `key`, whole or not at
        all, and kept for later sessions until another key is asked for.
        """
        name = f"{TEMPLATE_PREFIX}{key}"
        if name not in self.databases():
            for old in self.databases():
                if old.startswith(TEMPLATE_PREFIX):
                    self.drop_database(old)
            build(self.fresh_database("draft_of_template"))
            self._run("ALTER DATABASE {} RENAME TO {}", "draft_of_template", name)
        return name

    def databases(self) -> list[str]:
        """Every database but those which initdb made."""
        with psycopg.connect(self.superuser_dsn, autocommit=True) as server:
            rows = server.execute("SELECT datname FROM pg_database WHERE oid >= 16384 ORDER BY 1")
            return [name for (name,) in rows]

    def _run(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(self.superuser_dsn, autocommit=True) as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def session_cluster(*, durable: bool = False) -> Iterator[SessionCluster]:
    """Runs for the session; sessions at the same time get a cluster each. Only benchmarks want it durable."""
    with _own_folder() as home:
        try:
            cluster = ensure_running(home, durable=durable)
        except PostgresFailed:
            shutil.rmtree(home / "postgres")
            cluster = ensure_running(home, durable=durable)
        try:
            found = SessionCluster(cluster)
            for name in found.databases():
                if not name.startswith(TEMPLATE_PREFIX):
                    found.drop_database(name)
            yield found
        finally:
            stop(cluster)


@contextmanager
def _own_folder() -> Iterator[Path]:
    checkout = hashlib.sha256(str(Path(__file__).resolve()).encode()).hexdigest()[:8]
    for slot in count():
        home = Path(tempfile.gettempdir()) / f"portavoce-tests-{os.geteuid()}-{checkout}-{slot}"
        home.mkdir(mode=0o755, exist_ok=True)
        try:
            with held_at_once(home / "session.lock"):
                yield home
                return
        except Busy:
            continue
