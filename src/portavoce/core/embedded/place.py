"""Where the servers of one PORTAVOCE_HOME keep their data, logs and sockets.

Normally under the home; as root with a home nobody else can enter, in a folder of our own under /var/lib.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from portavoce.core.embedded.account import Account, account_for
from portavoce.core.embedded.lock import held
from portavoce.core.embedded.running import end, running_in

SYSTEM_DATA = Path("/var/lib")
# sun_path holds 104 bytes on the smallest platform; the longest name we put there is ".s.PGSQL.65535".
SOCKET_FOLDER_BYTES = 85


class BadPlace(RuntimeError):
    """A folder we need is someone else's or has an impossible path."""


@dataclass(frozen=True, slots=True)
class Place:
    """`base` holds data and passwords, `sockets` is short enough for unix sockets and only ours."""

    home: Path
    base: Path
    sockets: Path
    account: Account

    @property
    def logs(self) -> Path:
        return self.home / "log"

    @property
    def postgres_data(self) -> Path:
        return (self.base / "postgres").resolve()

    @property
    def redis_folder(self) -> Path:
        return (self.base / "redis").resolve()


def tag_of(home: Path) -> str:
    """Twelve characters that stand for this home in names of folders and in marks on processes."""
    return hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]


def place_of(home: Path) -> Place:
    """Find or make the folders of `home`. Idempotent; folders above `home` are never changed."""
    home = home.resolve()
    _make(home, 0o755)
    _make(home / "log", 0o700)
    with held(home / "place.lock"):
        base = _remembered(home) or _chosen(home)
        account = account_for(base / "postgres")
        return Place(home, base, _socket_folder(home, account), account)


def _remembered(home: Path) -> Path | None:
    record = _record(home)
    if not record.exists():
        return None
    base = Path(record.read_text().strip())
    _make(base, 0o755)
    return base


def _chosen(home: Path) -> Path:
    if account_for(home / "postgres").can_enter(home):
        return home
    base = SYSTEM_DATA / f"portavoce-{tag_of(home)}"
    _set_aside(base)
    _record(home).write_text(f"{base}\n")
    _make(base, 0o755)
    return base


def _record(home: Path) -> Path:
    return home / "data-folder"


def _set_aside(base: Path) -> None:
    """The home that used `base` was deleted, and with it keys and files: its data must not meet a new home."""
    if not base.exists():
        return
    for folder in (base / "postgres", base / "redis"):
        end(running_in(folder))
    taken = sum(1 for _ in base.parent.glob(f"{base.name}.old*"))
    base.rename(base.with_name(f"{base.name}.old{taken + 1}"))


def _socket_folder(home: Path, account: Account) -> Path:
    for folder in _socket_candidates(tag_of(home)):
        if len(os.fsencode(folder)) <= SOCKET_FOLDER_BYTES and os.access(folder.parent, os.W_OK | os.X_OK):
            _make(folder, 0o700)
            if folder.lstat().st_uid not in (os.geteuid(), account.uid):
                raise BadPlace(f"{folder} belongs to someone else: remove it")
            account.own(folder)
            return folder
    raise BadPlace("no folder for sockets: neither /run nor /tmp can be written")


def _socket_candidates(tag: str) -> list[Path]:
    uid = os.geteuid()
    private = Path("/run") if uid == 0 else Path(f"/run/user/{uid}")
    shared = Path("/tmp")  # noqa: S108 -- the name carries our id and the owner is checked
    return [private / f"portavoce-{tag}", shared / f"portavoce-{uid}-{tag}"]


def _make(folder: Path, mode: int) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise BadPlace(f"{folder} is not a folder: remove it")
