"""`python -m portavoce.core.embedded.removal <home>`: stop the servers of a home and delete all of its data."""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from pathlib import Path

from portavoce.core.embedded.place import place_of
from portavoce.core.embedded.running import end, running_in
from portavoce.core.processes.instance import only_instance

OURS = (
    "postgres*",
    "redis*",
    "programs-*",
    "log",
    "secrets",
    "files",
    "data-folder",
    "*.lock",
    "last-backup.json",
    "restore.unfinished",
    "restart.json",
)


def remove_data(home: Path) -> None:
    """Delete what we put into `home`, and `home` when nothing else is in it. Nothing happens without one.

    Raises AlreadyRunning while a supervisor holds it.
    """
    if not home.exists():
        return
    with only_instance(home):
        place = place_of(home)
        end([*running_in(place.redis_folder), *running_in(place.postgres_data)])
        for folder in (place.base, place.home):
            _empty(folder)
        shutil.rmtree(place.sockets)


def _empty(folder: Path) -> None:
    for path in [path for pattern in OURS for path in folder.glob(pattern)]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()


if __name__ == "__main__":
    remove_data(Path(sys.argv[1]))
