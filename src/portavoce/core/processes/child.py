"""One program kept running: restarted with back-off, replaced by a new run of itself, stopped."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import suppress

from portavoce.core.processes.process import Run
from portavoce.core.processes.program import Program, Say

LONGEST_PAUSE = 30.0
# A run this long counts as healthy: the next failure starts again with the first pause.
HEALTHY_AFTER = 30.0


class Child:
    def __init__(self, program: Program, *, tag: str, say: Say) -> None:
        self.program = program
        self._tag = tag
        self._say = say
        self._ending = asyncio.Event()
        self._runs: dict[Run, asyncio.Task[int]] = {}
        self._current: Run | None = None

    async def keep(self) -> None:
        """Run the program again and again until `stop`."""
        pause = self.program.pause
        self._current = self._begin()
        while True:
            run, started = self._current, time.monotonic()
            code = await self._ended(run)
            if self._ending.is_set():
                return
            if run is not self._current:
                continue
            if time.monotonic() - started > HEALTHY_AFTER:
                pause = self.program.pause
            self._say(self.program.name, f"ended with {_meaning(code)}; again in {pause:g} s")
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            if self._ending.is_set():
                return
            if run is self._current:
                self._current = self._begin()

    async def replace(self) -> bool:
        """Start a new run beside the old one, and stop the old one once the new one works.

        False when the new one ends or says nothing within `patience`: then it is gone and the old one stays.
        """
        fresh = self._begin()
        ready = asyncio.create_task(fresh.ready())
        await asyncio.wait(
            [ready, self._runs[fresh]], timeout=self.program.start, return_when=asyncio.FIRST_COMPLETED
        )
        ready.cancel()
        works = not self._ending.is_set() and ready.done() and not self._runs[fresh].done()
        if not works:
            fresh.kill()
            await self._ended(fresh)
            return False
        self._say("run", f"the new {self.program.name} works; the old one is told to go")
        old, self._current = self._current, fresh
        if old in self._runs:
            await old.stop()
        return True

    def start_no_more(self) -> None:
        """Whatever happens to the program from now on, it is not restarted."""
        self._ending.set()

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL to its whole group after `patience` seconds."""
        self.start_no_more()
        await asyncio.gather(*[run.stop() for run in self._runs])

    def kill(self) -> None:
        """End the program and everything it started, at once."""
        for run in self._runs:
            run.kill()

    def _begin(self) -> Run:
        run = Run(self.program, tag=self._tag, say=self._say)
        self._runs[run] = asyncio.create_task(run.whole())
        return run

    async def _ended(self, run: Run) -> int:
        code = await self._runs[run]
        self._runs.pop(run, None)
        return code

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)


def _meaning(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
