"""One program kept running: started on a leash, read line by line, restarted with back-off, stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from portavoce.core.embedded.running import send
from portavoce.core.processes import leash
from portavoce.core.processes.leftovers import marked
from portavoce.core.processes.program import Program, Say

LONGEST_PAUSE = 30.0
# A run this long counts as healthy: the next failure starts again with the first pause.
HEALTHY_AFTER = 30.0
CHUNK = 65_536


class Child:
    def __init__(self, program: Program, *, tag: str, say: Say) -> None:
        self.program = program
        self._tag = tag
        self._say = say
        self._ending = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None

    async def keep(self) -> None:
        """Run the program again and again until `stop`."""
        pause = self.program.pause
        while not self._ending.is_set():
            started = time.monotonic()
            code = await self._run_once()
            if self._ending.is_set():
                return
            if time.monotonic() - started > HEALTHY_AFTER:
                pause = self.program.pause
            self._say(self.program.name, f"ended with {_meaning(code)}; again in {pause:g} s")
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def start_no_more(self) -> None:
        """Whatever happens to the program from now on, it is not restarted."""
        self._ending.set()

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL to its whole group after `patience` seconds."""
        self.start_no_more()
        process = self._process
        if process is None or process.returncode is not None:
            return
        # Not process.terminate(): it may reap the child before the event loop does, and its code is lost.
        send(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), self.program.patience)
        except TimeoutError:
            self._say(self.program.name, f"does not stop within {self.program.patience:g} s; killed")
            self.kill()

    def kill(self) -> None:
        """End the program and everything it started, at once."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _run_once(self) -> int:
        reading, writing = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *leashed(self.program.argv),
                env=marked({**os.environ, **self.program.env}, self._tag),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
            )
        finally:
            os.close(writing)
        lines = asyncio.create_task(self._pass_on(reading))
        if self._ending.is_set():
            self.kill()
        code = await self._process.wait()
        self.kill()
        await asyncio.wait([lines], timeout=1.0)
        lines.cancel()
        return code

    async def _pass_on(self, reading: int) -> None:
        """Our own pipe, not the subprocess module's: its wait() would wait for grandchildren that keep it open."""
        stream = asyncio.StreamReader()
        with os.fdopen(reading, "rb", buffering=0) as pipe:
            transport, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(stream), pipe
            )
            try:
                rest = b""
                while chunk := await stream.read(CHUNK):
                    *lines, rest = (rest + chunk).split(b"\n")
                    if len(rest) > CHUNK:
                        lines, rest = [*lines, rest], b""
                    for line in lines:
                        self._say(self.program.name, line.decode(errors="replace").rstrip("\r"))
                if rest:
                    self._say(self.program.name, rest.decode(errors="replace"))
            finally:
                transport.close()

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)


def leashed(argv: tuple[str, ...]) -> list[str]:
    """The command that runs `argv` so that it is told to stop when this process dies, however it dies."""
    return [sys.executable, "-I", "-S", str(Path(leash.__file__)), str(os.getpid()), *argv]


def _meaning(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
