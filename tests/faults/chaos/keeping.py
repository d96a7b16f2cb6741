"""The processes under chaos: whoever dies comes back, a moment later, as under a supervisor."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.site import Site

PAUSE = 0.3
STUCK = 4.0
"""Seconds after which work that was cut off is handed over again; a minute in life."""
PROCESSES = ("engine", "worker", "serve")


@dataclass
class Keeper:
    """`deaths` counts every end of a process, wanted or not."""

    site: Site
    running: dict[str, Process] = field(default_factory=dict)
    deaths: Counter[str] = field(default_factory=Counter)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        for name in PROCESSES:
            self.running[name] = await self.site.start(name, stuck=STUCK)
        self._tasks = [asyncio.create_task(self._keep(name)) for name in PROCESSES]

    async def kill(self, name: str) -> None:
        await self.site.kill(self.running[name])

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for process in self.running.values():
            await self.site.kill(process)

    async def _keep(self, name: str) -> None:
        while True:
            await self.running[name].wait()
            self.deaths[name] += 1
            await asyncio.sleep(PAUSE)
            self.running[name] = await self.site.spawn(name, stuck=STUCK)
