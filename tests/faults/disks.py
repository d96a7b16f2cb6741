"""Disks that are full: a small file system of the test's own where we may mount one, else a limit that acts the same."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHUNK = 4096


@dataclass
class SmallDisk:
    """`fill` leaves no byte free; `free` gives back what `fill` took."""

    folder: Path
    fill: Callable[[], None]
    free: Callable[[], None]


@contextmanager
def small_disk(folder: Path, *, size: str = "1m", owner: int = 0) -> Iterator[SmallDisk | None]:
    """A tmpfs over `folder` while the block lasts; None where mounting is not allowed to us."""
    options = f"size={size},mode=0700,uid={owner},gid={owner}"
    mount = ["mount", "-t", "tmpfs", "-o", options, "portavoce-test", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        yield None
        return
    ballast = folder / "ballast"

    def fill() -> None:
        with ballast.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(CHUNK))
            except OSError:
                return

    try:
        yield SmallDisk(folder, fill, lambda: ballast.unlink(missing_ok=True))
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=True)


def limited(pid: int, folder: Path) -> SmallDisk:
    """The process may write no file at all, then any again."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    return SmallDisk(
        folder,
        lambda: resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1])) and None,
        lambda: resource.prlimit(pid, resource.RLIMIT_FSIZE, before) and None,
    )
