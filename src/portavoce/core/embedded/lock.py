"""Locks between processes. The kernel drops them when their holder dies, so none can be stale."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold `path` for a short step, waiting for whoever has it."""
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Busy(RuntimeError):
    """Somebody else holds the lock; `holder` is what they wrote into it."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


@contextmanager
def held_at_once(path: Path, *, note: str = "") -> Iterator[None]:
    """Hold `path` with our pid and `note` in it; raises Busy when it is taken."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(path.read_text().strip()) from None
        file.truncate(0)
        file.write(f"{os.getpid()} {note}".strip())
        file.flush()
        yield
        file.truncate(0)
