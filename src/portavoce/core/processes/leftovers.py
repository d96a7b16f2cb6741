"""Find what a killed supervisor left running: our children carry a mark in their environment, theirs inherit it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from portavoce.core.embedded.running import PROC, alive, end

MARK = "PORTAVOCE_SUPERVISED"


def marked(env: Mapping[str, str], tag: str) -> dict[str, str]:
    """`env` with the mark; `tag` stands for the home, see `core.embedded.place.tag_of`."""
    return {**env, MARK: tag}


def leftovers(tag: str) -> list[int]:
    """Living processes with the mark of `tag`, ourselves and our parents excepted. Linux only, else none."""
    if not PROC.exists():
        return []
    wanted = f"{MARK}={tag}".encode()
    found = [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit() and _has(entry, wanted)]
    family = _ancestors(os.getpid())
    return [pid for pid in found if pid not in family and alive(pid)]


def end_leftovers(tag: str) -> int:
    """End them all and say how many there were. Call it only with the lock of the home in hand."""
    pids = leftovers(tag)
    end(pids)
    return len(pids)


def _has(entry: Path, wanted: bytes) -> bool:
    try:
        return wanted in (entry / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _ancestors(pid: int) -> set[int]:
    family = {pid}
    while pid > 1:
        try:
            pid = int((PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            break
        family.add(pid)
    return family
