"""What a process used: memory at most, processor time in all, as the kernel counts them."""

from __future__ import annotations

import os
from pathlib import Path

MEGABYTE = 1024 * 1024
TICKS = os.sysconf("SC_CLK_TCK")


def forget_peak(pid: int) -> None:
    """The peak counts from now on."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak(pid: int) -> int:
    return _status(pid, "VmHWM:")


def resident(pid: int) -> int:
    return _status(pid, "VmRSS:")


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))
