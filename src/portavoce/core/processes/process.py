"""One run of one program: started on a leash, read line by line, told to stop; says when it is ready."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from portavoce.core.embedded.running import send
from portavoce.core.processes import leash
from portavoce.core.processes.leftovers import marked
from portavoce.core.processes.program import Program, Say
from portavoce.core.processes.sockets import READY

CHUNK = 65_536


class Run:
    def __init__(self, program: Program, *, tag: str, say: Say) -> None:
        self.program = program
        self._tag = tag
        self._say = say
        self._ready = asyncio.Event()
        self._started = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None

    async def whole(self) -> int:
        """From start to end; gives its code. Whatever it started itself ends with it."""
        reading, writing = os.pipe()
        with tempfile.TemporaryDirectory(prefix="portavoce-") as folder:
            hearing = await self._hear(Path(folder) / "ready")
            try:
                self._process = await self._start(writing, folder)
            finally:
                os.close(writing)
                self._started.set()
            lines = asyncio.create_task(self._pass_on(reading))
            code = await self._process.wait()
            self.kill()
            hearing.close()
        await asyncio.wait([lines], timeout=1.0)
        lines.cancel()
        return code

    async def ready(self) -> None:
        """Returns once the program has said that it works."""
        await self._ready.wait()

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL to its whole group after `patience` seconds."""
        await self._started.wait()
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

    async def _start(self, writing: int, folder: str) -> asyncio.subprocess.Process:
        numbers = [each.fileno() for each in self.program.sockets.values()]
        env = {**os.environ, **self.program.env, "NOTIFY_SOCKET": f"{folder}/ready"}
        if numbers:
            env["LISTEN_FDNAMES"] = ":".join(self.program.sockets)
            env[leash.HANDED] = ",".join(map(str, numbers))
        return await asyncio.create_subprocess_exec(
            *leashed(self.program.argv),
            env=marked(env, self._tag),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            start_new_session=True,
            pass_fds=numbers,
        )

    async def _hear(self, path: Path) -> asyncio.BaseTransport:
        ready = self._ready

        class Ear(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, _address: object) -> None:
                if READY in data:
                    ready.set()

        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            Ear, local_addr=str(path), family=socket.AF_UNIX
        )
        return transport

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


def leashed(argv: tuple[str, ...]) -> list[str]:
    """The command that runs `argv` so that it is told to stop when this process dies, however it dies."""
    return [sys.executable, "-I", "-S", str(Path(leash.__file__)), str(os.getpid()), *argv]
