"""Bring a backup back into an empty installation: sums first, nothing sent twice, every ledger read at the end.

From the first byte until the end a mark lies in the home and no process of ours starts: in between, the outbox looks
as if nothing of it had left yet.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import NamedTuple

import psycopg

from portavoce.backups.dumping import load
from portavoce.backups.errors import BackupError, NotEmpty, Unsound
from portavoce.backups.keeping import begin_restore, end_restore, key_files
from portavoce.backups.making import HEADS, NAMED, Told
from portavoce.backups.manifest import DATABASE, FILES, KEYS, Manifest, listed, read, verify
from portavoce.backups.settling import Settled, settle
from portavoce.core.config import Settings
from portavoce.core.connections import owner_url, role_url
from portavoce.core.migrating import knows, migrate
from portavoce.core.processes.instance import only_instance
from portavoce.core.tables import SCHEMA
from portavoce.core.walls import BACKUP
from portavoce.running import with_services

TABLES = "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = %s"
WHERE_TO = (
    "Restore into an empty one: another PORTAVOCE_HOME, or make clean-data first; with a PostgreSQL of your own a new"
    " database, prepared by portavoce bootstrap."
)


class Restored(NamedTuple):
    """`absent`: files that a row names and the backup does not hold."""

    manifest: Manifest
    settled: Settled
    absent: int


def sound(source: Path, tell: Told) -> Manifest:
    """The manifest of a backup whose every sum is right and whose schema this code knows. Raises Unsound."""
    manifest = read(source)
    total = manifest.file_bytes + sum(part.size for part in manifest.parts.values())
    done = 0

    def step(size: int) -> None:
        nonlocal done
        done += size
        tell("sums", done, total)

    verify(source, manifest, step)
    if not all(knows(revision) for revision in manifest.revisions):
        raise Unsound(
            f"The backup was made by release {manifest.version}, which is newer: restore it with that."
        )
    return manifest


def restore(settings: Settings, source: Path, tell: Told) -> Restored:
    """Raises Unsound or NotEmpty before anything is touched, BackupError when PostgreSQL refuses."""
    source = source.absolute()
    manifest = sound(source, tell)
    _refuse_other_data(settings, source)
    with only_instance(settings.home), with_services(settings) as running:
        _refuse_other_rows(running)
        begin_restore(settings.home)
        _copy(source / KEYS, settings.secrets_dir, manifest, tell)
        _copy(source, settings.files_dir, manifest, tell)
        tell("database", 0, 0)
        load(_dsn(owner_url(running)), source / DATABASE)
        _compare_heads(running, manifest)
        tell("migrations", 0, 0)
        migrate(owner_url(running))
        settled = asyncio.run(settle(running, manifest))
        absent = _absent(running)
        end_restore(settings.home)
    return Restored(manifest, settled, absent)


def _refuse_other_data(settings: Settings, source: Path) -> None:
    if any(path.is_file() for path in settings.files_dir.rglob("*")):
        raise NotEmpty(f"{settings.files_dir} holds files. {WHERE_TO}")
    for path in key_files(settings.secrets_dir):
        twin = source / KEYS / path.name
        if not twin.exists() or twin.read_bytes() != path.read_bytes():
            raise NotEmpty(f"{settings.secrets_dir} holds other keys than the backup. {WHERE_TO}")


def _refuse_other_rows(running: Settings) -> None:
    with psycopg.connect(_dsn(owner_url(running))) as owner:
        if owner.execute(TABLES, [SCHEMA]).fetchone() != (0,):
            raise NotEmpty(f"The database holds a schema already. {WHERE_TO}")


def _copy(source: Path, target: Path, manifest: Manifest, tell: Told) -> None:
    """Files by the list, keys as they lie there; each synced before a row can name it."""
    keys = source.name == KEYS
    found = [(path, path.name) for path in sorted(source.iterdir())] if keys else _named(source)
    for number, (path, name) in enumerate(found):
        place = target / name
        place.parent.mkdir(mode=0o700 if keys else 0o777, parents=True, exist_ok=True)
        with path.open("rb") as reading, os.fdopen(_opened(place, keys), "wb") as writing:
            shutil.copyfileobj(reading, writing)
            writing.flush()
            os.fsync(writing.fileno())
        tell("files", number + 1, max(manifest.files, len(found)))


def _named(source: Path) -> list[tuple[Path, str]]:
    return [(source / FILES / each.key, each.key) for each in listed(source)]


def _opened(path: Path, secret: bool) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if secret else 0o666)


def _compare_heads(running: Settings, manifest: Manifest) -> None:
    with psycopg.connect(_dsn(role_url(running, BACKUP))) as db:
        heads = {str(brand): (n, digest) for brand, n, digest in db.execute(HEADS)}
    if heads != {brand: (head.n, head.hash) for brand, head in manifest.heads.items()}:
        raise BackupError("The ledgers in the dump do not end where the manifest says. Nothing was started.")


def _absent(running: Settings) -> int:
    with psycopg.connect(_dsn(role_url(running, BACKUP))) as db:
        return sum(not (running.files_dir / key).exists() for _, _, key in db.execute(NAMED))


def _dsn(url: str) -> str:
    return url.replace("+psycopg", "")
