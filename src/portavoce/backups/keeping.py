"""Which files are keys, where the last backup is, and whether a restore was left half done."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from portavoce.backups.manifest import MANIFEST, Manifest
from portavoce.core.config import Settings
from portavoce.core.doctor import Check, advice, good
from portavoce.core.measuring import BACKUP_MARK

OLD = timedelta(hours=24)
PASSWORDS = "roles.json"
MAKE_ONE = "run portavoce backup, from a timer every few minutes"


class LastBackup(msgspec.Struct, frozen=True):
    """What `doctor` knows of the last backup."""

    path: str
    made_at: datetime


class HalfRestored(SystemExit):
    """The process does not start: what the last restore left may send mail a second time."""


def key_files(folder: Path) -> list[Path]:
    """Every key. Not the passwords of the database's roles: those belong to a server, not to its data."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(
        path
        for path in found
        if path.is_file()
        and not path.name.startswith(".")
        and path.name != PASSWORDS
        and path.suffix != ".lock"
    )


def previous(folder: Path) -> Path | None:
    """The newest whole backup in a folder of backups."""
    whole = [path.parent for path in folder.glob(f"[!.]*/{MANIFEST}")]
    return max(whole, key=lambda path: (path / MANIFEST).stat().st_mtime, default=None)


def remember(home: Path, target: Path, manifest: Manifest) -> None:
    noted = home / BACKUP_MARK
    draft = noted.with_suffix(".draft")
    draft.write_bytes(msgspec.json.encode(LastBackup(str(target), manifest.made_at)))
    draft.replace(noted)


def last_backup(home: Path, at: datetime) -> Check:
    """How old the last backup is. That there is none is worth a word, but breaks nothing today."""
    try:
        found = msgspec.json.decode((home / BACKUP_MARK).read_bytes(), type=LastBackup)
    except (OSError, msgspec.MsgspecError):
        return advice("Backup", "none was ever made", MAKE_ONE)
    age = at - found.made_at
    told = f"{found.made_at:%Y-%m-%d %H:%M} UTC, {found.path}"
    if not Path(found.path, MANIFEST).exists():
        return advice("Backup", f"the last one is gone: {found.path}", MAKE_ONE)
    if age > OLD:
        return advice("Backup", f"the last one is {age.days or 1} days old: {told}", MAKE_ONE)
    return good("Backup", told)


def begin_restore(home: Path) -> None:
    _mark(home).touch()


def end_restore(home: Path) -> None:
    _mark(home).unlink(missing_ok=True)


def refuse_half_restored(settings: Settings) -> None:
    """Before anything that sends: until a restore has ended, its open deliveries look as if they never left."""
    if _mark(settings.home).exists():
        raise HalfRestored(
            f"The last restore into {settings.home} did not end. Empty it and restore again: make clean-data"
            " (or, with a PostgreSQL of your own, drop the database, run portavoce bootstrap, and take another"
            " PORTAVOCE_HOME)."
        )


def _mark(home: Path) -> Path:
    return home / "restore.unfinished"
