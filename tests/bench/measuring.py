"""CPU and wall time of rounds run in turn (A B A B …), the database's processes included."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
Round = Callable[[], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one operation: seconds of CPU in this process and in PostgreSQL, and operations a second of wall time."""

    cpu: float
    rate: float


async def in_turn(rounds: dict[str, Round], *, postmaster: int, repeats: int = 3) -> dict[str, Cost]:
    """Run every round once to warm up, then all of them in turn; the median of each. A round returns its operations."""
    seen: dict[str, list[Cost]] = {name: [] for name in rounds}
    for run in rounds.values():
        await run()
    for _ in range(repeats):
        for name, run in rounds.items():
            seen[name].append(await _measured(run, postmaster))
    return {name: _median(costs) for name, costs in seen.items()}


async def _measured(run: Round, postmaster: int) -> Cost:
    own, server, wall = time.process_time(), _server_cpu(postmaster), time.perf_counter()
    operations = await run()
    elapsed = time.perf_counter() - wall
    spent = time.process_time() - own + _server_cpu(postmaster) - server
    return Cost(spent / operations, operations / elapsed)


def _median(costs: list[Cost]) -> Cost:
    return Cost(statistics.median(cost.cpu for cost in costs), statistics.median(cost.rate for cost in costs))


def _server_cpu(postmaster: int) -> float:
    """User and system seconds of the postmaster, its living children and those it has reaped."""
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            total += _ticks(entry, postmaster)
    return total / TICKS


def _ticks(entry: Path, postmaster: int) -> int:
    try:
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    own = int(fields[11]) + int(fields[12])
    if int(entry.name) == postmaster:
        return own + int(fields[13]) + int(fields[14])
    return own if int(fields[1]) == postmaster else 0
