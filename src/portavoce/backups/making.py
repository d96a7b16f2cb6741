"""Make a backup while the system works, in an order that makes its parts fit each other.

1. A snapshot of the database is opened, as `portavoce_backup`. The dump, the list of files, the heads of the ledgers
   and the schema's revision are all read in it.
2. The keys are copied before and after the dump: a row may need one that was made meanwhile, or one that goes.
3. The files of the list are copied last. A file is synced before the row that names it commits, so what the snapshot
   names is on disk; and it is removed only once no row names it, which is asked again before its absence counts.
4. Everything is written under another name, synced, summed and renamed. A backup that has its name is whole.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import IsolationLevel

from portavoce.backups.dumping import dump
from portavoce.backups.errors import BackupError
from portavoce.backups.keeping import key_files, previous, remember
from portavoce.backups.manifest import DATABASE, FILES, KEYS, LIST, Head, Listed, Manifest, part_of, write
from portavoce.core.config import Settings
from portavoce.core.connections import role_url
from portavoce.core.embedded.lock import Busy, held_at_once
from portavoce.core.walls import BACKUP
from portavoce.kit.clock import Clock

NAMED = "SELECT sha256, max(size), key FROM pv.stored_file GROUP BY sha256, key ORDER BY key"
STILL_NAMED = "SELECT DISTINCT key FROM pv.stored_file WHERE key = ANY (%s) ORDER BY 1"
HEADS = "SELECT brand_id, n, encode(hash, 'hex') FROM pv.brand_head"
REVISIONS = "SELECT version_num FROM pv.alembic_version"
CHUNK = 1 << 20
Told = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is; 0 of 0 is not known."""


class Snapshot(NamedTuple):
    """What the database held at one moment."""

    name: str
    files: list[Listed]
    heads: dict[str, Head]
    revisions: list[str]


def make_backup(settings: Settings, target: Path, clock: Clock, tell: Told) -> Manifest:
    """A new folder `target`, whole or not at all. Raises BackupError."""
    target = target.absolute()
    if target.exists():
        raise BackupError(f"{target} exists: every backup is a new folder.")
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent} to put the backup into.")
    with _alone(settings.home):
        draft = target.with_name(f".{target.name}.unfinished")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        try:
            manifest = _filled(settings, draft, clock, tell)
            draft.rename(target)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        _sync(target.parent)
        remember(settings.home, target, manifest)
    return manifest


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    try:
        with held_at_once(home / "backup.lock"):
            yield
    except Busy as busy:
        raise BackupError(f"Another backup is being made (process {busy.holder}).") from None


def _filled(settings: Settings, draft: Path, clock: Clock, tell: Told) -> Manifest:
    dsn = role_url(settings, BACKUP).replace("+psycopg", "")
    began = clock.now()
    _copy_keys(settings.secrets_dir, draft / KEYS)
    with _snapshot(dsn) as seen:
        tell("database", 0, 0)
        dump(dsn, draft / DATABASE, snapshot=seen.name)
    _copy_keys(settings.secrets_dir, draft / KEYS)
    kept, absent = _copy_files(settings.files_dir, draft, seen.files, tell)
    unsound = _still_named(dsn, absent)
    (draft / LIST).write_text("".join(each.line for each in kept))
    return _sealed(draft, seen, kept, unsound, began, clock)


def _sealed(
    draft: Path, seen: Snapshot, kept: list[Listed], unsound: list[str], began: datetime, clock: Clock
) -> Manifest:
    parts = [draft / DATABASE, draft / LIST, *sorted((draft / KEYS).iterdir())]
    manifest = Manifest(
        version=importlib.metadata.version("portavoce"),
        revisions=seen.revisions,
        made_at=began,
        seconds=round((clock.now() - began).total_seconds(), 1),
        parts={str(path.relative_to(draft)): part_of(path) for path in parts},
        files=len(kept),
        file_bytes=sum(each.size for each in kept),
        heads=seen.heads,
        unsound=unsound,
    )
    write(draft, manifest)
    for path in draft.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if path.is_dir() or FILES not in path.relative_to(draft).parts:
            _sync(path)
    _sync(draft)
    return manifest


@contextmanager
def _snapshot(dsn: str) -> Iterator[Snapshot]:
    """Others may read as of the same moment until the block ends."""
    with psycopg.connect(dsn) as db:
        db.isolation_level, db.read_only = IsolationLevel.REPEATABLE_READ, True
        [(name,)] = db.execute("SELECT pg_export_snapshot()").fetchall()
        files = [Listed(*row) for row in db.execute(NAMED)]
        heads = {str(brand): Head(n, digest) for brand, n, digest in db.execute(HEADS)}
        yield Snapshot(name, files, heads, [revision for (revision,) in db.execute(REVISIONS)])


def _copy_keys(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700, exist_ok=True)
    for path in key_files(source):
        (target / path.name).touch(mode=0o600)
        (target / path.name).write_bytes(path.read_bytes())


def _copy_files(source: Path, draft: Path, files: list[Listed], tell: Told) -> tuple[list[Listed], list[str]]:
    """Those that are whole in the backup, and the keys of those that are not. What the last backup beside this one
    holds already is linked instead of copied, so that a backup costs what is new.
    """
    kept, absent, before = [], [], previous(draft.parent)
    for number, file in enumerate(files):
        path = draft / FILES / file.key
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (before and _linked(before / FILES / file.key, path, file)) or _copied(
            source / file.key, path, file
        ):
            kept.append(file)
        else:
            absent.append(file.key)
        tell("files", number + 1, len(files))
    return kept, absent


def _linked(source: Path, path: Path, file: Listed) -> bool:
    try:
        if source.stat().st_size != file.size:
            return False
        os.link(source, path)
    except OSError:
        return False
    return True


def _copied(source: Path, path: Path, file: Listed) -> bool:
    """False, and nothing written, when the source is missing or not what its row says."""
    digest = sha256()
    try:
        with source.open("rb") as reading, path.open("wb") as writing:
            while chunk := reading.read(CHUNK):
                digest.update(chunk)
                writing.write(chunk)
            writing.flush()
            os.fsync(writing.fileno())
    except FileNotFoundError:
        return False
    if digest.hexdigest() != file.sha256:
        path.unlink()
        return False
    return True


def _still_named(dsn: str, keys: list[str]) -> list[str]:
    """An erased file may go while the backup is made; a file that a row names may not."""
    with psycopg.connect(dsn) as db:
        return [key for (key,) in db.execute(STILL_NAMED, [keys])]


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
