"""Databases as releases left them, one `<version>.dump` each: how they are written and read."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from portavoce.core.embedded.binaries import postgres_programs
from portavoce.core.embedded.place import place_of
from tests.cluster import SessionCluster

FOLDER = Path(__file__).parent
SCHEMA = "pv"
VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}


def dumps() -> list[Path]:
    """Oldest release first."""
    return sorted(FOLDER.glob("*.dump"), key=lambda path: [int(part) for part in path.stem.split(".")])


def write(cluster: SessionCluster, database: str, path: Path) -> None:
    """Our schema with its rows, owners and grants. Roles are the server's: neither they nor passwords are in it."""
    _run(cluster, "pg_dump", f"--dbname={database}", f"--schema={SCHEMA}", "--format=custom",
         "--compress=gzip:9", f"--file={path}")  # fmt: skip


def read(cluster: SessionCluster, database: str, path: Path) -> None:
    """Into a database that was bootstrapped and not migrated; whole or not at all."""
    _run(cluster, "pg_restore", f"--dbname={database}", f"--schema={SCHEMA}", "--single-transaction",
         "--exit-on-error", str(path))  # fmt: skip


def _run(cluster: SessionCluster, program: str, *arguments: str) -> None:
    home = cluster.cluster.log.parents[1]
    place = conninfo_to_dict(cluster.superuser_dsn)
    reaching = {variable: str(place[name]) for name, variable in VARIABLES.items()}
    argv = [str(postgres_programs(place_of(home)) / program), *arguments]
    done = subprocess.run(argv, env={**os.environ, **reaching}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
