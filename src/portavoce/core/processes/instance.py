"""One supervisor per home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portavoce.core.embedded.lock import Busy, held_at_once


class AlreadyRunning(RuntimeError):
    """Another supervisor holds this home; the message says which and how to stop it."""


@contextmanager
def only_instance(home: Path, *, note: str = "") -> Iterator[None]:
    """Hold `home` while running. `note`, such as an address, is shown to whoever comes second."""
    home.mkdir(parents=True, exist_ok=True)
    try:
        with held_at_once(home / "supervisor.lock", note=note):
            yield
    except Busy as busy:
        raise AlreadyRunning(_told(home, busy.holder)) from None


def _told(home: Path, holder: str) -> str:
    pid, _, note = holder.partition(" ")
    where = f" at {note}" if note else ""
    return f"Portavoce already runs on {home}{where} (process {pid or 'unknown'}). Stop it with: kill {pid}"
