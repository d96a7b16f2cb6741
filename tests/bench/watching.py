"""Browsers without a browser: raw sockets that hold a server-sent stream open and note when something arrives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

OPENING_AT_ONCE = 50
PATIENCE = 60.0


@dataclass(slots=True)
class Watcher:
    """`heard` is called with everything that arrives; `refused` says why the stream did not open."""

    port: int
    path: str
    cookie: str = ""
    heard: Callable[[bytes], None] = lambda _data: None
    refused: str = ""
    _writer: asyncio.StreamWriter | None = None
    _task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Until the first octets of the stream's body are here."""
        try:
            async with asyncio.timeout(PATIENCE):
                reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
                cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
                self._writer.write(f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n".encode())
                head = await reader.readuntil(b"\r\n\r\n")
                if b" 200 " not in head.split(b"\r\n", 1)[0]:
                    self.refused = head.split(b"\r\n", 1)[0].decode()
                    return
                self.heard(await reader.read(65_536))
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            self.refused = type(error).__name__
            return
        self._task = asyncio.create_task(self._listen(reader))

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                self.heard(data)

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
        if self._writer is not None:
            self._writer.transport.abort()


async def open_all(watchers: list[Watcher], *, within: float) -> list[Watcher]:
    """Opens as many as it can in so many seconds, some at a time; gives those it tried."""
    waiting, tried, end = iter(watchers), [], time.monotonic() + within

    async def lane() -> None:
        for watcher in waiting:
            if time.monotonic() > end:
                return
            tried.append(watcher)
            await watcher.open()

    await asyncio.gather(*(lane() for _ in range(OPENING_AT_ONCE)))
    return tried


@dataclass(slots=True)
class Arrivals:
    """When each of the things sent was first seen; a stream's octets are joined before they are searched."""

    sent: dict[bytes, float] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    _tail: bytes = b""

    def hear(self, data: bytes) -> None:
        at, text = time.perf_counter(), self._tail + data
        for mark in [mark for mark in self.sent if mark in text]:
            self.latencies.append(at - self.sent.pop(mark))
        self._tail = text[-100:]


async def get_p50(port: int, path: str, cookie: str, times: int) -> float:
    """Seconds of a plain request, each on a connection of its own: the median."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        await fetch(port, path, cookie)
        seconds.append(time.perf_counter() - began)
    return sorted(seconds)[len(seconds) // 2]


async def fetch(port: int, path: str, cookie: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode())
    answer = await reader.read()
    writer.close()
    if not answer.startswith(b"HTTP/1.1 200"):
        raise AssertionError(f"{path} answered {answer[:60]!r}")
    return answer


async def until(true: Callable[[], bool], *, patience: float = PATIENCE) -> None:
    async with asyncio.timeout(patience):
        while not true():
            await asyncio.sleep(0.005)


async def paced(work: Callable[[int], Awaitable[object]], *, times: int, a_second: float) -> None:
    """Starts so many a second, whether or not the one before has ended."""
    began, tasks = time.perf_counter(), []
    for number in range(times):
        await asyncio.sleep(max(0.0, began + number / a_second - time.perf_counter()))
        tasks.append(asyncio.ensure_future(work(number)))
    await asyncio.gather(*tasks)
