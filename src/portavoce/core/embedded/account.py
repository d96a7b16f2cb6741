"""The unprivileged account that runs the servers when we are root; PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

OWN_NAME = "portavoce"
FALLBACK_NAMES = ("postgres", "nobody")


class NoAccount(RuntimeError):
    """We are root and the machine has no account to run PostgreSQL as."""


class Credentials(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Give `path` to the account; nothing happens when it is the one we already run as."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Tried for real, as the account: ACLs and mount options count as well as mode bits."""
        return self._tries('cd "$1"', folder)

    def can_run(self, program: Path) -> bool:
        return self._tries('"$1" --version', program)

    def _tries(self, script: str, path: Path) -> bool:
        done = subprocess.run(  # noqa: S603 -- fixed script, the path is an argument
            ["/bin/sh", "-c", script, "sh", str(path)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **self.credentials,
        )
        return done.returncode == 0

    @property
    def credentials(self) -> Credentials:
        """Arguments for subprocess that make the child run as this account."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account_for(data: Path) -> Account:
    """Who runs the server of `data`: ourselves, or as root the owner of the data, else a system account."""
    if os.geteuid() != 0:
        return _by_uid(os.geteuid())
    if data.exists() and data.stat().st_uid != 0:
        return _by_uid(data.stat().st_uid)
    return _known(OWN_NAME) or _made(OWN_NAME) or _fallback()


def _by_uid(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise NoAccount(
            f"user id {uid} has no name; PostgreSQL needs one: add it to the password file"
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _known(name: str) -> Account | None:
    try:
        return _by_uid(pwd.getpwnam(name).pw_uid)
    except KeyError:
        return None


def _made(name: str) -> Account | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    subprocess.run(  # noqa: S603 -- fixed arguments; a lost race is seen by looking the name up
        [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
        capture_output=True,
        check=False,
    )
    return _known(name)


def _fallback() -> Account:
    for name in FALLBACK_NAMES:
        if account := _known(name):
            return account
    raise NoAccount(f"no account to run PostgreSQL as root: create one, useradd --system {OWN_NAME}")
