"""A line between two of our processes that can be slowed, silenced, cut and refused."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

CHUNK = 65_536


@dataclass(frozen=True)
class Stop:
    """Where a line falls silent: at the piece with `then` after one with `first`; `heard`: that piece still arrives."""

    first: bytes
    then: bytes = b""
    heard: bool = False


@dataclass
class TcpProxy:
    """Listens on 127.0.0.1 and passes on to `target`: `host:port`, or the path of a unix socket.

    Moods: "open" (with `delay` seconds per piece), "silent" (half-open: takes everything, passes on nothing),
    "refuse" (nobody listens), "cut" (every connection breaks at its next piece).
    """

    target: str
    delay: float = 0.0
    mood: str = "open"
    port: int = 0
    opened: int = 0
    stop: Stop | None = None
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _lines: set[asyncio.Task[None]] = field(default_factory=set)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def turn(self, mood: str) -> None:
        """From now on; what is open changes with it, except that a silenced line stays silent: its peer is gone."""
        before, self.mood = self.mood, mood
        if mood == "refuse":
            await self._stop_listening()
        if mood in ("refuse", "cut") or before == "silent":
            self.cut()
        if before == "refuse" and mood != "refuse":
            await self.start()

    def cut(self) -> None:
        """Every connection breaks, now."""
        for writer in tuple(self._writers):
            writer.transport.abort()

    def __len__(self) -> int:
        """Connections that are open."""
        return len(self._lines)

    async def close(self) -> None:
        await self._stop_listening()
        self.cut()
        for line in tuple(self._lines):
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines.add(task)
        self._writers.add(writer)
        self.opened += 1
        try:
            # Cancelled by `close`: the server's own callback would log it as an error.
            with suppress(OSError, asyncio.CancelledError):
                await self._join(reader, writer)
        finally:
            self._lines.discard(task)
            self._writers.discard(writer)
            writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mood == "cut":
            return
        there, back = await self._dial()
        self._writers.add(back)
        mute = asyncio.Event()
        ways = {
            asyncio.create_task(self._pass(reader, back, mute, asks=True)),
            asyncio.create_task(self._pass(there, writer, mute)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._writers.discard(back)
            back.transport.abort()

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.target.startswith("/"):
            return await asyncio.open_unix_connection(self.target)
        host, _, port = self.target.rpartition(":")
        return await asyncio.open_connection(host, int(port))

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        mute: asyncio.Event,
        *,
        asks: bool = False,
    ) -> None:
        begun = False
        with suppress(OSError):
            while piece := await reader.read(CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                if self.mood == "cut":
                    return
                passes = self.mood != "silent" and not mute.is_set()
                if asks and self.stop is not None and not mute.is_set():
                    if begun and self.stop.then in piece:
                        passes = self.stop.heard
                        mute.set()
                        self.stop = None
                        self.stopped.set()
                    elif self.stop.first in piece:
                        begun = True
                if passes:
                    writer.write(piece)
                    await writer.drain()

    def arm(self, stop: Stop) -> None:
        self.stopped.clear()
        self.stop = stop


async def proxy_to(target: str) -> TcpProxy:
    proxy = TcpProxy(target)
    await proxy.start()
    return proxy
