"""Make an empty data folder, whole or not at all."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from portavoce.core.embedded.cluster import SUPERUSER
from portavoce.core.embedded.place import Place


class InitFailed(RuntimeError):
    """initdb refused; the message is what it said."""


def create_data(place: Place, programs: Path, password_file: Path, *, durable: bool) -> None:
    """Run initdb unless the data folder exists: UTF-8, byte order, passwords asked of everybody."""
    if (place.postgres_data / "PG_VERSION").exists():
        return
    draft = place.base / "postgres.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    place.account.own(draft)
    readable = _lent(password_file, place)
    try:
        _run(programs, draft, readable, place, [] if durable else ["--no-sync"])
    finally:
        readable.unlink()
    draft.rename(place.postgres_data)


def _lent(password_file: Path, place: Place) -> Path:
    """A short-lived copy of the password which the account may read."""
    copy = place.base / "postgres.password.lent"
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    copy.write_text(password_file.read_text())
    place.account.own(copy)
    return copy


def _run(programs: Path, draft: Path, password_file: Path, place: Place, more: list[str]) -> None:
    argv = [str(programs / "initdb"), "--pgdata", str(draft), "--username", SUPERUSER]
    argv += ["--pwfile", str(password_file), "--auth", "scram-sha-256", "--encoding", "UTF8"]
    argv += ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    argv += ["--no-instructions", *more]
    done = subprocess.run(  # noqa: S603 -- our own binary, fixed arguments
        argv,
        cwd=draft,
        env={"LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **place.account.credentials,
    )
    if done.returncode != 0:
        raise InitFailed(f"initdb failed:\n{done.stdout}")
